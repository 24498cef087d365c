//! From registering somebody until a consumer has the record: how long, while a thousand are registered a second.
//!
//! The host's own engine, followers and consumer, in one process. Two clocks: from the answer, which is given when the transaction
//! is committed, and from the decision before it, which the record itself tells of.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use async_trait::async_trait;
use ilt_core::desk::{Command, OnFull};
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::ports::Clock;
use ilt_core::statement::Topic;
use ilt_engine::Engine;
use ilt_engine::config::{Config, layers};
use ilt_engine::open::Running;
use ilt_engine::system::SystemClock;
use ilt_kafka::consume::{Consumer, Handler, Poison, Record, Subscription, Wait, Watch};
use ilt_store::SqlStore;
use jiff::Timestamp;
use uuid::Uuid;

/// Registrations a second, and for how many seconds.
const RATE: usize = 1_000;
const SECONDS: usize = 20;
/// People come together, so many times a second.
const TICKS: usize = 100;
/// Sessions that `fill.sql` has made.
const SESSIONS: usize = 1_000;
/// Seconds that do not count: everything is done for the first time.
const WARM_UP: usize = 3;

/// Records as they come: of which request, when, and when it was decided.
#[derive(Default)]
struct Heard(Mutex<Vec<(Uuid, Timestamp, Timestamp)>>);

impl Heard {
    fn all(&self) -> Vec<(Uuid, Timestamp, Timestamp)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Handler for Heard {
    async fn settle(&self, records: &[Record]) -> Result<Vec<(usize, Poison)>, Wait> {
        let now = SystemClock.now();
        let heard = records.iter().filter_map(|record| {
            let (request, decided) = (record.header("ce_correlationid")?, record.header("ce_time")?);
            Some((request.parse().ok()?, now, decided.parse().ok()?))
        });
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(heard);
        Ok(Vec::new())
    }
}

struct Nobody;

impl Watch for Nobody {
    fn settled(&self, _records: u64, _dead: u64) {}
    fn waits(&self, said: &str) {
        eprintln!("records wait: {said}");
    }
    fn flows(&self) {}
    fn behind(&self, _records: u64, _oldest: Option<Timestamp>) {}
}

/// Measures, and says so.
pub async fn measure(store: SqlStore, kafka: &str) -> anyhow::Result<()> {
    let set = [("KAFKA__BROKERS", kafka), ("KAFKA__PREFIX", "latency.")];
    let set = set.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let config = Config::of(&layers(None, set)?)?;
    let Running { engine, followers, .. } = Running::start(&config, &store).await?;
    let settings = config.kafka()?.context("brokers were given")?;

    // One who comes first, so that there are topics to listen to.
    register(&engine, 0).await?;
    while followers.seen().iter().any(|it| it.behind.is_none_or(|left| left > 0)) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let heard = Arc::new(Heard::default());
    let subscription =
        Subscription { group: "latency".to_owned(), topics: vec![settings.topics.name(Topic::Registration)] };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let consumer = Consumer::new(&settings, &subscription, heard.clone(), Arc::new(Nobody), clock)?;
    let listening = tokio::spawn(consumer.run(std::future::pending()));
    wait_for(&heard, 1).await?;

    let mut tick = tokio::time::interval(Duration::from_secs(1) / u32::try_from(TICKS)?);
    let mut asked = Vec::with_capacity(RATE * SECONDS);
    for number in 1..=RATE * SECONDS {
        if number % (RATE / TICKS) == 1 {
            tick.tick().await;
        }
        let engine = engine.clone();
        asked.push(tokio::spawn(async move { register(&engine, number).await }));
    }
    let mut answered = BTreeMap::new();
    for answer in asked.into_iter().skip(RATE * WARM_UP) {
        answered.extend([answer.await??]);
    }
    wait_for(&heard, RATE * SECONDS + 1).await?;
    listening.abort();
    followers.stop().await;
    engine.stop().await;

    let (mut from_answer, mut from_decision) = (Vec::new(), Vec::new());
    for (request, at, decided) in heard.all() {
        if let Some(answered) = answered.get(&request) {
            from_answer.push(at.duration_since(*answered).as_secs_f64() * 1_000.0);
            from_decision.push(at.duration_since(decided).as_secs_f64() * 1_000.0);
        }
    }
    for (whence, mut took) in [("commit", from_answer), ("decision", from_decision)] {
        took.sort_by(f64::total_cmp);
        let at = |share: usize| took[(took.len() * share / 100).min(took.len() - 1)];
        println!(
            "from {whence} to record at {RATE}/s: p50={:.0} ms, p99={:.0} ms, longest={:.0} ms, {} records",
            at(50),
            at(99),
            at(100),
            took.len()
        );
    }
    Ok(())
}

/// Registers somebody: the request's id, and when it was answered.
async fn register(engine: &Engine, number: usize) -> anyhow::Result<(Uuid, Timestamp)> {
    let learner = PersonId(Uuid::from_u128((1 << 64) + number as u128 + 1));
    let session = SessionId(Uuid::from_u128((2 << 64) + (number * 7_919 % SESSIONS) as u128 + 1));
    let on_full = OnFull::Alternatives;
    let command = Command::Register { session, learner, on_full, automatic: false, reason: None };
    let request = engine.ports().ids.next();
    engine.ask(Actor::Person(learner), command, None, request).await?;
    Ok((request, SystemClock.now()))
}

async fn wait_for(heard: &Heard, count: usize) -> anyhow::Result<()> {
    for _ in 0..600 {
        if heard.all().len() >= count {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let found = heard.all().len();
    ensure!(found >= count, "Kafka has {found} of {count} records after a minute");
    Ok(())
}
