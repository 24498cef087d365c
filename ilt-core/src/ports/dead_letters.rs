//! What could not be delivered, and why.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use crate::ports::StoreError;

/// A statement that somebody never takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Which statement.
    pub statement: Uuid,
    /// `invalid`, `conflict`, `too_large` or `server_error`; after a colon the words of whoever does not take it, where there are
    /// any, without anybody's name or address.
    pub reason: String,
    /// The status that was answered, when there was one.
    pub status: Option<u32>,
    /// When.
    pub at: Timestamp,
}

/// Dead letters by the follower that could not deliver them. What they say is kept as the statement.
#[async_trait]
pub trait DeadLetters: Send + Sync {
    /// Keeps these, and moves the follower's checkpoint on to `number`, in one transaction.
    async fn bury(&self, follower: &str, letters: &[DeadLetter], number: u64) -> Result<(), StoreError>;

    /// Forgets those of statements that were delivered after all; harmless when they are not there.
    async fn exhume(&self, follower: &str, statements: &[Uuid]) -> Result<(), StoreError>;

    /// Those of a follower, the earliest first, at most `limit`.
    async fn dead(&self, follower: &str, limit: u32) -> Result<Vec<DeadLetter>, StoreError>;
}
