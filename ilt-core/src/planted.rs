//! Known bugs, for the simulation to find: whoever looks for bugs must be seen to find some.
//!
//! They exist with the feature `planted` only, which nothing that is shipped has, and come up on threads that ask for one.

/// A bug that can be planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
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
    pub const ALL: [Self; 6] = [
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
            Self::CheckApartFromWrite => "a check of seats apart from the write that takes them",
            Self::PromotionWithoutGate => "promotion without its gate",
            Self::AnswerWorkedOutAnew => "an answer under a key that is worked out anew",
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
