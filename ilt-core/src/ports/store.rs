//! One transaction: load, save, commit.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::desk::{Ask, Changes};
use crate::fault::{Fault, Kind};
use crate::ids::SessionId;
use crate::world::World;

/// What went wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another transaction was in the way; the same work may succeed when it is done again.
    #[error("another transaction was in the way")]
    Conflict(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database cannot be reached, or has no connection to spare.
    #[error("the database cannot be reached")]
    Away(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What was to be saved belongs to a session that this transaction has not locked: a fault of ours, and nothing is saved.
    #[error("session {0} was not locked by whoever would change it")]
    NotHeld(SessionId),
    /// The seats that a session says are taken are not those that its people have: nothing is saved.
    #[error("the seats of a session would differ from its people")]
    Differs(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A row is not what this program wrote.
    #[error("the database holds a row that makes no sense: {0}")]
    Corrupt(String),
    /// Anything else.
    #[error("the database failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Fault for StoreError {
    fn kind(&self) -> Kind {
        match self {
            Self::Conflict(_) | Self::Away(_) => Kind::Busy,
            Self::NotHeld(_) | Self::Differs(_) | Self::Corrupt(_) | Self::Failed(_) => Kind::Broken,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Conflict(_) | Self::Away(_) => "busy",
            Self::NotHeld(_) | Self::Differs(_) | Self::Corrupt(_) | Self::Failed(_) => "broken",
        }
    }
}

/// Where the state and the journal are kept.
#[async_trait]
pub trait Store: Send + Sync {
    /// Begins a transaction that may write. On an embedded database there is one at a time, and this waits for it.
    async fn begin(&self) -> Result<Box<dyn Work>, StoreError>;

    /// As [`Store::begin`], after whoever began so for the same session has ended, whichever host that is. It saves work where
    /// several hosts want one session, and nothing rests on it: what is decided on is locked when it is loaded, as ever.
    async fn begin_in_turn(&self, session: SessionId) -> Result<Box<dyn Work>, StoreError> {
        let _all_at_once = session;
        self.begin().await
    }

    /// Forgets answers to requests that were given before an instant, at most `limit`; answers how many.
    async fn forget_answers(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}

/// One transaction. Dropping it rolls it back.
#[async_trait]
pub trait Work: Send {
    /// Locks and loads what `ask` says. Locks are taken in one fixed order, sessions by id, then people by id, and held to
    /// the end. Asking again in the same transaction, with deeper queues, answers afresh.
    ///
    /// What is not there is absent from the answer; that is not an error.
    async fn load(&mut self, ask: &Ask) -> Result<World, StoreError>;

    /// When the last entry of the journal happened; with `hold`, nobody else adds an entry before this transaction has ended.
    /// To be asked once everything is loaded: the lock on the journal is the last one that a transaction takes.
    async fn journal_time(&mut self, hold: bool) -> Result<Option<Timestamp>, StoreError>;

    /// Saves the changes, numbers their entries, and answers the last number given (the journal's last when there was no
    /// entry). Nobody else sees any of it before the commit.
    ///
    /// # Errors
    /// [`StoreError::NotHeld`] when they touch a session that was neither loaded to be decided on nor is new;
    /// [`StoreError::Conflict`] when somebody else has written what they rest on, or has meanwhile recorded something that happened
    /// later (see [`crate::journal::follows`]): the work must be done again.
    async fn save(&mut self, changes: &Changes) -> Result<u64, StoreError>;

    /// Makes it last. When this answers an error, it may have lasted all the same: only a repeated request can tell.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}
