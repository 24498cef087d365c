//! `events`: what was told, how far it was sent, and sending it again.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use ilt_core::ports::{DeadLetters as _, Journal as _, Numbered, Statements as _, TELLER};
use ilt_lrs::Forwarder;
use ilt_store::SqlStore;
use indicatif::{ProgressBar, ProgressStyle};

use super::say;
use crate::config::Config;
use crate::followers::forward::FORWARD;
use crate::followers::{Follower as _, TurnFailed};
use crate::open;

/// Statements read at once.
const PAGE: u32 = 500;
/// Dead letters sent again at once.
const MOST_DEAD: u32 = 10_000;
/// How often a batch is sent again before the command gives up.
const TRIES: u32 = 8;

/// What happened, as it is told to others: see it, see how far it was sent, send it again.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  ilt-host events lag                            how far each follower has come\n  ilt-host events tail --after 1000              statements 1001 and on, one on a line\n  ilt-host events replay --to lrs                everything once more; what is there already stays as it is\n  ilt-host events dead                           what the record store never took, and why\n  ilt-host events redrive                        send that once more, after it was mended"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print how far each follower has come, and what is left.
    Lag,
    /// Tell of what was not told yet; a host that serves does so by itself.
    Tell,
    /// Print statements, one on a line, as they are sent.
    Tail {
        /// Begin after this number.
        #[arg(long, value_name = "NUMBER", default_value_t = 0)]
        after: u64,
        /// Go on with what is told from now on.
        #[arg(long)]
        follow: bool,
    },
    /// Send statements once more; the ids are the same, so nothing is there twice.
    Replay {
        /// Where to.
        #[arg(long)]
        to: To,
        /// Begin with this number.
        #[arg(long, value_name = "NUMBER", default_value_t = 1)]
        from: u64,
    },
    /// Print what the record store never took, and why.
    Dead,
    /// Send the record store's dead letters once more.
    Redrive,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    /// The learning record store that is configured.
    Lrs,
    /// The Kafka that is configured.
    Kafka,
}

/// Where statements are sent.
enum Sink {
    Lrs(Forwarder),
    #[cfg(feature = "kafka")]
    Kafka(ilt_kafka::Publisher),
}

impl Sink {
    fn open(to: To, config: &Config) -> anyhow::Result<Self> {
        match to {
            To::Lrs => {
                let settings = config.lrs()?.context("no record store is configured: set lrs.url")?;
                Ok(Self::Lrs(Forwarder::new(settings)?))
            }
            #[cfg(feature = "kafka")]
            To::Kafka => {
                let settings = config.kafka()?.context("no Kafka is configured: set kafka.brokers")?;
                Ok(Self::Kafka(ilt_kafka::Publisher::new(settings)))
            }
            #[cfg(not(feature = "kafka"))]
            To::Kafka => bail!("this host was built without Kafka (feature `kafka`)"),
        }
    }

    /// Sends a batch, and answers how many of it are never taken.
    async fn send(&self, batch: &[Numbered]) -> Result<usize, TurnFailed> {
        match self {
            Self::Lrs(forwarder) => {
                let statements: Vec<_> = batch.iter().map(|it| (it.told.id, it.told.body.as_str())).collect();
                let dead = forwarder.forward(&statements).await;
                dead.map(|dead| dead.len()).map_err(|trouble| TurnFailed::because(&trouble))
            }
            #[cfg(feature = "kafka")]
            Self::Kafka(publisher) => {
                let sent = publisher.publish(batch).await;
                let dead = sent.map_err(|trouble| TurnFailed::because(&trouble))?.dead;
                Ok(usize::try_from(dead).unwrap_or(usize::MAX))
            }
        }
    }

