//! Statements are counted once, however often they come.

use super::Backend;
use crate::ids::CourseId;
use crate::ports::{Counting, Measure, Month, Monthly, MonthlyQuery};
use crate::testing::plans::id;

fn counts(statement: u32, course: u32, month: &str, measure: Measure) -> Counting {
    let month = month.parse().expect("a month");
    Counting::Counts { statement: id(statement), course: id(course).into(), month, measure }
}

fn all() -> MonthlyQuery {
    MonthlyQuery { course: None, from: None, to: None, after: None, limit: 100 }
}

async fn lines<S: Backend>(store: &S, query: MonthlyQuery) -> Vec<(String, CourseId, [u64; 8])> {
    let lines = store.monthly(&query).await.expect("read");
    lines.into_iter().map(|Monthly { month, course, counts }| (month.to_string(), course, counts)).collect()
}

/// The same statement twice, in one batch or in two, is one; the checkpoint moves with it and never back.
pub async fn a_statement_counts_once<S: Backend>(store: &S) {
    let batch = [
        counts(1, 10, "2027-03", Measure::Registered),
        counts(1, 10, "2027-03", Measure::Registered),
        counts(2, 10, "2027-03", Measure::Registered),
        counts(3, 10, "2027-03", Measure::NoShow),
    ];
    store.count(&batch, Some(("analytics", 7))).await.expect("counted");
    store.count(&batch[1..3], Some(("analytics", 5))).await.expect("counted again");
    store.count(&[], None).await.expect("nothing to count");
    assert_eq!(lines(store, all()).await, [("2027-03".to_owned(), id(10).into(), [2, 0, 0, 0, 0, 1, 0, 0])]);
    assert_eq!(store.checkpoint("analytics").await.expect("read"), 7);
}

/// What is taken back counts no more, also when both are told of again.
pub async fn what_is_taken_back_does_not_count<S: Backend>(store: &S) {
    let told = [
        counts(1, 10, "2027-03", Measure::NoShow),
        Counting::TakesBack { statement: id(1) },
        counts(2, 10, "2027-03", Measure::Excused),
    ];
    let expected = [("2027-03".to_owned(), id(10).into(), [0, 0, 0, 0, 0, 0, 1, 0])];
    for _ in 0..2 {
        for one in &told {
            store.count(&[*one], None).await.expect("counted");
        }
        assert_eq!(lines(store, all()).await, expected);
    }
    store.count(&told, None).await.expect("all at once");
    store.count(&[Counting::TakesBack { statement: id(99) }], None).await.expect("nobody knows it");
    assert_eq!(lines(store, all()).await, expected);
    // A dead letter that is put back comes after what took it back.
    let late = [told[0], counts(99, 10, "2027-03", Measure::NoShow)];
    store.count(&late, None).await.expect("too late");
    assert_eq!(lines(store, all()).await, expected);
}

/// By month and course, in pages, narrowed.
pub async fn numbers_come_by_month_and_course_in_pages<S: Backend>(store: &S) {
    let months = ["2026-12", "2027-01", "2027-01", "2027-02"];
    let batch: Vec<_> =
        (1..).zip(months).map(|(n, month)| counts(n, n % 2 + 10, month, Measure::Completed)).collect();
    store.count(&batch, None).await.expect("counted");
    let read: Vec<_> =
        lines(store, all()).await.into_iter().map(|(month, course, _)| (month, course)).collect();
    let line = |month: &str, course: u32| (month.to_owned(), CourseId(id(course)));
    assert_eq!(read, [line("2026-12", 11), line("2027-01", 10), line("2027-01", 11), line("2027-02", 10)]);
    let month = |text: &str| text.parse::<Month>().expect("a month");
    let page = MonthlyQuery { limit: 2, after: Some((month("2026-12"), id(11).into())), ..all() };
    let page: Vec<_> =
        lines(store, page).await.into_iter().map(|(month, course, _)| (month, course)).collect();
    assert_eq!(page, [line("2027-01", 10), line("2027-01", 11)]);
    let february = Some(month("2027-02"));
    let one = MonthlyQuery { course: Some(id(10).into()), from: february, to: february, ..all() };
    assert_eq!(lines(store, one).await.len(), 1);
}
