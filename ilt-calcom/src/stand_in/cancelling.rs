//! Giving a seat back, cancelling a booking, and its place (recorded: 032–035, 090–098).

use super::asked::{Answered, Asked, Asker, Done};
use super::refusal::Refusal;
use super::tell::Tell;
use super::world::{GivenBack, Guest, World};

pub(super) const NO_SEAT: &str = "Invalid seatUid: this seat does not exist or has already been cancelled.";

impl World {
    pub(super) fn cancel(&mut self, asked: &Asked, uid: &str) -> Answered {
        let id = self.found(uid)?;
        let (booking, now) = (&self.bookings[&id], self.now());
        if booking.is_cancelled {
            return Err(Refusal::bad_request(&format!(
                "Can't cancel booking with uid={uid} because it has been cancelled already. Please provide uid of a booking that is not cancelled."
            )));
        }
        let seat = asked.text("seatUid");
        if let Some(seat) = seat
            && !booking.guests.iter().any(|it| it.seat.as_deref() == Some(seat))
        {
            return Err(Refusal::bad_request(NO_SEAT));
        }
        if booking.end < now {
            return Err(Refusal::short(400, "Cannot cancel a booking that has already ended"));
        }
        let reason = asked.text("cancellationReason").unwrap_or_default().to_owned();
        if let Some(seat) = seat {
            return Ok(self.give_back(asked, id, seat, reason));
        }
        if asked.asker != Asker::User(booking.host) {
            return Err(Refusal::short(401, "User not a host of this event"));
        }
        if reason.is_empty() {
            return Err(Refusal::short(400, "Cancellation reason is required"));
        }
        Ok(self.end(id, reason))
    }

    /// Whoever knows both uids may. The last one takes the booking along (recorded: 097).
    fn give_back(&mut self, asked: &Asked, id: u64, seat: &str, reason: String) -> Done {
        if self.bookings[&id].guests.len() == 1 {
            return self.end(id, reason);
        }
        let mut told = self.told_cancelled(&self.bookings[&id], Some(seat), &reason);
        self.note(id, |it| it.seat.as_deref() == Some(seat), &reason);
        if let Some(booking) = self.bookings.get_mut(&id) {
            booking.guests.retain(|it| it.seat.as_deref() != Some(seat));
        }
        let booking = &self.bookings[&id];
        // It says that it is cancelled, although it is alive (recorded: webhook 003).
        told["status"] = "CANCELLED".into();
        let view = self.shown(booking, asked.asker);
        Done::new(200, view).telling(Tell::of(booking, "BOOKING_CANCELLED", told))
    }

    fn end(&mut self, id: u64, reason: String) -> Done {
        let (told, now) = (self.told_cancelled(&self.bookings[&id], None, &reason), self.now());
        self.note(id, |_| true, &reason);
        if let Some(booking) = self.bookings.get_mut(&id) {
            booking.is_cancelled = true;
            booking.reason = reason;
            booking.updated_at = now;
            booking.guests.clear();
        }
        let booking = &self.bookings[&id];
        let view = self.shown(booking, Asker::User(booking.host));
        Done::new(200, view).telling(Tell::of(booking, "BOOKING_CANCELLED", told))
    }

    fn note(&mut self, id: u64, whose: impl Fn(&Guest) -> bool, reason: &str) {
        let booking = &self.bookings[&id];
        let given = |it: &Guest| GivenBack {
            slug: booking.slug.clone(),
            email: it.email.clone(),
            reason: reason.to_owned(),
        };
        self.given_back.extend(booking.guests.iter().filter(|it| whose(it)).map(given));
    }

    /// Nobody is told.
    pub(super) fn move_place(&mut self, asked: &Asked, uid: &str) -> Answered {
        let (user, id) = (asked.user()?, self.found(uid)?);
        let place = asked.body["location"]["address"].as_str();
        let place = place.ok_or_else(|| Refusal::bad_request("location property is wrong"))?.to_owned();
        if self.bookings[&id].host != user {
            return Err(Refusal::short(401, "User not a host of this event"));
        }
        if let Some(booking) = self.bookings.get_mut(&id) {
            booking.location = place;
        }
        Ok(Done::new(200, self.shown(&self.bookings[&id], asked.asker)))
    }

    /// The booking of this uid.
    pub(super) fn found(&self, uid: &str) -> Result<u64, Refusal> {
        let none = || Refusal::not_found(&format!("Booking with uid={uid} was not found in the database"));
        self.booking_id(uid).ok_or_else(none)
    }
}
