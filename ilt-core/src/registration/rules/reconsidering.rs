//! What becomes of those who wait when the rules of their dealer are asked anew.

use rstest::rstest;
use uuid::Uuid;

use super::queue::queue;
use crate::desk::{Command, Order};
use crate::fault::Fault;
use crate::ids::PersonId;
use crate::journal::Actor;
use crate::opinion::{Granted, Speaker};
use crate::registration::{Priority, Status};
use crate::testing::Network;

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;
const CEM: PersonId = Network::CEM;

/// What a rule of the learner's dealer says when it is asked anew, of somebody who was put there by it before.
fn reconsider(network: &mut Network, learner: PersonId, was: Option<u8>, now: Option<u8>) {
    let level = |level| Priority { level, reason: "holds the certificate".to_owned() };
    let by = Speaker { plugin: "ev".to_owned(), version: "1.0.0".to_owned(), digest: "ab".repeat(32) };
    let granted = now.map(|it| Box::new(Granted { to: learner, by, priority: level(it) }));
    let command = Command::Reconsider { registration: network.id_of(learner, 100), was: was.map(level) };
    let order = Order { granted, ..Order::new(Actor::system("plugin"), command, None, Uuid::nil()) };
    network.order(order).expect("nobody is refused");
}

#[rstest]
#[case::to_the_front(None, Some(5), Some(5), 2)]
#[case::further(Some(5), Some(7), Some(7), 2)]
#[case::back_in_line(Some(5), None, None, 1)]
#[case::nothing_new(Some(5), Some(5), Some(5), 2)]
fn rules_that_are_asked_anew_move_those_who_wait(
    #[case] was: Option<u8>,
    #[case] now: Option<u8>,
    #[case] level: Option<u8>,
    #[case] place_of_ben: u32,
) {
    let mut network = queue(35);
    if was.is_some() {
        reconsider(&mut network, CEM, None, was);
        network.news();
    }
    reconsider(&mut network, CEM, was, now);
    let told: &[&str] = if was == now { &[] } else { &["registration.prioritised"] };
    assert_eq!(network.news(), told);
    assert_eq!(network.world.registrations.position(network.id_of(BEN, 100)), Some(place_of_ben));
    let Status::Waitlisted { wait } = &network.registration(CEM, 100).status else { panic!("Cem waits") };
    assert_eq!(wait.priority.as_ref().map(|it| it.level), level);
}

#[test]
fn rules_that_were_asked_before_a_person_decided_change_nothing() {
    let mut network = queue(35);
    let registration = network.id_of(CEM, 100);
    let priority = Some(Priority { level: 2, reason: "the certificate expires".to_owned() });
    network.ask(Network::ROOT, Command::Prioritise { registration, priority }).expect("an admin");
    network.news();
    reconsider(&mut network, CEM, None, Some(9));
    reconsider(&mut network, CEM, Some(2), None);
    assert_eq!(network.news(), [""; 0]);
    assert_eq!(network.world.registrations.position(network.id_of(CEM, 100)), Some(1));
    network.cancel(ADA, 100).expect("in time");
    reconsider(&mut network, CEM, None, Some(9));
    assert_eq!(network.status(CEM, 100), "offered", "whoever waits no longer is left alone");
}

#[test]
fn nobody_puts_anybody_in_front_in_the_name_of_rules() {
    let mut network = queue(35);
    let registration = network.id_of(CEM, 100);
    let refused =
        network.ask(Network::ROOT, Command::Reconsider { registration, was: None }).expect_err("no");
    assert_eq!(refused.code(), "forbidden");
}
