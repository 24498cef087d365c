//! What is due goes to the desk as an order of its own, which looks at the state as it is then.
//!
//! A claim lasts a few seconds and is renewed while its orders are on their way: what a host had claimed when it died is taken
//! up by another before anybody has waited long, and a host that is only slow does not have its work done twice.

use ilt_core::desk::{Command, Timer};
use ilt_core::journal::Actor;
use jiff::{SignedDuration, Timestamp};

use super::{Engine, Trouble};

/// Timers claimed at once.
const AT_ONCE: u32 = 200;
/// How long a claim lasts; whoever dies with it leaves it to be claimed again.
pub const LEASE: SignedDuration = SignedDuration::from_secs(3);
/// How often a claim is renewed.
const RENEW_EVERY: SignedDuration = SignedDuration::from_secs(1);
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
    turn_with(engine, || tokio::time::sleep(RENEW_EVERY.unsigned_abs())).await
}

/// The same, where claims are renewed after each `pause`: a simulation has its own time.
pub async fn turn_with<Pause: Future<Output = ()> + Send>(
    engine: &Engine,
    pause: impl Fn() -> Pause,
) -> Result<usize, Trouble> {
    let leased_until = lease(engine);
    let due = engine.ports.timers.claim(engine.ports.clock.now(), leased_until, AT_ONCE).await?;
    if due.is_empty() {
        return Ok(0);
    }
    tokio::select! {
        biased;
        fired = fire(engine, &due) => fired?,
        () = keep(engine, &due, leased_until, pause) => {}
    }
    Ok(due.len())
}

async fn fire(engine: &Engine, due: &[Timer]) -> Result<(), Trouble> {
    let orders = due.iter().map(async |timer| {
        let mut command = timer.command();
        match &mut command {
            Command::EndWait { registration, shown } | Command::HelpClash { registration, shown } => {
                *shown = engine.instead_of(*registration).await?;
            }
            Command::WeighMinimum { session, proposals } => *proposals = engine.rebooking(*session).await?,
            _ => {}
        }
        engine.ask(Actor::system("timer"), command, None, engine.ports.ids.next()).await
    });
    for answer in futures::future::join_all(orders).await {
        answer?;
    }
    Ok(())
}

/// Renews a claim again and again. A renewal that fails is tried again; at worst somebody else does the same, and finds it done.
async fn keep<Pause: Future<Output = ()> + Send>(
    engine: &Engine,
    claimed: &[Timer],
    mut leased_until: Timestamp,
    pause: impl Fn() -> Pause,
) {
    loop {
        pause().await;
        let longer = lease(engine);
        match engine.ports.timers.renew(claimed, leased_until, longer).await {
            Ok(()) => leased_until = longer,
            Err(error) => {
                tracing::debug!(error = &error as &dyn std::error::Error, "timers could not be kept");
            }
        }
    }
}

fn lease(engine: &Engine) -> Timestamp {
    engine.ports.clock.now().saturating_add(LEASE).unwrap_or(Timestamp::MAX)
}
