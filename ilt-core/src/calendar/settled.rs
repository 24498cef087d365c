//! What became of making a calendar show a session: what was done, and what is somebody's to decide.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::guests::{Absence, Stranger};
use super::kept::Kept;
use crate::ids::{PersonId, RegistrationId};

/// What is done to a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Did {
    /// A day appears.
    Appeared,
    /// A day is another: time, title, place or seats.
    Changed,
    /// Somebody is booked.
    Booked,
    /// Somebody's seat goes to the day's time.
    Moved,
    /// Somebody's seat is given back.
    Released,
    /// A booking with everybody in it is called off.
    CalledOff,
    /// A booking is told of its place.
    Relocated,
    /// It is said who was absent.
    Marked,
    /// A day disappears.
    Removed,
    /// Somebody's own booking is given back, with the reason.
    TurnedAway,
    /// Somebody who booked by themselves is registered here.
    Adopted,
    /// It is heard from there who was absent.
    Heard,
}

impl Did {
    /// Everything that is done.
    pub const ALL: [Self; 12] = [
        Self::Appeared,
        Self::Changed,
        Self::Booked,
        Self::Moved,
        Self::Released,
        Self::CalledOff,
        Self::Relocated,
        Self::Marked,
        Self::Removed,
        Self::TurnedAway,
        Self::Adopted,
        Self::Heard,
    ];

    /// The word for it, in metrics and reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Appeared => "appeared",
            Self::Changed => "changed",
            Self::Booked => "booked",
            Self::Moved => "moved",
            Self::Released => "released",
            Self::CalledOff => "called-off",
            Self::Relocated => "relocated",
            Self::Marked => "marked",
            Self::Removed => "removed",
            Self::TurnedAway => "turned-away",
            Self::Adopted => "adopted",
            Self::Heard => "heard",
        }
    }
}

/// Something that was done, or would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Deed {
    /// What.
    pub did: Did,
    /// To which part, the first being 0.
    pub part: u16,
    /// To whose seat, when it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<RegistrationId>,
}

/// Why the calendar cannot be as it should.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Nobody who teaches it has a calendar that we may write to.
    NotLinked,
    /// Something of it is in the calendar of somebody whose key we have no more, and stays there.
    Unlinked,
    /// The calendar cannot say such a day: it crosses midnight, has more than a thousand seats, no place, and so on.
    CannotBeSaid(String),
    /// The learner has no name or mail address to be booked under.
    NoAddress,
    /// It has begun: nobody is booked any more.
    TooLate,
    /// Somebody has a seat there that we know nothing of, and that is nobody's to decide any more, or not yet.
    Strangers(u32),
    /// The calendar does not take it.
    Refused(String),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotLinked => f.write_str("nobody who teaches it has a linked calendar"),
            Self::Unlinked => {
                f.write_str("something of it is in a calendar that is linked no more, and stays there")
            }
            Self::CannotBeSaid(why) | Self::Refused(why) => f.write_str(why),
            Self::NoAddress => f.write_str("the learner has no name or no mail address"),
            Self::TooLate => f.write_str("it has begun, and nobody is booked any more"),
            Self::Strangers(1) => f.write_str("one has a seat there and none here"),
            Self::Strangers(count) => write!(f, "{count} have a seat there and none here"),
        }
    }
}

impl Why {
    /// Every word there is.
    pub const WORDS: [&'static str; 7] =
        ["not-linked", "unlinked", "cannot-be-said", "no-address", "too-late", "strangers", "refused"];

    /// The word for it, in metrics and reports.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::NotLinked => "not-linked",
            Self::Unlinked => "unlinked",
            Self::CannotBeSaid(_) => "cannot-be-said",
            Self::NoAddress => "no-address",
            Self::TooLate => "too-late",
            Self::Strangers(_) => "strangers",
            Self::Refused(_) => "refused",
        }
    }
}

/// Something that is otherwise there than here, and is somebody's to decide.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Difference {
    /// Why it is so.
    pub why: Why,
    /// Which part it is about, the first being 0; nothing for the whole session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<u16>,
    /// Whose seat, when it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<RegistrationId>,
}

/// What became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// What is to be remembered now.
    pub kept: Kept,
    /// What was done.
    pub done: Vec<Deed>,
    /// What differs all the same.
    pub differs: Vec<Difference>,
    /// Who booked there by themselves, and was left alone: it is to be decided.
    pub strangers: Vec<Stranger>,
    /// Who is called absent there, of which nobody has said anything here.
    pub absent: Vec<Absence>,
}

/// Why it could not be finished. What was done of it is found the next time. Nothing here names anybody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarTrouble {
    /// The calendar is away or sick: everything waits.
    #[error("the calendar is away: {said}")]
    Away {
        /// What happened.
        said: String,
    },
    /// It wants to be left alone by one instructor's key.
    #[error("the calendar wants to be left alone for {} seconds", .pause.as_secs())]
    Busy {
        /// Whose key.
        instructor: PersonId,
        /// How long.
        pause: Duration,
    },
    /// It does not take one instructor's key, or that cannot be opened.
    #[error("the key of instructor {instructor} does not open: {said}")]
    Key {
        /// Whose.
        instructor: PersonId,
        /// What happened.
        said: String,
    },
}
