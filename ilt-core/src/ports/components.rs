//! What was uploaded for plugins, and what was done to them.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::PluginId;
use crate::journal::{Actor, Entry};
use crate::opinion::Speaker;
use crate::ports::StoreError;

/// What a component says that it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// Its name, its version, and the digest of its bytes.
    #[serde(flatten)]
    pub by: Speaker,
    /// What it does, in a sentence.
    pub summary: String,
    /// A JSON Schema of its settings.
    pub settings: String,
}

/// Something that was uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// What it says that it is.
    pub description: Description,
    /// When it was uploaded first.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// What was uploaded.
    pub bytes: Vec<u8>,
}

/// Components by their digests. They are kept beside the journal: what they are never changes, and nothing is decided on them.
#[async_trait]
pub trait Components: Send + Sync {
    /// Keeps what was uploaded; harmless when it is kept already.
    async fn keep(&self, component: &Component) -> Result<(), StoreError>;

    /// What was uploaded.
    async fn component(&self, digest: &str) -> Result<Option<Component>, StoreError>;

    /// What it says that it is.
    async fn description(&self, digest: &str) -> Result<Option<Description>, StoreError>;

    /// What was done to a plugin, the latest first, at most `limit`.
    async fn history(&self, plugin: PluginId, limit: u32) -> Result<Vec<Entry>, StoreError>;

    /// Forgets what was uploaded before an instant and is an edition of no plugin, at most `limit`; answers how many.
    async fn forget_unused(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}
