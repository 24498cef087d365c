//! Statements for tests: every sort there is, told of one registration.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan as _};
use uuid::Uuid;

use super::Network;
use super::plans::{id, now};
use crate::attendance::Outcome;
use crate::catalog::Completion;
use crate::ids::EventId;
use crate::journal::{Actor, Entry, Event};
use crate::session::{Seats, Session, SessionStatus};
use crate::statement::{Actors, Dialect, Style, Teller, Told, Verb};

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

/// A session that starts at another time, and is as it was otherwise.
pub fn moved(from: Timestamp, to: Timestamp) -> Event {
    Event::SessionMoved {
        from,
        to,
        other_times: from != to,
        elsewhere: false,
        other_room: false,
        other_instructors: false,
        unmarked: Vec::new(),
    }
}

/// How an installation with ids of its own names things.
pub fn style(actors: Actors, namespace: u32) -> Style {
    Style { actors, namespace: id(namespace), ..Style::default() }
}

/// As the configuration names things for readers that the NLJ platform has already.
pub fn nlj(namespace: u32) -> Style {
    let verbs = [
        (Verb::Scheduled, "http://activitystrea.ms/schema/1.0/schedule"),
        (Verb::Requested, "http://adlnet.gov/expapi/verbs/asked"),
        (Verb::Unregistered, "http://nlj.platform/verbs/cancelled"),
    ];
    Style {
        dialect: Dialect::Nlj,
        courses: "training-programs".to_owned(),
        session_type: "http://adlnet.gov/expapi/activities/meeting".to_owned(),
        platform: "NLJ Platform".to_owned(),
        language: "en-US".to_owned(),
        aliases_at: Some("nlj.platform".to_owned()),
        verbs: verbs.map(|(verb, iri)| (verb, iri.to_owned())).into(),
        ..style(Actors::Mbox, namespace)
    }
}

/// Everything that can be told of one registration.
pub fn every_sort(style: &Style) -> Vec<Told> {
    let mut network = Network::new().with_session(100, 12, 35);
    if let Ok(session) = network.world.sessions.change(id(100).into()) {
        session.instructors = vec![Network::INA];
    }
    let completion = Completion { person: Network::ADA, course: id(1).into(), completed_at: now() };
    let settled = |outcome| Event::AttendanceSettled { outcome, stay: None };
    let published = SessionStatus::Published { at: Timestamp::MIN };
    let session = Session { status: published, minimum: 4, ..network.session(100).clone() };
    let changed =
        |rescheduled_at| Event::SessionChanged(Box::new(Session { rescheduled_at, ..session.clone() }));
    let courses = network.world.courses.values().take(1).cloned().collect();
    let events = [
        Event::SessionPublished,
        Event::Waitlisted { automatic: false, gives_back: None, group: None },
        Event::OfferMade { until: now(), warn_at: now() },
        Event::OfferLapsed,
        Event::OfferDeclined,
        Event::Requested { until: now(), gives_back: None },
        Event::Registered,
        Event::Cancelled { late: true },
        moved(now(), now() + 1.hours()),
        settled(Outcome::NoShow),
        settled(Outcome::Attended),
        Event::CompletionsRecorded(vec![completion]),
        settled(Outcome::Excused),
        Event::CompletionsWithdrawn(vec![completion]),
        Event::SessionCancelled,
        changed(Some(now())),
        changed(None),
        Event::CoursesSaved(courses),
    ];
    let entry = |(number, event)| Entry {
        registration: Some(real_id(500).into()),
        reason: Some("ill".to_owned()),
        seats: Some(Seats { waitlisted: 3, ..session.seats }),
        ..entry(number, event)
    };
    let entries: Vec<_> = (1..).zip(events).map(entry).collect();
    let mut teller = Teller::new(style, &network.world, BTreeMap::new());
    entries.iter().flat_map(|entry| teller.tell(entry)).collect()
}
