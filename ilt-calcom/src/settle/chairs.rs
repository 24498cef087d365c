//! Who sits where: our seats among all that are there.

use std::collections::{BTreeMap, BTreeSet};

use ilt_core::calendar::{Phase, SeatAt};
use ilt_core::ids::RegistrationId;
use jiff::Timestamp;

use super::there::There;
use super::wanted::{Wanted, WantedSeat};
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

/// A seat of somebody who booked by themselves.
#[derive(Debug, Clone, Copy)]
pub struct Guest<'a> {
    /// The booking it is in.
    pub booking: &'a Booking,
    /// The seat.
    pub seat: &'a SeatUid,
    /// Who sits there.
    pub who: &'a Attendee,
}

/// A booking, with our seats in it and strangers'.
#[derive(Debug)]
pub struct Table<'a> {
    /// The booking.
    pub booking: &'a Booking,
    /// Our seats.
    pub chairs: Vec<Chair<'a>>,
    /// Strangers'.
    pub guests: Vec<Guest<'a>>,
    /// How many were added without a seat, which cannot be given back.
    pub seatless: u32,
}

impl Table<'_> {
    /// Whether it is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.booking.end <= now
    }

    /// How many are there by themselves.
    pub fn strangers(&self) -> u32 {
        u32::try_from(self.guests.len()).unwrap_or(u32::MAX).saturating_add(self.seatless)
    }
}

/// Everybody who is there. `known` are the seats that are remembered of this day; a seat that is somebody's who is to have one, by its
/// very address, is theirs.
pub fn tables<'a>(
    there: &'a There,
    known: &BTreeMap<RegistrationId, SeatAt>,
    wanted: Option<&Wanted>,
    now: Timestamp,
) -> Vec<Table<'a>> {
    let remembered: BTreeMap<_, _> =
        known.iter().map(|(registration, at)| (at.seat.as_str(), *registration)).collect();
    let table = |booking: &'a Booking| {
        let (mut chairs, mut guests, mut seatless) = (Vec::new(), Vec::new(), 0);
        for who in &booking.attendees {
            let Some(seat) = &who.seat_uid else {
                seatless += 1;
                continue;
            };
            let named = who.registration().and_then(|it| it.parse().ok());
            match named.or_else(|| remembered.get(seat.as_str()).copied()) {
                Some(registration) => chairs.push(Chair { registration, booking, seat, who }),
                None => guests.push(Guest { booking, seat, who }),
            }
        }
        Table { booking, chairs, guests, seatless }
    };
    let mut tables: Vec<_> = there.bookings.iter().map(table).collect();
    if let Some(wanted) = wanted {
        claim(&mut tables, wanted, now);
    }
    tables
}

/// Gives those who are to have a seat, and have none, the one that they booked themselves; at the day's own time first.
fn claim(tables: &mut [Table<'_>], wanted: &Wanted, now: Timestamp) {
    let seats: BTreeMap<_, _> = wanted.seats.iter().map(|it| (it.registration, it)).collect();
    let counts = |it: &Table<'_>| wanted.phase != Phase::ToCome || !it.is_over(now);
    let is_right = |it: &&Chair<'_>| seats.get(&it.registration).is_some_and(|seat| is_of(seat, it.who));
    let chairs = tables.iter().filter(|it| counts(it)).flat_map(|it| &it.chairs).filter(is_right);
    let mut seated: BTreeSet<_> = chairs.map(|it| it.registration).collect();
    let mut tables: Vec<_> = tables.iter_mut().filter(|it| counts(it)).collect();
    tables.sort_by_key(|it| it.booking.start != wanted.plan.start);
    for table in tables {
        for guest in std::mem::take(&mut table.guests) {
            let is_theirs = |it: &&WantedSeat| !seated.contains(&it.registration) && is_of(it, guest.who);
            let Some(seat) = wanted.seats.iter().find(is_theirs) else {
                table.guests.push(guest);
                continue;
            };
            seated.insert(seat.registration);
            let Guest { booking, seat: uid, who } = guest;
            table.chairs.push(Chair { registration: seat.registration, booking, seat: uid, who });
        }
    }
}

/// Whether somebody sits there under the address that the seat is to have.
fn is_of(seat: &WantedSeat, who: &Attendee) -> bool {
    let (Ok(booking), Some(address)) = (&seat.booking, &who.email) else { return false };
    address.as_address() == booking.attendee.email
}
