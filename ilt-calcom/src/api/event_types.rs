//! What can be booked: one day of one session is one event type with seats.
//!
//! # Not here
//! `metadata`: it is dropped without a word (recorded: 010), so the session's id is in the slug. Limits on bookings: they block
//! seats that are free. Forbidding people to cancel or to move: whether that binds the host's key as well was never seen, and
//! then nothing could be given back.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::account::Account;
use super::call::Call;
use super::error::Error;
use super::version::Family;
use crate::ids::{EventTypeId, ScheduleId, UserId};

/// How many can be there, and who sees whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seats {
    /// Seats, 1 to 1000. Cal.com takes fewer than are booked (recorded: 104), and the time is gone then (recorded: 105).
    pub seats_per_time_slot: u32,
    /// Whether everybody who knows a booking's uid sees who is in it (recorded: 027, 059).
    pub show_attendee_info: bool,
    /// Whether everybody sees how many seats are left.
    pub show_availability_count: bool,
}

/// Seats as they are read: all of it, or `{"disabled": true}` for an event type of one person.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SeatsRead {
    #[serde(default)]
    disabled: bool,
    seats_per_time_slot: Option<u32>,
    show_attendee_info: Option<bool>,
    show_availability_count: Option<bool>,
}

/// Seats, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "SeatsRead")]
struct SeatsOrNone(Option<Seats>);

impl TryFrom<SeatsRead> for SeatsOrNone {
    type Error = &'static str;

    fn try_from(read: SeatsRead) -> Result<Self, &'static str> {
        let SeatsRead { disabled, seats_per_time_slot, show_attendee_info, show_availability_count } = read;
        match (seats_per_time_slot, show_attendee_info, show_availability_count) {
            _ if disabled => Ok(Self(None)),
            (Some(seats_per_time_slot), Some(show_attendee_info), Some(show_availability_count)) => {
                Ok(Self(Some(Seats { seats_per_time_slot, show_attendee_info, show_availability_count })))
            }
            _ => Err("seats without their number, or without who sees them"),
        }
    }
}

/// An address, as it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "address")]
pub struct Address {
    /// It, as people read it.
    pub address: String,
    /// Whether it is shown before booking.
    pub public: bool,
}

/// Where it is, as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Location {
    /// An address.
    Address {
        /// It, as people read it.
        address: String,
    },
    /// Something else, that somebody chose over there.
    #[serde(other)]
    Other,
}

/// When bookings are taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "camelCase")]
pub enum Window {
    /// From one date to another, both included.
    Range([Date; 2]),
}

/// An event type (recorded: 010, 014, 015).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventType {
    /// Its id.
    pub id: EventTypeId,
    /// Whose it is.
    pub owner_id: UserId,
    /// What it is found by; one of a user's only.
    pub slug: String,
    /// What people read.
    pub title: String,
    /// How long it lasts.
    pub length_in_minutes: u32,
    /// When it can be booked; nothing once that schedule was deleted, and the user's default hours count.
    pub schedule_id: Option<ScheduleId>,
    /// Whether it is on no list.
    pub hidden: bool,
    /// Whether people may bring others.
    pub disable_guests: bool,
    /// Whether it is booked with a key only, as far as the API is asked. Images from before it say nothing.
    #[serde(default)]
    pub booking_requires_authentication: bool,
    /// Where it is.
    #[serde(default)]
    pub locations: Vec<Location>,
    #[serde(default)]
    seats: SeatsOrNone,
}

impl EventType {
    /// Its seats; nothing when somebody switched them off.
    pub const fn seats(&self) -> Option<Seats> {
        self.seats.0
    }
}

