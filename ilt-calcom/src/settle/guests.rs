//! How people are met who booked by themselves. Nothing here asks anybody.

use std::collections::BTreeSet;

use ilt_core::calendar::{Mirror, SeatAt, Stage, Turned};
use jiff::Timestamp;

use super::chairs::{Guest, Table};
use super::step::{Plan, Step};
use crate::mapping::Attendees;
use crate::personal::Personal;

/// Characters of a reason that are sent.
const LONGEST_REASON: usize = 500;
const AGAIN: &str = "You are registered for this session, and have another seat in this calendar already.";
const UNDER_AN_ALIAS: &str =
    "You are registered for this session: this calendar knows you by another address.";
const ELSEWHERE: &str = "The session has changed. You are registered for it, and have another booking now.";

/// Whether a day is to be seen where somebody booked it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It is.
    Here,
    /// It was, and is cleared away.
    NoMore,
}

/// What is known of people before they are met.
#[derive(Debug, Clone)]
pub struct Meeting<'a> {
    registered: BTreeSet<Personal>,
    again: &'static str,
    gone: Option<&'a str>,
    turned: &'a Turned,
}

/// How somebody is met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Met {
    /// The seat is given back, for this reason.
    TurnedAway(String),
    /// It is to be decided, and the seat is left alone.
    Asked,
    /// It has begun: the seat is left alone.
    TooLate,
}

impl<'a> Meeting<'a> {
    /// Of people who booked a session that is to be so, where learners are known as `attendees` says.
    pub fn of(mirror: &'a Mirror, attendees: &Attendees) -> Self {
        let gone = match &mirror.stage {
            Stage::Gone { reason } => Some(reason.as_str()),
            Stage::Open => None,
        };
        let again = match attendees {
            Attendees::Own => AGAIN,
            Attendees::Alias(_) => UNDER_AN_ALIAS,
        };
        let registered = mirror.seats.iter().map(|it| Personal::new(&*it.mail).as_address()).collect();
        Self { registered, again, gone, turned: &mirror.turned }
    }

    /// How one of them is met. Who is registered, and has no need of this seat, loses it; of all others it is decided elsewhere.
    pub fn meet(&self, guest: &Guest<'_>, seen: Seen, now: Timestamp) -> Met {
        let is_registered =
            guest.who.email.as_ref().is_some_and(|it| self.registered.contains(&it.as_address()));
        let reason = match (self.gone, seen) {
            _ if guest.booking.start <= now => return Met::TooLate,
            (Some(gone), _) => gone,
            (None, Seen::Here) if is_registered => self.again,
            (None, Seen::NoMore) if is_registered => ELSEWHERE,
            (None, _) => match self.turned.get(&guest.at()) {
                Some(reason) => reason,
                None => return Met::Asked,
            },
        };
        Met::TurnedAway(reason.chars().take(LONGEST_REASON).collect())
    }

    /// Meets all of a table: plans whose seats are given back, and notes of whom it is to be decided.
    pub fn at(&self, table: &Table<'_>, seen: Seen, now: Timestamp, plan: &mut Plan) {
        for guest in &table.guests {
            match self.meet(guest, seen, now) {
                Met::TurnedAway(reason) => plan.steps.push(Step::TurnAway {
                    booking: guest.booking.uid.clone(),
                    seat: guest.seat.clone(),
                    reason,
                }),
                Met::Asked => plan.strangers.push((guest.at(), guest.who.email.clone())),
                Met::TooLate => {}
            }
        }
    }
}

/// How many strangers stay at a table by this plan.
pub fn staying(table: &Table<'_>, plan: &Plan) -> u32 {
    let uid = &table.booking.uid;
    if plan.steps.iter().any(|step| matches!(step, Step::CallOff { booking } if booking == uid)) {
        return 0;
    }
    let leaves = |step: &&Step| matches!(step, Step::TurnAway { booking, .. } if booking == uid);
    let leaving = u32::try_from(plan.steps.iter().filter(leaves).count()).unwrap_or(u32::MAX);
    table.strangers().saturating_sub(leaving)
}

impl Guest<'_> {
    /// The seat.
    pub fn at(&self) -> SeatAt {
        SeatAt { booking: self.booking.uid.0.clone(), seat: self.seat.0.clone() }
    }
}
