//! Taking records from Kafka, each until it is settled.
//!
//! # Flow
//! A [`Consumer`] shares the partitions of its topics with others of its group → hands each partition's records to a worker of
//! its own (`worker`) → which has a [`Handler`] settle them batch by batch, in their order, fewer at once while that fails →
//! buries what is never settled in the topic's dead letters (`graves`) → and only then says how far it is. Whoever looks on
//! hears how all of it stands (`outlook`): the partitions, and the way to Kafka (`way`).
//!
//! # Invariants
//! * A record counts as taken once its effect is saved, or it is among the dead letters. A death in between repeats records,
//!   and loses none: a handler does the same thing twice without harm.
//! * Records of one partition are settled in their order. One that cannot be settled just now holds up its own partition, which
//!   is paused and tried again later and later; the other partitions flow on, and do not hide it.
//! * What waits in memory is bounded, for each partition, in bytes.
//!
//! # Not here
//! What records mean, and what becomes of them: whoever brings the handler knows.

mod consumer;
mod graves;
mod member;
mod outlook;
mod record;
mod way;
mod worker;

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

pub use consumer::{Consumer, Subscription};
pub(crate) use graves::MARK;
pub use record::Record;

/// Why a record is never settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It says something that is wrong.
    Invalid,
    /// Something else is known under its id.
    Conflict,
    /// It is too large for whoever was to take it.
    TooLarge,
    /// Whoever was to take it fails at it, and at nothing else.
    ServerError,
    /// It cannot be read at all.
    Undecodable,
    /// It is so old that nobody knows any more whether it was settled before.
    Stale,
}

impl Reason {
    /// The word in the header `dlq.reason`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Conflict => "conflict",
            Self::TooLarge => "too_large",
            Self::ServerError => "server_error",
            Self::Undecodable => "undecodable",
            Self::Stale => "stale",
        }
    }
}

/// A record that is never settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poison {
    /// Why.
    pub reason: Reason,
    /// The HTTP status that was answered, when there was one.
    pub status: Option<u16>,
    /// The same in words, without names, mail addresses or values.
    pub said: String,
}

impl Poison {
    /// A record that is never settled, for a reason in words.
    pub fn new(reason: Reason, said: impl Into<String>) -> Self {
        Self { reason, status: None, said: said.into() }
    }
}

/// Nothing can be settled just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// Why, without names, mail addresses or values.
    pub said: String,
    /// How long whoever refused wants to be left alone.
    pub leave_alone: Option<Duration>,
    /// Whether more at once could tell whose fault it is; fewer are tried next otherwise.
    pub wants_more: bool,
}

impl Wait {
    /// For this reason, and nothing else is known.
    pub fn because(said: impl Into<String>) -> Self {
        Self { said: said.into(), leave_alone: None, wants_more: false }
    }
}

/// What becomes of records.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Settles records of one partition, in their order, and answers which of them (by their place) never will be. It may be
    /// given records again that it has settled, and settles them as if it had not.
    ///
    /// # Errors
    /// [`Wait`] when it is not settled what becomes of them all; they are given again after a while.
    async fn settle(&self, records: &[Record]) -> Result<Vec<(usize, Poison)>, Wait>;
}

/// Who looks on.
pub trait Watch: Send + Sync + 'static {
    /// So many records were settled, of which so many are dead letters now.
    fn settled(&self, records: u64, dead: u64);

    /// Something is in the way; told each time that it is met.
    fn waits(&self, said: &str);

    /// Nothing is in the way any more, in none of this consumer's partitions; told once.
    fn flows(&self);

    /// So many records are left in this consumer's partitions, and the oldest that it has taken and not settled came to Kafka
    /// then. Told about once a second.
    fn behind(&self, records: u64, oldest: Option<Timestamp>);
}
