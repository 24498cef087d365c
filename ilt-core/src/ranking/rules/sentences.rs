//! What a learner reads.

use insta::assert_snapshot;
use rstest::rstest;

use super::{ADA, Changed, Town, WANTED_COURSE, course, session};
use crate::ids::PersonId;
use crate::ranking::reason::{apart, when};
use crate::session::Session;
use crate::testing::plans::id;

/// Everything that is offered, a line each.
fn read(town: &Town) -> String {
    let line = |(rank, told): (usize, super::Told)| {
        format!("{rank}. {:.3} {} [{}]", told.score, told.reason, told.would_change)
    };
    (1..).zip(town.offered()).map(line).collect::<Vec<_>>().join("\n")
}

fn town(sessions: impl IntoIterator<Item = Session>) -> Town {
    sessions.into_iter().fold(Town::new(), Town::hold)
}

#[rstest]
#[case::same(0, "on the same day")]
#[case::one(1, "one day later")]
#[case::twelve_in_words(12, "twelve days later")]
#[case::thirteen_in_figures(13, "13 days later")]
#[case::before(-1, "one day earlier")]
#[case::long_before(-40, "40 days earlier")]
fn days(#[case] later: i32, #[case] said: &str) {
    assert_eq!(when(later), said);
}

#[test]
fn days_apart_have_no_direction() {
    assert_eq!((apart(2), apart(-2)), ("two days".to_owned(), "two days".to_owned()));
}

#[test]
fn a_nearer_one_and_a_sooner_one() {
    let town = town([session(101, WANTED_COURSE, 3, 41), session(102, WANTED_COURSE, 4, 37)]);
    assert_snapshot!(read(&town), @"
    1. 0.834 Six days later, 64 km from you, 5 seats open. [88 km further: Frankfurt, four days sooner.]
    2. 0.731 Two days later, 153 km from you, 5 seats open. [First choice if you accepted 88 km more: Frankfurt, two days later.]
    ");
}

#[test]
fn times_that_are_preferred() {
    let mut town = town([session(101, WANTED_COURSE, 3, 41), session(102, WANTED_COURSE, 4, 42)]);
    let weekday = |number: u32| {
        let starts = town.world.sessions[&crate::ids::SessionId(id(number))].parts[0].starts;
        starts.strftime("%A").to_string().to_lowercase()
    };
    let times = vec![weekday(102).parse().expect("a day")];
    let ada = town.world.people.get_mut(&PersonId(id(ADA))).expect("Ada");
    ada.preferences.times = times;
    assert_snapshot!(read(&town), @"
    1. 0.803 Six days later, 64 km from you, not at a time you prefer, 5 seats open. []
    2. 0.713 Seven days later, 153 km from you, at a time you prefer, 5 seats open. [First choice if you accepted 88 km more: Frankfurt, seven days later.]
    ");
}

#[test]
fn seats_and_queues() {
    let town = town([
        session(101, WANTED_COURSE, 1, 41).open(1),
        session(102, WANTED_COURSE, 2, 41).full(0),
        session(103, WANTED_COURSE, 2, 42).full(7),
    ]);
    assert_snapshot!(read(&town), @"
    1. 0.952 Six days later, next to you, one seat open. []
    2. 0.842 Six days later, 24 km from you, full, nobody waiting. []
    3. 0.811 Seven days later, 24 km from you, full, 7 people waiting. []
    ");
}

#[test]
fn other_courses_say_what_they_are() {
    let mut town = town([session(101, 2, 1, 35), session(102, 3, 1, 35), session(103, 4, 1, 35)]);
    town.teach(course(2, "Work on live parts", None, &[]));
    town.teach(course(3, "Battery logistics", Some("high-voltage"), &["battery"]));
    town.teach(course(4, "First aid", None, &["safety"]));
    town.course(WANTED_COURSE).equivalents = vec![crate::ids::CourseId(super::id(2))];
    assert_snapshot!(read(&town), @"
    1. 0.975 On the same day, next to you, 5 seats open; `Work on live parts` counts as the same course. []
    2. 0.925 On the same day, next to you, 5 seats open; another course: `Battery logistics` is on the same track. []
    3. 0.812 On the same day, next to you, 5 seats open; another course: `First aid` has topics in common. []
    ");
}

#[test]
fn a_session_that_is_not_shown_may_be_worth_the_way() {
    // Three near ones late, and one soon that is too far to be among them.
    let town = town([
        session(101, WANTED_COURSE, 1, 65),
        session(102, WANTED_COURSE, 1, 66),
        session(103, WANTED_COURSE, 1, 67),
        session(104, WANTED_COURSE, 4, 37),
    ]);
    assert_snapshot!(read(&town), @"
    1. 0.912 30 days later, next to you, 5 seats open. [153 km further: Frankfurt, 28 days sooner.]
    2. 0.911 31 days later, next to you, 5 seats open. []
    3. 0.909 32 days later, next to you, 5 seats open. []
    ");
}

#[test]
fn waiting_longer_brings_it_nearer() {
    let town = town([session(101, WANTED_COURSE, 2, 36), session(102, WANTED_COURSE, 1, 60)]);
    assert_snapshot!(read(&town), @"
    1. 0.934 One day later, 24 km from you, 5 seats open. [Waiting 24 days more: Köln, 24 km nearer.]
    2. 0.923 25 days later, next to you, 5 seats open. [First choice if you could wait 24 days more.]
    ");
}

#[test]
fn a_queue_may_be_worth_joining() {
    let town = town([session(101, WANTED_COURSE, 2, 36), session(102, WANTED_COURSE, 1, 36).full(12)]);
    assert_snapshot!(read(&town), @"
    1. 0.934 One day later, 24 km from you, 5 seats open. [On a waitlist: Köln, 24 km nearer.]
    2. 0.893 One day later, next to you, full, 12 people waiting. [First choice if you did not mind its waitlist.]
    ");
}

#[test]
fn nobody_is_sent_across_the_country() {
    let town = town([session(101, WANTED_COURSE, 1, 65), session(102, WANTED_COURSE, 5, 37)]);
    assert_snapshot!(read(&town), @"
    1. 0.912 30 days later, next to you, 5 seats open. []
    2. 0.626 Two days later, 356 km from you, 5 seats open. [First choice if you accepted 356 km more: Hamburg, two days later.]
    ");
}

#[test]
fn without_a_place_nothing_is_said_of_it() {
    let mut town = town([session(101, WANTED_COURSE, 3, 41), session(102, WANTED_COURSE, 1, 47)]);
    town.place = None;
    assert_snapshot!(read(&town), @"
    1. 0.777 Six days later, 5 seats open. []
    2. 0.758 Twelve days later, 5 seats open. []
    ");
}

#[test]
fn alone_there_is_nothing_to_change() {
    assert_snapshot!(read(&town([session(101, WANTED_COURSE, 1, 35)])), @"1. 1.000 On the same day, next to you, 5 seats open. []");
}
