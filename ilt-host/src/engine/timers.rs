//! What is due goes to the desk as an order of its own, which looks at the state as it is then.

use ilt_core::desk::Command;
use ilt_core::journal::Actor;
use jiff::SignedDuration;

use super::{Engine, Trouble};

/// Timers claimed at once.
const AT_ONCE: u32 = 200;
/// How long a claim lasts; whoever dies with it leaves it to be claimed again.
const LEASE: SignedDuration = SignedDuration::from_secs(30);
/// How often at least we look.
const LOOK_EVERY: SignedDuration = SignedDuration::from_secs(1);

/// Puts what is due in the queue until the engine stops.
pub(super) async fn run(engine: Engine) {
    loop {
        let fired = match turn(&engine).await {
            Ok(fired) => fired,
            Err(trouble) => {
                tracing::warn!(error = &trouble as &dyn std::error::Error, "timers could not be fired");
                0
            }
        };
        let pause = if fired == AT_ONCE as usize { SignedDuration::ZERO } else { LOOK_EVERY };
        tokio::select! {
            () = engine.stopping.cancelled() => return,
            () = tokio::time::sleep(pause.unsigned_abs()) => {}
        }
    }
}

/// Fires what is due now, and answers how many.
pub async fn turn(engine: &Engine) -> Result<usize, Trouble> {
    let now = engine.ports.clock.now();
    let leased_until = now.saturating_add(LEASE).unwrap_or(now);
    let due = engine.ports.timers.claim(now, leased_until, AT_ONCE).await?;
    let orders = due.iter().map(async |timer| {
        let mut command = timer.command();
        match &mut command {
            Command::EndWait { registration, shown } => *shown = engine.instead_of(*registration).await?,
            Command::WeighMinimum { session, proposals } => *proposals = engine.rebooking(*session).await?,
            _ => {}
        }
        engine.ask(Actor::system("timer"), command, None, engine.ports.ids.next()).await
    });
    for answer in futures::future::join_all(orders).await {
        answer?;
    }
    Ok(due.len())
}
