//! The seat ledger and a session's windows as tables.

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use super::{Claim, Seats, Session, SessionStatus, closes_at, is_late, late_from};
use crate::ids::CourseId;
use crate::policy::{Override, Rule, Rules, Scope};
use crate::schedule::Part;
use crate::testing::plans::{course, id, now, session};

/// Capacity, confirmed, held, offered, reserved, waiting, beyond.
fn seats(numbers: [u32; 7]) -> Seats {
    let [capacity, confirmed, held, offered, reserved, waitlisted, over_capacity] = numbers;
    Seats { capacity, confirmed, held, offered, reserved, waitlisted, over_capacity }
}

#[rstest]
#[case::registering([5, 2, 0, 0, 0, 0, 0], None, Some(Claim::Confirmed), [5, 3, 0, 0, 0, 0, 0], 2)]
#[case::waiting([5, 5, 0, 0, 0, 1, 0], None, Some(Claim::Waitlisted), [5, 5, 0, 0, 0, 2, 0], 0)]
#[case::an_offer([5, 4, 0, 0, 0, 2, 0], Some(Claim::Waitlisted), Some(Claim::Offered), [5, 4, 0, 1, 0, 1, 0], 0)]
#[case::an_offer_taken([5, 4, 0, 1, 0, 1, 0], Some(Claim::Offered), Some(Claim::Confirmed), [5, 5, 0, 0, 0, 1, 0], 0)]
#[case::an_offer_declined([5, 4, 0, 1, 0, 1, 0], Some(Claim::Offered), Some(Claim::Waitlisted), [5, 4, 0, 0, 0, 2, 0], 1)]
#[case::an_approval_asked_for([5, 2, 0, 0, 1, 0, 0], None, Some(Claim::Held), [5, 2, 1, 0, 1, 0, 0], 1)]
#[case::leaving([5, 5, 0, 0, 0, 0, 0], Some(Claim::Confirmed), None, [5, 4, 0, 0, 0, 0, 0], 1)]
#[case::staying_beside_people_beyond_it(
    [5, 5, 0, 0, 0, 0, 2], Some(Claim::Confirmed), Some(Claim::Confirmed), [5, 5, 0, 0, 0, 0, 2], 0
)]
#[case::leaving_a_session_with_people_beyond_it(
    [5, 5, 0, 0, 0, 0, 2], Some(Claim::Confirmed), None, [5, 5, 0, 0, 0, 0, 1], 0
)]
fn five_numbers_always_add_up(
    #[case] before: [u32; 7],
    #[case] from: Option<Claim>,
    #[case] to: Option<Claim>,
    #[case] after: [u32; 7],
    #[case] open: u32,
) {
    let shifted = seats(before).shift(from, to).expect("somebody has that claim");
    assert_eq!(shifted, seats(after));
    assert_eq!(shifted.open(), open);
    assert_eq!(shifted.taken() + shifted.open(), shifted.capacity);
}

#[test]
fn nobody_leaves_a_place_that_nobody_has() {
    for claim in [Claim::Confirmed, Claim::Held, Claim::Offered, Claim::Waitlisted, Claim::Beyond] {
        assert_eq!(Seats::empty(3).shift(Some(claim), None), None);
    }
}

#[rstest]
#[case::raised([5, 5, 0, 0, 0, 3, 0], 8, Ok(3))]
#[case::lowered_to_what_is_taken([9, 3, 1, 1, 2, 0, 0], 7, Ok(0))]
#[case::lowered_below_it([9, 3, 1, 1, 2, 0, 0], 6, Err("7 seats are taken, so the capacity cannot be 6"))]
fn capacity_is_never_lowered_below_what_is_taken(
    #[case] before: [u32; 7],
    #[case] capacity: u32,
    #[case] open: Result<u32, &str>,
) {
    let after = seats(before).with_capacity(capacity);
    assert_eq!(
        after.map(|seats| seats.open()).map_err(|refused| refused.to_string()),
        open.map_err(str::to_owned)
    );
}

