//! Letters are kept for a while, since there are people in them.

use std::sync::Arc;
use std::time::Duration;

use ilt_core::ports::{Clock, Deliveries, StoreError};
use jiff::SignedDuration;

/// How long they are kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How often it is looked for older ones.
const EVERY: Duration = Duration::from_mins(15);
/// Letters forgotten in one transaction at most.
const AT_ONCE: u32 = 1_000;

/// Forgets letters that are old, now and then, for as long as it is let. Whether letters are taken any more does not matter to it.
pub async fn forget_letters(deliveries: Arc<dyn Deliveries>, clock: Arc<dyn Clock>) {
    loop {
        tokio::time::sleep(EVERY).await;
        if let Err(error) = turn(&*deliveries, &*clock).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "old webhooks could not be forgotten");
        }
    }
}

pub(super) async fn turn(deliveries: &dyn Deliveries, clock: &dyn Clock) -> Result<(), StoreError> {
    let Ok(before) = clock.now().checked_sub(KEPT) else { return Ok(()) };
    while deliveries.forget_letters(before, AT_ONCE).await? == u64::from(AT_ONCE) {}
    Ok(())
}
