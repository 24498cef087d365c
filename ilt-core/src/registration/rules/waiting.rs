//! What becomes of those who wait while time goes by.

use super::queue::queue;
use crate::desk::{Command, Refusal, TimerKind};
use crate::fault::Fault;
use crate::ids::PersonId;
use crate::policy::{Override, Rule, Scope};
use crate::registration::Status;
use crate::testing::Network;
use crate::testing::plans::plan;

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;
const CEM: PersonId = Network::CEM;
const DOT: PersonId = Network::DOT;

/// So many hours before the start.
fn before_start(network: &mut Network, hours: i64) {
    network.now = network.session(100).starts_at();
    network.later(-hours);
}

/// Ben's offer lapses; whoever is asked instead declines, and another seat comes free.
fn lapse_once(network: &mut Network) {
    network.later(48);
    let registration = network.id_of(BEN, 100);
    network.by_itself(Command::LapseOffer { registration }).expect("its time is up");
}

#[test]
fn a_warning_comes_at_half_time_and_once() {
    let mut network = queue(35);
    network.cancel(ADA, 100).expect("in time");
    network.news();
    let registration = network.id_of(BEN, 100);
    network.later(23);
    network.by_itself(Command::WarnOffer { registration }).expect("too early");
    assert_eq!(network.news(), [""; 0]);
    let due = network.saved.last().expect("something").timers[&(TimerKind::OfferWarning, registration.0)];
    assert_eq!(due.map(|due| due.duration_since(network.now).as_hours()), Some(1), "it comes again");
    network.later(1);
    network.by_itself(Command::WarnOffer { registration }).expect("half time");
    network.by_itself(Command::WarnOffer { registration }).expect("nothing to do");
    assert_eq!(network.news(), ["registration.offer-warned"]);
    assert_eq!(network.status(BEN, 100), "offered");
}

#[test]
fn after_downtime_nobody_is_warned_of_an_offer_that_is_over() {
    let mut network = queue(35);
    network.cancel(ADA, 100).expect("in time");
    network.news();
    network.later(48);
    let registration = network.id_of(BEN, 100);
    network.by_itself(Command::WarnOffer { registration }).expect("too late");
    assert_eq!(network.news(), [""; 0]);
}

#[test]
fn two_lapses_in_a_row_pause_a_place_until_the_learner_resumes() {
    let mut network = queue(35);
    network.cancel(CEM, 100).expect("a place given back");
    network.cancel(ADA, 100).expect("in time");
    lapse_once(&mut network);
    network.register(DOT, 100).expect("the open seat");
    network.later(1);
    network.cancel(DOT, 100).expect("in time");
    assert_eq!(network.status(BEN, 100), "offered", "once is no habit");
    network.news();
    lapse_once(&mut network);
    assert_eq!(network.news(), ["registration.offer-lapsed", "registration.wait-paused"]);

    network.register(DOT, 100).expect("the open seat");
    network.wait(CEM, 100).expect("a place");
    network.later(1);
    network.cancel(DOT, 100).expect("in time");
    assert_eq!(
        (network.status(BEN, 100), network.status(CEM, 100)),
        ("waitlisted", "offered"),
        "passed over"
    );
    let registration = network.id_of(BEN, 100);
    assert_eq!(network.world.registrations.position(registration), Some(1), "the place is kept");

    let cems = network.id_of(CEM, 100);
    network.ask(CEM, Command::DeclineOffer { registration: cems }).expect("in time");
    network.ask(BEN, Command::ResumeWait { registration }).expect("still interested");
    assert_eq!(network.status(BEN, 100), "offered");
    network.ask(BEN, Command::ResumeWait { registration }).expect("saying it twice is saying it once");
}

#[test]
fn an_answer_between_two_lapses_is_an_answer() {
    let mut network = queue(35);
    network.cancel(ADA, 100).expect("in time");
    lapse_once(&mut network);
    let cems = network.id_of(CEM, 100);
    network.ask(CEM, Command::DeclineOffer { registration: cems }).expect("in time");
    network.register(DOT, 100).expect("the open seat");
    network.later(1);
    network.cancel(DOT, 100).expect("in time");
    let registration = network.id_of(BEN, 100);
    network.ask(BEN, Command::DeclineOffer { registration }).expect("an answer");
    let Status::Waitlisted { wait } = &network.registration(BEN, 100).status else { panic!("a place") };
    assert_eq!((wait.lapses, wait.paused), (0, false));
}

#[test]
fn whether_lapses_pause_is_a_rule() {
    let mut network = queue(35);
    network.world.rules.push(Override { scope: Scope::Global, rule: Rule::WaitlistPause, value: 1 });
    network.cancel(ADA, 100).expect("in time");
    network.news();
    lapse_once(&mut network);
    assert_eq!(
        network.news(),
        ["registration.offer-lapsed", "registration.wait-paused", "registration.offered"]
    );
}

