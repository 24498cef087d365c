//! What is remembered of a calendar: where a session may be there, who has which seat, and whose calendars we may write to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;

use crate::ids::{PersonId, RegistrationId, SessionId};

/// Where one part of a session may be: in one instructor's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// Which part, the first being 0.
    pub part: u16,
    /// In whose calendar.
    pub instructor: PersonId,
}

/// What is at a spot, in the calendar's own names; nothing as long as it is not known whether anything is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// What can be booked.
    pub event_type: Option<String>,
    /// When.
    pub schedule: Option<String>,
}

/// A seat, in the calendar's own names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeatAt {
    /// The booking it is in.
    pub booking: String,
    /// The seat.
    pub seat: String,
}

/// An instructor's calendar that we may write to. Printing it shows no key.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    /// The user over there.
    pub user: String,
    /// What the user's pages are found under.
    pub username: String,
    /// The user's key, sealed: only who was configured with the secret can open it.
    pub sealed: Vec<u8>,
    /// When it was linked.
    pub at: Timestamp,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("user", &self.user).field("at", &self.at).finish_non_exhaustive()
    }
}

/// By which names a calendar knows sessions and seats: that of the first part, when there are several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct References {
    /// What can be booked.
    pub event_types: BTreeMap<SessionId, String>,
    /// What is booked.
    pub bookings: BTreeMap<RegistrationId, String>,
}

/// What is remembered of one session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Where it may be.
    pub places: BTreeMap<Spot, Place>,
    /// Who has which seat, by registration and part.
    pub seats: BTreeMap<(RegistrationId, u16), SeatAt>,
}

impl Kept {
    /// The spots of these that are not remembered yet: to be written down before anything is made there.
    #[must_use]
    pub fn foresee(&self, spots: &BTreeSet<Spot>) -> BTreeSet<Spot> {
        spots.iter().filter(|spot| !self.places.contains_key(spot)).copied().collect()
    }
}