/// What an event type is to be.
#[expect(clippy::struct_excessive_bools, reason = "they are Cal.com's own fields")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewEventType {
    /// What people read.
    pub title: String,
    /// What it is found by.
    pub slug: String,
    /// More about it.
    pub description: String,
    /// How long it lasts, up to 1440.
    pub length_in_minutes: u32,
    /// From one time that can be booked to the next; the length, so that there is one.
    pub slot_interval: u32,
    /// When it can be booked.
    pub schedule_id: ScheduleId,
    /// Minutes before the start after which it is booked no more.
    pub minimum_booking_notice: u32,
    /// Minutes kept free before it.
    pub before_event_buffer: u32,
    /// Minutes kept free after it.
    pub after_event_buffer: u32,
    /// Whether nobody may bring others.
    pub disable_guests: bool,
    /// Whether it is on no list.
    pub hidden: bool,
    /// Where it is. With seats there is exactly one place (recorded: 013).
    pub locations: [Address; 1],
    /// When bookings are taken for.
    pub booking_window: Window,
    /// How many can be there.
    pub seats: Seats,
    /// What a booking is called, in place of the names of whoever booked first.
    pub custom_name: String,
    /// Whether it is booked with a key only.
    pub booking_requires_authentication: bool,
    /// Whether the instructor's address is shown to nobody.
    pub hide_organizer_email: bool,
}

/// A change of some of it; what is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventTypeChange {
    /// How many can be there. Whoever lowers it looks first how many are booked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seats: Option<Seats>,
    /// Where it is. Bookings that are there keep their place (see [`Account::move_booking`]).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locations: Option<[Address; 1]>,
    /// When bookings are taken for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booking_window: Option<Window>,
    /// Whether it is on no list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<bool>,
}

impl Account {
    /// Makes an event type. [`Account::ensure_event_type`] can be repeated.
    ///
    /// # Errors
    /// [`super::Kind::SlugTaken`] when the user has one of this slug (recorded: 011).
    pub async fn create_event_type(&self, new: &NewEventType) -> Result<EventType, Error> {
        self.call(&Call::post("making an event type", Family::EventTypes, &["event-types"], new)).await
    }

    /// An event type.
    pub async fn event_type(&self, id: EventTypeId) -> Result<EventType, Error> {
        self.call(&Call::get("reading an event type", Family::EventTypes, &["event-types", &id.to_string()]))
            .await
    }

    /// The event types of a user; with the user's own key hidden ones too. Cal.com has no pages for them.
    pub async fn event_types(&self, username: &str) -> Result<Vec<EventType>, Error> {
        let call = Call::get("listing event types", Family::EventTypes, &["event-types"]);
        self.call(&call.ask("username", username)).await
    }

    /// The event type that a user has under this slug.
    pub async fn event_type_by_slug(&self, username: &str, slug: &str) -> Result<Option<EventType>, Error> {
        let call = Call::get("looking an event type up", Family::EventTypes, &["event-types"]);
        let found: Vec<EventType> = self.call(&call.ask("username", username).ask("eventSlug", slug)).await?;
        // Whoever does not know the question answers with all of them.
        Ok(found.into_iter().find(|it| it.slug == slug))
    }

    /// Makes an event type so, all of it.
    pub async fn replace_event_type(&self, id: EventTypeId, new: &NewEventType) -> Result<EventType, Error> {
        self.patch_event_type(id, new).await
    }

    /// Changes some of an event type.
    pub async fn change_event_type(
        &self,
        id: EventTypeId,
        change: &EventTypeChange,
    ) -> Result<EventType, Error> {
        self.patch_event_type(id, change).await
    }

    async fn patch_event_type(&self, id: EventTypeId, body: &impl Serialize) -> Result<EventType, Error> {
        let path = ["event-types", &id.to_string()];
        self.call(&Call::patch("changing an event type", Family::EventTypes, &path, body)).await
    }

    /// Removes an event type. Its bookings stay, belong to nothing then, and do not name their seats any more: they are cancelled
    /// first.
    pub async fn delete_event_type(&self, id: EventTypeId) -> Result<(), Error> {
        self.tell(&Call::delete(
            "removing an event type",
            Family::EventTypes,
            &["event-types", &id.to_string()],
        ))
        .await
    }
}
