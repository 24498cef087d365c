//! Statements for tests: every sort there is, told of one registration.

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::Network;
use super::plans::{id, now};
use crate::attendance::Outcome;
use crate::catalog::Completion;
use crate::ids::EventId;
use crate::journal::{Actor, Entry, Event};
use crate::session::{Session, SessionStatus};
use crate::statement::{Actors, Style, Teller, Told};

/// An id as this system gives them (version 7): strict record stores look at the version.
pub fn real_id(number: u32) -> Uuid {
    Uuid::from_u128(0x018f_3c6e_7a10_7cc2_9d2e_0000_0000_0000 | u128::from(number))
}

/// An entry about Ada's registration 500 for session 100.
pub fn entry(number: u32, event: Event) -> Entry {
    Entry {
        sequence: u64::from(number),
        id: EventId(id(number)),
        at: now(),
        actor: Actor::Person(Network::ADA),
        session: Some(id(100).into()),
        learner: Some(Network::ADA),
        registration: Some(id(500).into()),
        reason: None,
        correlation: id(2),
        event,
        seats: None,
    }
}

/// Everything that can be told of one registration, told by an installation with ids of its own.
pub fn every_sort(actors: Actors, namespace: u32) -> Vec<Told> {
    let mut network = Network::new().with_session(100, 12, 35);
    if let Ok(session) = network.world.sessions.change(id(100).into()) {
        session.instructors = vec![Network::INA];
    }
    let completion = Completion { person: Network::ADA, course: id(1).into(), completed_at: now() };
    let settled = |outcome| Event::AttendanceSettled { outcome };
    let published = SessionStatus::Published { at: Timestamp::MIN };
    let session = Session { status: published, minimum: 4, ..network.session(100).clone() };
    let changed = |moved_at| Event::SessionChanged(Box::new(Session { moved_at, ..session.clone() }));
    let events = [
        Event::SessionPublished,
        Event::Waitlisted { automatic: false, gives_back: None, group: None },
        Event::OfferMade { until: now(), warn_at: now() },
        Event::OfferLapsed,
        Event::OfferDeclined,
        Event::Requested { until: now(), gives_back: None },
        Event::Registered,
        Event::Cancelled { late: true },
        Event::SessionMoved { from: now(), to: now(), elsewhere: true, other_instructors: false },
        settled(Outcome::NoShow),
        settled(Outcome::Attended),
        Event::CompletionsRecorded(vec![completion]),
        settled(Outcome::Excused),
        Event::CompletionsWithdrawn(vec![completion]),
        Event::SessionCancelled,
        changed(Some(now())),
        changed(None),
    ];
    let style = Style { actors, namespace: id(namespace), ..Style::default() };
    let entry = |(number, event)| Entry {
        registration: Some(real_id(500).into()),
        reason: Some("ill".to_owned()),
        ..entry(number, event)
    };
    let entries: Vec<_> = (1..).zip(events).map(entry).collect();
    let mut teller = Teller::new(&style, &network.world, BTreeMap::new());
    entries.iter().flat_map(|entry| teller.tell(entry)).collect()
}
