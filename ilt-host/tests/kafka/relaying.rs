//! From a seat that is taken to a record in a real Kafka: the same set of ids, in the same order for each session, whatever
//! happens to hosts and brokers on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::served::{found, learner, session};
use ilt_core::desk::{Command, OnFull};
use ilt_core::journal::Actor;
use ilt_core::ports::{Clock, Ids as _, Journal as _, Leases, Statements as _, TELLER};
use ilt_core::statement::Topic;
use ilt_engine::events::Names;
use ilt_engine::followers::Followers;
use ilt_engine::followers::relay::{RELAY, Relay};
use ilt_engine::followers::teller::Teller;
use ilt_engine::open::ports_on;
use ilt_engine::system::{SystemClock, SystemIds};
use ilt_engine::{Engine, Settings};
use ilt_kafka::Publisher;
use ilt_kafka::testing::{Own, everything, settings, shared};
use ilt_store::testing::{Database, postgres, sqlite};
use ilt_store::{Options, SqlStore};
use uuid::Uuid;

const SESSIONS: u128 = 4;

/// One host: an engine with a teller and a relay.
struct Host {
    engine: Engine,
    followers: Followers,
}

impl Host {
    async fn start(store: &SqlStore, kafka: &ilt_kafka::Settings) -> Self {
        let engine = Engine::start(ports_on(store.clone()), Settings::default()).await.expect("it starts");
        let store = Arc::new(store.clone());
        let (leases, clock): (Arc<dyn Leases>, Arc<dyn Clock>) = (store.clone(), Arc::new(SystemClock));
        let (journal, reads, statements) = (store.clone(), store.clone(), store.clone());
        let teller = Teller::new(journal, reads, statements, Names::default()).expect("sound names");
        let (journal, statements) = (store.clone(), store);
        let publisher = Publisher::new(kafka.clone());
        let relay = Relay::new(journal, statements, clock.clone(), publisher);
        let (list, bell) = (vec![Box::new(teller) as _, Box::new(relay) as _], engine.feed().bell());
        let followers = Followers::start(list, SystemIds.next(), &leases, &clock, &bell);
        Self { engine, followers }
    }

    /// So many people from number `from` on take a seat in a session each.
    async fn register(&self, from: u128, people: u128) {
        let orders = (from..from + people).map(async |number| {
            let (learner, session) = (learner(number), session(number % SESSIONS));
            let (on_full, automatic, reason) = (OnFull::Alternatives, false, None);
            let register = Command::Register { session, learner, on_full, automatic, reason };
            self.engine.ask(Actor::Person(learner), register, None, Uuid::nil()).await.expect("a seat");
        });
        futures::future::join_all(orders).await;
    }

    async fn stop(self) {
        self.engine.stop().await;
        self.followers.stop().await;
    }
}

/// Waits until Kafka has acknowledged what happened so far.
async fn all_sent(store: &SqlStore) {
    let sent = async {
        let head = store.head().await.expect("read");
        while store.checkpoint(TELLER).await.expect("read") < head
            || store.checkpoint(RELAY).await.expect("read") < store.last_number().await.expect("read")
        {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(2), sent).await.expect("everything is sent");
}

/// The ids of each session's registrations, in order of first appearance: as they were told, and as Kafka has them.
async fn told_and_found(store: &SqlStore, kafka: &ilt_kafka::Settings) -> [BTreeMap<String, Vec<String>>; 2] {
    let told = store.told_after(0, 100_000).await.expect("read");
    let told = told.into_iter().filter(|it| it.told.topic == Topic::Registration);
    let told = told.map(|it| (it.told.key.to_string(), it.told.id.to_string()));
    let found = everything(&kafka.brokers, &kafka.topics.name(Topic::Registration));
    let found = found.into_iter().map(|it| (it.key.clone(), it.header("ce_id").to_owned()));
    let in_order = |all: &mut dyn Iterator<Item = (String, String)>| {
        let (mut order, mut seen) = (BTreeMap::<_, Vec<_>>::new(), BTreeSet::new());
        for (key, id) in all {
            if seen.insert(id.clone()) {
                order.entry(key).or_default().push(id);
            }
        }
        order
    };
    [in_order(&mut told.into_iter()), in_order(&mut found.into_iter())]
}

async fn stores(name: &str) -> Vec<(Database, SqlStore)> {
    let mut stores = Vec::new();
    for database in [Some(sqlite()), postgres(name)].into_iter().flatten() {
        let store = database.store(Options::default()).await;
        found(&ports_on(store.clone()), 2_000, &[500; SESSIONS as usize]).await;
        stores.push((database, store));
    }
    stores
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_committed_is_in_kafka_whichever_host_sends_it() {
    let Some(brokers) = shared() else { return };
    for (number, (_kept, store)) in stores("relaying").await.into_iter().enumerate() {
        let kafka = settings(&brokers, &format!("relaying-{number}"));
        let (first, second) = (Host::start(&store, &kafka).await, Host::start(&store, &kafka).await);
        first.register(0, 300).await;
        second.register(300, 300).await;
        all_sent(&store).await;
        first.stop().await;
        second.register(600, 300).await;
        all_sent(&store).await;
        second.stop().await;
        let [told, found] = told_and_found(&store, &kafka).await;
        assert_eq!(told.values().map(Vec::len).sum::<usize>(), 900);
        assert_eq!(found, told);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_away_stops_no_registration_and_gets_everything_afterwards() {
    if shared().is_none() {
        return;
    }
    let own = Own::start("away", 1);
    let (_kept, store) = stores("away").await.remove(0);
    let kafka = ilt_kafka::Settings { patience: Duration::from_secs(1), ..settings(&own.brokers, "away") };
    let host = Host::start(&store, &kafka).await;
    host.register(0, 200).await;
    all_sent(&store).await;
    own.kill(1);
    host.register(200, 200).await;
    let failing = async {
        while host.followers.seen()[1].trouble.is_none() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), failing).await.expect("it says that Kafka is away");
    assert!(host.followers.seen()[0].trouble.is_none(), "telling goes on");
    host.register(400, 200).await;
    own.resume();
    all_sent(&store).await;
    host.stop().await;
    let [told, found] = told_and_found(&store, &kafka).await;
    assert_eq!(told.values().map(Vec::len).sum::<usize>(), 600);
    assert_eq!(found, told);
}
