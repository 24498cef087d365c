//! Reminders: when, whom, and never for a seat that is no longer theirs.

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use crate::desk::{Command, SessionPlan};
use crate::ids::PersonId;
use crate::journal::Event;
use crate::policy::{Override, Rule, Scope};
use crate::testing::Network;
use crate::testing::plans::id;

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;
const ROOT: PersonId = Network::ROOT;

/// Plans session 100 anew.
fn save(network: &mut Network, change: impl FnOnce(SessionPlan) -> SessionPlan) {
    let session = network.session(100);
    let plan = change(SessionPlan::from(session));
    network.ask(ROOT, Command::SaveSessions { plans: vec![plan], historic: false }).expect("planned");
}

/// A class in Köln, 35 days from now, that Ada is registered for.
fn network() -> Network {
    let mut network = Network::new().with_session(100, 3, 35);
    save(&mut network, |it| SessionPlan { minimum: 1, ..it });
    network.register(ADA, 100).expect("a seat");
    network
}

/// Lets the clock go to an instant, and the timers with it; who was reminded, and how many days before.
fn reminded(network: &mut Network, until: Timestamp) -> Vec<(PersonId, u32)> {
    let before = network.entries().count();
    network.run_timers_until(until);
    let told = |entry: &crate::journal::Entry| match entry.event {
        Event::Reminded { days } => Some((entry.learner.expect("somebody"), days)),
        _ => None,
    };
    network.entries().skip(before).filter_map(told).collect()
}

fn days_before(network: &Network, days: i64) -> Timestamp {
    network.session(100).starts_at() - SignedDuration::from_hours(24 * days)
}

#[test]
fn seven_days_and_one_day_before() {
    let mut network = network();
    let eve = days_before(&network, 6);
    assert_eq!(reminded(&mut network, eve), [(ADA, 7)]);
    let start = network.session(100).starts_at();
    assert_eq!(reminded(&mut network, start), [(ADA, 1)]);
    assert_eq!(reminded(&mut network, start + SignedDuration::from_hours(48)), []);
}

#[test]
fn in_the_morning_of_where_the_learner_lives() {
    let mut network = network();
    network.world.people.get_mut(&ADA).expect("Ada").zone = "America/New_York".parse().expect("a zone");
    let start = network.session(100).starts_at();
    reminded(&mut network, start);
    let at = network.entries().filter(|it| matches!(it.event, Event::Reminded { .. })).map(|it| it.at);
    let zone = jiff::tz::TimeZone::get("America/New_York").expect("a zone");
    let clocks: Vec<_> = at.map(|at| at.to_zoned(zone.clone()).hour()).collect();
    assert_eq!(clocks, [9, 9]);
}

#[test]
fn a_seat_that_was_cancelled_is_not_reminded_of() {
    let mut network = network();
    network.register(BEN, 100).expect("a seat");
    network.run_timers_until(days_before(&network, 8));
    network.cancel(ADA, 100).expect("given back");
    let start = network.session(100).starts_at();
    assert_eq!(reminded(&mut network, start), [(BEN, 7), (BEN, 1)]);
}

#[test]
fn nobody_is_reminded_of_a_session_that_was_cancelled() {
    let mut network = network();
    let command =
        Command::CancelSession { session: id(100).into(), reason: "ill".to_owned(), proposals: Vec::new() };
    network.ask(ROOT, command).expect("cancelled");
    let start = days_before(&network, 0);
    assert_eq!(reminded(&mut network, start), []);
}

#[test]
fn whoever_waits_is_not_reminded_of_a_seat_they_have_not_got() {
    let mut network = Network::new().with_session(100, 1, 35);
    save(&mut network, |it| SessionPlan { minimum: 1, ..it });
    network.register(ADA, 100).expect("the seat");
    network.wait(BEN, 100).expect("a place");
    let start = network.session(100).starts_at();
    assert_eq!(reminded(&mut network, start), [(ADA, 7), (ADA, 1)]);
}

#[test]
fn whoever_registers_late_is_reminded_of_what_is_still_to_come() {
    let mut network = network();
    network.run_timers_until(days_before(&network, 5));
    network.register(BEN, 100).expect("a seat");
    let start = network.session(100).starts_at();
    assert_eq!(reminded(&mut network, start), [(ADA, 1), (BEN, 1)]);
}

#[test]
fn after_downtime_people_are_reminded_once() {
    let mut network = network();
    network.now = network.session(100).starts_at() - SignedDuration::from_hours(3);
    let now = network.now;
    assert_eq!(reminded(&mut network, now), [(ADA, 1)]);
}

#[test]
fn a_session_that_moves_is_reminded_of_anew() {
    let mut network = network();
    let eve = days_before(&network, 6);
    reminded(&mut network, eve);
    let later = |plan: SessionPlan| {
        let part = |part: crate::desk::PartPlan| crate::desk::PartPlan {
            starts: part.starts.checked_add(jiff::ToSpan::days(20)).expect("in range"),
            ..part
        };
        SessionPlan { parts: plan.parts.into_iter().map(part).collect(), ..plan }
    };
    save(&mut network, later);
    let start = network.session(100).starts_at();
    assert_eq!(reminded(&mut network, start), [(ADA, 7), (ADA, 1)]);
}

#[rstest]
#[case::only_the_last(0, 1, &[1])]
#[case::none(0, 0, &[])]
#[case::both_on_one_day_is_one(2, 2, &[2])]
fn how_long_before_is_a_rule(#[case] first: i64, #[case] last: i64, #[case] told: &[u32]) {
    let mut network = Network::new().with_session(100, 3, 35);
    for (rule, value) in [(Rule::ReminderFirst, first), (Rule::ReminderLast, last)] {
        network.ask(ROOT, Command::SetRule(Override { scope: Scope::Global, rule, value })).expect("set");
    }
    save(&mut network, |it| SessionPlan { minimum: 1, ..it });
    network.register(ADA, 100).expect("a seat");
    let start = network.session(100).starts_at();
    let days: Vec<_> = reminded(&mut network, start).into_iter().map(|(_, days)| days).collect();
    assert_eq!(days, told);
}
