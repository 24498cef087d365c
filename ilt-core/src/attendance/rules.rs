//! What marks come to, and how they merge, as tables.

use jiff::SignedDuration;
use proptest::prelude::*;
use rstest::rstest;
use uuid::Uuid;

use super::decide::{Merged, merge};
use super::{Attendance, Mark, Outcome, Shares};
use crate::policy::Rules;
use crate::schedule::Part;
use crate::testing::plans::{id, now, session};

fn mark(minutes: u32, excused: bool) -> Mark {
    Mark { minutes, excused, at: now(), client: None, arrived_at: None }
}

/// Two parts of six hours.
fn parts() -> Vec<Part> {
    let part = session(1, 1, 1, 35).parts[0].clone();
    vec![
        Part { length: SignedDuration::from_hours(6), ..part.clone() },
        Part { length: SignedDuration::from_hours(6), ..part },
    ]
}

/// PRODUCT.md, "no-show": attended less than a quarter of the time; an excused absence is separate.
#[rstest]
#[case::all_of_it(&[(360, false), (360, false)], Some(Outcome::Attended))]
#[case::as_much_as_the_course_wants(&[(360, false), (216, false)], Some(Outcome::Attended))]
#[case::a_minute_less(&[(360, false), (215, false)], Some(Outcome::Partial))]
#[case::a_quarter(&[(180, false), (0, false)], Some(Outcome::Partial))]
#[case::less_than_a_quarter(&[(179, false), (0, false)], Some(Outcome::NoShow))]
#[case::not_at_all(&[(0, false), (0, false)], Some(Outcome::NoShow))]
#[case::excused(&[(0, true), (0, true)], Some(Outcome::Excused))]
#[case::excused_for_a_day(&[(360, false), (0, true)], Some(Outcome::Excused))]
#[case::excused_and_there_for_long_enough(&[(360, false), (300, true)], Some(Outcome::Attended))]
#[case::not_marked_whole(&[(360, false)], None)]
#[case::not_marked_at_all(&[], None)]
fn what_marks_come_to(#[case] marks: &[(u32, bool)], #[case] outcome: Option<Outcome>) {
    let marks = (1..).zip(marks.iter().map(|(minutes, excused)| mark(*minutes, *excused))).collect();
    let attendance = Attendance { marks, settled: None };
    assert_eq!(attendance.outcome(&parts(), Shares::of(Rules::of(&[], None, None))), outcome);
}

/// How long somebody was at each part, and how many minutes after its start they checked in where they did; when they came and
/// went, in minutes after the starts of the first and of the last part.
#[rstest]
#[case::all_of_it(&[(360, None), (360, None)], (Some(0), Some(360)))]
#[case::the_second_day(&[(0, None), (360, None)], (Some(0), Some(360)))]
#[case::checked_in_before_the_start(&[(360, Some(-5)), (360, Some(2))], (Some(-5), Some(360)))]
#[case::checked_in_late(&[(300, Some(60)), (360, None)], (Some(60), Some(360)))]
#[case::nobody_saw_when_they_left(&[(360, None), (100, None)], (Some(0), None))]
#[case::nobody_saw_when_they_came(&[(100, None), (360, None)], (None, Some(360)))]
#[case::not_there(&[(0, None), (0, None)], (None, None))]
fn when_somebody_came_and_went(
    #[case] marks: &[(u32, Option<i64>)],
    #[case] (came, went): (Option<i64>, Option<i64>),
) {
    let parts = parts();
    let after = |minutes| parts[0].starts_at + SignedDuration::from_mins(minutes);
    let mark = |(minutes, arrived): &(u32, Option<i64>)| Mark {
        arrived_at: arrived.map(after),
        ..mark(*minutes, false)
    };
    let attendance = Attendance { marks: (1..).zip(marks.iter().map(mark)).collect(), settled: None };
    let stay = attendance.stay(&parts, parts[1].ends_at());
    assert_eq!((stay.came_at, stay.left_at), (came.map(after), went.map(after)));
    let early = attendance.stay(&parts, after(30));
    let seen = [early.came_at, early.left_at].into_iter().flatten();
    assert!(seen.into_iter().all(|at| at <= after(30)), "nothing is dated ahead: {early:?}");
}

fn seen(seconds: i64, minutes: u32, client: u32) -> Mark {
    let at = now() + SignedDuration::from_secs(seconds);
    Mark { minutes, excused: false, at, client: Some(id(client)), arrived_at: None }
}

#[rstest]
#[case::the_first(None, seen(0, 60, 1), Merged::Applied)]
#[case::sent_again(Some(seen(0, 60, 1)), seen(0, 60, 1), Merged::Unchanged)]
#[case::a_later_one(Some(seen(0, 60, 1)), seen(5, 30, 2), Merged::Applied)]
#[case::an_earlier_one(Some(seen(5, 30, 2)), seen(0, 60, 1), Merged::Superseded)]
#[case::a_later_one_that_says_the_same(Some(seen(0, 60, 1)), seen(5, 60, 2), Merged::Applied)]
fn the_later_mark_counts(#[case] known: Option<Mark>, #[case] new: Mark, #[case] merged: Merged) {
    assert_eq!(merge(known.as_ref(), &new), merged);
}

fn any_mark() -> impl Strategy<Value = Mark> {
    (0..4_i64, 0..3_u32, 1..60_u128).prop_map(|(seconds, minutes, client)| Mark {
        minutes,
        excused: false,
        at: now() + SignedDuration::from_secs(seconds),
        client: Some(Uuid::from_u128(client)),
        arrived_at: None,
    })
}

/// What is known after marks came one by one, and all of them again.
fn after(marks: &[Mark]) -> Option<Mark> {
    let mut known = None;
    for mark in marks.iter().chain(marks) {
        if merge(known.as_ref(), mark) == Merged::Applied {
            known = Some(*mark);
        }
    }
    known
}

proptest! {
    #[test]
    fn in_whatever_order_marks_are_sent_the_outcome_is_the_same(
        mut marks in prop::collection::vec(any_mark(), 1..6).prop_filter("a client makes a mark once", |marks| {
            let clients: std::collections::BTreeSet<_> = marks.iter().map(|mark| mark.client).collect();
            clients.len() == marks.len()
        }),
        seed in any::<u64>(),
    ) {
        let one = after(&marks);
        let turn = usize::try_from(seed % 5).expect("small") % marks.len();
        marks.rotate_left(turn);
        marks.reverse();
        prop_assert_eq!(one, after(&marks));
    }
}
