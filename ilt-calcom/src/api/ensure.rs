//! Writes that can be repeated: what is there is found first, or what became of a write that did not end.
//!
//! Cal.com knows no idempotency keys (recorded: 039). An event type is known by its slug, a schedule by its id or name, a seat by
//! event type, address and the registration in its metadata.

use super::account::Account;
use super::bookings::{Booking, NewBooking};
use super::error::{Error, Kind};
use super::event_types::{EventType, NewEventType};
use super::listing::{Listing, Which};
use super::retry::pause;
use super::schedules::{Schedule, ScheduleChange};
use crate::ids::{BookingUid, ScheduleId, SeatUid};

/// A seat that somebody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The booking it is in.
    pub booking: BookingUid,
    /// The seat.
    pub seat: SeatUid,
    /// Whether it was there already: by an earlier call, also one that was never answered.
    pub was_there: bool,
}

impl Account {
    /// Sees to it that there is such a schedule: the one with the remembered id, or else of the same name, is changed where it is
    /// otherwise; or one is made.
    pub async fn ensure_schedule(
        &self,
        remembered: Option<ScheduleId>,
        wanted: &ScheduleChange,
    ) -> Result<Schedule, Error> {
        let by_id = match remembered {
            Some(id) => found(self.schedule(id).await)?,
            None => None,
        };
        let known = match by_id {
            Some(known) => Some(known),
            None => self.schedule_by_name(&wanted.name).await?,
        };
        match known {
            Some(known) if wanted.is_met_by(&known) => Ok(known),
            Some(known) => self.change_schedule(known.id, wanted).await,
            None => match self.create_schedule(wanted).await {
                Err(error) if error.is_unsettled() => self.schedule_by_name(&wanted.name).await?.ok_or(error),
                settled => settled,
            },
        }
    }

    async fn schedule_by_name(&self, name: &str) -> Result<Option<Schedule>, Error> {
        let mut named: Vec<_> = self.schedules().await?.into_iter().filter(|it| it.name == name).collect();
        named.sort_by_key(|it| it.id);
        Ok(named.into_iter().next())
    }

    /// Sees to it that there is such an event type: the one with the same slug is made so, or one is made.
    pub async fn ensure_event_type(&self, username: &str, wanted: &NewEventType) -> Result<EventType, Error> {
        if let Some(known) = self.event_type_by_slug(username, &wanted.slug).await? {
            return self.replace_event_type(known.id, wanted).await;
        }
        match self.create_event_type(wanted).await {
            // Somebody else made it meanwhile, or this call did and was never answered.
            Err(error) if error.kind == Kind::SlugTaken || error.is_unsettled() => {
                match self.event_type_by_slug(username, &wanted.slug).await? {
                    Some(known) => self.replace_event_type(known.id, wanted).await,
                    None => Err(error),
                }
            }
            settled => settled,
        }
    }

    /// Sees to it that a registration has its seat, once. After a call that was not answered, or says that the address has a seat,
    /// it looks whose that seat is; when it finds none it books again, after a pause. That two seats come of it is for Cal.com to
    /// refuse, which tells people apart by their address.
    ///
    /// # Errors
    /// [`Kind::AlreadySignedUp`] when somebody else's seat, or one without our registration, has the address. All that
    /// [`Account::create_booking`] has.
    pub async fn book(&self, wanted: &NewBooking) -> Result<Seat, Error> {
        let mut tries = 1;
        loop {
            let error = match self.create_booking(wanted).await {
                Ok(booked) => {
                    return Ok(Seat { booking: booked.booking.uid, seat: booked.seat_uid, was_there: false });
                }
                Err(error) => error,
            };
            if error.kind != Kind::AlreadySignedUp && !error.is_unsettled() {
                return Err(error);
            }
            if let Some(seat) = self.find_seat(wanted).await? {
                return Ok(seat);
            }
            if error.kind == Kind::AlreadySignedUp || tries >= self.instance.limits.tries {
                return Err(error);
            }
            // What was never answered may be on its way yet, and would be in the way of the next.
            tokio::time::sleep(pause(self.instance.limits.pause, tries, self.instance.dice.roll())).await;
            tries += 1;
        }
    }

    /// The seat of this registration, if it is there.
    pub async fn find_seat(&self, wanted: &NewBooking) -> Result<Option<Seat>, Error> {
        let Some(registration) = wanted.registration() else { return Ok(None) };
        let attendee = Some(wanted.attendee.email.clone());
        let which = Some(Which::Upcoming);
        let listing =
            Listing { event_types: vec![wanted.event_type_id], attendee, which, ..Listing::default() };
        let bookings = self.bookings(&listing).await?;
        Ok(bookings.iter().find_map(|booking| seat_of(booking, registration)))
    }
}

fn seat_of(booking: &Booking, registration: &str) -> Option<Seat> {
    let attendee = booking.attendees.iter().find(|it| it.registration() == Some(registration))?;
    Some(Seat { booking: booking.uid.clone(), seat: attendee.seat_uid.clone()?, was_there: true })
}

/// Nothing for what is not there.
pub(crate) fn found<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind == Kind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
