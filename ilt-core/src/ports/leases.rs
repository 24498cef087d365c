//! Who does what only one of several hosts may do at a time.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use crate::ports::StoreError;

/// Leases by name. Hosts agree on who holds one when their clocks differ by less than a holder leaves of its time.
#[async_trait]
pub trait Leases: Send + Sync {
    /// Takes the lease `name` for `holder` until an instant, or renews it. False when another holds it at `now`.
    async fn hold(
        &self,
        name: &str,
        holder: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Gives the lease back, so that another need not wait for its end. Harmless for whoever does not hold it.
    async fn let_go(&self, name: &str, holder: Uuid) -> Result<(), StoreError>;
}
