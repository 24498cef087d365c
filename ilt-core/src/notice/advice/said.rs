//! Advice as somebody gave it, and what becomes of it.

use jiff::Timestamp;

use crate::ids::PersonId;
use crate::notice::advice::{Pace, ToldAs};
use crate::opinion::Speaker;

/// What somebody would change of who is told, and when. Notices are positions in [`Telling::notices`](crate::notice::advice::Telling::notices).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nobody is told.
    Mute(usize),
    /// With everything else of the day.
    ToDigest(usize),
    /// As soon as the clock of whoever is told shows so many minutes after midnight.
    AtMinute(usize, u32),
    /// Somebody of the learner's dealer is told as well.
    Add(ToldAs, Pace),
}

/// A change as somebody advised it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// Who says so.
    pub by: Speaker,
    /// What.
    pub change: Change,
    /// Why.
    pub reason: String,
}

/// When somebody is told in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// As soon as it happened, whatever the hour.
    Urgent,
    /// As soon as it happened.
    AtOnce,
    /// From this instant on.
    From(Timestamp),
    /// With everything else of the day.
    Digest,
    /// Not at all.
    Never,
}

impl From<Pace> for When {
    fn from(pace: Pace) -> Self {
        match pace {
            Pace::Urgent => Self::Urgent,
            Pace::AtOnce => Self::AtOnce,
            Pace::Digest => Self::Digest,
        }
    }
}

/// Advice that counts, as it is shown and recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advised {
    /// Whose.
    pub by: Speaker,
    /// Why.
    pub reason: String,
}

/// When one person is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Who.
    pub person: PersonId,
    /// As what.
    pub told_as: ToldAs,
    /// When.
    pub when: When,
    /// Who had it changed; nobody when it is as it was planned.
    pub advised: Option<Advised>,
}
