//! Odds of a place in the queue, as a table.

use rstest::rstest;

use crate::registration::odds;

/// In ten past sessions so many people were placed from the queue.
const PLACED: [u32; 10] = [0, 0, 1, 1, 2, 2, 2, 3, 4, 9];

#[rstest]
#[case::the_first(1, 8, 0.75)]
#[case::the_third(3, 3, 1.0 / 3.0)]
#[case::the_ninth(9, 1, 1.0 / 6.0)]
#[case::one_far_behind(40, 0, 1.0 / 12.0)]
fn the_odds_are_those_of_the_past(#[case] position: u32, #[case] placed_in: u32, #[case] likely: f64) {
    let found = odds(position, &PLACED).expect("ten sessions say something");
    assert_eq!((found.sessions, found.placed_in), (10, placed_in));
    assert!((found.likely - likely).abs() < 1e-9, "{found:?}");
}

#[test]
fn too_few_sessions_say_nothing() {
    assert_eq!(odds(1, &PLACED[..4]), None);
    assert!(odds(1, &PLACED[..5]).is_some());
}

#[test]
fn whoever_is_further_ahead_never_has_worse_odds() {
    let likely: Vec<_> = (1..20).map(|position| odds(position, &PLACED).expect("enough").likely).collect();
    assert!(likely.is_sorted_by(|one, next| one >= next), "{likely:?}");
}
