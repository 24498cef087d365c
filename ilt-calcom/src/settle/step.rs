//! What is done, one step after the other.

use std::collections::BTreeMap;

use ilt_core::calendar::{Did, SeatAt, Why};
use ilt_core::ids::RegistrationId;

use crate::api::Mark;
use crate::ids::{BookingUid, EventTypeId, ScheduleId, SeatUid};
use crate::personal::Personal;

/// One thing to do at one instructor's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Schedule and event type are made, or found.
    Appear,
    /// The schedule is gone: another is made, and the event type uses it.
    Reschedule,
    /// The event type is made so; and the schedule after it, so that of both it is the schedule that tells whether it is done.
    Change {
        /// Which event type.
        event_type: EventTypeId,
        /// The schedule it uses.
        schedule: ScheduleId,
        /// Seats that it is to have.
        seats: u32,
        /// Whether the schedule is another as well.
        times: bool,
    },
    /// A booking is called off with all its seats, which are ours.
    CallOff {
        /// Which.
        booking: BookingUid,
    },
    /// One seat is given back.
    Release {
        /// The booking it is in.
        booking: BookingUid,
        /// The seat.
        seat: SeatUid,
        /// Whose it is.
        registration: RegistrationId,
    },
    /// A stranger's seat is given back.
    TurnAway {
        /// The booking it is in.
        booking: BookingUid,
        /// The seat.
        seat: SeatUid,
        /// What its owner is told.
        reason: String,
    },
    /// One seat goes to the day's start.
    Move {
        /// The booking it is in.
        booking: BookingUid,
        /// The seat.
        seat: SeatUid,
        /// Whose it is.
        registration: RegistrationId,
    },
    /// A registration gets its seat.
    Book {
        /// Whose.
        registration: RegistrationId,
    },
    /// A booking is told of the day's place.
    Relocate {
        /// Which.
        booking: BookingUid,
    },
    /// It is said who was absent, and who was not.
    Mark {
        /// In which booking.
        booking: BookingUid,
        /// Who.
        marks: Vec<Mark>,
    },
    /// Event type and schedule are removed.
    Remove {
        /// The event type, when it is there.
        event_type: Option<EventTypeId>,
        /// Its schedule, when it is known.
        schedule: Option<ScheduleId>,
    },
}

impl Step {
    /// What it comes to, and for whom.
    pub const fn deed(&self) -> (Did, Option<RegistrationId>) {
        match self {
            Self::Appear => (Did::Appeared, None),
            Self::Reschedule | Self::Change { .. } => (Did::Changed, None),
            Self::CallOff { .. } => (Did::CalledOff, None),
            Self::Release { registration, .. } => (Did::Released, Some(*registration)),
            Self::TurnAway { .. } => (Did::TurnedAway, None),
            Self::Move { registration, .. } => (Did::Moved, Some(*registration)),
            Self::Book { registration } => (Did::Booked, Some(*registration)),
            Self::Relocate { .. } => (Did::Relocated, None),
            Self::Mark { .. } => (Did::Marked, None),
            Self::Remove { .. } => (Did::Removed, None),
        }
    }
}

/// What is to be done, and what is known before it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What to do, in order.
    pub steps: Vec<Step>,
    /// Whether what is there shows itself only after these steps, so that it is read and compared once more.
    pub look_again: bool,
    /// Seats that stay where they are.
    pub seats: BTreeMap<RegistrationId, (BookingUid, SeatUid)>,
    /// Strangers of whom it is to be decided, with their addresses.
    pub strangers: Vec<(SeatAt, Option<Personal>)>,
    /// Whose absence is said there only.
    pub absent: Vec<RegistrationId>,
    /// What cannot be made the same.
    pub differs: Vec<(Why, Option<RegistrationId>)>,
    /// Whether something is left there afterwards that is to be remembered.
    pub leaves: bool,
}
