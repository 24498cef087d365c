//! Known bugs, for the simulation to find: whoever looks for bugs must be seen to find some.
//!
//! They exist with the feature `planted` only, which nothing that is shipped has, and come up on threads that ask for one.

/// A bug that can be planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// The seats of a session that was only looked at are written, and neither the store nor the database minds.
    SeatsOfUnlockedWritten,
    /// The same, in a store and a database that do.
    SeatsOfUnlockedSent,
    /// A decision that needs a queue is not given it, and there is no limit to how often it asks.
    OfferWithoutQueue,
    /// Seats that come free are given to the queue by a timer, and not by the order that freed them.
    PromotionLeftToTimer,
    /// Only those who register are asked whether anything keeps them from a seat.
    GateOnRegisterOnly,
    /// Nothing is taken back from those who leave.
    LeaversStay,
    /// Seats are checked in one transaction and taken in another.
    CheckApartFromWrite,
    /// A place in the queue leads to a seat whatever is in the way.
    PromotionWithoutGate,
    /// An answer under a key is worked out anew when it is asked for again.
    AnswerWorkedOutAnew,
    /// A follower writes down how far it came before it has done it.
    CheckpointBeforeEffect,
    /// A reader of the journal goes on from the head it saw last, and not from the last entry it read.
    ReaderSkipsLateCommits,
    /// Every other transaction locks sessions from the last to the first.
    LockOrderReversed,
}

impl Bug {
    /// Every bug there is.
    pub const ALL: [Self; 12] = [
        Self::SeatsOfUnlockedWritten,
        Self::SeatsOfUnlockedSent,
        Self::OfferWithoutQueue,
        Self::PromotionLeftToTimer,
        Self::GateOnRegisterOnly,
        Self::LeaversStay,
        Self::CheckApartFromWrite,
        Self::PromotionWithoutGate,
        Self::AnswerWorkedOutAnew,
        Self::CheckpointBeforeEffect,
        Self::ReaderSkipsLateCommits,
        Self::LockOrderReversed,
    ];

    /// What is wrong, in words.
    pub const fn says(self) -> &'static str {
        match self {
            Self::SeatsOfUnlockedWritten => "A.1 seats of a session that is not locked are written",
            Self::SeatsOfUnlockedSent => "A.1 the same, where the store refuses it",
            Self::OfferWithoutQueue => "A.2 a decision that asks for its queue for ever",
            Self::PromotionLeftToTimer => "A.3 promotion left to a timer",
            Self::GateOnRegisterOnly => "A.4 a gate that only registering passes",
            Self::LeaversStay => "A.5 whoever leaves stays registered",
            Self::CheckApartFromWrite => "a check of seats apart from the write that takes them",
            Self::PromotionWithoutGate => "promotion without its gate",
            Self::AnswerWorkedOutAnew => "A.6 an answer under a key that is worked out anew",
            Self::CheckpointBeforeEffect => "a checkpoint before its effect",
            Self::ReaderSkipsLateCommits => "a journal reader that skips late commits",
            Self::LockOrderReversed => "lock order reversed",
        }
    }
}

#[cfg(feature = "planted")]
thread_local! {
    static PLANTED: std::cell::Cell<Option<Bug>> = const { std::cell::Cell::new(None) };
}

/// Whether this bug is planted on this thread.
#[cfg(feature = "planted")]
pub fn is(bug: Bug) -> bool {
    PLANTED.get() == Some(bug)
}

/// Whether this bug is planted: never, without the feature.
#[cfg(not(feature = "planted"))]
pub const fn is(_: Bug) -> bool {
    false
}

/// Plants a bug on this thread, or takes it out again.
#[cfg(feature = "planted")]
pub fn plant(bug: Option<Bug>) {
    PLANTED.set(bug);
}

/// Whether a bug is planted that the store and the database would refuse to write, so that it is seen what it would do to seats.
pub fn is_unguarded() -> bool {
    is(Bug::SeatsOfUnlockedWritten) || is(Bug::CheckApartFromWrite)
}

/// Whether a bug is planted that writes the seats of sessions that are only looked at.
pub fn writes_unlocked() -> bool {
    is(Bug::SeatsOfUnlockedWritten) || is(Bug::SeatsOfUnlockedSent)
}
