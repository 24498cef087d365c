//! What an admin overrides is in the journal, with the reason (PRODUCT.md, "Roles").

use rstest::rstest;

use crate::desk::{Command, Displaced, OnFull, Refusal, SessionPlan};
use crate::ids::PersonId;
use crate::testing::Network;
use crate::testing::plans::{id, plan};

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;
const ROOT: PersonId = Network::ROOT;

/// Ada has the one seat of 100, which Ina teaches in room 2.04; 101 is at the same hour, with nobody in it.
fn two_classes() -> Network {
    let mut network = Network::new().with_session(100, 1, 35).with_session(101, 1, 35);
    network.session_mut(100).instructors = vec![Network::INA];
    network.session_mut(100).parts[0].room = "2.04".to_owned();
    network.register(ADA, 100).expect("the seat");
    network
}

fn register(learner: PersonId, session: u32, on_full: OnFull, reason: Option<String>) -> Command {
    Command::Register { session: id(session).into(), learner, on_full, automatic: false, reason }
}

fn save(network: &Network, reason: Option<String>, change: fn(&mut SessionPlan)) -> Command {
    let mut plan = SessionPlan { override_reason: reason, ..plan(network.session(101), 1) };
    change(&mut plan);
    Command::SaveSessions { plans: vec![plan], historic: false }
}

type Ask = fn(&Network, Option<String>) -> Command;

#[rstest]
#[case::a_clash(|_: &Network, why| register(ADA, 101, OnFull::Alternatives, why), "registration.confirmed")]
#[case::the_capacity(|_: &Network, why| register(BEN, 100, OnFull::BeyondCapacity, why), "registration.admitted-beyond-capacity")]
#[case::an_instructors_other_class(|it: &Network, why| save(it, why, |plan| plan.instructors = vec![Network::INA]), "session.changed")]
#[case::a_room_that_is_taken(|it: &Network, why| save(it, why, |plan| plan.parts[0].room = "2.04".to_owned()), "session.changed")]
#[case::somebodys_seat(|it: &Network, reason| {
    let displaced = vec![Displaced { registration: it.id_of(ADA, 100), to: Some(id(101).into()) }];
    let capacity = it.session(100).seats.capacity;
    Command::Resize { session: id(100).into(), capacity, displaced, reason, version: None }
}, "registration.displaced")]
fn an_override_needs_a_reason_and_keeps_it(#[case] ask: Ask, #[case] what: &str) {
    let mut network = two_classes();
    network.news();
    let silent = ask(&network, Some("  ".to_owned()));
    network.ask(ROOT, silent).expect_err("why?");
    let silent = ask(&network, None);
    network.ask(ROOT, silent).expect_err("why?");
    assert_eq!(network.news(), [""; 0]);
    let why = Some("the works council asked".to_owned());
    let command = ask(&network, why.clone());
    network.ask(ROOT, command).expect("an admin, with a reason");
    let entry = network.entries().find(|entry| entry.event.word() == what && entry.reason.is_some());
    let entry = entry.unwrap_or_else(|| panic!("{what} with a reason"));
    assert_eq!((entry.reason.clone(), entry.actor.person()), (why, Some(ROOT)));
}

#[test]
fn nobody_but_an_admin_overrides_a_clash() {
    let mut network = two_classes();
    let command = register(ADA, 101, OnFull::Alternatives, Some("I run fast".to_owned()));
    for actor in [ADA, Network::MIA, Network::DAN] {
        assert!(matches!(network.ask(actor, command.clone()), Err(Refusal::Clash { .. })), "{actor}");
    }
}
