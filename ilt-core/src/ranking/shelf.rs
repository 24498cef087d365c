//! Sessions in the orders that searching and ranking walk them.

use std::collections::BTreeMap;
use std::ops::Bound;

use jiff::Timestamp;

use crate::catalog::{Location, Place};
use crate::ids::{CourseId, LocationId, SessionId};
use crate::ranking::numbers::Numbers;
use crate::session::{Session, SessionStatus};

/// What ranking needs of a published session, close together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Slot {
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// When registration closes for the last of the dealer groups.
    pub closes_at: Timestamp,
    pub id: SessionId,
    /// The location's number.
    pub location: usize,
    pub open: u32,
    pub waitlisted: u32,
    /// Whether some dealer group may queue for it.
    pub waitlist: bool,
}

/// What searching needs of a session, whatever its status.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Row {
    pub ends_at: Timestamp,
    pub course: usize,
    pub location: usize,
    pub status: &'static str,
    pub has_open_seats: bool,
}

/// What the rules grant at most, to whichever dealer group they are kindest to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Terms {
    /// When registration closes.
    pub closes_at: Timestamp,
    /// Whether a queue may form.
    pub waitlist: bool,
}

/// Sessions by time, and the published ones by course.
#[derive(Debug, Clone, Default)]
pub(super) struct Shelf {
    pub courses: Numbers<CourseId>,
    pub locations: Numbers<LocationId>,
    /// By the location's number; `None` for a number without a location.
    pub places: Vec<Option<Place>>,
    by_time: BTreeMap<(Timestamp, SessionId), Row>,
    /// For each course's number its published sessions, in order of start and id.
    by_course: Vec<Vec<Slot>>,
}

impl Shelf {
    /// The sessions in order of start and id, from `first` on.
    pub fn from(
        &self,
        first: Bound<(Timestamp, SessionId)>,
    ) -> impl Iterator<Item = (SessionId, Timestamp, &Row)> {
        self.by_time.range((first, Bound::Unbounded)).map(|((starts_at, id), row)| (*id, *starts_at, row))
    }

    /// A course's published sessions, in order of start and id.
    pub fn of_course(&self, course: usize) -> &[Slot] {
        self.by_course.get(course).map_or(&[], Vec::as_slice)
    }

    /// Sessions that end by `now`.
    pub fn ended(&self, now: Timestamp) -> Vec<SessionId> {
        let last = (now, SessionId(uuid::Uuid::max()));
        let has_ended = |row: &Row| row.ends_at <= now;
        self.by_time.range(..=last).filter(|(_, row)| has_ended(row)).map(|((_, id), _)| *id).collect()
    }

    /// Learns where a location is.
    pub fn learn(&mut self, location: &Location) {
        let number = self.locations.give(&location.id);
        if self.places.len() <= number {
            self.places.resize(number + 1, None);
        }
        self.places[number] = Some(location.place);
    }

    /// Puts a session in its places.
    pub fn put(&mut self, session: &Session, terms: Terms) {
        let (course, location) = (self.courses.give(&session.course), self.locations.give(&session.location));
        let (starts_at, ends_at) = (session.starts_at(), session.ends_at());
        let has_open_seats = session.seats.open() > 0;
        let row = Row { ends_at, course, location, status: session.status.word(), has_open_seats };
        self.by_time.insert((starts_at, session.id), row);
        if !matches!(session.status, SessionStatus::Published { .. }) {
            return;
        }
        if self.by_course.len() <= course {
            self.by_course.resize_with(course + 1, Vec::new);
        }
        let slots = &mut self.by_course[course];
        let at = slots.partition_point(|slot| (slot.starts_at, slot.id) < (starts_at, session.id));
        let slot = Slot {
            starts_at,
            ends_at,
            closes_at: terms.closes_at,
            id: session.id,
            location,
            open: session.seats.open(),
            waitlisted: session.seats.waitlisted,
            waitlist: session.waitlist && terms.waitlist,
        };
        slots.insert(at, slot);
    }

    /// Takes a session from its places; `session` is as it was put there.
    pub fn take(&mut self, session: &Session) {
        self.by_time.remove(&(session.starts_at(), session.id));
        if let Some((slots, at)) = self.find(session) {
            slots.remove(at);
        }
    }

    /// Follows the seats of a session.
    pub fn reseat(&mut self, session: &Session) {
        let open = session.seats.open();
        if let Some(row) = self.by_time.get_mut(&(session.starts_at(), session.id)) {
            row.has_open_seats = open > 0;
        }
        if let Some((slots, at)) = self.find(session) {
            slots[at].open = open;
            slots[at].waitlisted = session.seats.waitlisted;
        }
    }

    fn find(&mut self, session: &Session) -> Option<(&mut Vec<Slot>, usize)> {
        let slots = self.by_course.get_mut(self.courses.get(&session.course)?)?;
        let key = (session.starts_at(), session.id);
        let at = slots.binary_search_by_key(&key, |slot| (slot.starts_at, slot.id)).ok()?;
        Some((slots, at))
    }
}
