//! Courses and locations.

use crate::http::contract::words;
use ilt_core::catalog::{Course, Location, Place, ProgrammeType};
use ilt_core::ids::{CourseId, LocationId};
use ilt_core::prerequisite::{Missing, Why};
use ilt_core::schedule::Zone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What can be said of a course.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CourseBody {
    pub title: String,
    #[serde(default)]
    pub summary: String,
    #[schema(value_type = words::ProgrammeType)]
    pub programme_type: ProgrammeType,
    #[serde(default)]
    pub topics: Vec<String>,
    /// The certification track it counts towards.
    #[serde(default)]
    pub track: Option<String>,
    /// Teaching time.
    #[schema(value_type = words::Length)]
    pub length: SignedDuration,
    /// Months a completion stays valid; absent for ever.
    #[serde(default)]
    pub validity_months: Option<u32>,
    /// People travel to it: cancelling is late inside business days, not hours.
    #[serde(default)]
    pub travel: bool,
    /// Courses that must be completed, and still valid, before a registration.
    #[serde(default)]
    pub prerequisites: Vec<Uuid>,
    /// Courses whose completion counts as this one.
    #[serde(default)]
    pub equivalents: Vec<Uuid>,
}

impl CourseBody {
    pub fn course(self, id: CourseId, version: u64) -> Course {
        let words = |list: Vec<String>| list.into_iter().map(|word| word.trim().to_lowercase()).collect();
        Course {
            id,
            title: self.title.trim().to_owned(),
            summary: self.summary,
            programme_type: self.programme_type,
            topics: words(self.topics),
            track: self.track,
            length: self.length,
            validity_months: self.validity_months,
            travel: self.travel,
            prerequisites: self.prerequisites.into_iter().map(CourseId).collect(),
            equivalents: self.equivalents.into_iter().map(CourseId).collect(),
            version,
        }
    }
}

impl From<&Course> for CourseBody {
    fn from(course: &Course) -> Self {
        Self {
            title: course.title.clone(),
            summary: course.summary.clone(),
            programme_type: course.programme_type,
            topics: course.topics.clone(),
            track: course.track.clone(),
            length: course.length,
            validity_months: course.validity_months,
            travel: course.travel,
            prerequisites: course.prerequisites.iter().map(|id| id.0).collect(),
            equivalents: course.equivalents.iter().map(|id| id.0).collect(),
        }
    }
}

/// A course, and what the caller lacks for it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CourseView {
    pub id: Uuid,
    #[serde(flatten)]
    pub course: CourseBody,
    /// What the caller would have to complete first.
    pub missing: Vec<MissingView>,
    pub version: u64,
}

/// A prerequisite that the caller lacks.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingView {
    pub course: Uuid,
    pub title: String,
    /// Why it is missing, in words.
    pub why: String,
    /// When the caller's completion ended, or will have ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expired_at: Option<Timestamp>,
}

impl From<&Missing> for MissingView {
    fn from(missing: &Missing) -> Self {
        let (why, expired_at) = match missing.why {
            Why::NeverCompleted => ("never completed".to_owned(), None),
            Why::Expired { at } => (format!("no longer valid after {at}"), Some(at)),
            Why::Unknown => ("could not be found out".to_owned(), None),
        };
        Self { course: missing.course.0, title: missing.title.clone(), why, expired_at }
    }
}

/// What can be said of a location.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LocationBody {
    pub name: String,
    #[serde(default)]
    pub address: String,
    pub city: String,
    #[serde(default)]
    pub country: String,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    #[schema(value_type = words::ZoneName)]
    pub zone: Zone,
    #[serde(default)]
    pub rooms: Vec<String>,
}

impl LocationBody {
    pub fn location(self, id: LocationId, version: u64) -> Location {
        Location {
            id,
            name: self.name.trim().to_owned(),
            address: self.address,
            city: self.city.trim().to_owned(),
            country: self.country,
            place: Place { lat: self.lat, lon: self.lon },
            zone: self.zone,
            rooms: self.rooms,
            version,
        }
    }
}

impl From<&Location> for LocationBody {
    fn from(location: &Location) -> Self {
        Self {
            name: location.name.clone(),
            address: location.address.clone(),
            city: location.city.clone(),
            country: location.country.clone(),
            lat: location.place.lat,
            lon: location.place.lon,
            zone: location.zone.clone(),
            rooms: location.rooms.clone(),
        }
    }
}

/// A location.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocationView {
    pub id: Uuid,
    #[serde(flatten)]
    pub location: LocationBody,
    pub version: u64,
}

impl From<&Location> for LocationView {
    fn from(location: &Location) -> Self {
        Self { id: location.id.0, location: location.into(), version: location.version }
    }
}
