//! Statements as they were told, to be sent word for word for ever.

use std::collections::BTreeMap;

use async_trait::async_trait;
use uuid::Uuid;

use crate::ports::StoreError;
use crate::statement::Told;

/// A statement with its place among all others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    /// Its number, in the order of the journal; of one that was mended, in that of mending.
    pub number: u64,
    /// The statement.
    pub told: Told,
}

/// The name under which telling keeps its checkpoint, the number of the last entry told of.
pub const TELLER: &str = "statements";

/// Where statements are kept. Each entry of the journal is told of once, whoever does it.
#[async_trait]
pub trait Statements: Send + Sync {
    /// What was told last of each of these subjects; nothing of one that was voided since.
    async fn last_told(&self, subjects: &[String]) -> Result<BTreeMap<String, Uuid>, StoreError>;

    /// Keeps what was told of the entries after number `from` up to `to`, and moves the checkpoint of [`TELLER`] with it.
    /// False, and nothing is kept, when that is not at `from` any more: somebody else has told of them.
    async fn keep_told(&self, from: u64, to: u64, told: &[Told]) -> Result<bool, StoreError>;

    /// The statements after number `after`, in order, at most `limit`.
    async fn told_after(&self, after: u64, limit: u32) -> Result<Vec<Numbered>, StoreError>;

    /// The statements that have one of these ids, in order.
    async fn told(&self, ids: &[Uuid]) -> Result<Vec<Numbered>, StoreError>;

    /// Statements that are not as their schema says, in order, at most `limit`.
    async fn faulty(&self, limit: u32) -> Result<Vec<Numbered>, StoreError>;

    /// Puts these in the place of the faulty statements that have their ids, after all others, so that they are sent. Where there
    /// is none, nothing happens: what was sound is word for word for ever.
    async fn mend(&self, told: &[Told]) -> Result<(), StoreError>;

    /// The last number given; 0 when nothing was told yet.
    async fn last_number(&self) -> Result<u64, StoreError>;
}
