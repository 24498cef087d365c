//! What a webhook tells, as far as it is certain.

use jiff::Timestamp;

use crate::ids::{AttendeeId, BookingUid, EventTypeId, SeatUid};
use crate::personal::Personal;

/// What happened over there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Somebody has a seat (`BOOKING_CREATED`, one for each seat).
    Created(Created),
    /// Somebody has a seat no more, or nobody has (`BOOKING_CANCELLED`).
    Cancelled(Cancelled),
    /// Somebody has a seat at another time (`BOOKING_RESCHEDULED`).
    Rescheduled(Rescheduled),
    /// Somebody was marked absent, or not absent after all (`BOOKING_NO_SHOW_UPDATED`).
    NoShow(NoShow),
    /// Something else, which means nothing to seats.
    Other(Trigger),
}

impl Event {
    /// Cal.com's word for it.
    pub fn trigger(&self) -> &str {
        match self {
            Self::Created(_) => "BOOKING_CREATED",
            Self::Cancelled(_) => "BOOKING_CANCELLED",
            Self::Rescheduled(_) => "BOOKING_RESCHEDULED",
            Self::NoShow(_) => "BOOKING_NO_SHOW_UPDATED",
            Self::Other(trigger) => trigger.word(),
        }
    }
}

/// Cal.com's word for something: capital letters, digits and underscores, and no more of them than such words have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Trigger(pub(super) String);

impl Trigger {
    /// What is told of, when these are what a webhook is registered for.
    pub const WANTED: [&'static str; 4] =
        ["BOOKING_CREATED", "BOOKING_CANCELLED", "BOOKING_RESCHEDULED", "BOOKING_NO_SHOW_UPDATED"];
    /// Characters of the longest word that is taken.
    const LONGEST: usize = 64;

    /// The word, when it is one.
    pub(super) fn new(text: &str) -> Option<Self> {
        let is_plain = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_';
        (!text.is_empty() && text.len() <= Self::LONGEST && text.chars().all(is_plain))
            .then(|| Self(text.to_owned()))
    }

    /// The word itself.
    pub fn word(&self) -> &str {
        &self.0
    }
}

/// A seat that was booked (recorded: webhooks 001, 002).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// The booking.
    pub booking: BookingUid,
    /// The seat. Images from before May 2024 do not say it of the second and later ones, and bookings without seats have none.
    pub seat: Option<SeatUid>,
    /// What was booked.
    pub event_type: Option<EventTypeId>,
    /// What is found under this slug.
    pub slug: Option<String>,
    /// When it starts.
    pub start: Timestamp,
    /// Who has it.
    pub address: Personal,
    /// Whose registration it is; nothing for seats that others booked. It comes before the call that booked the seat is answered.
    pub registration: Option<String>,
}

/// Who is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// One, and the booking is alive (recorded: webhook 003). It is not said which seat it was.
    One {
        /// The attendee's number.
        attendee: AttendeeId,
        /// The attendee's address.
        address: Personal,
    },
    /// Everybody: the booking was cancelled (recorded: webhook 018), or its last seat was (recorded: webhook 020). They are named here
    /// only: they are not in the booking any more.
    All(Vec<Personal>),
}

/// Seats that were given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    /// The booking.
    pub booking: BookingUid,
    /// What was booked.
    pub event_type: Option<EventTypeId>,
    /// What is found under this slug.
    pub slug: Option<String>,
    /// When it would start.
    pub start: Timestamp,
    /// Who is gone.
    pub who: Who,
}

/// A seat that was moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rescheduled {
    /// The booking it is in now.
    pub booking: BookingUid,
    /// The seat it is now. When nobody had booked that time before it is another one than before (recorded: webhook 006), and which
    /// it was before is not said.
    pub seat: Option<SeatUid>,
    /// The booking it left. No cancellation follows when it was the last seat of it.
    pub from: Option<BookingUid>,
    /// What was booked.
    pub event_type: Option<EventTypeId>,
    /// What is found under this slug.
    pub slug: Option<String>,
    /// When it starts now.
    pub start: Timestamp,
    /// Who has it.
    pub address: Personal,
    /// Whose registration it is.
    pub registration: Option<String>,
}

/// Who was marked absent (`true`) or not absent after all; nobody, when the address was in no seat (recorded: webhook 017).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoShow {
    /// The booking.
    pub booking: BookingUid,
    /// Who, and whether absent.
    pub marks: Vec<(Personal, bool)>,
}
