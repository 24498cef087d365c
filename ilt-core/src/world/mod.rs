//! What is known: the whole state in memory, or the slice of it that one batch needs.
//!
//! Decisions read it, the journal's entries change it ([`World::apply`]), and the in-memory store is nothing but one whole
//! `World`. Because the same function applies an entry that was just decided and one that is replayed, replaying the
//! journal cannot disagree with what happened.

mod apply;
mod queues;
mod registrations;
mod sessions;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::{Completion, Course, Dealer, Location, Person};
use crate::desk::{Key, Remembered};
use crate::ids::{AlternativeId, CourseId, DealerId, LocationId, PersonId, PluginId, RegistrationId};
use crate::plugin::Plugin;
use crate::policy::{Override, Rules};
use crate::prerequisite::Book;
use crate::ranking::Shown;
use crate::registration::{Registration, Status};
use crate::schedule::Stretch;
use crate::session::Session;

pub use apply::{DoesNotFit, Misfit};
pub use queues::{Known, Queues};
pub use registrations::{Registrations, Turn};
pub use sessions::{NotHeld, Sessions};

/// How often one seat may have been moved until nobody looks any further where it went.
const MOST_MOVES: usize = 100;

/// What is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct World {
    /// Courses by id; shared, because everybody looks at the same few hundred.
    pub courses: Arc<BTreeMap<CourseId, Course>>,
    /// Locations by id; shared.
    pub locations: Arc<BTreeMap<LocationId, Location>>,
    /// Dealers by id; shared.
    pub dealers: Arc<BTreeMap<DealerId, Dealer>>,
    /// People by id.
    pub people: BTreeMap<PersonId, Person>,
    /// What people completed, in order.
    pub completions: BTreeMap<PersonId, Vec<Completion>>,
    /// Sessions by id; only those that are held can be changed.
    pub sessions: Sessions,
    /// Registrations, with the queues they form.
    pub registrations: Registrations,
    /// How far the queues are known.
    pub queues: Queues,
    /// Alternatives that were shown.
    pub shown: BTreeMap<AlternativeId, Shown>,
    /// Rules that are set.
    pub rules: Vec<Override>,
    /// Plugins that are used, by id; shared.
    pub plugins: Arc<BTreeMap<PluginId, Plugin>>,
    /// Secret calendar addresses: whose, and the digest of the secret.
    pub feeds: BTreeMap<PersonId, String>,
    /// Of those who wait beyond the part of their queue that is known here: how many unknown ones come before them.
    pub unseen_before: BTreeMap<RegistrationId, u32>,
    /// Answers given before, by request.
    pub remembered: BTreeMap<Key, Remembered>,
}

impl World {
    /// The rules for a session's course and a learner's dealer group.
    pub fn rules_for(&self, course: Option<CourseId>, learner: Option<&Person>) -> Rules<'_> {
        let dealer = learner.and_then(|person| person.dealer).and_then(|id| self.dealers.get(&id));
        Rules::of(&self.rules, course, dealer.and_then(|dealer| dealer.group.as_deref()))
    }

    /// Courses and rules, for asking what somebody's completions are worth.
    pub fn book(&self) -> Book<'_> {
        Book { courses: &self.courses, rules: &self.rules }
    }

    /// Where and when the parts of a session keep people.
    pub fn stretches(&self, session: &Session) -> Vec<Stretch> {
        let Some(location) = self.locations.get(&session.location) else { return Vec::new() };
        let stretch = |from, to| Stretch { from, to, location: location.id, place: location.place };
        session.parts.iter().map(|part| stretch(part.starts_at, part.ends_at())).collect()
    }

    /// The seat that a learner gives back for the one they wait for: the one they named, or what it has become since, by moves
    /// and by other swaps that came true.
    pub fn given_back(&self, waits: &Registration) -> Option<&Registration> {
        let mut given = self.registrations.get(waits.status.gives_back()?)?;
        for _ in 0..MOST_MOVES {
            match given.status {
                Status::Confirmed { .. } => return Some(given).filter(|given| given.id != waits.id),
                Status::Transferred { to, .. } => given = self.registrations.get(to)?,
                _ => return None,
            }
        }
        None
    }

    /// Whether everybody who waits for a session is known.
    pub fn knows_queue_of(&self, session: &Session) -> bool {
        self.queues.is_whole(session.id)
            || self.registrations.waiting(session.id) >= session.seats.waitlisted as usize
    }

    /// What a person completed, as far as it is known.
    pub fn completions_of(&self, person: PersonId) -> &[Completion] {
        self.completions.get(&person).map_or(&[], Vec::as_slice)
    }
}
