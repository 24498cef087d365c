//! Every session that is still to come, in memory, kept current by the journal.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::catalog::{Course, Dealer, Location};
use crate::ids::{CourseId, DealerId, LocationId, SessionId};
use crate::journal::{Entry, Event};
use crate::policy::Override;
use crate::ranking::text;
use crate::session::{Seats, Session};
use crate::world::World;

/// What a score needs of a session, close together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Slot {
    pub starts_at: Timestamp,
    pub id: SessionId,
    pub location: LocationId,
    pub seats: Seats,
    pub waitlist: bool,
}

/// Sessions that are still to come, with what they refer to.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    world: World,
    pub(super) by_time: BTreeSet<(Timestamp, SessionId)>,
    /// For each course its published sessions, in order of time.
    pub(super) by_course: BTreeMap<CourseId, Vec<Slot>>,
    pub(super) course_words: BTreeMap<CourseId, Vec<String>>,
    pub(super) location_words: BTreeMap<LocationId, Vec<String>>,
}

impl Catalogue {
    /// The catalogue of what `world` knows.
    pub fn new(world: &World) -> Self {
        let mut catalogue = Self::default();
        catalogue.world.courses = world.courses.clone();
        catalogue.world.locations = world.locations.clone();
        catalogue.world.dealers = world.dealers.clone();
        catalogue.world.rules.clone_from(&world.rules);
        for session in world.sessions.values() {
            catalogue.put(session.clone());
        }
        catalogue.learn_words();
        catalogue
    }

    /// Follows one entry of the journal. Entries must come in order; one that was seen before does no harm.
    pub fn apply(&mut self, entry: &Entry) {
        match &entry.event {
            Event::SessionScheduled(session) | Event::SessionChanged(session) => {
                self.put(session.as_ref().clone());
            }
            Event::SessionPublished | Event::SessionCancelled => {
                let Some(mut session) = entry.session.and_then(|id| self.take(id)) else { return };
                let mut one = World { sessions: [(session.id, session.clone())].into(), ..World::default() };
                if one.apply(entry).is_ok()
                    && let Some(after) = one.sessions.remove(&session.id)
                {
                    session = after;
                }
                self.put(session);
            }
            Event::CoursesSaved(_)
            | Event::LocationsSaved(_)
            | Event::DealersSaved(_)
            | Event::RuleSet(_)
            | Event::RuleCleared(..) => {
                // None of these can misfit: they replace what is known.
                let _fits = self.world.apply(entry);
                self.learn_words();
            }
            _ => {}
        }
        if let (Some(id), Some(seats)) = (entry.session, entry.seats) {
            self.reseat(id, seats);
        }
    }

    /// Forgets sessions that have ended.
    pub fn prune(&mut self, now: Timestamp) {
        let ended: Vec<_> = self.by_time.iter().map(|(_, id)| *id).collect();
        for id in ended {
            if self.session(id).is_some_and(|session| session.ends_at() <= now) {
                self.take(id);
            }
        }
    }

    /// A session that is still to come.
    pub fn session(&self, id: SessionId) -> Option<&Session> {
        self.world.sessions.get(&id)
    }

    /// How many sessions there are.
    pub fn len(&self) -> usize {
        self.world.sessions.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.world.sessions.is_empty()
    }

    /// Courses by id.
    pub fn courses(&self) -> &Arc<BTreeMap<CourseId, Course>> {
        &self.world.courses
    }

    /// Locations by id.
    pub fn locations(&self) -> &Arc<BTreeMap<LocationId, Location>> {
        &self.world.locations
    }

    /// Dealers by id.
    pub fn dealers(&self) -> &Arc<BTreeMap<DealerId, Dealer>> {
        &self.world.dealers
    }

    /// Rules that are set.
    pub fn rules(&self) -> &[Override] {
        &self.world.rules
    }

    fn put(&mut self, session: Session) {
        self.take(session.id);
        let starts_at = session.starts_at();
        self.by_time.insert((starts_at, session.id));
        if matches!(session.status, crate::session::SessionStatus::Published { .. }) {
            let slots = self.by_course.entry(session.course).or_default();
            let at = slots.partition_point(|slot| (slot.starts_at, slot.id) < (starts_at, session.id));
            let (id, location, seats, waitlist) =
                (session.id, session.location, session.seats, session.waitlist);
            slots.insert(at, Slot { starts_at, id, location, seats, waitlist });
        }
        self.world.sessions.insert(session.id, session);
    }

    fn take(&mut self, id: SessionId) -> Option<Session> {
        let session = self.world.sessions.remove(&id)?;
        self.by_time.remove(&(session.starts_at(), id));
        if let Some(slots) = self.by_course.get_mut(&session.course) {
            slots.retain(|slot| slot.id != id);
        }
        Some(session)
    }

    fn reseat(&mut self, id: SessionId, seats: Seats) {
        let Some(session) = self.world.sessions.get_mut(&id) else { return };
        session.seats = seats;
        let key = (session.starts_at(), id);
        let Some(slots) = self.by_course.get_mut(&session.course) else { return };
        if let Ok(at) = slots.binary_search_by_key(&key, |slot| (slot.starts_at, slot.id)) {
            slots[at].seats = seats;
        }
    }

    fn learn_words(&mut self) {
        let of_course =
            |course: &Course| text::words(&format!("{} {}", course.title, course.topics.join(" ")));
        let of_location = |location: &Location| text::words(&format!("{} {}", location.name, location.city));
        self.course_words = self.world.courses.iter().map(|(id, course)| (*id, of_course(course))).collect();
        self.location_words = self.world.locations.iter().map(|(id, it)| (*id, of_location(it))).collect();
    }
}