#[test]
fn under_24_hours_everybody_is_told_and_the_first_to_accept_wins() {
    let mut network = queue(35);
    before_start(&mut network, 23);
    network.cancel(ADA, 100).expect("late, with a reason");
    assert_eq!(
        network.news(),
        ["registration.cancelled", "registration.seat-announced", "registration.seat-announced"]
    );
    assert_eq!(network.seats(100), (0, 0, 2, 1));
    let (bens, cems) = (network.id_of(BEN, 100), network.id_of(CEM, 100));
    network.ask(CEM, Command::TakeOffer { registration: cems }).expect("the first to accept");
    assert_eq!((network.status(CEM, 100), network.seats(100)), ("confirmed", (1, 0, 1, 0)));
    let refused = network.ask(BEN, Command::TakeOffer { registration: bens }).expect_err("too late");
    assert_eq!(refused.code(), "session-full");
    assert_eq!(network.status(BEN, 100), "waitlisted", "and stays in line");
}

#[test]
fn whoever_cannot_come_is_told_why_and_not_of_the_seat() {
    let mut network = queue(35);
    network.hold(101, 5, 35);
    network.register(BEN, 101).expect("a seat at the same hour");
    before_start(&mut network, 23);
    network.news();
    network.cancel(ADA, 100).expect("late, with a reason");
    assert_eq!(
        network.news(),
        ["registration.cancelled", "registration.skipped", "registration.seat-announced"]
    );
    let registration = network.id_of(BEN, 100);
    let refused = network.ask(BEN, Command::TakeOffer { registration }).expect_err("was not told");
    assert_eq!(refused, Refusal::OfferExpired);
}

#[test]
fn a_seat_that_was_announced_cannot_be_taken_inside_2_hours() {
    let mut network = queue(35);
    before_start(&mut network, 23);
    network.cancel(ADA, 100).expect("late, with a reason");
    before_start(&mut network, 2);
    let registration = network.id_of(BEN, 100);
    let refused = network.ask(BEN, Command::TakeOffer { registration }).expect_err("too late");
    assert_eq!(refused, Refusal::OfferExpired);
}

#[test]
fn two_hours_before_the_start_whoever_is_left_is_told_so() {
    let mut network = queue(35);
    let registration = network.id_of(BEN, 100);
    before_start(&mut network, 3);
    network.by_itself(Command::EndWait { registration, shown: Vec::new() }).expect("too early");
    assert_eq!(network.status(BEN, 100), "waitlisted");
    let due = network.saved.last().expect("something").timers[&(TimerKind::WaitEnd, registration.0)];
    assert_eq!(due.map(|due| due.duration_since(network.now).as_hours()), Some(1), "it comes again");
    before_start(&mut network, 2);
    network.by_itself(Command::EndWait { registration, shown: Vec::new() }).expect("the time has come");
    assert_eq!((network.status(BEN, 100), network.seats(100)), ("not-placed", (1, 0, 1, 0)));
    assert_eq!(network.news(), ["registration.not-placed"]);
}

#[test]
fn an_offer_that_was_never_answered_ends_with_the_wait() {
    let mut network = queue(35);
    network.world.rules.push(Override { scope: Scope::Global, rule: Rule::OfferEverybody, value: 0 });
    before_start(&mut network, 5);
    network.cancel(ADA, 100).expect("late, with a reason");
    before_start(&mut network, 2);
    network.news();
    let registration = network.id_of(BEN, 100);
    network.by_itself(Command::EndWait { registration, shown: Vec::new() }).expect("the time has come");
    assert_eq!(network.news(), ["registration.offer-lapsed", "registration.not-placed"]);
    assert_eq!(network.seats(100), (0, 0, 1, 1));
}

#[test]
fn a_session_that_is_moved_takes_those_who_wait_along() {
    let mut network = queue(35);
    let registration = network.id_of(BEN, 100);
    let session = network.session(100).clone();
    let mut moved = plan(&session, 1);
    moved.parts[0].starts = moved.parts[0].starts.checked_sub(jiff::Span::new().days(7)).expect("in range");
    network.ask(Network::ROOT, Command::SaveSessions { plans: vec![moved], historic: false }).expect("saved");
    let due = network.saved.last().expect("something").timers[&(TimerKind::WaitEnd, registration.0)];
    let starts_at = network.session(100).starts_at();
    assert_eq!(due.map(|due| starts_at.duration_since(due).as_hours()), Some(2));
    assert_ne!(starts_at, session.starts_at());
}
