//! A session as it is planned: what people say, before it is a [`Session`].

use jiff::SignedDuration;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::calendar::Busy;
use crate::ids::{CourseId, LocationId, PersonId, SessionId};
use crate::schedule::{Part, Zone};
use crate::session::Session;

/// One part, as people say it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartPlan {
    /// Wall clock.
    pub starts: DateTime,
    /// Whose wall clock; the location's when absent.
    pub zone: Option<Zone>,
    /// How long it lasts.
    pub length: SignedDuration,
    /// Where in the building; may be empty.
    pub room: String,
}

/// A session as it is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPlan {
    /// Its id.
    pub id: SessionId,
    /// What is taught.
    pub course: CourseId,
    /// Where.
    pub location: LocationId,
    /// When.
    pub parts: Vec<PartPlan>,
    /// By whom.
    pub instructors: Vec<PersonId>,
    /// Seats there are.
    pub capacity: u32,
    /// Fewer people than this and it may be cancelled.
    pub minimum: u32,
    /// Whether a queue may form.
    pub waitlist: bool,
    /// The word of the status it is to have; `None` leaves it, and is `draft` for a new session.
    pub status: Option<String>,
    /// Why an instructor or a room is booked twice, when it is.
    pub override_reason: Option<String>,
    /// The version the caller saw; `None` overwrites.
    pub version: Option<u64>,
    /// What those who teach it have in their own calendars around that time, as far as somebody has looked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub busy: Vec<Busy>,
}

/// The plan that a session would be the same with, for those who change a part of it.
impl From<&Session> for SessionPlan {
    fn from(session: &Session) -> Self {
        let part = |part: &Part| PartPlan {
            starts: part.starts,
            zone: Some(part.zone.clone()),
            length: part.length,
            room: part.room.clone(),
        };
        Self {
            id: session.id,
            course: session.course,
            location: session.location,
            parts: session.parts.iter().map(part).collect(),
            instructors: session.instructors.clone(),
            capacity: session.seats.capacity,
            minimum: session.minimum,
            waitlist: session.waitlist,
            status: None,
            override_reason: None,
            version: None,
            busy: Vec::new(),
        }
    }
}
