//! Reading bookings, and lists of them (recorded: 026–031, 042, 058–061, 089, 095, 123–126).

use jiff::Timestamp;
use serde_json::json;

use super::asked::{Answered, Asked, Done};
use super::refusal::Refusal;
use super::validate;
use super::views::by_number;
use super::world::{KeptBooking, World};

impl World {
    /// Anybody may.
    pub(super) fn read_booking(&mut self, asked: &Asked, uid: &str) -> Answered {
        let booking = &self.bookings[&self.found(uid)?];
        Ok(Done::new(200, self.shown(booking, asked.asker)))
    }

    pub(super) fn read_booking_by_seat(&mut self, asked: &Asked, seat: &str) -> Answered {
        let has_it = |it: &&KeptBooking| it.guests.iter().any(|guest| guest.seat.as_deref() == Some(seat));
        let none =
            || Refusal::not_found(&format!("Booking with seatUid={seat} was not found in the database"));
        let booking = self.bookings().find(has_it).ok_or_else(none)?;
        let mut view = self.shown(booking, asked.asker);
        if let Some(host) = view["hosts"][0].as_object_mut() {
            host.remove("timeZone");
        }
        Ok(Done::new(200, view))
    }

    pub(super) fn list_attendees(&mut self, asked: &Asked, uid: &str) -> Answered {
        let user = asked.user()?;
        let booking = &self.bookings[&self.found(uid)?];
        if booking.host != user && !self.host(user).is_some_and(|it| it.is_admin) {
            return Err(Refusal::short(403, "You are not allowed to see who is in this booking"));
        }
        Ok(Done::new(200, booking.guests.iter().map(by_number).collect()))
    }

    /// A user's own, an administrator's too (recorded: 061).
    pub(super) fn list_bookings(&mut self, asked: &Asked) -> Answered {
        let user = asked.user()?;
        let take = validate::take(asked.asks("take"))?;
        let skip: usize = asked.asks("skip").and_then(|it| it.parse().ok()).unwrap_or_default();
        let mut all: Vec<_> =
            self.bookings().filter(|it| it.host == user && self.is_asked_for(it, asked)).collect();
        sort(&mut all, asked);
        let total = all.len();
        let page: Vec<_> =
            all.into_iter().skip(skip).take(take).map(|it| self.shown(it, asked.asker)).collect();
        let remaining = total.saturating_sub(skip + page.len());
        let pagination = json!({
            "returnedItems": page.len(),
            "totalItems": total,
            "itemsPerPage": take,
            "remainingItems": remaining,
            "currentPage": if total == 0 { 0 } else { skip / take + 1 },
            "totalPages": total.div_ceil(take),
            "hasNextPage": remaining > 0,
            "hasPreviousPage": skip > 0 && total > 0,
        });
        let mut done = Done::new(200, page.into());
        done.body["pagination"] = pagination;
        Ok(done)
    }

    fn is_asked_for(&self, booking: &KeptBooking, asked: &Asked) -> bool {
        let now = self.now();
        let state = match booking {
            it if it.is_cancelled => "cancelled",
            it if it.end < now => "past",
            _ => "upcoming",
        };
        let is_state = asked.asks("status").is_none_or(|all| all.split(',').any(|it| it == state));
        let is_type = asked.asks("eventTypeIds").is_none_or(|all| {
            all.split(',').any(|it| it.parse().ok() == booking.event_type && booking.event_type.is_some())
        });
        let has =
            asked.asks("attendeeEmail").is_none_or(|email| booking.guests.iter().any(|it| it.email == email));
        let after = |name: &str, at: Timestamp| {
            asked.asks(name).and_then(|it| it.parse::<Timestamp>().ok()).is_none_or(|after| at >= after)
        };
        let before = asked
            .asks("beforeEnd")
            .and_then(|it| it.parse::<Timestamp>().ok())
            .is_none_or(|end| booking.end <= end);
        is_state
            && is_type
            && has
            && before
            && after("afterStart", booking.start)
            && after("afterUpdatedAt", booking.updated_at)
    }
}

/// What lists are sorted by.
type Key = fn(&KeptBooking) -> Timestamp;

fn sort(all: &mut [&KeptBooking], asked: &Asked) {
    let keys: [(&str, Key); 3] = [
        ("sortStart", |it| it.start),
        ("sortCreated", |it| it.created_at),
        ("sortUpdatedAt", |it| it.updated_at),
    ];
    for (name, key) in keys {
        match asked.asks(name) {
            Some("asc") => all.sort_by_key(|it| (key(it), it.id)),
            Some("desc") => all.sort_by_key(|it| std::cmp::Reverse((key(it), it.id))),
            _ => {}
        }
    }
}
