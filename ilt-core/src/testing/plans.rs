//! Courses, locations, sessions and people with what a test does not care about filled in.

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp, ToSpan};
use uuid::Uuid;

use crate::catalog::{Course, Dealer, Grant, Location, Person, Place, Preferences, ProgrammeType, Role};
use crate::desk::{PartPlan, SessionPlan};
use crate::ids::{CourseId, DealerId, LocationId, PersonId, SessionId};
use crate::opinion::Speaker;
use crate::plugin::{Edition, Plugin, Whose};
use crate::schedule::{Part, Zone};
use crate::session::{Seats, Session, SessionStatus};

/// Monday, 1 March 2027, nine in the morning in Köln.
pub fn now() -> Timestamp {
    "2027-03-01T08:00:00Z".parse().expect("an instant")
}

/// An id that tests can name.
pub fn id(number: u32) -> Uuid {
    Uuid::from_u128(u128::from(number))
}

/// A course.
pub fn course(number: u32, title: &str, track: Option<&str>, topics: &[&str]) -> Course {
    Course {
        id: CourseId(id(number)),
        title: title.to_owned(),
        summary: String::new(),
        programme_type: ProgrammeType::Compliance,
        topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
        track: track.map(str::to_owned),
        length: SignedDuration::from_hours(6),
        validity_months: None,
        travel: false,
        prerequisites: Vec::new(),
        equivalents: Vec::new(),
        version: 1,
    }
}

/// A location.
pub fn location(number: u32, city: &str, place: Place) -> Location {
    Location {
        id: LocationId(id(number)),
        name: format!("Training centre {city}"),
        address: String::new(),
        city: city.to_owned(),
        country: "Germany".to_owned(),
        place,
        zone: berlin(),
        rooms: Vec::new(),
        version: 1,
    }
}

/// A published session of six hours, so many days after `now`, with 10 of 15 seats taken.
pub fn session(number: u32, course: u32, location: u32, days: i32) -> Session {
    let monday: DateTime = "2027-03-01T09:00".parse().expect("a wall clock");
    let starts = monday.checked_add(days.days()).expect("a date");
    let part = Part::new(starts, berlin(), SignedDuration::from_hours(6), String::new()).expect("an instant");
    Session {
        id: SessionId(id(number)),
        course: CourseId(id(course)),
        location: LocationId(id(location)),
        parts: vec![part],
        instructors: Vec::new(),
        status: SessionStatus::Published { at: now() },
        waitlist: true,
        minimum: 0,
        seats: Seats { confirmed: 10, ..Seats::empty(15) },
        freed_at: None,
        moved_at: None,
        rescheduled_at: None,
        most_parts: 0,
        reminded_at: None,
        blocks: Vec::new(),
        version: 1,
    }
}

/// What tests change of a session.
pub trait Changed {
    /// No seat is open, and so many people wait.
    #[must_use]
    fn full(self, waitlisted: u32) -> Self;
    /// So many seats are open.
    #[must_use]
    fn open(self, open: u32) -> Self;
}

impl Changed for Session {
    fn full(mut self, waitlisted: u32) -> Self {
        self.seats = Seats { confirmed: 15, waitlisted, ..Seats::empty(15) };
        self
    }

    fn open(mut self, open: u32) -> Self {
        self.seats = Seats { confirmed: 15 - open, ..Seats::empty(15) };
        self
    }
}

/// Where Ada works: a dealer of the group "north".
pub fn dealer(place: Place) -> Dealer {
    Dealer {
        id: DealerId(id(1)),
        name: "Autohaus Nord".to_owned(),
        group: Some("north".to_owned()),
        region: None,
        city: "Köln".to_owned(),
        place,
        zone: berlin(),
        version: 1,
    }
}

/// A plugin of that dealer's, whose first edition is active.
pub fn plugin(number: u32) -> Plugin {
    let by =
        Speaker { plugin: "near-first".to_owned(), version: "1.0.0".to_owned(), digest: "ab".repeat(32) };
    Plugin {
        id: id(number).into(),
        whose: Whose::Dealer(DealerId(id(1))),
        place: 10,
        editions: vec![Edition { number: 1, by, settings: "{\"most_km\":80}".to_owned() }],
        active: Some(1),
        before: None,
        version: 2,
    }
}

/// Somebody who holds one role, at that dealer where it is held at one.
pub fn in_role(id: PersonId, role: Role) -> Person {
    let dealer = Some(DealerId(self::id(1)));
    let roles = vec![Grant { role, dealer: dealer.filter(|_| role.is_at_a_dealer()) }];
    Person { id, name: format!("Person {id}"), email: format!("{id}@dealer.example"), roles, ..person(0) }
}

/// The plan of a published session of six hours, of course 1 at location 1.
pub fn published(id: SessionId, starts: DateTime, capacity: u32) -> SessionPlan {
    let part = PartPlan { starts, zone: None, length: SignedDuration::from_hours(6), room: String::new() };
    SessionPlan {
        id,
        course: CourseId(self::id(1)),
        location: LocationId(self::id(1)),
        parts: vec![part],
        instructors: Vec::new(),
        capacity,
        minimum: 0,
        waitlist: true,
        status: Some("published".to_owned()),
        override_reason: None,
        version: None,
        busy: Vec::new(),
    }
}

/// A learner of that dealer.
pub fn person(number: u32) -> Person {
    let dealer = Some(DealerId(id(1)));
    Person {
        id: PersonId(id(number)),
        name: "Ada".to_owned(),
        email: "ada@dealer.example".to_owned(),
        dealer,
        roles: vec![Grant { role: Role::Learner, dealer }],
        manager: None,
        stands_in_for: Vec::new(),
        preferences: Preferences::default(),
        zone: berlin(),
        active: true,
        version: 1,
    }
}

/// Where most of it is.
pub fn berlin() -> Zone {
    "Europe/Berlin".parse().expect("a zone")
}

/// The plan that a session came from, with another capacity.
pub fn plan(session: &Session, capacity: u32) -> SessionPlan {
    SessionPlan { capacity, ..SessionPlan::from(session) }
}
