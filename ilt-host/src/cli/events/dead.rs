//! `events dead` and `events redrive`: what was never taken, and sending it once more.

use std::collections::{BTreeMap, BTreeSet};

#[cfg(feature = "kafka")]
use anyhow::Context as _;
use ilt_core::ports::{Clock as _, DeadLetter, DeadLetters as _, Journal as _, Numbered, Statements as _};
#[cfg(feature = "kafka")]
use ilt_kafka::{LeftAlone, consume::Record};
use ilt_store::SqlStore;
use indicatif::ProgressBar;
#[cfg(feature = "kafka")]
use uuid::Uuid;

use super::sink::{Refused, Sink};
use super::{PAGE, bar, say};
use ilt_engine::config::Config;
use ilt_engine::followers::forward::{FORWARD, letter};
use ilt_engine::system::SystemClock;

/// Dead letters read at once.
const MOST_DEAD: u32 = 10_000;

pub async fn dead(store: &SqlStore) -> anyhow::Result<()> {
    let dead = store.dead(FORWARD, MOST_DEAD).await?;
    match dead.len() {
        0 => say("no dead letters"),
        many if many == MOST_DEAD as usize => say(format!("the first {MOST_DEAD} dead letters:")),
        _ => {}
    }
    for letter in dead {
        let status = letter.status.map_or_else(String::new, |status| format!(" ({status})"));
        say(format!("{} since {}{status}: {}", letter.statement, letter.at, letter.reason));
    }
    Ok(())
}

pub async fn redrive(store: &SqlStore, sink: &Sink) -> anyhow::Result<()> {
    let (begun, bar) = (SystemClock.now(), bar(0));
    let (mut taken, mut all) = (0, 0);
    loop {
        // What is refused once more is buried anew, behind all that was not tried yet.
        let mut letters = store.dead(FORWARD, MOST_DEAD).await?;
        letters.retain(|it| it.at < begun);
        if letters.is_empty() {
            break;
        }
        bar.inc_length(letters.len() as u64);
        if all == 0
            && let Some(good) = last_taken(store, &letters).await?
        {
            sink.send_patiently(&[good], &bar).await?;
        }
        all += letters.len();
        for letters in letters.chunks(PAGE as usize) {
            taken += again(store, sink, letters, &bar).await?;
        }
    }
    bar.finish_and_clear();
    say(format!("{taken} of {all} dead letters were taken"));
    Ok(())
}

/// Sends what these are about once more, and answers how many were taken.
async fn again(
    store: &SqlStore,
    sink: &Sink,
    letters: &[DeadLetter],
    bar: &ProgressBar,
) -> anyhow::Result<usize> {
    let ids: Vec<_> = letters.iter().map(|it| it.statement).collect();
    let told = store.told(&ids).await?;
    let mut told: BTreeMap<_, _> = told.into_iter().map(|it| (it.told.id, it)).collect();
    let mut taken = 0;
    for old in letters {
        let refused = match told.remove(&old.statement) {
            Some(one) => sink.send_patiently(&[one], bar).await?,
            None => Refused { count: 1, letters: Vec::new() },
        };
        if refused.count == 0 {
            store.exhume(FORWARD, &[old.statement]).await?;
            taken += 1;
        } else {
            let at = SystemClock.now();
            let new = refused.letters.first().map(|it| letter(it, at));
            let new = new.unwrap_or_else(|| DeadLetter { at, ..old.clone() });
            store.bury(FORWARD, &[new], 0).await?;
        }
        bar.inc(1);
    }
    Ok(taken)
}

/// The statement that the record store took last: once it has taken that again, a letter at which it fails
/// is known to be at fault. When nobody is there, that is known before any letter is sent.
async fn last_taken(store: &SqlStore, letters: &[DeadLetter]) -> anyhow::Result<Option<Numbered>> {
    let dead: BTreeSet<_> = letters.iter().map(|it| it.statement).collect();
    let is_good = |it: &Numbered| it.told.fault.is_none() && !dead.contains(&it.told.id);
    let mut end = store.checkpoint(FORWARD).await?;
    while end > 0 {
        let after = end.saturating_sub(PAGE.into());
        let page = store.told_after(after, PAGE).await?;
        let found = page.into_iter().rev().find(|it| it.number <= end && is_good(it));
        if found.is_some() {
            return Ok(found);
        }
        end = after;
    }
    Ok(None)
}

/// Puts the letters of a topic back into the topics they came from.
#[cfg(feature = "kafka")]
pub async fn put_back(store: &SqlStore, config: &Config, topic: String, again: bool) -> anyhow::Result<()> {
    let settings = config.kafka()?.context("no Kafka is configured: set kafka.brokers")?;
    let group = format!("{}-redrive", config.kafka.group);
    let open = move || ilt_kafka::Redrive::open(&settings, &group, &topic, again);
    let mut redrive = tokio::task::spawn_blocking(open).await??;
    let bar = bar(redrive.left());
    let (mut sent, mut left_alone) = (0, 0);
    loop {
        let letters = redrive.take().await?;
        if letters.is_empty() {
            break;
        }
        let taken = letters.len();
        let (whole, mut left) = fit(store, letters).await?;
        let back = redrive.put_back(&whole).await;
        left.extend(back.context("what was put back before this is not put back again")?);
        for one in &left {
            let place = format!("partition {}, offset {}", one.partition, one.offset);
            bar.suspend(|| say(format!("left alone: {place}: {}", one.why)));
        }
        (sent, left_alone) = (sent + taken - left.len(), left_alone + left.len());
        bar.inc(taken as u64);
    }
    bar.finish_and_clear();
    say(format!("{sent} dead letters were put back, {left_alone} were left alone"));
    Ok(())
}

/// Letters that can be put back, each with what it said, and those that are to be left where they are.
#[cfg(feature = "kafka")]
async fn fit(store: &SqlStore, letters: Vec<Record>) -> anyhow::Result<(Vec<Record>, Vec<LeftAlone>)> {
    let is_suspect = |it: &&Record| it.value.is_none() || it.header("dlq.reason") == Some("invalid");
    let ids: Vec<_> = letters.iter().filter(is_suspect).filter_map(id).collect();
    let ours: BTreeMap<_, _> = store.told(&ids).await?.into_iter().map(|it| (it.told.id, it.told)).collect();
    let (mut whole, mut left) = (Vec::with_capacity(letters.len()), Vec::new());
    for mut letter in letters {
        let ours = id(&letter).and_then(|id| ours.get(&id));
        if ours.is_some_and(|it| it.fault.is_some()) {
            left.push(LeftAlone::because(&letter, "the statement is not as its schema says"));
            continue;
        }
        // What was mended since is told as it is now.
        if let Some(ours) = ours {
            letter.value = Some(ours.body.clone().into_bytes());
        }
        if letter.value.is_none() && letter.header("dlq.size").is_some() {
            left.push(LeftAlone::because(&letter, "its value is only in the topic it came from"));
            continue;
        }
        whole.push(letter);
    }
    Ok((whole, left))
}

/// The id of the statement that a letter is about.
#[cfg(feature = "kafka")]
fn id(letter: &Record) -> Option<Uuid> {
    letter.header("ce_id")?.parse().ok()
}

/// There is nothing to put back without Kafka.
#[cfg(not(feature = "kafka"))]
#[expect(clippy::unused_async, reason = "it is called like the one that waits for Kafka")]
pub async fn put_back(
    _store: &SqlStore,
    _config: &Config,
    _topic: String,
    _again: bool,
) -> anyhow::Result<()> {
    anyhow::bail!("this host was built without Kafka (feature `kafka`)")
}
