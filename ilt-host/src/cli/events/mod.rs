//! `events`: what was told, how far it was sent, and sending it again.

mod dead;
mod lag;
mod sink;

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use ilt_core::ports::{Clock as _, DeadLetters as _, Journal as _, Statements as _, TELLER};
use ilt_store::SqlStore;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::SignedDuration;

use super::say;
use ilt_engine::config::Config;
use ilt_engine::followers::Follower as _;
use ilt_engine::followers::forward::{FORWARD, letter};
#[cfg(feature = "kafka")]
use ilt_engine::followers::relay::RELAY;
use ilt_engine::open;
use ilt_engine::system::SystemClock;
use sink::Sink;

/// Statements read at once.
const PAGE: u32 = 500;
/// Statements told anew at once.
const MOST_FAULTY: u32 = 10_000;

/// What happened, as it is told to others: see it, see how far it was sent, send it again.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  ilt-host events lag                            how far each follower has come\n  ilt-host events tail --after 1000              statements 1001 and on, one on a line\n  ilt-host events replay --to lrs                everything once more; what is there already stays as it is\n  ilt-host events dead                           what the record store never took, and why\n  ilt-host events redrive                        send that once more, after it was mended\n  ilt-host events redrive nlj.training.registration.dlq\n  ilt-host events retell                         tell anew of what no schema let through"
)]
pub struct Args {
    /// How long sending goes on while nothing is taken: 30s, 10m.
    #[arg(long, global = true, value_name = "DURATION", default_value = "45s")]
    patience: SignedDuration,
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
    /// Tell anew of what was not as its schema says, and so was sent to nobody, once whatever made it so is mended.
    Retell,
    /// Print what the record store never took, and why.
    Dead,
    /// Send dead letters once more: the record store's, or those of a topic of Kafka, back to where they came from.
    Redrive {
        /// The topic of dead letters, such as nlj.training.registration.dlq; the record store's when absent.
        topic: Option<String>,
        /// Those that were put back before, too.
        #[arg(long, requires = "topic")]
        again: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    /// The learning record store that is configured.
    Lrs,
    /// The Kafka that is configured.
    Kafka,
}

pub async fn run(args: Args, config: &Config) -> anyhow::Result<()> {
    let (store, patience) = (open::migrated_store(config).await?, args.patience);
    match args.what {
        What::Lag => lag::lag(&store, config).await,
        What::Tell => tell(store, config).await,
        What::Tail { after, follow } => tail(&store, after, follow).await,
        What::Replay { to, from } => replay(&store, Sink::open(to, config, patience)?, from).await,
        What::Retell => retell(&store, config).await,
        What::Dead => dead::dead(&store).await,
        What::Redrive { topic: None, .. } => {
            dead::redrive(&store, &Sink::open(To::Lrs, config, patience)?).await
        }
        What::Redrive { topic: Some(topic), again } => dead::put_back(&store, config, topic, again).await,
    }
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

async fn retell(store: &SqlStore, config: &Config) -> anyhow::Result<()> {
    let faulty = store.faulty(MOST_FAULTY).await?;
    let teller = open::teller(config, &Arc::new(store.clone()))?;
    let (mut mended, bar) = (0, bar(faulty.len() as u64));
    for page in faulty.chunks(PAGE as usize) {
        let told = teller.retell(page).await?;
        store.mend(&told).await?;
        store.exhume(FORWARD, &told.iter().map(|it| it.id).collect::<Vec<_>>()).await?;
        mended += told.len();
        bar.inc(page.len() as u64);
    }
    bar.finish_and_clear();
    say(format!("{mended} of {} faulty statements are told anew", faulty.len()));
    Ok(())
}

async fn tail(store: &SqlStore, mut after: u64, follow: bool) -> anyhow::Result<()> {
    loop {
        let page = store.told_after(after, PAGE).await?;
        let mut out = std::io::stdout().lock();
        let is_read = page.iter().all(|one| writeln!(out, "{}", one.told.body).is_ok());
        drop(out);
        if !is_read {
            return Ok(());
        }
        match page.last() {
            Some(last) => after = last.number,
            None if follow => tokio::time::sleep(Duration::from_millis(300)).await,
            None => return Ok(()),
        }
    }
}

async fn replay(store: &SqlStore, sink: Sink, from: u64) -> anyhow::Result<()> {
    let last = store.last_number().await?;
    if from == 0 || from > last {
        bail!("there is no statement {from}: the last one is {last}");
    }
    #[cfg(feature = "kafka")]
    if sink.keeps_order() {
        let next = store.checkpoint(RELAY).await? + 1;
        anyhow::ensure!(
            from <= next,
            "statement {from} would overtake others of its session: those from {next} on were not sent yet"
        );
    }
    let bar = bar(last + 1 - from);
    let (mut after, mut dead) = (from - 1, 0);
    while after < last {
        let page = store.told_after(after, PAGE).await?;
        let Some(end) = page.last().map(|it| it.number) else { break };
        let sent = sink.send_patiently(&page, &bar).await;
        let refused = sent.with_context(|| format!("go on later with --from {}", after + 1))?;
        dead += refused.count;
        if !refused.letters.is_empty() {
            let letters: Vec<_> = refused.letters.iter().map(|it| letter(it, SystemClock.now())).collect();
            store.bury(FORWARD, &letters, 0).await?;
        }
        bar.inc(page.len() as u64);
        after = end;
    }
    bar.finish_and_clear();
    say(format!("{} statements sent, {dead} of them never taken", after + 1 - from));
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
