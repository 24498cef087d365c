//! What nobody asks for: sessions that are over leave the catalogue, answers that nobody repeats any more are forgotten.

use std::sync::PoisonError;
use std::time::Duration;

use jiff::SignedDuration;

use super::{Engine, Trouble};

/// How often.
const EVERY: Duration = Duration::from_mins(1);
/// Answers forgotten in one transaction at most.
const AT_ONCE: u32 = 2_000;

/// Tidies up until the engine stops.
pub(super) async fn run(engine: Engine) {
    loop {
        tokio::select! {
            () = engine.stopping.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        if let Err(trouble) = turn(&engine).await {
            tracing::warn!(error = &trouble as &dyn std::error::Error, "old answers could not be forgotten");
        }
    }
}

/// Tidies up once.
pub async fn turn(engine: &Engine) -> Result<(), Trouble> {
    let now = engine.ports.clock.now();
    engine.catalogue.write().unwrap_or_else(PoisonError::into_inner).prune(now);
    let kept = SignedDuration::try_from(engine.settings.remember).unwrap_or(SignedDuration::MAX);
    let Ok(before) = now.checked_sub(kept) else { return Ok(()) };
    while engine.ports.store.forget_answers(before, AT_ONCE).await? == u64::from(AT_ONCE) {
        if engine.stopping.is_cancelled() {
            break;
        }
    }
    Ok(())
}
