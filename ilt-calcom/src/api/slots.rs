//! When there is room: what Cal.com makes of a schedule and an event type.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::account::Account;
use super::call::Call;
use super::error::Error;
use super::version::Family;
use crate::ids::{BookingUid, EventTypeId};

/// How many of a time's seats are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct SlotSeats {
    /// How many are booked.
    #[serde(rename = "seatsBooked")]
    pub booked: i64,
    /// How many are left; below nought when people were added who have no seat.
    #[serde(rename = "seatsRemaining")]
    pub remaining: i64,
    /// How many there are.
    #[serde(rename = "seatsTotal")]
    pub total: i64,
}

/// One time that can be booked, or is full (recorded: 016, 025).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Slot {
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// Its seats; nothing when somebody switched them off.
    #[serde(flatten)]
    pub seats: Option<SlotSeats>,
    /// The booking of that time, once there is one.
    pub booking_uid: Option<BookingUid>,
}

impl Account {
    /// The slots of an event type from one date to another, both included, in the order of time. A full one is among them; one
    /// that the instructor has no time for, or that is booked beyond its seats, is not (recorded: 100, 105).
    pub async fn slots(&self, event_type: EventTypeId, from: Date, to: Date) -> Result<Vec<Slot>, Error> {
        let call = Call::get("asking for slots", Family::Slots, &["slots"])
            .ask("eventTypeId", event_type.to_string());
        let call = call
            .ask("start", from.to_string())
            .ask("end", to.to_string())
            .ask("timeZone", "UTC")
            .ask("format", "range");
        let days: BTreeMap<Date, Vec<Slot>> = self.call(&call).await?;
        let mut slots: Vec<_> = days.into_values().flatten().collect();
        slots.sort_by_key(|slot| slot.start);
        Ok(slots)
    }
}