    /// The same, again and later each time it fails.
    async fn send_patiently(&self, batch: &[Numbered], bar: &ProgressBar) -> anyhow::Result<usize> {
        let mut pause = Duration::from_millis(250);
        for _ in 1..TRIES {
            match self.send(batch).await {
                Ok(dead) => return Ok(dead),
                Err(failed) => bar.set_message(failed.said),
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        self.send(batch).await.map_err(|failed| anyhow::anyhow!(failed.said))
    }
}

pub async fn run(args: Args, config: &Config) -> anyhow::Result<()> {
    let store = open::ready_store(config).await?;
    match args.what {
        What::Lag => lag(&store, config).await,
        What::Tell => tell(store, config).await,
        What::Tail { after, follow } => tail(&store, after, follow).await,
        What::Replay { to, from } => replay(&store, &Sink::open(to, config)?, from).await,
        What::Dead => dead(&store).await,
        What::Redrive => redrive(&store, &Sink::open(To::Lrs, config)?).await,
    }
}

async fn lag(store: &SqlStore, config: &Config) -> anyhow::Result<()> {
    let (head, told) = (store.head().await?, store.last_number().await?);
    say(format!("the journal has {head} entries, of which {told} statements were told"));
    let mut followers = vec![(TELLER, head, "entries")];
    #[cfg(feature = "kafka")]
    if config.kafka()?.is_some() {
        followers.push((crate::followers::relay::RELAY, told, "statements"));
    }
    if config.lrs()?.is_some() {
        followers.push((FORWARD, told, "statements"));
    }
    for (name, end, what) in followers {
        let at = store.checkpoint(name).await?;
        say(format!("{name}: at {at}, {} {what} behind", end.saturating_sub(at)));
    }
    Ok(())
}

async fn tell(store: SqlStore, config: &Config) -> anyhow::Result<()> {
    let bar = bar(store.head().await?.saturating_sub(store.checkpoint(TELLER).await?));
    let before = store.last_number().await?;
    let teller = open::teller(config, &Arc::new(store.clone()))?;
    loop {
        match teller.turn().await.map_err(|failed| anyhow::anyhow!(failed.said))?.done {
            0 => break,
            done => bar.inc(done),
        }
    }
    bar.finish_and_clear();
    say(format!("{} statements told", store.last_number().await? - before));
    Ok(())
}

async fn tail(store: &SqlStore, mut after: u64, follow: bool) -> anyhow::Result<()> {
    loop {
        let page = store.told_after(after, PAGE).await?;
        for one in &page {
            say(&one.told.body);
        }
        match page.last() {
            Some(last) => after = last.number,
            None if follow => tokio::time::sleep(Duration::from_millis(300)).await,
            None => return Ok(()),
        }
    }
}

async fn replay(store: &SqlStore, sink: &Sink, from: u64) -> anyhow::Result<()> {
    let last = store.last_number().await?;
    if from == 0 || from > last {
        bail!("there is no statement {from}: the last one is {last}");
    }
    let bar = bar(last + 1 - from);
    let (mut after, mut dead) = (from - 1, 0);
    while after < last {
        let page = store.told_after(after, PAGE).await?;
        let Some(end) = page.last().map(|it| it.number) else { break };
        let sent = sink.send_patiently(&page, &bar).await;
        dead += sent.with_context(|| format!("go on later with --from {}", after + 1))?;
        bar.inc(page.len() as u64);
        after = end;
    }
    bar.finish_and_clear();
    say(format!("{} statements sent, {dead} of them never taken", after + 1 - from));
    Ok(())
}

async fn dead(store: &SqlStore) -> anyhow::Result<()> {
    let dead = store.dead(FORWARD, MOST_DEAD).await?;
    if dead.is_empty() {
        say("no dead letters");
    }
    for letter in dead {
        let status = letter.status.map_or_else(String::new, |status| format!(" ({status})"));
        say(format!("{} {}{status} since {}", letter.statement, letter.reason, letter.at));
    }
    Ok(())
}

async fn redrive(store: &SqlStore, sink: &Sink) -> anyhow::Result<()> {
    let letters = store.dead(FORWARD, MOST_DEAD).await?;
    let bar = bar(letters.len() as u64);
    let mut taken = 0;
    for letter in &letters {
        let Some(told) = store.told(letter.statement).await? else { continue };
        if sink.send_patiently(&[told], &bar).await? == 0 {
            store.exhume(FORWARD, letter.statement).await?;
            taken += 1;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    say(format!("{taken} of {} dead letters were taken", letters.len()));
    Ok(())
}

/// A bar on a terminal, nothing elsewhere.
fn bar(length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length);
    let look = "{spinner} {bar:24} {pos}/{len} {per_sec} {eta} {wide_msg}";
    if let Ok(style) = ProgressStyle::with_template(look) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
