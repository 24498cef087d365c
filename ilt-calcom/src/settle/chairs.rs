//! Who sits where: our seats among all that are there.

use std::collections::BTreeMap;

use ilt_core::calendar::SeatAt;
use ilt_core::ids::RegistrationId;
use jiff::Timestamp;

use super::there::There;
use crate::api::{Attendee, Booking};
use crate::ids::SeatUid;

/// One of our seats.
#[derive(Debug, Clone, Copy)]
pub struct Chair<'a> {
    /// Whose it is.
    pub registration: RegistrationId,
    /// The booking it is in.
    pub booking: &'a Booking,
    /// The seat.
    pub seat: &'a SeatUid,
    /// Who sits there.
    pub who: &'a Attendee,
}

/// A booking, with our seats in it and how many strangers'.
#[derive(Debug)]
pub struct Table<'a> {
    /// The booking.
    pub booking: &'a Booking,
    /// Our seats.
    pub chairs: Vec<Chair<'a>>,
    /// How many others.
    pub strangers: u32,
}

impl Table<'_> {
    /// Whether it is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.booking.end <= now
    }
}

/// Everybody who is there. `known` are the seats that are remembered of this day.
pub fn tables<'a>(there: &'a There, known: &BTreeMap<RegistrationId, SeatAt>) -> Vec<Table<'a>> {
    let remembered: BTreeMap<_, _> =
        known.iter().map(|(registration, at)| (at.seat.as_str(), *registration)).collect();
    let table = |booking: &'a Booking| {
        let chair = |who: &'a Attendee| {
            let seat = who.seat_uid.as_ref()?;
            let named = who.registration().and_then(|it| it.parse().ok());
            let registration = named.or_else(|| remembered.get(seat.as_str()).copied())?;
            Some(Chair { registration, booking, seat, who })
        };
        let chairs: Vec<_> = booking.attendees.iter().filter_map(chair).collect();
        let strangers = u32::try_from(booking.attendees.len() - chairs.len()).unwrap_or(u32::MAX);
        Table { booking, chairs, strangers }
    };
    there.bookings.iter().map(table).collect()
}
