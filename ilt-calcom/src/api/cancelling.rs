//! Giving seats back, moving them, and moving what is booked to another place.

use jiff::Timestamp;
use serde_json::json;

use super::account::Account;
use super::bookings::{Booked, Booking};
use super::call::Call;
use super::error::{Error, Kind};
use super::version::Family;
use crate::ids::{BookingUid, SeatUid};

impl Account {
    /// Gives one seat back. One that is free already is not an error (recorded: 035), nor is one whose booking was cancelled
    /// (recorded: 093). Answers whether it was this call that gave it back.
    ///
    /// The booking is alive afterwards, unless it was its last seat (recorded: 034, 097).
    ///
    /// # Errors
    /// [`Kind::Ended`] for what is over (recorded: 090).
    pub async fn cancel_seat(
        &self,
        booking: &BookingUid,
        seat: &SeatUid,
        reason: &str,
    ) -> Result<bool, Error> {
        let body = json!({ "seatUid": seat, "cancellationReason": reason });
        self.cancel("giving a seat back", booking, &body).await
    }

    /// Cancels a booking with all its seats, as the host. One that is cancelled already is not an error (recorded: 093). Answers
    /// whether it was this call that did. Nobody can be read from it afterwards (recorded: 092).
    ///
    /// # Errors
    /// [`Kind::ReasonWanted`] without a reason (recorded: 033), [`Kind::NotAllowed`] for who is not its host (recorded: 091).
    pub async fn cancel_booking(&self, booking: &BookingUid, reason: &str) -> Result<bool, Error> {
        if reason.trim().is_empty() {
            return Err(Error::unsent("cancelling a booking", Kind::ReasonWanted));
        }
        self.cancel("cancelling a booking", booking, &json!({ "cancellationReason": reason })).await
    }

    async fn cancel(
        &self,
        what: &'static str,
        booking: &BookingUid,
        body: &serde_json::Value,
    ) -> Result<bool, Error> {
        let path = ["bookings", booking.as_str(), "cancel"];
        match self.tell(&Call::post(what, Family::Bookings, &path, body)).await {
            Ok(()) => Ok(true),
            Err(error) if matches!(error.kind, Kind::NoSuchSeat | Kind::AlreadyCancelled) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Moves one seat to another time of the same event type.
    ///
    /// The seat that is answered is the one that counts: it is another one when nobody had booked the new time before (recorded:
    /// 041), and the same when somebody had (recorded: 043). The booking that it left is cancelled when it was its last seat.
    ///
    /// # Errors
    /// [`Kind::NotBookable`] for a time that is none (recorded: 044), [`Kind::NoSuchSeat`].
    pub async fn move_seat(
        &self,
        booking: &BookingUid,
        seat: &SeatUid,
        start: Timestamp,
    ) -> Result<Booked, Error> {
        let body = json!({ "start": start, "seatUid": seat });
        let path = ["bookings", booking.as_str(), "reschedule"];
        self.call(&Call::post("moving a seat", Family::Bookings, &path, &body)).await
    }

    /// Moves what is booked to another place. An event type's new place does not reach the bookings that are there.
    pub async fn move_booking(&self, booking: &BookingUid, address: &str) -> Result<Booking, Error> {
        let body = json!({ "location": { "type": "address", "address": address } });
        let path = ["bookings", booking.as_str(), "location"];
        self.call(&Call::patch("moving a booking to another place", Family::Bookings, &path, &body)).await
    }
}
