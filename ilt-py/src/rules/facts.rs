//! What Python says of courses, places, sessions and times, as the core knows it.

use ilt_core::catalog::{Course, Location, Place, ProgrammeType};
use ilt_core::ids::{CourseId, LocationId, SessionId};
use ilt_core::schedule::{Part, Stretch, Zone};
use ilt_core::session::{Seats, Session, SessionStatus};
use jiff::{SignedDuration, Timestamp};
use pyo3::prelude::*;
use uuid::Uuid;

/// A course.
#[derive(FromPyObject)]
pub struct CourseFacts {
    pub id: Uuid,
    title: String,
    topics: Vec<String>,
    track: Option<String>,
    validity_months: Option<u32>,
    prerequisites: Vec<Uuid>,
    equivalents: Vec<Uuid>,
}

impl CourseFacts {
    pub fn course(self) -> Course {
        let ids = |ids: Vec<Uuid>| ids.into_iter().map(CourseId).collect();
        Course {
            id: CourseId(self.id),
            title: self.title,
            summary: String::new(),
            programme_type: ProgrammeType::EmployeeDevelopment,
            topics: self.topics,
            track: self.track,
            length: SignedDuration::ZERO,
            validity_months: self.validity_months,
            travel: false,
            prerequisites: ids(self.prerequisites),
            equivalents: ids(self.equivalents),
            version: 1,
        }
    }
}

/// A training centre.
#[derive(FromPyObject)]
pub struct PlaceFacts {
    id: Uuid,
    name: String,
    lat: f64,
    lon: f64,
    zone: String,
}

impl PlaceFacts {
    /// # Errors
    /// When the zone is none.
    pub fn location(self) -> Result<Location, String> {
        let zone = self.zone.parse::<Zone>().map_err(|bad| format!("zone: {bad}"))?;
        Ok(Location {
            id: LocationId(self.id),
            city: self.name.clone(),
            name: self.name,
            address: String::new(),
            country: String::new(),
            place: Place { lat: self.lat, lon: self.lon },
            zone,
            rooms: Vec::new(),
            version: 1,
        })
    }
}

/// A session that can be taken.
#[derive(FromPyObject)]
pub struct SessionFacts {
    id: Uuid,
    course: Uuid,
    pub location: Uuid,
    starts: Timestamp,
    length: SignedDuration,
    capacity: u32,
    open: u32,
    waitlisted: u32,
    waitlist: bool,
}

impl SessionFacts {
    pub fn session(&self, zone: &Zone) -> Session {
        let part = Part {
            starts: self.starts.to_zoned(zone.rules().clone()).datetime(),
            zone: zone.clone(),
            length: self.length,
            starts_at: self.starts,
            room: String::new(),
        };
        let confirmed = self.capacity.saturating_sub(self.open);
        let seats = Seats { confirmed, waitlisted: self.waitlisted, ..Seats::empty(self.capacity) };
        Session {
            id: SessionId(self.id),
            course: CourseId(self.course),
            location: LocationId(self.location),
            parts: vec![part],
            instructors: Vec::new(),
            status: SessionStatus::Published { at: Timestamp::MIN },
            waitlist: self.waitlist,
            minimum: 0,
            seats,
            freed_at: None,
            moved_at: None,
            rescheduled_at: None,
            most_parts: 0,
            reminded_at: None,
            blocks: Vec::new(),
            version: 1,
        }
    }
}

/// A stretch of time that keeps a person at a place.
#[derive(FromPyObject)]
pub struct StretchFacts {
    starts: Timestamp,
    ends: Timestamp,
    location: Uuid,
    lat: f64,
    lon: f64,
}

impl StretchFacts {
    pub fn stretch(self) -> Stretch {
        let place = Place { lat: self.lat, lon: self.lon };
        Stretch { from: self.starts, to: self.ends, location: LocationId(self.location), place }
    }
}
