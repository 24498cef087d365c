//! Filling the demo: the generated files through the importer, the wishes through the desk, and the days until today.

use std::sync::Arc;

use anyhow::{Context as _, ensure};
use ilt_core::desk::{Command, Key, OnFull, Refusal};
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::journal::Actor;
use ilt_example_data::{Cast, Network, Sizes, generate};
use indicatif::ProgressBar;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::days::{self, HandClock};
use super::dealings;
use ilt_engine::import::{Kind, import};
use ilt_engine::{Engine, Ports, Settings, Trouble};

/// Wishes that wait at the desk at the same time.
const AT_ONCE: usize = 512;

/// Whether the demo of this cast is full, and needs nothing more.
///
/// # Errors
/// When the store fails.
pub async fn is_full(ports: &Ports, cast: Cast) -> anyhow::Result<bool> {
    let is_done = ports.journal.checkpoint("demo").await.context("the demo's file cannot be read")? > 0;
    Ok(is_done && knows(ports, cast).await?)
}

/// Fills an empty store with the network that follows from `seed` and the day on which it begins, some days before it was
/// first filled; a store that was filled before is left as it is. Answers who is in its story.
///
/// # Errors
/// When the store fails, or holds something else.
pub async fn fill(
    ports: &Ports,
    settings: Settings,
    seed: u64,
    scale: f64,
    bar: &ProgressBar,
) -> anyhow::Result<Cast> {
    let head = ports.journal.head().await.context("the demo's file cannot be read")?;
    let first = ports.journal.after(0, 1).await?;
    let last = ports.journal.after(head.saturating_sub(1), 1).await?;
    let now = ports.clock.now();
    let begun = first.first().map_or(now - days::DAYS, |entry| entry.at);
    let then: Date = begun.to_zoned(TimeZone::UTC).date();
    bar.set_message("imagining a network");
    let network = generate(Sizes::scaled(scale), seed, then);
    let is_done = ports.journal.checkpoint("demo").await?;
    if is_done > 0 {
        ensure!(
            knows(ports, network.cast).await?,
            "this file holds another demo; use --fresh, or the --seed and --scale it was made with"
        );
        return Ok(network.cast);
    }
    let clock = Arc::new(HandClock::at(last.first().map_or(begun, |entry| entry.at)));
    let past = Ports { clock: clock.clone(), ..ports.clone() };
    // Classes that have taken place meanwhile cannot be planned again.
    if ports.journal.checkpoint("demo-files").await? == 0 {
        for (name, bytes) in network.files()? {
            bar.set_message(format!("importing {name} ({} KiB)", bytes.len() >> 10));
            let kind: Kind = name.trim_end_matches(".csv").parse().map_err(anyhow::Error::msg)?;
            import(&past, kind, &bytes, false).await.context(name)?;
        }
        ports.journal.set_checkpoint("demo-files", ports.journal.head().await?).await?;
    }
    bar.set_message("registering people");
    let engine = Engine::start(past, settings).await?;
    register(&engine, &network, bar).await?;
    bar.set_message("letting days pass");
    days::pass(&engine, &clock, &network, now).await?;
    bar.set_message("dealing");
    dealings::deal(&engine, &network).await?;
    engine.stop().await;
    let head = ports.journal.head().await?;
    ports.journal.set_checkpoint("demo", head).await?;
    Ok(network.cast)
}

async fn knows(ports: &Ports, cast: Cast) -> anyhow::Result<bool> {
    Ok(!ports.reads.sessions(&[SessionId(cast.session)]).await?.is_empty())
}

/// Meets the demand through the desk, as the learners themselves.
async fn register(engine: &Engine, network: &Network, bar: &ProgressBar) -> anyhow::Result<()> {
    bar.set_length(network.demand.len() as u64);
    for wishes in network.demand.chunks(AT_ONCE) {
        let answers = futures::future::join_all(
            wishes.iter().map(|(learner, session)| wish(engine, *learner, *session)),
        );
        for answer in answers.await {
            match answer {
                // A few wishes cannot be met, as in life: a queue that is switched off, a window that has closed.
                Err(Trouble::Refused(Refusal::SessionFull { .. } | Refusal::RegistrationClosed { .. }))
                | Ok(()) => {}
                Err(trouble) => return Err(trouble).context("a wish could not be met"),
            }
        }
        bar.inc(wishes.len() as u64);
    }
    Ok(())
}

async fn wish(engine: &Engine, learner: uuid::Uuid, session: uuid::Uuid) -> Result<(), Trouble> {
    let (learner, session) = (PersonId(learner), SessionId(session));
    // Filling that was interrupted goes on where it stopped, without registering anybody twice.
    let key = Key { person: learner, key: format!("demo-{session}") };
    let command =
        Command::Register { session, learner, on_full: OnFull::Waitlist, automatic: false, reason: None };
    let id = engine.ports().ids.next();
    engine.ask(Actor::Person(learner), command, Some((key, "demo".to_owned())), id).await.map(drop)
}
