//! What must happen at a time.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::desk::Timer;
use crate::ports::StoreError;

/// Timers that are due. They are set and cleared with the changes of a transaction, and claimed here.
#[async_trait]
pub trait Timers: Send + Sync {
    /// Claims timers that are due at `now`, earliest first, at most `limit`, until `leased_until`. Nobody else gets them
    /// before that; whoever does not clear them by then leaves them to be claimed again.
    async fn claim(
        &self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Timer>, StoreError>;

    /// Keeps timers that were claimed until `leased_until`, for as long again: until `longer`. What was set or cleared since is
    /// left as it is.
    async fn renew(
        &self,
        claimed: &[Timer],
        leased_until: Timestamp,
        longer: Timestamp,
    ) -> Result<(), StoreError>;

    /// When the next timer is due that nobody has claimed.
    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError>;
}
