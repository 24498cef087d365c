//! Sign-ins that have ended are kept for a while, for whoever asks who was here, and then forgotten.

use std::sync::Arc;
use std::time::Duration;

use ilt_core::ports::{Clock, SignIns};
use jiff::SignedDuration;

/// How long they are kept once they have ended.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How often it is looked for older ones.
const EVERY: Duration = Duration::from_hours(1);

/// Forgets old ones, now and then, for as long as it is let.
pub async fn forget_sign_ins(sign_ins: Arc<dyn SignIns>, clock: Arc<dyn Clock>) {
    loop {
        tokio::time::sleep(EVERY).await;
        let Ok(before) = clock.now().checked_sub(KEPT) else { continue };
        if let Err(error) = sign_ins.forget_sign_ins(before).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "old sign-ins could not be forgotten");
        }
    }
}
