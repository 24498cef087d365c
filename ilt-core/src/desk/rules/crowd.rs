//! Many seats that come free before a long queue: one decision, so one transaction. How long it takes is measured by
//! `bench/promotions`.

use crate::attendance::Attendance;
use crate::desk::Command;
use crate::ids::{PersonId, RegistrationId};
use crate::journal::{Actor, Event};
use crate::registration::{Registration, Status, Wait};
use crate::session::Seats;
use crate::testing::Network;
use crate::testing::plans::{id, person};

const SEATED: u32 = 500;
const QUEUE: u32 = 5_000;
const FREED: u32 = 500;

/// So many have seats and so many wait, in the order of their numbers; every second wants to be booked without being asked.
fn crowd() -> Network {
    let mut network = Network::new().with_session(100, SEATED, 35);
    network.session_mut(100).seats = Seats { confirmed: SEATED, waitlisted: QUEUE, ..Seats::empty(SEATED) };
    for number in 0..SEATED + QUEUE {
        let learner = PersonId(id(1_000 + number));
        let created_at = network.now + jiff::SignedDuration::from_micros(i64::from(number));
        let status = if number < SEATED {
            Status::Confirmed { at: created_at }
        } else {
            Status::Waitlisted { wait: Wait::new(created_at, number % 2 == 0) }
        };
        network.meet(person(1_000 + number));
        network.world.registrations.put(Registration {
            id: RegistrationId(id(10_000 + number)),
            session: id(100).into(),
            learner,
            by: Actor::Person(learner),
            created_at,
            status,
            attendance: Attendance::default(),
            sequence: 0,
        });
    }
    network
}

#[test]
fn five_hundred_seats_go_to_the_first_of_five_thousand_in_one_decision() {
    let mut network = crowd();
    let capacity = SEATED + FREED;
    let resize = Command::Resize {
        session: id(100).into(),
        capacity,
        displaced: Vec::new(),
        reason: None,
        version: None,
    };
    network.ask(Network::ROOT, resize).expect("more seats");
    assert_eq!(network.saved.len(), 1, "what one transaction saves");
    let served =
        network.entries().filter(|entry| matches!(entry.event, Event::OfferMade { .. } | Event::Promoted));
    let served: Vec<_> = served.filter_map(|entry| entry.registration).collect();
    let first: Vec<_> = (SEATED..SEATED + FREED).map(|number| RegistrationId(id(10_000 + number))).collect();
    assert_eq!(served, first, "in the order of the queue");
    assert_eq!(network.seats(100), (SEATED + FREED / 2, FREED / 2, QUEUE - FREED, 0));
}
