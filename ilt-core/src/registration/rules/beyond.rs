//! Beyond the capacity (PRODUCT.md, "the seat ledger"): explicit, with a reason, counted apart.
//!
//! Others have enrolled 27 people on 22 seats, because a seat that came free was given to the queue while more sat there than
//! there were seats.

use crate::desk::{Command, OnFull, Refusal, SessionPlan};
use crate::ids::PersonId;
use crate::testing::Network;
use crate::testing::plans::{id, plan};

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;
const CEM: PersonId = Network::CEM;
const DOT: PersonId = Network::DOT;

fn let_in(network: &mut Network, actor: PersonId, learner: PersonId, reason: &str) -> Result<(), Refusal> {
    let command = Command::Register {
        session: id(100).into(),
        learner,
        on_full: OnFull::BeyondCapacity,
        automatic: false,
        reason: Some(reason.to_owned()),
    };
    network.ask(actor, command).map(|_| ())
}

/// Confirmed, beyond, open.
fn seats(network: &Network) -> (u32, u32, u32) {
    let seats = network.session(100).seats;
    (seats.confirmed, seats.over_capacity, seats.open())
}

/// One seat, which Ada has; Ben and Cem were let in beyond it, Dot waits.
fn crowded() -> Network {
    let mut network = Network::new().with_session(100, 1, 35);
    network.register(ADA, 100).expect("the seat");
    network.wait(DOT, 100).expect("a place");
    for person in [BEN, CEM] {
        let_in(&mut network, Network::ROOT, person, "the works council asked")
            .expect("an admin, with a reason");
    }
    network
}

#[test]
fn an_admin_lets_people_in_with_a_reason_and_they_are_counted_apart() {
    let mut network = crowded();
    assert_eq!((network.status(CEM, 100), seats(&network)), ("confirmed", (1, 2, 0)));
    assert!(matches!(let_in(&mut network, Network::MIA, DOT, "please"), Err(Refusal::Forbidden { .. })));
    let_in(&mut network, Network::ROOT, DOT, "the certificate expires").expect("from the queue");
    assert_eq!((network.status(DOT, 100), seats(&network)), ("confirmed", (1, 3, 0)));
    assert!(matches!(
        let_in(&mut network, Network::ROOT, Network::LEO, " "),
        Err(Refusal::InvalidRequest { .. })
    ));
}

#[test]
fn a_seat_that_comes_free_goes_to_those_who_sit_there_already() {
    let mut network = crowded();
    for (person, left) in [(ADA, (1, 1, 0)), (BEN, (1, 0, 0))] {
        network.cancel(person, 100).expect("in time");
        assert_eq!((seats(&network), network.status(DOT, 100)), (left, "waitlisted"));
    }
    network.cancel(CEM, 100).expect("in time");
    assert_eq!(network.status(DOT, 100), "offered", "now there is a seat");
}

#[test]
fn a_raised_capacity_takes_them_in_first() {
    let mut network = crowded();
    for (capacity, left, dot) in [(2, (2, 1, 0), "waitlisted"), (4, (3, 0, 0), "offered")] {
        let plans = vec![SessionPlan { capacity, ..plan(network.session(100), capacity) }];
        network.ask(Network::ROOT, Command::SaveSessions { plans, historic: false }).expect("saved");
        assert_eq!((seats(&network), network.status(DOT, 100)), (left, dot));
    }
}

#[test]
fn while_seats_are_open_nobody_needs_to_be_let_in() {
    let mut network = Network::new().with_session(100, 1, 35);
    let_in(&mut network, Network::ROOT, ADA, "the works council asked").expect("an open seat");
    assert_eq!(seats(&network), (1, 0, 0));
}
