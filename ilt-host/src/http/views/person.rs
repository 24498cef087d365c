//! People.

use std::sync::Arc;

use crate::http::contract::words;
use ilt_core::catalog::{Channel, Grant, Person, Preferences, PreferredTime, Role};
use ilt_core::desk::CompletionPicture;
use ilt_core::ids::{DealerId, LocationId, PersonId};
use ilt_core::ranking::Catalogue;
use ilt_core::schedule::Zone;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A role and where it is held.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantBody {
    #[schema(value_type = words::Role)]
    pub role: Role,
    /// At which dealer; absent for the roles that are held everywhere.
    #[serde(default)]
    pub dealer: Option<Uuid>,
}

fn by_mail() -> Vec<Channel> {
    Preferences::default().notify_by
}

/// What somebody may say of themselves.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnBody {
    /// Where they would rather be trained than near their dealer; the nearest counts.
    #[serde(default)]
    pub preferred_locations: Vec<Uuid>,
    /// When they would rather be trained: weekdays, or parts of them.
    #[serde(default)]
    #[schema(value_type = Vec<words::PreferredTime>)]
    pub preferred_times: Vec<PreferredTime>,
    /// Topics they care about.
    #[serde(default)]
    pub interests: Vec<String>,
    /// How they are told: `mail`, `sms`, `push`; not at all when empty.
    #[serde(default = "by_mail")]
    #[schema(value_type = Vec<words::Channel>)]
    pub notify_by: Vec<Channel>,
    /// The zone they live by.
    #[schema(value_type = words::ZoneName)]
    pub zone: Zone,
}

impl OwnBody {
    pub fn preferences(self) -> Preferences {
        Preferences {
            locations: self.preferred_locations.into_iter().map(LocationId).collect(),
            times: self.preferred_times,
            interests: self.interests.iter().map(|word| word.trim().to_lowercase()).collect(),
            notify_by: self.notify_by,
        }
    }
}

impl From<&Person> for OwnBody {
    fn from(person: &Person) -> Self {
        let Preferences { locations, times, interests, notify_by } = person.preferences.clone();
        Self {
            preferred_locations: locations.iter().map(|id| id.0).collect(),
            preferred_times: times,
            interests,
            notify_by,
            zone: person.zone.clone(),
        }
    }
}

/// What can be said of a person.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonBody {
    pub name: String,
    pub email: String,
    /// Where they work.
    #[serde(default)]
    pub dealer: Option<Uuid>,
    #[serde(default)]
    pub roles: Vec<GrantBody>,
    /// Who leads them.
    #[serde(default)]
    pub manager: Option<Uuid>,
    /// Managers for whose teams they decide as well, as deputies; the role manager at the dealer is needed too.
    #[serde(default)]
    pub stands_in_for: Vec<Uuid>,
    /// Where they would rather be trained than near their dealer; the nearest counts.
    #[serde(default)]
    pub preferred_locations: Vec<Uuid>,
    /// When they would rather be trained: weekdays, or parts of them.
    #[serde(default)]
    #[schema(value_type = Vec<words::PreferredTime>)]
    pub preferred_times: Vec<PreferredTime>,
    #[serde(default)]
    pub interests: Vec<String>,
    /// How they are told: `mail`, `sms`, `push`; not at all when empty.
    #[serde(default = "by_mail")]
    #[schema(value_type = Vec<words::Channel>)]
    pub notify_by: Vec<Channel>,
    #[schema(value_type = words::ZoneName)]
    pub zone: Zone,
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

impl PersonBody {
    pub fn person(self, id: PersonId, version: u64) -> Person {
        let zone = self.zone.clone();
        let own = OwnBody {
            preferred_locations: self.preferred_locations,
            preferred_times: self.preferred_times,
            interests: self.interests,
            notify_by: self.notify_by,
            zone: self.zone,
        };
        Person {
            id,
            name: self.name.trim().to_owned(),
            email: self.email.trim().to_lowercase(),
            dealer: self.dealer.map(DealerId),
            roles: self
                .roles
                .iter()
                .map(|it| Grant { role: it.role, dealer: it.dealer.map(DealerId) })
                .collect(),
            manager: self.manager.map(PersonId),
            stands_in_for: self.stands_in_for.into_iter().map(PersonId).collect(),
            preferences: own.preferences(),
            zone,
            active: self.active,
            version,
        }
    }
}

impl From<&Person> for PersonBody {
    fn from(person: &Person) -> Self {
        let own = OwnBody::from(person);
        let grant = |grant: &Grant| GrantBody { role: grant.role, dealer: grant.dealer.map(|id| id.0) };
        Self {
            name: person.name.clone(),
            email: person.email.clone(),
            dealer: person.dealer.map(|id| id.0),
            roles: person.roles.iter().map(grant).collect(),
            manager: person.manager.map(|id| id.0),
            stands_in_for: person.stands_in_for.iter().map(|id| id.0).collect(),
            preferred_locations: own.preferred_locations,
            preferred_times: own.preferred_times,
            interests: own.interests,
            notify_by: own.notify_by,
            zone: own.zone,
            active: person.active,
        }
    }
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonView {
    pub id: Uuid,
    #[serde(flatten)]
    pub person: PersonBody,
    pub version: u64,
}

impl From<&Person> for PersonView {
    fn from(person: &Person) -> Self {
        Self { id: person.id.0, person: person.into(), version: person.version }
    }
}

/// A person, by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PersonBrief {
    pub id: Uuid,
    pub name: String,
}

impl PersonBrief {
    /// Somebody, as far as they are known.
    pub fn of(id: PersonId, known: Option<&Arc<Person>>) -> Self {
        known.map_or_else(|| Self { id: id.0, name: String::new() }, |person| Self::from(&**person))
    }
}

impl From<&Person> for PersonBrief {
    fn from(person: &Person) -> Self {
        Self { id: person.id.0, name: person.name.clone() }
    }
}

/// What a person completed.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompletionView {
    pub course: Uuid,
    pub title: String,
    #[schema(value_type = String, format = DateTime)]
    pub completed_at: Timestamp,
    /// When it ends; absent when it never does.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// From when on completing it again keeps the anniversary.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub renewable_from: Option<Timestamp>,
    /// Until when a session can be booked, of those planned now, that is over before it ends; absent when there is none, and in
    /// the answer to recording one.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub book_by: Option<Timestamp>,
    /// Whether it holds now.
    pub valid: bool,
}

impl CompletionView {
    /// A completion as it is, with the last session of those planned now that is over before it ends.
    pub fn of(picture: &CompletionPicture, catalogue: &Catalogue) -> Self {
        let course = picture.completion.course;
        let holds = picture.expires_at.filter(|end| picture.at < *end);
        let book_by = holds.and_then(|end| catalogue.last_chance(course, end, picture.at));
        Self { book_by, ..Self::from(picture) }
    }
}

impl From<&CompletionPicture> for CompletionView {
    fn from(picture: &CompletionPicture) -> Self {
        Self {
            course: picture.completion.course.0,
            title: picture.title.clone(),
            completed_at: picture.completion.completed_at,
            expires_at: picture.expires_at,
            renewable_from: picture.renewable_from,
            book_by: None,
            valid: picture.expires_at.is_none_or(|end| picture.at < end),
        }
    }
}
