//! As much of a queue as is asked for, in its order.

use std::collections::{BTreeMap, BTreeSet};

use super::{Backend, data, look, save};
use crate::desk::{Ask, Changes};
use crate::ids::{PersonId, RegistrationId};
use crate::journal::{Entry, Event};
use crate::registration::Status;
use crate::session::SessionStatus;
use crate::testing::plans::id;

const WAITING: u32 = 40;

/// Forty people who joined in the reverse order of their ids. One of them has priority: the fifth to join.
async fn fill<S: Backend>(store: &S) {
    let mut changes = data::basics();
    for number in 0..WAITING {
        let person = data::learner(1_000 + number, &format!("Learner {number}"));
        let status = data::waiting(i64::from(WAITING - number));
        changes.registrations.push(data::registration(2_000 + number, 100, person.id, status));
        changes.people.push(person);
    }
    save(store, &changes).await.expect("saved");
}

fn expected(count: u32) -> Vec<RegistrationId> {
    let joined = |place: u32| id(2_000 + WAITING - 1 - place).into();
    [4].into_iter().chain((0..WAITING).filter(|place| *place != 4)).take(count as usize).map(joined).collect()
}

/// The first that were asked for are there, with the people behind them.
pub async fn the_first_of_a_queue_are_known_in_order<S: Backend>(store: &S) {
    fill(store).await;
    let session = id(100).into();
    let ask = Ask {
        sessions: BTreeSet::from([session]),
        queues: BTreeMap::from([(session, 10)]),
        ..Ask::default()
    };
    let world = store.begin().await.expect("begun").load(&ask).await.expect("loaded");
    let queue: Vec<_> = world.registrations.queue(session).take(10).map(|it| it.id).collect();
    assert_eq!(queue, expected(10));
    for registration in world.registrations.queue(session).take(10) {
        assert!(world.people.contains_key(&registration.learner), "who waits is known");
    }
}

/// Every live registration, as cancelling a session needs it.
pub async fn a_whole_session_is_known_whole<S: Backend>(store: &S) {
    fill(store).await;
    let session = id(100).into();
    let ask = Ask {
        sessions: BTreeSet::from([session]),
        whole_sessions: BTreeSet::from([session]),
        ..Ask::default()
    };
    let world = look(store, &ask).await;
    assert_eq!(world.registrations.queue(session).map(|it| it.id).collect::<Vec<_>>(), expected(WAITING));
}

/// A place in the queue is counted from 1, and nobody else has one.
pub async fn positions_count_those_before<S: Backend>(store: &S) {
    fill(store).await;
    let seat = data::registration(3_000, 100, PersonId(id(7)), Status::Confirmed { at: data::at(1) });
    let changes = crate::desk::Changes { registrations: vec![seat], ..crate::desk::Changes::default() };
    save(store, &changes).await.expect("saved");
    let fifth = 2_000 + WAITING - 5;
    for (registration, position) in
        [(fifth, Some(1)), (2_000 + WAITING - 1, Some(2)), (2_000, Some(WAITING)), (3_000, None)]
    {
        let found = store.registration(id(registration).into()).await.expect("read");
        assert_eq!(found.expect("there").1, position, "registration {registration}");
    }
}

/// Sessions that are over, were held and had a queue, latest first; each person counts once.
pub async fn past_queues_tell_how_many_were_placed<S: Backend>(store: &S) {
    let mut changes = data::basics();
    // Over in this order; the third was cancelled, the fourth is of another course, the fifth is to come.
    for (number, days) in [(200, -9), (201, -8), (202, -7), (203, -6), (204, 6), (205, -5)] {
        changes.sessions.push(data::session(number, days));
    }
    let session = |changes: &mut Changes, number: u32| {
        changes.sessions.iter_mut().position(|it| it.id == id(number).into()).expect("it is there")
    };
    let (cancelled, other) = (session(&mut changes, 202), session(&mut changes, 203));
    changes.sessions[cancelled].status =
        SessionStatus::Cancelled { at: data::at(0), reason: "storm".to_owned(), announced: true };
    changes.sessions[other].course = id(2).into();
    let waits = || Event::Waitlisted { automatic: false, gives_back: None, group: None };
    let mut number = 3_000;
    for (session, registration, event) in [
        (200, 500, waits()),
        (200, 500, Event::Promoted),
        (200, 500, Event::OfferTaken),
        (200, 501, waits()),
        (200, 501, Event::OfferTaken),
        (201, 502, waits()),
        (202, 503, waits()),
        (202, 503, Event::Promoted),
        (203, 504, waits()),
        (204, 505, waits()),
        (205, 506, Event::Registered),
    ] {
        number += 1;
        let entry = data::entry(number, registration);
        changes.entries.push(Entry { session: Some(id(session).into()), event, ..entry });
    }
    save(store, &changes).await.expect("saved");
    let placed =
        async |limit| store.placed_from_queues(id(1).into(), data::at(0), limit).await.expect("read");
    assert_eq!(placed(10).await, [0, 2]);
    assert_eq!(placed(1).await, [0]);
    assert_eq!(store.placed_from_queues(id(99).into(), data::at(0), 10).await.expect("read"), [0_u32; 0]);
}
