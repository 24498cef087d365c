//! Who has booked: one booking for each time of an event type, with everybody's seat in it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::account::Account;
use super::call::Call;
use super::error::{Error, Kind};
use super::retry::pause;
use super::version::Family;
use crate::ids::{BookingUid, EventTypeId, SeatUid};
use crate::personal::Personal;

/// The name under which a seat says whose registration it is (recorded: 021).
pub const METADATA_KEY: &str = "iltEnrolmentId";

/// How a booking of our event types is called: `Forklift Safety (ILT)`.
pub const OUR_TITLES_END: &str = " (ILT)";

/// Whether a booking is alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It takes place.
    Accepted,
    /// It waits for the host; never with seats.
    Pending,
    /// It was cancelled as a whole, or its last seat was.
    Cancelled,
    /// The host said no; never with seats.
    Rejected,
    /// Something that is not known; never with seats.
    #[serde(other)]
    Other,
}

/// Somebody in a booking.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attendee {
    /// What the person is called.
    pub name: Option<Personal>,
    /// Who it is, as Cal.com tells people apart: to the letter (recorded: 103). Elsewhere people may go by a telephone number.
    pub email: Option<Personal>,
    /// Whether the person was marked absent.
    #[serde(default)]
    pub absent: bool,
    /// The seat; nothing for who was added without one (recorded: 111–113), and where a booking is shown as if it had no seats.
    pub seat_uid: Option<SeatUid>,
    /// What the seat was booked with.
    #[serde(default)]
    metadata: BTreeMap<String, Value>,
}

impl Attendee {
    /// What the seat says of whose registration it is; nothing for seats that others booked.
    pub fn registration(&self) -> Option<&str> {
        self.metadata.get(METADATA_KEY)?.as_str()
    }
}

/// What was booked, by its name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Named {
    /// What it is found under.
    pub slug: String,
}

/// A booking (recorded: 021, 026). `updatedAt` is not read: it stays when seats come and go.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Booking {
    /// What it is found by.
    pub uid: BookingUid,
    /// Whether it is alive.
    pub status: Status,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// What was booked; nothing once that was deleted.
    pub event_type_id: Option<EventTypeId>,
    /// The same, by its name (recorded: 021, 026).
    #[serde(default)]
    pub event_type: Option<Named>,
    /// Where it is.
    pub location: Option<String>,
    /// What it is called: by us, or after whoever is in it.
    #[serde(default)]
    title: Option<Personal>,
    /// Who is in it. Nobody once it was cancelled (recorded: 092, 094), nor for whoever may not see them (recorded: 059).
    pub attendees: Vec<Attendee>,
}

impl Booking {
    /// Whether it is called as bookings of our event types are.
    pub fn is_called_ours(&self) -> bool {
        self.title.as_ref().is_some_and(|it| it.reveal().ends_with(OUR_TITLES_END))
    }
}

/// A booking as it was just booked or moved: the same, with the seat that it was about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Booked {
    /// The booking, with everybody in it.
    #[serde(flatten)]
    pub booking: Booking,
    /// The seat.
    pub seat_uid: SeatUid,
}

/// Whom a seat is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewAttendee {
    /// What the person is called over there.
    pub name: Personal,
    /// The person's address over there, lower-case.
    pub email: Personal,
    /// The zone in which times are told to the person.
    pub time_zone: String,
    /// The language in which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// A seat to book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewBooking {
    /// When what is booked starts, to the second.
    pub start: Timestamp,
    /// What is booked.
    pub event_type_id: EventTypeId,
    /// Whom it is for.
    pub attendee: NewAttendee,
    /// What it is known by afterwards: whose registration it is. Up to 50 entries of 40 and 500 characters (recorded: 049, 050).
    pub metadata: BTreeMap<String, String>,
}

impl NewBooking {
    /// Whose registration it is.
    pub fn registration(&self) -> Option<&str> {
        self.metadata.get(METADATA_KEY).map(String::as_str)
    }
}

impl Account {
    /// Books a seat. [`Account::book`] can be repeated.
    ///
    /// When several are the first to book a time at once, one gets it and the others hear of a database that failed, although
    /// seats are free (recorded: 066–073). They are booked again, after pauses by chance.
    ///
    /// # Errors
    /// [`Kind::AlreadySignedUp`] before [`Kind::Full`] (recorded: 024, 023), [`Kind::NotBookable`], [`Kind::Past`],
    /// [`Kind::NotFound`] for an event type that is not there (recorded: 051–054).
    pub async fn create_booking(&self, new: &NewBooking) -> Result<Booked, Error> {
        let limits = &self.instance.limits;
        let call = Call::post("booking a seat", Family::Bookings, &["bookings"], new);
        let mut failures = 0;
        loop {
            let error = match self.call(&call).await {
                Err(error) if error.kind == Kind::ColdSlot => error,
                settled => return settled,
            };
            failures += 1;
            if failures >= limits.tries {
                return Err(error);
            }
            tracing::debug!(attempt = failures, "somebody else was the first to book; it is booked again");
            tokio::time::sleep(pause(limits.pause, failures, self.instance.dice.roll())).await;
        }
    }

    /// A booking, by its uid.
    pub async fn booking(&self, uid: &BookingUid) -> Result<Booking, Error> {
        self.call(&Call::get("reading a booking", Family::Bookings, &["bookings", uid.as_str()])).await
    }

    /// The booking that has this seat (recorded: 028).
    pub async fn booking_by_seat(&self, seat: &SeatUid) -> Result<Booking, Error> {
        let path = ["bookings", "by-seat", seat.as_str()];
        self.call(&Call::get("reading a seat's booking", Family::Bookings, &path)).await
    }
}
