//! Many seats that come free before a long queue: one decision, so one transaction. How long it takes is measured by
//! `bench/promotions`.

use crate::attendance::Attendance;
use crate::desk::Command;
use crate::ids::{PersonId, RegistrationId};
use crate::journal::{Actor, Entry, Event};
use crate::registration::{Registration, Status, Wait};
use crate::session::Seats;
use crate::testing::Network;
use crate::testing::plans::{course, id, person};

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

fn more_seats(network: &mut Network, seats: u32) {
    let (session, capacity) = (id(100).into(), SEATED + seats);
    let resize = Command::Resize { session, capacity, displaced: Vec::new(), reason: None, version: None };
    network.ask(Network::ROOT, resize).expect("more seats");
    assert_eq!(network.saved.len(), 1, "what one transaction saves");
}

/// The numbers of those who were given a seat, or offered one, in this order.
fn served(network: &Network) -> Vec<u32> {
    let served =
        network.entries().filter(|entry| matches!(entry.event, Event::OfferMade { .. } | Event::Promoted));
    let number =
        |entry: &Entry| Some(u32::try_from(entry.registration?.0.as_u128()).expect("small") - 10_000);
    served.filter_map(number).collect()
}

#[test]
fn five_hundred_seats_go_to_the_first_of_five_thousand_in_one_decision() {
    let mut network = crowd();
    more_seats(&mut network, FREED);
    assert_eq!(served(&network), (SEATED..SEATED + FREED).collect::<Vec<_>>(), "in the order of the queue");
    assert_eq!(network.seats(100), (SEATED + FREED / 2, FREED / 2, QUEUE - FREED, 0));
}

/// Each of those in front is looked at once: looking at them all again for every step would be millions of looks.
#[test]
fn however_many_in_front_cannot_come_the_seats_reach_the_last_who_can() {
    let mut network = crowd();
    network.teach(course(2, "Basics", None, &[]));
    network.course_mut(1).prerequisites = vec![id(2).into()];
    let last = SEATED + QUEUE - FREED..SEATED + QUEUE;
    for number in last.clone() {
        network.completed(PersonId(id(1_000 + number)), 2, 10);
    }
    more_seats(&mut network, FREED);
    assert_eq!(served(&network), last.collect::<Vec<_>>());
    let told = network.entries().filter(|entry| matches!(entry.event, Event::Skipped { .. })).count();
    assert_eq!(told, (QUEUE - FREED) as usize, "and everybody in front is told why");
}
