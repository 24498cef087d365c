//! Civil time as a trainer reads it: business days, clocks that change, and the way from one centre to another.

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use super::{
    BadTime, Part, Stretch, Travel, Zone, before_business_days, business_days_between, next_showing,
    wall_clock,
};
use crate::catalog::Place;
use crate::ids::LocationId;
use crate::testing::plans::id;

fn instant(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn zone(name: &str) -> Zone {
    name.parse().expect("a zone")
}

#[rstest]
#[case::within_a_week("2027-03-12T09:00+01:00", 2, "2027-03-10T09:00+01:00")]
#[case::over_a_weekend("2027-03-15T09:00+01:00", 2, "2027-03-11T09:00+01:00")]
#[case::from_a_sunday("2027-03-14T09:00+01:00", 1, "2027-03-12T09:00+01:00")]
#[case::a_whole_week("2027-03-12T09:00+01:00", 5, "2027-03-05T09:00+01:00")]
#[case::none("2027-03-12T09:00+01:00", 0, "2027-03-12T09:00+01:00")]
#[case::summer_time_begins_between("2027-03-30T09:00+02:00", 2, "2027-03-26T09:00+01:00")]
#[case::summer_time_ends_between("2027-11-02T09:00+01:00", 2, "2027-10-29T09:00+02:00")]
fn business_days_are_monday_to_friday_at_the_same_wall_clock(
    #[case] start: &str,
    #[case] days: u32,
    #[case] expected: &str,
) {
    let before = before_business_days(instant(start), &zone("Europe/Berlin"), days);
    assert_eq!(before, instant(expected));
}

#[rstest]
#[case::the_same_instant("2027-03-12T09:00+01:00", "2027-03-12T09:00+01:00", 0)]
#[case::backwards("2027-03-15T09:00+01:00", "2027-03-12T09:00+01:00", 0)]
#[case::over_a_weekend("2027-03-12T09:00+01:00", "2027-03-15T09:00+01:00", 1)]
#[case::a_minute_short("2027-03-12T09:01+01:00", "2027-03-15T09:00+01:00", 0)]
#[case::two_weeks("2027-03-01T09:00+01:00", "2027-03-15T09:00+01:00", 10)]
fn business_days_between_two_instants(#[case] from: &str, #[case] to: &str, #[case] days: u32) {
    assert_eq!(business_days_between(instant(from), instant(to), &zone("Europe/Berlin")), days);
}

fn part(starts: &str, zone_name: &str) -> Result<Part, BadTime> {
    let starts: DateTime = starts.parse().expect("a wall clock");
    Part::new(starts, zone(zone_name), SignedDuration::from_hours(2), String::new())
}

#[rstest]
#[case::winter("2027-01-11T09:00", "Europe/Berlin", "2027-01-11T08:00:00Z")]
#[case::summer("2027-07-12T09:00", "Europe/Berlin", "2027-07-12T07:00:00Z")]
#[case::half_an_hour_off("2027-01-11T09:00", "Asia/Kolkata", "2027-01-11T03:30:00Z")]
#[case::beyond_the_date_line("2027-01-11T09:00", "Pacific/Auckland", "2027-01-10T20:00:00Z")]
fn a_wall_clock_means_an_instant(#[case] starts: &str, #[case] zone: &str, #[case] expected: &str) {
    assert_eq!(part(starts, zone).expect("unambiguous").starts_at, instant(expected));
}

#[rstest]
#[case::the_first("1900-01-01T00:00", true)]
#[case::too_early("1899-12-31T23:59", false)]
#[case::a_year_mistyped("0000-05-01T09:00", false)]
#[case::long_before("-009999-06-01T09:00", false)]
#[case::the_last("9999-12-30T09:00", true)]
fn a_start_is_in_years_that_can_be_kept(#[case] starts: &str, #[case] is_kept: bool) {
    assert_eq!(part(starts, "UTC").is_ok(), is_kept, "{starts}");
}

#[test]
fn a_start_that_daylight_saving_skips_is_refused() {
    let refused = part("2027-03-28T02:30", "Europe/Berlin").expect_err("it does not exist");
    assert_eq!(
        refused.to_string(),
        "2027-03-28T02:30:00 does not exist in Europe/Berlin: clocks are put forward over it"
    );
}

#[test]
fn a_start_that_daylight_saving_repeats_is_refused_with_both_readings() {
    let refused = part("2027-10-31T02:30", "Europe/Berlin").expect_err("it happens twice");
    let BadTime::Repeated { first, second, .. } = refused else { panic!("{refused}") };
    assert_eq!((first, second), (instant("2027-10-31T00:30:00Z"), instant("2027-10-31T01:30:00Z")));
}

#[test]
fn lengths_are_elapsed_time_even_while_clocks_change() {
    let night = part("2027-03-28T01:00", "Europe/Berlin").expect("before the change");
    assert_eq!(night.ends_at(), instant("2027-03-28T02:00:00Z"));
}

#[rstest]
#[case::empty("")]
#[case::an_offset("+02:00")]
#[case::an_unknown_town("Europe/Koeln")]
#[case::a_path("../../etc/localtime")]
fn a_zone_is_a_name_that_is_known(#[case] name: &str) {
    let refused = name.parse::<Zone>().expect_err("no zone");
    assert!(refused.to_string().contains("an IANA name such as Europe/Berlin was expected"), "{refused}");
}

/// Köln, and centres so many kilometres north of it.
fn stretch(from: &str, to: &str, kilometres: u32) -> Stretch {
    let at = |clock: &str| instant(&format!("2027-03-15T{clock}:00Z"));
    let place = Place { lat: 50.0 + f64::from(kilometres) / 111.195, lon: 7.0 };
    Stretch { from: at(from), to: at(to), location: LocationId(id(kilometres)), place }
}

#[rstest]
#[case::overlapping_in_one_place(("09:00", "12:00", 0), ("11:59", "14:00", 0), true)]
#[case::one_inside_the_other(("09:00", "17:00", 0), ("11:00", "12:00", 0), true)]
#[case::the_same_time(("09:00", "12:00", 0), ("09:00", "12:00", 0), true)]
#[case::back_to_back_in_one_place(("09:00", "12:00", 0), ("12:00", "14:00", 0), false)]
#[case::next_door_takes_half_an_hour(("09:00", "12:00", 0), ("12:29", "14:00", 1), true)]
#[case::next_door_after_half_an_hour(("09:00", "12:00", 0), ("12:30", "14:00", 1), false)]
#[case::ninety_kilometres_in_an_hour(("09:00", "12:00", 0), ("13:00", "14:00", 90), true)]
#[case::ninety_kilometres_in_ninety_minutes(("09:00", "12:00", 0), ("13:31", "14:00", 90), false)]
fn a_clash_counts_travel_at_60_km_an_hour_and_at_least_30_minutes(
    #[case] one: (&str, &str, u32),
    #[case] other: (&str, &str, u32),
    #[case] clashes: bool,
) {
    let travel = Travel { kilometres_per_hour: 60, least_minutes: 30 };
    let (one, other) = (stretch(one.0, one.1, one.2), stretch(other.0, other.1, other.2));
    assert_eq!(travel.clashes(&one, &other), clashes);
    assert_eq!(travel.clashes(&other, &one), clashes, "whichever is asked first");
}

#[rstest]
#[case::minutes("2027-03-15T09:00", "2027-03-15T09:00:00")]
#[case::seconds("2027-03-15T09:00:30", "2027-03-15T09:00:30")]
#[case::as_spreadsheets_have_it(" 2027-03-15 09:00 ", "2027-03-15T09:00:00")]
#[case::an_offset(
    "2027-03-15T09:00-04:00",
    "must be a wall clock without an offset or zone, such as 2027-03-15T09:00:00: the zone is the location's, unless `zone` names another"
)]
#[case::another(
    "2027-03-15T09:00+09:00",
    "must be a wall clock without an offset or zone, such as 2027-03-15T09:00:00: the zone is the location's, unless `zone` names another"
)]
#[case::a_zone(
    "2027-03-15T09:00[America/New_York]",
    "must be a wall clock without an offset or zone, such as 2027-03-15T09:00:00: the zone is the location's, unless `zone` names another"
)]
#[case::utc(
    "2027-03-15T09:00Z",
    "must be a wall clock without an offset or zone, such as 2027-03-15T09:00:00: the zone is the location's, unless `zone` names another"
)]
#[case::a_day("2027-03-15", "must say the time as well, such as 2027-03-15T09:00:00")]
#[case::another_calendar("15.03.2027 09:00", "must be a wall clock such as 2027-03-28T09:00")]
#[case::no_such_day("2027-02-30T09:00", "must be a wall clock such as 2027-03-28T09:00")]
fn a_wall_clock_is_read_as_it_was_meant_or_not_at_all(#[case] said: &str, #[case] read: &str) {
    let seen = wall_clock(said).map_or_else(|bad| bad.to_string(), |clock| clock.to_string());
    assert_eq!(seen, read);
}

