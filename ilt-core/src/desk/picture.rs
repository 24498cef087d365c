//! What an answer shows, as it was when it was decided: with it an answer can be said again word for word, on any host, after
//! any later change.
//!
//! # Not here
//! How it is written down: field names are the host's contract. What the journal keeps: a picture has names in it, so it lives
//! only as long as the answer under its key.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::catalog::{Completion, Course, Location, Person, Place, ProgrammeType};
use crate::ids::{CourseId, LocationId, PersonId, RegistrationId};
use crate::plugin::Plugin;
use crate::policy::{Override, Rule, Rules};
use crate::prerequisite::Missing;
use crate::ranking::Shown;
use crate::registration::Registration;
use crate::schedule::Zone;
use crate::session::{Session, closes_at};

/// What a session refers to.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'a> {
    /// Courses by id.
    pub courses: &'a BTreeMap<CourseId, Course>,
    /// Locations by id.
    pub locations: &'a BTreeMap<LocationId, Location>,
    /// Rules that are set.
    pub rules: &'a [Override],
}

/// What people call a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseName {
    /// Its title.
    pub title: String,
    /// What kind of programme it belongs to.
    pub programme_type: ProgrammeType,
}

/// What people call a location, and where it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LocationName {
    /// What people call it.
    pub name: String,
    /// Town.
    pub city: String,
    /// Where it is.
    pub place: Place,
    /// The zone its wall clocks show.
    pub zone: Zone,
}

/// A session at one moment, with everything that is said of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionPicture {
    /// The session, its seats included.
    pub session: Session,
    /// Its course, as far as it is known.
    pub course: Option<CourseName>,
    /// Its location, as far as it is known.
    pub location: Option<LocationName>,
    /// Who teaches, as far as they are known.
    pub instructors: Vec<(PersonId, String)>,
    /// When registration closes.
    pub closes_at: Timestamp,
    /// The moment.
    pub at: Timestamp,
}

impl SessionPicture {
    /// A session as it is at a moment; `name_of` says what instructors are called.
    pub fn of(
        session: &Session,
        reference: Reference<'_>,
        name_of: impl Fn(PersonId) -> Option<String>,
        at: Timestamp,
    ) -> Self {
        let course = reference.courses.get(&session.course);
        let location = reference.locations.get(&session.location);
        let rules = Rules::of(reference.rules, Some(session.course), None);
        Self {
            course: course.map(|course| CourseName {
                title: course.title.clone(),
                programme_type: course.programme_type,
            }),
            location: location.map(|it| LocationName {
                name: it.name.clone(),
                city: it.city.clone(),
                place: it.place,
                zone: it.zone.clone(),
            }),
            instructors: session.instructors.iter().filter_map(|id| Some((*id, name_of(*id)?))).collect(),
            closes_at: closes_at(session, rules),
            session: session.clone(),
            at,
        }
    }
}

/// What a registration is shown with: its session, and what those are called whom it is for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Around {
    /// The session.
    pub session: SessionPicture,
    /// Names by person.
    pub names: BTreeMap<PersonId, String>,
}

/// The one thing that was saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Picture {
    /// A session.
    Session {
        /// The session.
        session: Box<SessionPicture>,
        /// The asker's own live registration for it, with the word for where it is.
        mine: Option<(RegistrationId, String)>,
        /// Of the seats that are reserved, those set aside for the asker's dealer.
        set_aside: Option<u32>,
    },
    /// A course.
    Course {
        /// The course.
        course: Course,
        /// What the asker lacks for it.
        missing: Vec<Missing>,
    },
    /// A location.
    Location(Location),
    /// A person.
    Person(PersonPicture),
    /// A completion.
    Completion(CompletionPicture),
    /// A plugin.
    Plugin(Box<Plugin>),
}

/// A person, with the names that the journal never sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonPicture {
    name: String,
    email: String,
    person: Person,
}

impl From<&Person> for PersonPicture {
    fn from(person: &Person) -> Self {
        let unnamed = Person { name: String::new(), email: String::new(), ..person.clone() };
        Self { name: person.name.clone(), email: person.email.clone(), person: unnamed }
    }
}

impl PersonPicture {
    /// The person as they were.
    pub fn person(&self) -> Person {
        Person { name: self.name.clone(), email: self.email.clone(), ..self.person.clone() }
    }
}

/// A completion, and how long it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletionPicture {
    /// Who completed which course, and when.
    pub completion: Completion,
    /// What the course is called.
    pub title: String,
    /// When it ends; nothing when it never does.
    pub expires_at: Option<Timestamp>,
    /// From when on completing it again keeps the anniversary.
    pub renewable_from: Option<Timestamp>,
    /// The moment.
    pub at: Timestamp,
}

impl CompletionPicture {
    /// A completion that ends at `expires_at`.
    pub fn of(
        completion: Completion,
        expires_at: Option<Timestamp>,
        reference: Reference<'_>,
        at: Timestamp,
    ) -> Self {
        let course = reference.courses.get(&completion.course);
        let window =
            Rules::of(reference.rules, Some(completion.course), None).days(Rule::RecertificationWindow);
        Self {
            completion,
            title: course.map_or_else(String::new, |course| course.title.clone()),
            expires_at,
            renewable_from: expires_at.and_then(|end| end.checked_sub(window).ok()),
            at,
        }
    }
}

/// What would help somebody who was refused.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Help {
    /// Sessions to take instead, best first, as they were shown.
    pub shown: Vec<(Shown, SessionPicture)>,
    /// Sessions that are in the way, or in which what is missing can be completed.
    pub sessions: Vec<SessionPicture>,
}

impl Help {
    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.shown.is_empty() && self.sessions.is_empty()
    }
}

/// The asker's own registration, as [`Picture::Session`] has it.
pub(super) fn own(registration: &Registration) -> (RegistrationId, String) {
    (registration.id, registration.status.word().to_owned())
}
