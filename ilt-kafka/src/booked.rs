//! What another system tells of bookings, as it is passed on.

use jiff::Timestamp;

/// What happened to a booking; each has a topic of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Booked {
    /// Somebody has a seat.
    Created,
    /// Somebody has one no more.
    Cancelled,
    /// Somebody's is at another time.
    Rescheduled,
}

impl Booked {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Created, Self::Cancelled, Self::Rescheduled];

    /// The word for it, in settings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Created => "booking-created",
            Self::Cancelled => "booking-cancelled",
            Self::Rescheduled => "booking-rescheduled",
        }
    }

    /// The one of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }

    /// What its events are called, and its topic where nothing else is said.
    pub const fn event_type(self) -> &'static str {
        match self {
            Self::Created => "cal.booking.created",
            Self::Cancelled => "cal.booking.cancelled",
            Self::Rescheduled => "cal.booking.rescheduled",
        }
    }

    /// What a calendar's word for something says; nothing when that is no such thing.
    pub fn told_by(trigger: &str) -> Option<Self> {
        match trigger {
            "BOOKING_CREATED" => Some(Self::Created),
            "BOOKING_CANCELLED" => Some(Self::Cancelled),
            "BOOKING_RESCHEDULED" => Some(Self::Rescheduled),
            _ => None,
        }
    }
}

/// What was told, to be passed on as it is.
#[derive(Clone, Copy)]
pub struct Parcel<'a> {
    /// What happened.
    pub booked: Booked,
    /// To which booking.
    pub booking: &'a str,
    /// Which calendar told of it.
    pub instance: &'a str,
    /// The SHA-256 of what it told: the same when this comes twice.
    pub digest: &'a str,
    /// When.
    pub at: Timestamp,
    /// What it told, to the byte.
    pub body: &'a str,
}
