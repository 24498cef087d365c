//! How fast events go out: relayed to Kafka, heard of there, forwarded to record stores.
//!
//! `bench/events` starts what it needs, and measures Kafka's own producer beside it.

mod fill;
mod latency;
mod stores;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use ilt_core::ports::{Journal, Statements};
use ilt_core::statement::Topic;
use ilt_engine::followers::Follower;
use ilt_engine::followers::forward::Forward;
use ilt_engine::followers::relay::Relay;
use ilt_engine::system::SystemClock;
use ilt_kafka::{Publisher, Topics};
use ilt_lrs::Forwarder;
use ilt_store::{Options, SqlStore};

const USAGE: &str = "usage: bench_events fill POSTGRES COUNT PAYLOAD-FILE
       bench_events relay POSTGRES BROKERS PREFIX RECORD-STORE
       bench_events migrate POSTGRES
       bench_events latency POSTGRES BROKERS
       bench_events store POSTGRES NAME RECORD-STORE PAYLOAD-FILE";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match *arguments.as_slice() {
        ["fill", url, count, payload] => {
            let count = count.parse().context("COUNT must be a number")?;
            fill::fill(&open(url).await?, count, &read(payload)?).await
        }
        ["relay", url, kafka, prefix, lrs] => {
            let topics = Topics { prefix: prefix.to_owned(), ..Topics::default() };
            let kafka =
                ilt_kafka::Settings { brokers: kafka.to_owned(), topics, ..ilt_kafka::Settings::default() };
            relay(open(url).await?, kafka, lrs).await
        }
        ["migrate", url] => open(url).await.map(drop),
        ["latency", url, kafka] => latency::measure(open(url).await?, kafka).await,
        ["store", url, name, lrs, payload] => {
            stores::measure(open(url).await?, name, lrs, &read(payload)?).await
        }
        _ => anyhow::bail!("{USAGE}"),
    }
}

async fn open(url: &str) -> anyhow::Result<SqlStore> {
    let store = SqlStore::connect(url, &Options::default()).await?;
    store.migrate().await?;
    Ok(store)
}

fn read(payload: &str) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(payload).context("the payload cannot be read")?;
    Ok(text.trim_end().to_owned())
}

/// Statements that wait, relayed to Kafka, and forwarded to a record store that keeps nothing.
async fn relay(store: SqlStore, settings: ilt_kafka::Settings, lrs: &str) -> anyhow::Result<()> {
    let store = Arc::new(store);
    let count = store.last_number().await?;
    let (journal, kept): (Arc<dyn Journal>, Arc<dyn Statements>) = (store.clone(), store.clone());
    let (clock, publisher) = (Arc::new(SystemClock), Publisher::new(settings.clone()));
    // Topics and connections are made before anything is counted.
    publisher.publish(&[]).await?;
    let relay = Relay::new(journal, kept, clock, publisher);
    let rate = run(&relay, count).await?;
    let found = ilt_kafka::testing::everything(&settings.brokers, &settings.topics.name(Topic::Registration));
    let ids: BTreeSet<_> = found.iter().map(|it| it.header("ce_id").to_owned()).collect();
    ensure!(ids.len() as u64 == count, "Kafka has {} of {count} statements", ids.len());
    println!("relay {rate:.0}");

    let settings = ilt_lrs::Settings { endpoint: lrs.to_owned(), ..ilt_lrs::Settings::default() };
    let (journal, statements, forwarder) = (store.clone(), store.clone(), Forwarder::new(settings)?);
    let forward = Forward::new(journal, statements, store, Arc::new(SystemClock), forwarder);
    println!("forwarder {:.0}", run(&forward, count).await?);
    Ok(())
}

/// Turns until nothing is left; statements a second.
#[expect(clippy::disallowed_methods, clippy::cast_precision_loss, reason = "this is a measurement")]
async fn run(follower: &dyn Follower, count: u64) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let mut done = 0;
    while done < count {
        done += follower.turn().await.map_err(|failed| anyhow::anyhow!(failed.said))?.done;
    }
    Ok(done as f64 / begun.elapsed().as_secs_f64())
}
