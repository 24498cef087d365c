//! Keys of other systems, kept where every host of an installation looks.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::access::ApiKey;
use crate::ids::{KeyId, PersonId};
use crate::ports::{StoreError, TokenDigest};

/// Keys. One that ended, or whose time is over, is found no more.
#[async_trait]
pub trait ApiKeys: Send + Sync {
    /// Keeps a new one, unless its owner has `most` that are good already; whether it is kept.
    async fn keep_key(&self, key: &ApiKey, digest: &TokenDigest, most: usize) -> Result<bool, StoreError>;

    /// The key of which this is the digest.
    async fn api_key(&self, digest: &TokenDigest, now: Timestamp) -> Result<Option<ApiKey>, StoreError>;

    /// Notes that it was used.
    async fn key_used(&self, id: KeyId, at: Timestamp) -> Result<(), StoreError>;

    /// Somebody's that are good, the newest first.
    async fn api_keys(&self, owner: PersonId, now: Timestamp) -> Result<Vec<ApiKey>, StoreError>;

    /// Ends one of somebody's; how many there were.
    async fn end_key(&self, owner: PersonId, id: KeyId, at: Timestamp) -> Result<u64, StoreError>;
}
