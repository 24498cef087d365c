//! How long an offer lasts: long when there is time, by local daytime when there is little, and not at all at the end.

use jiff::Timestamp;
use rstest::rstest;

use crate::policy::{Override, Rule, Rules, Scope};
use crate::registration::{Asking, asking};
use crate::schedule::Zone;

fn instant(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// When an offer made now expires; nothing when nobody is asked, or everybody.
fn offer_until(now: Timestamp, starts_at: Timestamp, zone: &Zone, rules: Rules<'_>) -> Option<Timestamp> {
    match asking(now, starts_at, zone, rules) {
        Asking::Next { until, warn_at } => {
            assert_eq!(
                warn_at.duration_since(now) * 2,
                until.duration_since(now),
                "the warning comes at half time"
            );
            Some(until)
        }
        Asking::Everybody | Asking::Nobody => None,
    }
}

/// Thursday, 15 April 2027, nine in the morning.
const START: &str = "2027-04-15T09:00+02:00";

#[rstest]
#[case::over_14_days_away("2027-04-01T08:59+02:00", Some("2027-04-03T08:59+02:00"))]
#[case::just_14_days_away("2027-04-01T09:00+02:00", Some("2027-04-02T09:00+02:00"))]
#[case::ten_days_away("2027-04-05T23:00+02:00", Some("2027-04-06T23:00+02:00"))]
#[case::just_over_3_days_away("2027-04-12T08:59+02:00", Some("2027-04-13T08:59+02:00"))]
#[case::just_3_days_away("2027-04-12T09:00+02:00", Some("2027-04-12T13:00+02:00"))]
#[case::by_day("2027-04-13T12:00+02:00", Some("2027-04-13T16:00+02:00"))]
#[case::in_the_evening("2027-04-12T19:00+02:00", Some("2027-04-13T09:00+02:00"))]
#[case::at_night("2027-04-13T02:30+02:00", Some("2027-04-13T11:00+02:00"))]
#[case::late_in_the_evening("2027-04-12T23:30+02:00", Some("2027-04-13T11:00+02:00"))]
#[case::just_24_hours_away("2027-04-14T09:00+02:00", Some("2027-04-14T13:00+02:00"))]
fn an_offer_lasts_as_long_as_the_time_left_allows(#[case] now: &str, #[case] until: Option<&str>) {
    let zone: Zone = "Europe/Berlin".parse().expect("a zone");
    let rules = Rules::of(&[], None, None);
    assert_eq!(offer_until(instant(now), instant(START), &zone, rules), until.map(instant));
}

#[test]
fn daytime_is_the_locations_own() {
    let zone: Zone = "America/New_York".parse().expect("a zone");
    let rules = Rules::of(&[], None, None);
    // Eight in the evening in New York: one hour is left today, and three of tomorrow.
    let until =
        offer_until(instant("2027-04-12T20:00-04:00"), instant("2027-04-14T15:00-04:00"), &zone, rules);
    assert_eq!(until, Some(instant("2027-04-13T10:00-04:00")));
}

#[test]
fn daytime_has_its_hours_when_clocks_are_put_forward_at_night() {
    let zone: Zone = "Europe/Berlin".parse().expect("a zone");
    let rules = Rules::of(&[], None, None);
    let until =
        offer_until(instant("2027-03-27T20:00+01:00"), instant("2027-03-29T15:00+02:00"), &zone, rules);
    assert_eq!(until, Some(instant("2027-03-28T10:00+02:00")));
}

#[test]
fn the_lengths_are_rules_that_can_be_set() {
    let set = [Override { scope: Scope::Global, rule: Rule::OfferFar, value: 72 }];
    let zone: Zone = "Europe/Berlin".parse().expect("a zone");
    let rules = Rules::of(&set, None, None);
    let until = offer_until(instant("2027-03-01T09:00+01:00"), instant(START), &zone, rules);
    assert_eq!(until, Some(instant("2027-03-04T09:00+01:00")));
}

#[rstest]
#[case::just_under_24_hours_away("2027-04-14T09:01+02:00", Asking::Everybody)]
#[case::two_hours_and_a_minute_away("2027-04-15T06:59+02:00", Asking::Everybody)]
#[case::inside_2_hours("2027-04-15T07:00+02:00", Asking::Nobody)]
#[case::after_the_start("2027-04-15T09:30+02:00", Asking::Nobody)]
fn shortly_before_the_start_everybody_is_told_and_then_nobody(#[case] now: &str, #[case] how: Asking) {
    let zone: Zone = "Europe/Berlin".parse().expect("a zone");
    assert_eq!(asking(instant(now), instant(START), &zone, Rules::of(&[], None, None)), how);
}

#[test]
fn an_offer_never_outlasts_the_last_instant() {
    let set = [Override { scope: Scope::Global, rule: Rule::OfferEverybody, value: 0 }];
    let zone: Zone = "Europe/Berlin".parse().expect("a zone");
    let until =
        offer_until(instant("2027-04-14T20:00+02:00"), instant(START), &zone, Rules::of(&set, None, None));
    assert_eq!(until, Some(instant("2027-04-15T07:00+02:00")));
}