const SEVEN: u32 = 7 * 60;
const HALF_PAST_TWO: u32 = 2 * 60 + 30;

#[rstest]
#[case::later_today("2027-03-12T05:00+01:00", SEVEN, "2027-03-12T07:00+01:00")]
#[case::tomorrow("2027-03-12T22:10+01:00", SEVEN, "2027-03-13T07:00+01:00")]
#[case::midnight("2027-03-12T22:10+01:00", 0, "2027-03-13T00:00+01:00")]
#[case::the_last_minute("2027-03-12T22:10+01:00", 1_439, "2027-03-12T23:59+01:00")]
#[case::while_it_is_shown("2027-03-12T07:00:59+01:00", SEVEN, "2027-03-12T07:00:59+01:00")]
#[case::a_minute_late("2027-03-12T07:01+01:00", SEVEN, "2027-03-13T07:00+01:00")]
#[case::summer_time_begins_in_between("2027-03-27T22:00+01:00", SEVEN, "2027-03-28T07:00+02:00")]
#[case::summer_time_ends_in_between("2027-10-30T22:00+02:00", SEVEN, "2027-10-31T07:00+01:00")]
#[case::skipped("2027-03-28T01:00+01:00", HALF_PAST_TWO, "2027-03-28T03:00+02:00")]
#[case::the_first_that_is_skipped("2027-03-28T01:00+01:00", 120, "2027-03-28T03:00+02:00")]
#[case::skipped_and_over("2027-03-28T03:01+02:00", HALF_PAST_TWO, "2027-03-29T02:30+02:00")]
#[case::repeated("2027-10-31T01:00+02:00", HALF_PAST_TWO, "2027-10-31T02:30+02:00")]
#[case::repeated_and_shown_already("2027-10-31T02:40+02:00", HALF_PAST_TWO, "2027-11-01T02:30+01:00")]
#[case::repeated_and_shown_again("2027-10-31T02:30:10+01:00", HALF_PAST_TWO, "2027-11-01T02:30+01:00")]
fn a_wall_clock_is_next_shown(#[case] from: &str, #[case] minute: u32, #[case] expected: &str) {
    assert_eq!(next_showing(minute, &zone("Europe/Berlin"), instant(from)), Some(instant(expected)));
}

#[test]
fn a_day_that_is_skipped_is_told_of_on_the_next_and_no_clock_shows_twenty_four() {
    // There was no 30 December 2011 in Samoa.
    let apia = next_showing(SEVEN, &zone("Pacific/Apia"), instant("2011-12-29T20:00-10:00"));
    assert_eq!(apia, Some(instant("2011-12-31T00:00+14:00")));
    assert_eq!(next_showing(24 * 60, &Zone::utc(), instant("2027-03-12T07:00Z")), None);
    assert_eq!(next_showing(u32::MAX, &Zone::utc(), Timestamp::MAX), None);
}
