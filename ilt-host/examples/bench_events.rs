//! Statements that wait in PostgreSQL, relayed to Kafka, and forwarded to a record store: how many a second.
//!
//! `bench/events` starts what it needs, and measures Kafka's own producer and plain requests beside it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use ilt_core::ports::{Clock as _, Ids as _, Journal, Statements, TELLER};
use ilt_core::statement::{Told, Topic, Verb};
use ilt_host::engine::system::{SystemClock, SystemIds};
use ilt_host::followers::Follower;
use ilt_host::followers::forward::Forward;
use ilt_host::followers::relay::Relay;
use ilt_kafka::Publisher;
use ilt_lrs::Forwarder;
use ilt_store::{Options, SqlStore};
use uuid::Uuid;

/// Sessions that the statements are of.
const SESSIONS: u128 = 1_000;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, statements, kafka, lrs, payload] = arguments.as_slice() else {
        anyhow::bail!("usage: bench_events POSTGRES STATEMENTS BROKERS RECORD-STORE PAYLOAD-FILE");
    };
    let count: u64 = statements.parse().context("STATEMENTS must be a number")?;
    let store = Arc::new(SqlStore::connect(url, &Options::default()).await?);
    store.migrate().await?;
    let body = std::fs::read_to_string(payload).context("the payload cannot be read")?;
    fill(&store, count, body.trim_end()).await?;

    let settings = ilt_kafka::Settings { brokers: kafka.clone(), ..ilt_kafka::Settings::default() };
    let (journal, kept): (Arc<dyn Journal>, Arc<dyn Statements>) = (store.clone(), store.clone());
    let (clock, publisher) = (Arc::new(SystemClock), Publisher::new(settings.clone()));
    let relay = Relay { journal, statements: kept, clock, publisher };
    let rate = run(&relay, count).await?;
    let found = ilt_kafka::testing::everything(kafka, &settings.topics.name(Topic::Registration));
    let ids: BTreeSet<_> = found.iter().map(|it| it.header("ce_id").to_owned()).collect();
    ensure!(ids.len() as u64 == count, "Kafka has {} of {count} statements", ids.len());
    println!("relay {rate:.0}");

    let endpoint = lrs.clone();
    let settings = ilt_lrs::Settings { endpoint, ..ilt_lrs::Settings::default() };
    let forward = Forward {
        journal: store.clone(),
        statements: store.clone(),
        dead_letters: store.clone(),
        clock: Arc::new(SystemClock),
        forwarder: Forwarder::new(settings)?,
    };
    println!("forwarder {:.0}", run(&forward, count).await?);
    Ok(())
}

/// Keeps so many statements, each with an id of its own in the payload.
async fn fill(store: &SqlStore, count: u64, body: &str) -> anyhow::Result<()> {
    let at = SystemClock.now();
    let mut from = store.checkpoint(TELLER).await?;
    while from < count {
        let to = (from + 5_000).min(count);
        let told = (from + 1..=to).map(|number| {
            let id = SystemIds.next();
            Told {
                id,
                sequence: number,
                topic: Topic::Registration,
                verb: Verb::Registered,
                key: Uuid::from_u128(u128::from(number) % SESSIONS),
                subject: None,
                at,
                correlation: id,
                causation: id,
                body: body.replacen("ID", &id.to_string(), 1),
                fault: None,
            }
        });
        ensure!(store.keep_told(from, to, &told.collect::<Vec<_>>()).await?, "somebody else tells");
        from = to;
    }
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
