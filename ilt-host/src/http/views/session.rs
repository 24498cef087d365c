//! One session, the same wherever it appears.

use std::collections::BTreeMap;
use std::sync::Arc;

use ilt_core::catalog::{Course, Location};
use ilt_core::desk::{Ask, Reference, SessionPicture};
use ilt_core::ids::{CourseId, DealerId, LocationId, PersonId, SessionId};
use ilt_core::policy::Override;
use ilt_core::ports::StoreError;
use ilt_core::registration::Registration;
use ilt_core::schedule::Part;
use ilt_core::session::{Block, Seats, Session, SessionStatus};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::contract::words;
use crate::http::views::PersonBrief;
use ilt_engine::Engine;

/// The five numbers, and the people behind and beyond them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct SeatsView {
    /// `confirmed + held + offered + reserved + open`.
    pub capacity: u32,
    pub confirmed: u32,
    pub held: u32,
    pub offered: u32,
    pub reserved: u32,
    pub open: u32,
    pub waitlisted: u32,
    pub over_capacity: u32,
}

impl From<Seats> for SeatsView {
    fn from(seats: Seats) -> Self {
        Self {
            capacity: seats.capacity,
            confirmed: seats.confirmed,
            held: seats.held,
            offered: seats.offered,
            reserved: seats.reserved,
            open: seats.open(),
            waitlisted: seats.waitlisted,
            over_capacity: seats.over_capacity,
        }
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CourseBrief {
    pub id: Uuid,
    pub title: String,
    #[schema(value_type = words::ProgrammeType)]
    pub programme_type: &'static str,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LocationBrief {
    pub id: Uuid,
    pub name: String,
    pub city: String,
    pub lat: f64,
    pub lon: f64,
    #[schema(value_type = words::ZoneName)]
    pub zone: String,
}

/// One part of a session, as people say it and as an instant.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartView {
    #[schema(value_type = words::WallClock)]
    pub starts: String,
    #[schema(value_type = words::ZoneName)]
    pub zone: String,
    #[schema(value_type = words::Length)]
    pub length: String,
    #[schema(value_type = String, format = DateTime)]
    pub starts_at: Timestamp,
    pub room: String,
}

impl From<&Part> for PartView {
    fn from(part: &Part) -> Self {
        Self {
            starts: part.starts.strftime("%Y-%m-%dT%H:%M").to_string(),
            zone: part.zone.name().to_owned(),
            length: part.length.to_string(),
            starts_at: part.starts_at,
            room: part.room.clone(),
        }
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WindowView {
    /// When it was published; absent for a draft.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub opens_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub closes_at: Timestamp,
}

/// The caller's own registration.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MineView {
    pub registration: Uuid,
    #[schema(value_type = words::RegistrationStatus)]
    pub status: String,
}

impl From<&Registration> for MineView {
    fn from(registration: &Registration) -> Self {
        Self { registration: registration.id.0, status: registration.status.word().to_owned() }
    }
}

/// One session.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionView {
    pub id: Uuid,
    pub course: CourseBrief,
    pub location: LocationBrief,
    pub parts: Vec<PartView>,
    pub instructors: Vec<PersonBrief>,
    #[schema(value_type = words::SessionStage)]
    pub status: &'static str,
    /// Why it was cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancelled_because: Option<String>,
    pub waitlist: bool,
    pub minimum: u32,
    pub version: u64,
    pub registration: WindowView,
    pub seats: SeatsView,
    /// Of the seats that are reserved, those that you may take: they are set aside for your dealer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserved_for_you: Option<u32>,
    /// When its time, place, room or instructors last changed after it was published. Whoever had a seat by then may leave
    /// it without being late.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_at: Option<Timestamp>,
    /// The caller's own registration, if there is one.
    pub mine: Option<MineView>,
    /// Kilometres from where the search looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_km: Option<f64>,
}

/// Shows sessions: what they refer to, looked up once for a whole answer.
pub struct Shower {
    courses: Arc<BTreeMap<CourseId, Course>>,
    locations: Arc<BTreeMap<LocationId, Location>>,
    rules: Vec<Override>,
    instructors: BTreeMap<PersonId, String>,
    mine: BTreeMap<SessionId, MineView>,
    dealer: Option<DealerId>,
    now: Timestamp,
}

impl Shower {
    /// One that can show these sessions.
    pub async fn of(engine: &Engine, sessions: &[&Session]) -> Result<Self, StoreError> {
        let (mut courses, mut locations, rules) = {
            let catalogue = engine.catalogue();
            (catalogue.courses().clone(), catalogue.locations().clone(), catalogue.rules().to_vec())
        };
        // Another host may have added them a moment ago.
        let unseen = Ask {
            courses: sessions.iter().map(|it| it.course).filter(|it| !courses.contains_key(it)).collect(),
            locations: sessions
                .iter()
                .map(|it| it.location)
                .filter(|it| !locations.contains_key(it))
                .collect(),
            ..Ask::default()
        };
        if unseen != Ask::default() {
            let seen = engine.ports().reads.look(&unseen).await?;
            Arc::make_mut(&mut courses).extend(seen.courses.iter().map(|(id, it)| (*id, it.clone())));
            Arc::make_mut(&mut locations).extend(seen.locations.iter().map(|(id, it)| (*id, it.clone())));
        }
        let teaching = sessions.iter().flat_map(|session| session.instructors.iter().copied()).collect();
        let instructors = engine.people().several(teaching).await?;
        let instructors = instructors.into_iter().map(|(id, person)| (id, person.name.clone())).collect();
        let now = engine.ports().clock.now();
        Ok(Self { courses, locations, rules, instructors, mine: BTreeMap::new(), dealer: None, now })
    }

