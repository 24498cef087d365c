//! Telling somebody how calls go, without knowing who counts them.

use super::error::{Error, Kind};
use super::version::Family;

/// What became of a request, as far as it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A yes.
    Yes,
    /// A no: what was asked for cannot be had so.
    No,
    /// The key is to be left alone for a while.
    Busy,
    /// Cal.com failed, or what answers there is none.
    Failed,
    /// Nobody answered.
    Silent,
}

impl Outcome {
    /// The word for it, in metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Busy => "busy",
            Self::Failed => "failed",
            Self::Silent => "silent",
        }
    }

    pub(super) const fn of(error: &Error) -> Self {
        match error.kind {
            Kind::Throttled { .. } => Self::Busy,
            Kind::Away | Kind::Silent | Kind::Broken => Self::Silent,
            Kind::Server | Kind::Gateway | Kind::NotCalcom | Kind::TooLong | Kind::Unreadable { .. } => {
                Self::Failed
            }
            Kind::Gone
            | Kind::NoSuchCall(_)
            | Kind::NoKey
            | Kind::BadKey
            | Kind::KeyExpired
            | Kind::NotAllowed
            | Kind::NotFound
            | Kind::AlreadySignedUp
            | Kind::Full
            | Kind::ColdSlot
            | Kind::NotBookable
            | Kind::Past
            | Kind::NotStarted
            | Kind::Ended
            | Kind::AlreadyCancelled
            | Kind::NoSuchSeat
            | Kind::SeatWanted
            | Kind::ReasonWanted
            | Kind::SlugTaken
            | Kind::AddressTaken
            | Kind::SeatsMisfit
            | Kind::Conflict
            | Kind::Invalid { .. }
            | Kind::Endless { .. } => Self::No,
        }
    }
}

/// Whoever wants to know how calls go.
pub trait Watcher: Send + Sync {
    /// A request came to its end, each try for itself, also one that was not sent since its key is to be left alone. `left` is what
    /// the key that has the fewest requests left has until its window ends; nothing when no window is running.
    fn answered(&self, family: Family, outcome: Outcome, left: Option<u32>);
}

/// Nobody wants to know.
pub(super) struct Nobody;

impl Watcher for Nobody {
    fn answered(&self, _: Family, _: Outcome, _: Option<u32>) {}
}
