//! Moving a seat to another time of the same event type (recorded: 041–044, 064).

use super::asked::{Answered, Asked, Done};
use super::cancelling::NO_SEAT;
use super::refusal::Refusal;
use super::tell::Tell;
use super::world::{Row, World};

impl World {
    pub(super) fn reschedule(&mut self, asked: &Asked, uid: &str) -> Answered {
        let from = self.found(uid)?;
        let Some(seat) = asked.text("seatUid") else { return Err(Refusal::bad_request(&seat_wanted(uid))) };
        let old = &self.bookings[&from];
        let at = old.guests.iter().position(|it| it.seat.as_deref() == Some(seat));
        let at = at.ok_or_else(|| Refusal::bad_request(NO_SEAT))?;
        let start = asked.instant("start").ok_or_else(|| Refusal::bad_request("start property is wrong"))?;
        let event_type = old.event_type.ok_or_else(|| Refusal::not_found("Event type not found"))?;
        if start < self.now() {
            return Err(Refusal::bad_request("Attempting to book a meeting in the past."));
        }
        let joins = self.alive(event_type, start);
        match joins.and_then(|id| self.bookings.get(&id)) {
            Some(booking) => self.has_room(booking)?,
            None => self.can_start(event_type, start, Some(from))?,
        }
        let mut guest = match self.bookings.get_mut(&from) {
            Some(old) => old.guests.remove(at),
            None => return Err(Refusal::bad_request(NO_SEAT)),
        };
        let id = if let Some(id) = joins {
            self.bookings.entry(id).and_modify(|it| it.guests.push(guest.clone()));
            id
        } else {
            // The first at a time has another seat and another number than before.
            guest.seat = Some(self.uuid());
            guest.id = self.next(Row::Guest);
            self.open(event_type, start, guest.clone())
        };
        let now = self.now();
        // The booking that lost its last seat is cancelled, and nobody is told.
        if let Some(old) = self.bookings.get_mut(&from).filter(|it| it.guests.is_empty()) {
            old.is_cancelled = true;
            old.updated_at = now;
        }
        let (booking, old) = (&self.bookings[&id], &self.bookings[&from]);
        let seat = guest.seat.clone().unwrap_or_default();
        let told = self.told_rescheduled(booking, old, &seat, joins.is_some());
        let view = self.shown_with(booking, &seat, true);
        Ok(Done::new(201, view).telling(Tell::of(booking, "BOOKING_RESCHEDULED", told)))
    }
}

fn seat_wanted(uid: &str) -> String {
    format!(
        "Booking with uid={uid} is a seated booking which means you have to provide seatUid in the request body to specify which seat specifically you want to reschedule. First, fetch the booking using the GET /v2/bookings/{{uid}} endpoint and then within the attendees array you will find the seatUid of the booking you want to reschedule. Second, provide the seatUid in the request body to specify which seat specifically you want to reschedule using the POST /v2/bookings/{{uid}}/reschedule endpoint."
    )
}