    /// The same, for somebody of a dealer: what is set aside for it is theirs.
    #[must_use]
    pub fn for_dealer(self, dealer: Option<DealerId>) -> Self {
        Self { dealer, ..self }
    }

    /// The same, with the caller's own registrations.
    #[must_use]
    pub fn with_mine<'a>(mut self, mine: impl IntoIterator<Item = &'a Registration>) -> Self {
        self.mine = mine.into_iter().map(|it| (it.session, it.into())).collect();
        self
    }

    /// A session as it is now, with everything that is said of it.
    pub fn picture(&self, session: &Session) -> SessionPicture {
        let reference = Reference { courses: &self.courses, locations: &self.locations, rules: &self.rules };
        SessionPicture::of(session, reference, |id| self.instructors.get(&id).cloned(), self.now)
    }

    /// A session, as it is shown.
    pub fn show(&self, session: &Session) -> SessionView {
        SessionView {
            reserved_for_you: session.block_of(self.dealer).map(Block::free),
            mine: self.mine.get(&session.id).cloned(),
            ..SessionView::from(&self.picture(session))
        }
    }
}

impl From<&SessionPicture> for SessionView {
    /// As everybody sees it; what is the caller's own comes beside it.
    fn from(picture: &SessionPicture) -> Self {
        let (session, course, location) = (&picture.session, &picture.course, &picture.location);
        let (opens_at, cancelled_because) = match &session.status {
            SessionStatus::Draft => (None, None),
            SessionStatus::Published { at } | SessionStatus::Completed { at } => (Some(*at), None),
            SessionStatus::Cancelled { reason, .. } => (None, Some(reason.clone())),
        };
        let instructor = |(id, name): &(PersonId, String)| PersonBrief { id: id.0, name: name.clone() };
        Self {
            id: session.id.0,
            course: CourseBrief {
                id: session.course.0,
                title: course.as_ref().map_or_else(String::new, |course| course.title.clone()),
                programme_type: course.as_ref().map_or("", |course| course.programme_type.word()),
            },
            location: LocationBrief {
                id: session.location.0,
                name: location.as_ref().map_or_else(String::new, |it| it.name.clone()),
                city: location.as_ref().map_or_else(String::new, |it| it.city.clone()),
                lat: location.as_ref().map_or(0.0, |it| it.place.lat),
                lon: location.as_ref().map_or(0.0, |it| it.place.lon),
                zone: location.as_ref().map_or_else(String::new, |it| it.zone.name().to_owned()),
            },
            parts: session.parts.iter().map(PartView::from).collect(),
            instructors: picture.instructors.iter().map(instructor).collect(),
            status: session.stage(picture.at),
            cancelled_because,
            waitlist: session.waitlist,
            minimum: session.minimum,
            version: session.version,
            registration: WindowView { opens_at, closes_at: picture.closes_at },
            moved_at: session.moved_at,
            reserved_for_you: None,
            seats: session.seats.into(),
            mine: None,
            distance_km: None,
        }
    }
}
