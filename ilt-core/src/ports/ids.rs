//! Where new ids come from.

use uuid::Uuid;

/// Where new ids come from: UUIDs that were never given before, ascending within one process.
pub trait Ids: Send + Sync {
    /// A new one.
    fn next(&self) -> Uuid;
}
