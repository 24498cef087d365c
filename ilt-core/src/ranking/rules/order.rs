//! Who comes first, and that nothing but the rules decides it.

use proptest::prelude::*;
use rstest::rstest;

use super::{Changed, Town, WANTED_COURSE, course, session};
use crate::ranking::Weights;
use crate::session::Session;

#[rstest]
#[case::nearer_comes_first(&[session(101, WANTED_COURSE, 4, 41), session(102, WANTED_COURSE, 2, 41)], &[102, 101])]
#[case::sooner_comes_first(&[session(101, WANTED_COURSE, 3, 60), session(102, WANTED_COURSE, 3, 41)], &[102, 101])]
#[case::a_seat_comes_before_a_queue(
    &[session(101, WANTED_COURSE, 3, 41).full(0), session(102, WANTED_COURSE, 3, 41)], &[102, 101]
)]
#[case::a_short_queue_before_a_long_one(
    &[session(101, WANTED_COURSE, 3, 41).full(9), session(102, WANTED_COURSE, 3, 41).full(1)], &[102, 101]
)]
#[case::a_tie_goes_to_the_earlier_start(
    &[session(101, WANTED_COURSE, 3, 20), session(102, WANTED_COURSE, 3, 10)], &[102, 101]
)]
#[case::then_to_the_smaller_id(
    &[session(103, WANTED_COURSE, 3, 41), session(101, WANTED_COURSE, 3, 41), session(102, WANTED_COURSE, 3, 41)],
    &[101, 102, 103]
)]
#[case::no_more_than_three(
    &[session(101, WANTED_COURSE, 3, 41), session(102, WANTED_COURSE, 3, 42),
      session(103, WANTED_COURSE, 3, 43), session(104, WANTED_COURSE, 3, 44)],
    &[101, 102, 103]
)]
fn best_first(#[case] sessions: &[Session], #[case] numbers: &[u128]) {
    let town = sessions.iter().cloned().fold(Town::new(), Town::hold);
    assert_eq!(town.offered_numbers(), numbers);
}

/// Another course next door, tomorrow, is no answer to somebody who needs this one.
#[test]
fn the_wanted_course_comes_before_all_others_whatever_the_weights() {
    let sessions = [session(101, WANTED_COURSE, 5, 120).full(9), session(102, 3, 1, 36)];
    let mut town = sessions.into_iter().fold(Town::new(), Town::hold);
    town.teach(course(3, "Battery logistics", Some("high-voltage"), &["battery"]));
    for weights in [[0.4, 0.35, 0.25], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]] {
        let [proximity, availability, relevance] = weights;
        town.weights = Weights { proximity, availability, relevance };
        assert_eq!(town.offered_numbers(), [101, 102], "{weights:?}");
    }
}

#[test]
fn without_a_place_distance_decides_nothing() {
    let sessions = [session(101, WANTED_COURSE, 5, 41), session(102, WANTED_COURSE, 1, 42)];
    let mut town = sessions.into_iter().fold(Town::new(), Town::hold);
    town.place = None;
    assert_eq!(town.offered_numbers(), [101, 102]);
}

#[test]
fn weights_turn_the_order_round() {
    let sessions = [session(101, WANTED_COURSE, 5, 36), session(102, WANTED_COURSE, 1, 120)];
    let mut town = sessions.into_iter().fold(Town::new(), Town::hold);
    assert_eq!(town.offered_numbers(), [102, 101]);
    town.weights = Weights { proximity: 0.1, availability: 0.8, relevance: 0.1 };
    assert_eq!(town.offered_numbers(), [101, 102]);
}

/// Twelve sessions by number, location and day, some of which tie.
fn any_order() -> impl Strategy<Value = Vec<(u32, u32, i32)>> {
    let plan = |at: u32| (101 + at, 1 + at % 5, 30 + 3 * (at % 4).cast_signed());
    Just((0..12).map(plan).collect::<Vec<_>>()).prop_shuffle()
}

proptest! {
    /// Nobody's number, nor the order in which sessions became known, changes what is offered.
    #[test]
    fn the_order_they_were_planned_in_does_not_matter(planned in any_order()) {
        let hold = |town: Town, (number, location, days): (u32, u32, i32)| {
            town.hold(session(number, WANTED_COURSE, location, days))
        };
        let mut sorted = planned.clone();
        sorted.sort_unstable();
        let one = sorted.into_iter().fold(Town::new(), hold);
        // Followed one by one, not loaded at once.
        let mut other = crate::ranking::Catalogue::new(&Town::new().world);
        for (number, location, days) in planned {
            super::following::scheduled(&mut other, session(number, WANTED_COURSE, location, days));
        }
        prop_assert_eq!(one.offered(), super::following::offered(&one, &other));
    }
}
