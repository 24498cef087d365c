//! Booking a seat (recorded: 021–024, 037–040, 046, 049–054, 066–082, 096, 099–103, 107–109).

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::asked::{Answered, Asked, Asker, Done};
use super::refusal::Refusal;
use super::tell::Tell;
use super::validate;
use super::world::{EventType, Guest, KeptBooking, Row, World};

/// What the losers of the race hear for being the first of a time.
pub const COLD: &str = "An error occurred while querying the database.";
const BUSY: &str = "User either already has booking at this time or is not available";
pub(super) const FULL: &str = "No more seats left at this seated booking.";

/// What is to be booked, once it may be.
struct Wanted {
    event_type: u64,
    start: Timestamp,
    /// The booking it joins; nothing for the first.
    joins: Option<u64>,
}

/// Whose time, and which.
pub type Opening = (u64, Timestamp, Timestamp);

impl World {
    /// Whether this would be the first booking of its time: Cal.com takes a while over that one, and whoever comes meanwhile loses.
    ///
    /// # Errors
    /// For the losers.
    pub(super) fn opening(&mut self, asked: &Asked) -> Result<Option<Opening>, Refusal> {
        let Ok(Wanted { event_type, start, joins: None }) = self.wanted(asked) else { return Ok(None) };
        let Some(event_type) = self.event_types.get(&event_type) else { return Ok(None) };
        let end = start + SignedDuration::from_mins(event_type.number("lengthInMinutes"));
        let opening = (event_type.owner, start, end);
        let is_lost = self.mishaps.cold > 0 || self.opening.contains_key(&opening);
        // Also a loser's number is used up (recorded: 069, 074).
        let id = self.next(Row::Booking);
        if is_lost {
            self.mishaps.cold = self.mishaps.cold.saturating_sub(1);
            return Err(Refusal::short(400, COLD));
        }
        self.opening.insert(opening, id);
        Ok(Some(opening))
    }

    pub(super) fn book(&mut self, asked: &Asked) -> Answered {
        let wanted = self.wanted(asked)?;
        let guest = self.guest(asked);
        let seat = guest.seat.clone().unwrap_or_default();
        let id = match wanted.joins {
            Some(id) => {
                self.bookings.entry(id).and_modify(|it| it.guests.push(guest));
                id
            }
            None => self.open(wanted.event_type, wanted.start, guest),
        };
        let booking = &self.bookings[&id];
        let view = self.shown_with(booking, &seat, wanted.joins.is_none());
        let told = self.told_created(booking, &seat);
        Ok(Done::new(201, view).telling(Tell::of(booking, "BOOKING_CREATED", told)))
    }

    fn wanted(&self, asked: &Asked) -> Result<Wanted, Refusal> {
        validate::booking(&asked.body)?;
        let id = asked.body["eventTypeId"].as_u64().unwrap_or_default();
        let none = || Refusal::not_found(&format!("Event type with id {id} not found."));
        let event_type = self.event_types.get(&id).ok_or_else(none)?;
        // Any key will do for an administrator (recorded: 108), and the website does not ask for one.
        let is_let = match asked.asker {
            Asker::User(user) => user == event_type.owner || self.host(user).is_some_and(|it| it.is_admin),
            Asker::Website => true,
            Asker::Anonymous => false,
        };
        if event_type.is("bookingRequiresAuthentication") && !is_let {
            return Err(Refusal::unauthorised(
                "checkBookingRequiresAuthentication - request must be authenticated by passing credentials belonging to event type owner, host or team or org admin or owner.",
            ));
        }
        let start = asked.instant("start").ok_or_else(|| Refusal::bad_request("start property is wrong"))?;
        if start < self.now() {
            return Err(Refusal::bad_request("Attempting to book a meeting in the past."));
        }
        let joins = self.alive(id, start);
        if let Some(booking) = joins.and_then(|it| self.bookings.get(&it)) {
            let email = asked.body["attendee"]["email"].as_str().unwrap_or_default();
            // To the letter (recorded: 103), and before it is full (recorded: 024).
            if booking.guests.iter().any(|it| it.email == email) {
                return Err(Refusal::short(409, "already_signed_up_for_this_booking_error"));
            }
            self.has_room(booking)?;
        } else if !self.is_available(event_type, start, None) {
            return Err(Refusal::bad_request(BUSY));
        }
        Ok(Wanted { event_type: id, start, joins })
    }

    /// Only those with a seat count.
    pub(super) fn has_room(&self, booking: &KeptBooking) -> Result<(), Refusal> {
        let event_type = booking.event_type.and_then(|it| self.event_types.get(&it));
        let seats = event_type.and_then(EventType::seats).unwrap_or(1);
        let seated = booking.guests.iter().filter(|it| it.seat.is_some()).count();
        let has_room = i64::try_from(seated).is_ok_and(|it| it < seats);
        if has_room { Ok(()) } else { Err(Refusal::conflict(FULL)) }
    }

    pub(super) fn can_start(
        &self,
        event_type: u64,
        start: Timestamp,
        except: Option<u64>,
    ) -> Result<(), Refusal> {
        let is_free =
            self.event_types.get(&event_type).is_some_and(|it| self.is_available(it, start, except));
        if is_free { Ok(()) } else { Err(Refusal::bad_request(BUSY)) }
    }

    fn guest(&mut self, asked: &Asked) -> Guest {
        let attendee = &asked.body["attendee"];
        let text = |name: &str, other: &str| attendee[name].as_str().unwrap_or(other).to_owned();
        let metadata = match &asked.body["metadata"] {
            Value::Object(metadata) => metadata.clone(),
            _ => serde_json::Map::new(),
        };
        Guest {
            id: self.next(Row::Guest),
            name: text("name", ""),
            email: text("email", ""),
            seat: Some(self.uuid()),
            metadata,
            absent: false,
            time_zone: text("timeZone", "UTC"),
            language: text("language", "en"),
        }
    }

    /// What a booking is called: after whoever has the seat, unless the event type says otherwise.
    pub(super) fn title(&self, kind: &EventType, name: &str) -> String {
        let host = self.host(kind.owner).map(|it| it.name.clone()).unwrap_or_default();
        match kind.text("customName") {
            "" => format!("{} between {host} and {name}", kind.text("title")),
            custom => custom.replace("{Event type title}", kind.text("title")),
        }
    }

    /// The first seat of a time makes a booking. Its number was kept for it when it began.
    pub(super) fn open(&mut self, event_type: u64, start: Timestamp, guest: Guest) -> u64 {
        let (uid, ics, now) = (self.uid(), self.uid(), self.now());
        let (owner, minutes) = self
            .event_types
            .get(&event_type)
            .map(|it| (it.owner, it.number("lengthInMinutes")))
            .unwrap_or_default();
        let end = start + SignedDuration::from_mins(minutes);
        let id = self.opening.remove(&(owner, start, end)).unwrap_or_else(|| self.next(Row::Booking));
        let kind = &self.event_types[&event_type];
        let title = self.title(kind, &guest.name);
        let booking = KeptBooking {
            id,
            uid,
            host: owner,
            event_type: Some(event_type),
            start,
            end,
            is_cancelled: false,
            guests: vec![guest],
            location: kind.place().to_owned(),
            slug: kind.text("slug").to_owned(),
            title,
            reason: String::new(),
            host_absent: false,
            ics_uid: format!("{ics}@Cal.diy"),
            created_at: now,
            updated_at: now,
        };
        self.bookings.insert(id, booking);
        id
    }
}