/// Monday, 5 April 2027, nine in the morning in Köln.
fn monday() -> Session {
    session(1, 1, 1, 35)
}

fn instant(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

#[rstest]
#[case::by_default(&[], "2027-04-01T09:00+02:00")]
#[case::for_everybody(&[(Scope::Global, 1)], "2027-04-02T09:00+02:00")]
#[case::for_this_course(&[(Scope::Global, 1), (Scope::Course(CourseId(id(1))), 0)], "2027-04-05T09:00+02:00")]
fn registration_closes_two_business_days_before_the_start(
    #[case] set: &[(Scope, i64)],
    #[case] closes: &str,
) {
    let set: Vec<_> = set
        .iter()
        .map(|(scope, value)| Override {
            scope: scope.clone(),
            rule: Rule::RegistrationCloses,
            value: *value,
        })
        .collect();
    let rules = Rules::of(&set, Some(CourseId(id(1))), None);
    assert_eq!(closes_at(&monday(), rules), instant(closes));
}

#[rstest]
#[case::travel_course(true, "2027-03-29T09:00+02:00")]
#[case::local_course(false, "2027-04-04T09:00+02:00")]
fn cancelling_is_late_inside_5_business_days_or_24_hours(#[case] travel: bool, #[case] from: &str) {
    let course = crate::catalog::Course { travel, ..course(1, "High voltage", None, &[]) };
    let rules = Rules::of(&[], None, None);
    let from = instant(from);
    assert_eq!(late_from(&monday(), &course, rules), from);
    assert!(is_late(&monday(), &course, rules, from), "at that instant it is late");
    assert!(!is_late(&monday(), &course, rules, from - SignedDuration::from_micros(1)), "and not before");
}

#[rstest]
#[case::draft(SessionStatus::Draft, false)]
#[case::published(SessionStatus::Published { at: now() }, true)]
#[case::completed(SessionStatus::Completed { at: now() }, false)]
#[case::cancelled(SessionStatus::Cancelled { at: now(), reason: String::new(), announced: true }, false)]
fn seats_move_only_while_a_session_is_published_and_not_over(
    #[case] status: SessionStatus,
    #[case] live: bool,
) {
    let session = Session { status, ..monday() };
    assert_eq!(session.is_live(now()), live);
    assert!(!session.is_live(session.ends_at()), "never once it is over");
}

#[rstest]
#[case::as_it_should_be(|_: &mut Session| {}, &[])]
#[case::no_seats(|it: &mut Session| it.seats.capacity = 0, &["/capacity must be between 1 and 100000"])]
#[case::too_many_seats(|it: &mut Session| it.seats.capacity = 100_001, &["/capacity must be between 1 and 100000"])]
#[case::minimum_above_capacity(|it: &mut Session| it.minimum = 16, &["/minimum must not be more than the capacity"])]
#[case::no_part(|it: &mut Session| it.parts.clear(), &["/parts must have 1 to 30 parts"])]
#[case::a_part_without_length(|it: &mut Session| it.parts[0].length = SignedDuration::ZERO,
    &["/parts/0/length must be between one minute and one day; longer sessions have several parts"])]
#[case::a_part_of_a_day(|it: &mut Session| it.parts[0].length = SignedDuration::from_hours(24),
    &["/parts/0/length must be between one minute and one day; longer sessions have several parts"])]
#[case::parts_that_overlap(|it: &mut Session| it.parts.push(Part { starts_at: it.parts[0].starts_at, ..it.parts[0].clone() }),
    &["/parts/1/starts must start after the part before it has ended"])]
#[case::several_at_once(|it: &mut Session| { it.seats.capacity = 0; it.minimum = 1; },
    &["/capacity must be between 1 and 100000", "/minimum must not be more than the capacity"])]
fn a_plan_that_cannot_be_says_every_reason(#[case] change: fn(&mut Session), #[case] said: &[&str]) {
    let mut session = monday();
    change(&mut session);
    let found: Vec<_> =
        session.problems().iter().map(|field| format!("{} {}", field.pointer, field.detail)).collect();
    assert_eq!(found, said);
}
