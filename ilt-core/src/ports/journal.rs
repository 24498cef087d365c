//! Following the journal.

use async_trait::async_trait;

use crate::ids::RegistrationId;
use crate::journal::Entry;
use crate::ports::StoreError;

/// The journal, to be read in commit order.
#[async_trait]
pub trait Journal: Send + Sync {
    /// The entries after number `after`, in order, at most `limit`. An entry whose number is lower than one that was
    /// answered before never appears later.
    async fn after(&self, after: u64, limit: u32) -> Result<Vec<Entry>, StoreError>;

    /// The last number given; 0 when nothing has happened yet.
    async fn head(&self) -> Result<u64, StoreError>;

    /// What happened to one registration, in order.
    async fn of_registration(&self, registration: RegistrationId) -> Result<Vec<Entry>, StoreError>;

    /// How far a follower has come; 0 when it has not begun.
    async fn checkpoint(&self, follower: &str) -> Result<u64, StoreError>;

    /// Records how far a follower has come. It never goes back.
    async fn set_checkpoint(&self, follower: &str, sequence: u64) -> Result<(), StoreError>;
}
