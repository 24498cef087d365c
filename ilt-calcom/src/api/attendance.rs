//! Who came.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::account::Account;
use super::call::Call;
use super::error::Error;
use super::version::Family;
use crate::ids::{AttendeeId, BookingUid};
use crate::personal::Personal;

/// Somebody in a booking, by the number that webhooks name (recorded: 031).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AttendeeRecord {
    /// The number.
    pub id: AttendeeId,
    /// Who it is.
    pub email: Option<Personal>,
    /// Whether the person was marked absent.
    pub absent: bool,
}

/// Whether somebody was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// Who, by the address that the seat was booked with. One that is in no seat is not an error over there (recorded: 085).
    pub email: Personal,
    /// Whether the person was absent; taken back by `false` (recorded: 084).
    pub absent: bool,
}

impl Account {
    /// Everybody in a booking, by number. The numbers are needed to know who cancelled one seat: its webhook names no other.
    pub async fn attendees(&self, booking: &BookingUid) -> Result<Vec<AttendeeRecord>, Error> {
        let path = ["bookings", booking.as_str(), "attendees"];
        self.call(&Call::get("listing who is in a booking", Family::Bookings, &path)).await
    }

    /// Marks who was there and who was not. Only the host may: an administrator's key fails (recorded: 087).
    ///
    /// # Errors
    /// [`super::Kind::NotStarted`] before it has begun (recorded: 062).
    pub async fn mark_absent(&self, booking: &BookingUid, marks: &[Mark]) -> Result<(), Error> {
        let path = ["bookings", booking.as_str(), "mark-absent"];
        let body = json!({ "attendees": marks });
        self.tell(&Call::post("marking who was absent", Family::Bookings, &path, &body)).await
    }
}
