//! What nobody asks for: sessions that are over leave the catalogue, answers that nobody repeats any more are forgotten, queues
//! beside open seats get a turn, and ledgers are held against their people.

use std::sync::PoisonError;
use std::time::Duration;

use ilt_core::desk::Command;
use ilt_core::journal::Actor;
use jiff::SignedDuration;

use super::{Engine, Trouble};

/// How often.
const EVERY: Duration = Duration::from_mins(1);
/// Answers forgotten in one transaction at most.
const AT_ONCE: u32 = 2_000;

/// Queues that get a turn at once, at most.
const QUEUES: u32 = 500;
/// Ledgers are counted once in so many turns: it takes a look at everybody who is registered.
const COUNTED_ONE_IN: u32 = 15;
/// Ledgers that differ, counted at most.
const DIFFERING: u32 = 1_000;

/// Tidies up until the engine stops.
pub(super) async fn run(engine: Engine) {
    let mut turns = 0_u32;
    loop {
        tokio::select! {
            () = engine.stopping.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        if let Err(trouble) = turn(&engine).await {
            tracing::warn!(error = &trouble as &dyn std::error::Error, "old answers could not be forgotten");
        }
        if let Err(trouble) = turn_queues(&engine).await {
            tracing::warn!(
                error = &trouble as &dyn std::error::Error,
                "queues beside open seats got no turn"
            );
        }
        if turns.is_multiple_of(COUNTED_ONE_IN)
            && let Err(trouble) = count_ledgers(&engine).await
        {
            tracing::warn!(error = &trouble as &dyn std::error::Error, "ledgers could not be counted");
        }
        turns = turns.wrapping_add(1);
    }
}

/// Time and rules may have made somebody able to take a seat who was not when it came free.
pub async fn turn_queues(engine: &Engine) -> Result<(), Trouble> {
    let now = engine.ports.clock.now();
    for session in engine.ports.reads.queues_beside_seats(now, QUEUES).await? {
        let (actor, id) = (Actor::system("upkeep"), engine.ports.ids.next());
        engine.ask(actor, Command::TurnQueue { session }, None, id).await?;
    }
    Ok(())
}

/// A ledger that differs from its people is told of, and put right by whoever runs this: it is nothing that should happen.
async fn count_ledgers(engine: &Engine) -> Result<(), Trouble> {
    let differing = engine.ports.reads.differing_ledgers(DIFFERING).await?;
    let count = u32::try_from(differing.len()).unwrap_or(u32::MAX);
    metrics::gauge!("ilt_ledgers_differing").set(f64::from(count));
    if let Some(session) = differing.first() {
        tracing::error!(%session, count, "the seats of sessions differ from their people: run `ilt-host ledgers`");
    }
    Ok(())
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
