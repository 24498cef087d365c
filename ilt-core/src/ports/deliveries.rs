//! What calendars tell of what happens there: kept as it came, and never believed further than that a session is to be looked at.

use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::ids::SessionId;
use crate::ports::StoreError;

/// A webhook as it came. Printing it shows nothing of what it says: there are names and addresses in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Which calendar it came from, by the name it has here.
    pub instance: String,
    /// The SHA-256 of what came, in hexadecimal: the same bytes from the same calendar are the same letter.
    pub digest: String,
    /// When it came.
    pub received_at: Timestamp,
    /// The calendar's word for what happened.
    pub trigger: String,
    /// The booking it happened to, when there is one.
    pub booking: Option<String>,
    /// What came, to the byte: JSON, so it is text and has no NUL in it.
    pub body: String,
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter")
            .field("instance", &self.instance)
            .field("digest", &self.digest)
            .field("received_at", &self.received_at)
            .field("trigger", &self.trigger)
            .finish_non_exhaustive()
    }
}

/// Which sessions a letter may be about, in the calendar's own names. What is none of ours concerns nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// The session, where it is named.
    pub session: Option<SessionId>,
    /// What was booked.
    pub event_type: Option<String>,
    /// The bookings: the one that it is now, and the one that was left.
    pub bookings: Vec<String>,
}

/// A letter, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What is kept.
    pub letter: Letter,
    /// What becomes due by it.
    pub about: About,
}

/// A letter with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedLetter {
    /// Its number, higher than that of any that was kept before.
    pub number: u64,
    /// The letter.
    pub letter: Letter,
}

/// What became of deliveries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Letters that are kept now.
    pub kept: u64,
    /// Letters that were here before.
    pub doubled: u64,
    /// Sessions that are to be looked at.
    pub due: u64,
}

/// Letters of calendars, numbered in the order in which they were kept. How far somebody has read them is a checkpoint like others
/// ([`crate::ports::Journal::checkpoint`]).
#[async_trait]
pub trait Deliveries: Send + Sync {
    /// Keeps those that are not kept yet, and makes due at `now` the sessions that these are about and that there are, in one
    /// transaction. One that was here before changes nothing. It can be repeated.
    async fn take_deliveries(&self, deliveries: &[Delivery], now: Timestamp) -> Result<Taken, StoreError>;

    /// The letters after a number, in their order, at most `limit`. None is kept later under a number that a reader has passed.
    async fn letters_after(&self, number: u64, limit: u32) -> Result<Vec<NumberedLetter>, StoreError>;

    /// The last number given, also when that letter is forgotten.
    async fn last_letter(&self) -> Result<u64, StoreError>;

    /// Forgets letters that came before an instant, at most `limit`. Answers how many.
    async fn forget_letters(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}
