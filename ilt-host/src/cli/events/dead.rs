//! `events dead` and `events redrive`: what was never taken, and sending it once more.

#[cfg(feature = "kafka")]
use anyhow::Context as _;
use ilt_core::ports::{DeadLetters as _, Statements as _};
use ilt_store::SqlStore;

use super::sink::Sink;
use super::{bar, say};
use crate::config::Config;
use crate::followers::forward::FORWARD;

/// Dead letters sent again at once.
const MOST_DEAD: u32 = 10_000;

pub async fn dead(store: &SqlStore) -> anyhow::Result<()> {
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

pub async fn redrive(store: &SqlStore, sink: &Sink) -> anyhow::Result<()> {
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
        let mut letters = redrive.take().await?;
        if letters.is_empty() {
            break;
        }
        let taken = letters.len();
        for letter in letters.iter_mut().filter(|it| it.value.is_none()) {
            letter.value = value_of(store, letter).await?.map(String::into_bytes);
        }
        // One whose value was too large for Kafka, and is none of our statements, is still in the topic it came from.
        letters.retain(|it| it.value.is_some() || it.header("dlq.size").is_none());
        redrive.put_back(&letters).await.context("what was put back before this is not put back again")?;
        (sent, left_alone) = (sent + letters.len(), left_alone + taken - letters.len());
        bar.inc(taken as u64);
    }
    bar.finish_and_clear();
    say(format!("{sent} dead letters were put back, {left_alone} were left alone"));
    Ok(())
}

/// What a letter said that was too large for Kafka, when it was a statement of ours.
#[cfg(feature = "kafka")]
async fn value_of(store: &SqlStore, letter: &ilt_kafka::consume::Record) -> anyhow::Result<Option<String>> {
    let Some(id) = letter.header("ce_id").and_then(|id| id.parse().ok()) else { return Ok(None) };
    Ok(store.told(id).await?.map(|it| it.told.body))
}

/// There is nothing to put back without Kafka.
#[cfg(not(feature = "kafka"))]
pub async fn put_back(
    _store: &SqlStore,
    _config: &Config,
    _topic: String,
    _again: bool,
) -> anyhow::Result<()> {
    anyhow::bail!("this host was built without Kafka (feature `kafka`)")
}
