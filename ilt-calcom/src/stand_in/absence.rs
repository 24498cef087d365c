//! Who was absent (recorded: 062, 083–087).

use serde_json::{Value, json};

use super::asked::{Answered, Asked, Done};
use super::refusal::Refusal;
use super::tell::Tell;
use super::world::World;

impl World {
    pub(super) fn mark_absent(&mut self, asked: &Asked, uid: &str) -> Answered {
        let (user, id, now) = (asked.user()?, self.found(uid)?, self.now());
        let booking = &self.bookings[&id];
        if booking.start > now {
            return Err(Refusal::bad_request(&format!(
                "Bookings can only be marked as absent after their scheduled start time. Current time in UTC+0: {now:.3}, Booking start time in UTC+0: {:.3}",
                booking.start
            )));
        }
        if booking.host != user {
            return Err(Refusal::short(500, "Failed to update no-show status"));
        }
        let marks = asked.body["attendees"].as_array().cloned();
        let mut marked = Vec::new();
        if let Some(booking) = self.bookings.get_mut(&id) {
            // Nobody is told of the host.
            if let Some(absent) = asked.body["host"].as_bool() {
                booking.host_absent = absent;
                booking.updated_at = now;
            }
            // An address that is in no seat is passed over (recorded: 085).
            for mark in marks.iter().flatten() {
                let absent = mark["absent"] == true;
                let by_address = |it: &&mut super::world::Guest| mark["email"] == it.email;
                if let Some(guest) = booking.guests.iter_mut().find(by_address) {
                    guest.absent = absent;
                    marked.push((guest.email.clone(), absent));
                }
            }
        }
        let booking = &self.bookings[&id];
        let done = Done::new(200, self.shown_without_seats(booking));
        if marks.is_none() {
            return Ok(done);
        }
        let told = told(booking.id, uid, &marked);
        Ok(done.telling(Tell::of(booking, "BOOKING_NO_SHOW_UPDATED", told)))
    }
}

fn told(id: u64, uid: &str, marked: &[(String, bool)]) -> Value {
    let message = match marked {
        [(email, true)] => format!("{email} marked as no-show"),
        [(email, false)] => format!("{email} unmarked as no-show"),
        _ => "No-show status updated for attendees".to_owned(),
    };
    let attendees: Vec<_> =
        marked.iter().map(|(email, absent)| json!({ "email": email, "noShow": absent })).collect();
    json!({ "message": message, "attendees": attendees, "bookingUid": uid, "bookingId": id })
}
