//! What unlocks what, as tables: courses are numbers, an arrow is "requires".

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use super::{Book, Missing, Why, cycle, in_words};
use crate::catalog::{Completion, Course};
use crate::ids::{CourseId, PersonId};
use crate::testing::plans::{course, id, now};

type Courses = BTreeMap<CourseId, Course>;

/// Courses as they require each other: `1>2,3 2>` is one that requires two others, and one that requires nothing.
fn courses(requires: &str) -> Courses {
    let number = |text: &str| text.parse().expect("a number");
    let course = |line: &str| {
        let (this, needed) = line.split_once('>').expect("an arrow");
        let needed = needed.split(',').filter(|text| !text.is_empty());
        Course {
            prerequisites: needed.map(|text| CourseId(id(number(text)))).collect(),
            ..course(number(this), &format!("Course {this}"), None, &[])
        }
    };
    requires.split(' ').map(course).map(|course| (course.id, course)).collect()
}

#[rstest]
#[case::nothing("1> 2>", None)]
#[case::a_line("1>2 2>3 3>", None)]
#[case::two_ways_to_one("1>2,3 2>4 3>4 4>", None)]
#[case::itself("1>1", Some(&[1, 1][..]))]
#[case::each_other("1>2 2>1", Some(&[1, 2, 1][..]))]
#[case::a_circle_behind_a_line("1>2 2>3 3>4 4>2", Some(&[2, 3, 4, 2][..]))]
#[case::a_course_nobody_knows("1>9", None)]
fn courses_that_would_require_themselves_are_found(#[case] requires: &str, #[case] circle: Option<&[u128]>) {
    let found = cycle(&courses(requires));
    let found = found.map(|path| path.iter().map(|id| id.0.as_u128()).collect::<Vec<_>>());
    assert_eq!(found.as_deref(), circle);
}

#[test]
fn a_line_of_ten_thousand_courses_ends_no_stack() {
    let line: Vec<_> = (1..10_000).map(|number| format!("{number}>{}", number + 1)).collect();
    assert_eq!(cycle(&courses(&line.join(" "))), None);
}

/// So many days before now.
fn days_ago(days: i64) -> Timestamp {
    now() - SignedDuration::from_hours(24 * days)
}

/// Course 1 requires course 2, which lasts a year; course 3 counts as 2 and lasts for ever; course 4 counts for nothing.
fn high_voltage() -> Courses {
    let mut courses = courses("1>2 2> 3> 4>");
    let basics = courses.get_mut(&CourseId(id(2))).expect("course 2");
    basics.validity_months = Some(12);
    basics.equivalents = vec![CourseId(id(3))];
    courses
}

#[rstest]
#[case::never_completed(&[], Some("first complete `Course 2`"))]
#[case::completed(&[(2, 100)], None)]
#[case::completed_too_long_ago(&[(2, 400)], Some("first complete `Course 2` again (it is valid until 2027-01-25 only)"))]
#[case::completed_again(&[(2, 400), (2, 10)], None)]
#[case::an_equivalent(&[(3, 3_000)], None)]
#[case::another_course(&[(4, 10)], Some("first complete `Course 2`"))]
#[case::it_will_have_expired_when_the_session_starts(
    &[(2, 350)], Some("first complete `Course 2` again (it is valid until 2027-03-16 only)")
)]
fn a_prerequisite_must_still_be_valid_when_the_session_starts(
    #[case] completed: &[(u32, i64)],
    #[case] said: Option<&str>,
) {
    let courses = high_voltage();
    let completions: Vec<_> = completed
        .iter()
        .map(|(course, days)| Completion {
            person: PersonId(id(7)),
            course: CourseId(id(*course)),
            completed_at: days_ago(*days),
        })
        .collect();
    let starts_at = now() + SignedDuration::from_hours(24 * 30);
    let book = Book { courses: &courses, rules: &[] };
    let lacking = book.missing(&courses[&CourseId(id(1))], &completions, starts_at);
    assert_eq!((!lacking.is_empty()).then(|| in_words(&lacking)).as_deref(), said);
}

#[rstest]
#[case::one(&["!A"], "first complete `A`")]
#[case::two(&["!A", "!B"], "first complete `A` and `B`")]
#[case::nobody_knows(&["?A"], "whether `A` was completed elsewhere could not be found out just now: please try again in a minute")]
#[case::of_one_nobody_knows(&["?A", "!B"], "first complete `B`; whether `A` was completed elsewhere could not be found out just now: please try again in a minute")]
fn what_is_missing_is_told_apart_from_what_nobody_knows(#[case] missing: &[&str], #[case] said: &str) {
    let one = |it: &&str| Missing {
        course: CourseId(id(1)),
        title: it[1..].to_owned(),
        why: if it.starts_with('?') { Why::Unknown } else { Why::NeverCompleted },
    };
    assert_eq!(in_words(&missing.iter().map(one).collect::<Vec<_>>()), said);
}

/// When completions of a course that lasts so many months end.
fn ends(months: Option<u32>, completed: &[&str]) -> Vec<Option<String>> {
    let course = Course { validity_months: months, ..course(1, "Course", None, &[]) };
    let courses = Courses::from([(course.id, course)]);
    let completion = |at: &&str| Completion {
        person: PersonId(id(7)),
        course: CourseId(id(1)),
        completed_at: at.parse().expect("an instant"),
    };
    let completions: Vec<_> = completed.iter().map(completion).collect();
    let ends = Book { courses: &courses, rules: &[] }.ends(&completions);
    ends.into_iter().map(|end| end.map(|at| at.to_string())).collect()
}

#[rstest]
#[case::for_ever(None, "2027-03-01T08:00:00Z", None)]
#[case::a_year(Some(12), "2027-03-01T08:00:00Z", Some("2028-03-01T08:00:00Z"))]
#[case::a_month_after_the_31st_is_the_last_of_the_next(
    Some(1),
    "2027-01-31T12:00:00Z",
    Some("2027-02-28T12:00:00Z")
)]
fn a_completion_lasts_calendar_months(
    #[case] months: Option<u32>,
    #[case] completed: &str,
    #[case] end: Option<&str>,
) {
    assert_eq!(ends(months, &[completed]), [end.map(str::to_owned)]);
}

/// PRODUCT.md, "recertification": the window opens 90 days before expiry; completing early keeps the anniversary.
#[rstest]
#[case::early_within_the_window("2028-01-10T08:00:00Z", "2029-03-01T08:00:00Z")]
#[case::on_the_windows_first_day("2027-12-02T08:00:00Z", "2029-03-01T08:00:00Z")]
#[case::before_the_window("2027-12-02T07:59:59Z", "2028-12-02T07:59:59Z")]
#[case::after_it_expired("2028-03-01T08:00:00Z", "2029-03-01T08:00:00Z")]
#[case::long_after("2028-05-01T08:00:00Z", "2029-05-01T08:00:00Z")]
fn completing_again_early_keeps_the_anniversary(#[case] again: &str, #[case] end: &str) {
    assert_eq!(ends(Some(12), &["2027-03-01T08:00:00Z", again])[1].as_deref(), Some(end));
}
