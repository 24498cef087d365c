//! What people would rather have: which words are read, and which sessions suit; which rooms there are.

use jiff::SignedDuration;
use jiff::civil::date;
use rstest::rstest;

use crate::catalog::{Location, Person, Place, Preferences, PreferredTime};
use crate::schedule::Part;
use crate::testing::plans::{id, location, person};

fn time(words: &str) -> PreferredTime {
    words.parse().expect("a time")
}

#[rstest]
#[case::a_day("tuesday", "tuesday")]
#[case::in_capitals("Tuesday", "tuesday")]
#[case::a_stretch("friday 08:00-13:00", "friday 08:00-13:00")]
#[case::with_room(" friday  8:00 - 13:30 ", "friday 08:00-13:30")]
fn these_are_times(#[case] words: &str, #[case] read: &str) {
    assert_eq!(time(words).to_string(), read);
    assert_eq!(time(read).to_string(), read);
}

#[rstest]
#[case::no_day("someday")]
#[case::nothing("")]
#[case::backwards("monday 13:00-08:00")]
#[case::empty("monday 08:00-08:00")]
#[case::half("monday 08:00")]
#[case::no_clock("monday 25:00-26:00")]
fn these_are_not(#[case] words: &str) {
    let said = words.parse::<PreferredTime>().expect_err("no time").to_string();
    assert!(said.contains("`tuesday 08:00-13:00`, was expected"), "{said}");
}

/// A part that starts at 9:00 on a Tuesday and lasts so many hours.
fn tuesday(hours: i64) -> Part {
    let starts = date(2027, 4, 20).at(9, 0, 0, 0);
    let zone = "Europe/Berlin".parse().expect("a zone");
    Part::new(starts, zone, SignedDuration::from_hours(hours), String::new()).expect("a time that exists")
}

#[rstest]
#[case::who_minds_nothing(&[], 6, None)]
#[case::the_day(&["tuesday"], 6, Some(true))]
#[case::another_day(&["monday", "friday"], 6, Some(false))]
#[case::within_a_stretch(&["tuesday 09:00-15:00"], 6, Some(true))]
#[case::longer_than_it(&["tuesday 09:00-14:59"], 6, Some(false))]
#[case::before_it(&["tuesday 10:00-18:00"], 2, Some(false))]
#[case::past_midnight(&["tuesday"], 16, Some(false))]
fn a_session_suits(#[case] times: &[&str], #[case] hours: i64, #[case] suits: Option<bool>) {
    let preferences =
        Preferences { times: times.iter().map(|words| time(words)).collect(), ..Preferences::default() };
    assert_eq!(preferences.suits(&[tuesday(hours)]), suits);
}

#[test]
fn every_part_has_to_suit() {
    let wednesday = Part { starts: date(2027, 4, 21).at(9, 0, 0, 0), ..tuesday(6) };
    let preferences = Preferences { times: vec![time("tuesday")], ..Preferences::default() };
    assert_eq!(preferences.suits(&[tuesday(6), wednesday]), Some(false));
}

#[rstest]
#[case::one(r#""00000000-0000-0000-0000-000000000005""#, 1)]
#[case::none("null", 0)]
fn a_journal_from_before_there_were_several_locations_is_read(#[case] location: &str, #[case] read: usize) {
    let mut kept = serde_json::to_value(person(7)).expect("json");
    let fields = kept.as_object_mut().expect("an object");
    fields.remove("preferred_locations");
    fields.remove("notify_by");
    fields.insert("preferred_location".to_owned(), serde_json::from_str(location).expect("json"));
    let read_back: Person = serde_json::from_value(kept).expect("a person");
    assert_eq!(read_back.preferences.locations, vec![id(5).into(); read]);
    assert_eq!(read_back.preferences.notify_by, Preferences::default().notify_by);
}

#[rstest]
#[case::as_it_is_listed("Halle A", "Halle A")]
#[case::with_space_around_it(" Halle A\u{a0}", "Halle A")]
#[case::with_space_inside("Halle  A", "Halle A")]
#[case::in_another_case("halle a", "Halle A")]
#[case::none("", "")]
#[case::misspelt("Hall A", "must be a room of this location: `Halle A`, `Saal 2`")]
#[case::the_likeliest_first("Sal 2", "must be a room of this location: `Saal 2`, `Halle A`")]
fn a_room_is_one_that_the_location_lists(#[case] said: &str, #[case] meant: &str) {
    let place = Place { lat: 50.9, lon: 6.9 };
    let location =
        Location { rooms: vec!["Halle A".to_owned(), "Saal 2".to_owned()], ..location(1, "Köln", place) };
    assert_eq!(location.room(said).unwrap_or_else(|bad| bad.to_string()), meant);
    let unlisted = Location { rooms: Vec::new(), ..location };
    assert_eq!(unlisted.room(" Hall  A "), Ok("Hall A".to_owned()), "one that lists none has any");
}
