//! Everything that may go wrong between a seat and a record store, one after the other and under load: one of three brokers is
//! killed, then all of them are away for a minute, hosts are killed twenty times, poison lies in the middle of 500 records, and
//! the whole journal is replayed twice. Afterwards the journal, Kafka and both record stores tell of the same things, each
//! session's in the same order.
#![cfg(feature = "kafka")]

mod served;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ilt_core::ports::Analytics as _;
use ilt_core::ports::{Journal as _, Measure, MonthlyQuery, Numbered, Statements as _, TELLER};
use ilt_core::statement::Topic;
use ilt_engine::followers::relay::RELAY;
use ilt_engine::open::ports_on;
use ilt_kafka::testing::{Own, everything, send};
use ilt_kafka::{Settings, Topics};
use ilt_store::testing::{Database, postgres};
use ilt_store::{Options, SqlStore};
use serde_json::{Value, json};
use served::process::Host;
use served::{client, found, learner, session};
use tokio::task::JoinHandle;
use uuid::Uuid;

const LEARNERS: u128 = 8_000;
const SESSIONS: u128 = 8;
const KILLS: usize = 20;

/// The ids told of each session, in order of first appearance.
type Order = BTreeMap<String, Vec<String>>;

fn in_order(all: impl Iterator<Item = (String, String)>) -> Order {
    let (mut order, mut seen) = (Order::new(), BTreeSet::new());
    for (session, id) in all {
        if seen.insert(id.clone()) {
            order.entry(session).or_default().push(id);
        }
    }
    order
}

/// Two hosts on one database and one Kafka, each with a record store of its own.
struct Stage {
    database: Database,
    store: SqlStore,
    kafka: Own,
    settings: Settings,
    record_stores: [String; 2],
    base: String,
    hosts: Arc<Mutex<[Option<Host>; 2]>>,
}

impl Stage {
    async fn set(database: Database, record_stores: [String; 2]) -> Self {
        let store = database.store(Options::default()).await;
        let room = u32::try_from(LEARNERS).expect("few");
        found(&ports_on(store.clone()), LEARNERS, &[room; SESSIONS as usize]).await;
        let kafka = Own::start("enduring", 3);
        let prefix = format!("enduring-{}.", std::process::id());
        let topics = Topics { prefix, ..Topics::default() };
        let settings = Settings { brokers: kafka.brokers.clone(), topics, ..Settings::default() };
        let base = format!("http://enduring-{}.example", std::process::id());
        let stage = Self { database, store, kafka, settings, record_stores, base, hosts: Arc::default() };
        stage.start(0);
        stage.start(1);
        stage
    }

    fn variables(&self, number: usize) -> Vec<(&'static str, String)> {
        vec![
            // It would tell of little else than of brokers that are away.
            ("ILT__LOG__FILTER", "off".to_owned()),
            ("ILT__KAFKA__BROKERS", self.kafka.brokers.clone()),
            ("ILT__KAFKA__PREFIX", self.settings.topics.prefix.clone()),
            ("ILT__KAFKA__PARTITIONS", "3".to_owned()),
            ("ILT__KAFKA__REPLICATION", "3".to_owned()),
            ("ILT__KAFKA__GROUP", format!("host-{number}")),
            ("ILT__LRS__URL", self.record_stores[number].clone()),
            ("ILT__LRS__FROM", "kafka".to_owned()),
            ("ILT__LRS__USER", "tester".to_owned()),
            ("ILT__LRS__SECRET", "secret".to_owned()),
            ("ILT__ANALYTICS__FROM", "kafka".to_owned()),
            ("ILT__STATEMENTS__ACTIVITY_BASE", self.base.clone()),
            ("ILT__STATEMENTS__NAMESPACE", Uuid::from_u128(u128::from(std::process::id())).to_string()),
        ]
    }

    fn start(&self, number: usize) {
        let variables = self.variables(number);
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let host = Host::start(&self.database, &variables);
        self.hosts.lock().expect("unharmed")[number] = Some(host);
    }

    fn kill(&self, number: usize) {
        let host = self.hosts.lock().expect("unharmed")[number].take();
        host.expect("it runs").kill();
    }

    /// Where this learner is registered, and goes on being registered whatever happens to hosts.
    async fn register(http: &reqwest::Client, hosts: &Mutex<[Option<Host>; 2]>, number: u128) {
        let path = format!("/v1/sessions/{}/registrations", session(number % SESSIONS));
        for attempt in 0.. {
            let place = (usize::try_from(number).expect("few") + attempt) % 2;
            let base = hosts.lock().expect("unharmed")[place].as_ref().map(|host| host.base.clone());
            if let Some(base) = base
                && let Some((201, _)) =
                    client(http, &base, learner(number)).post(&path, "once", json!({})).await
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// People who register one after the other, sixteen a second, until it is enough. Answers how many.
    fn load(&self, enough: &Arc<AtomicBool>) -> JoinHandle<u128> {
        let (hosts, enough) = (self.hosts.clone(), enough.clone());
        tokio::spawn(async move {
            let (http, mut all) = (reqwest::Client::new(), tokio::task::JoinSet::new());
            let mut number = 1_000;
            while !enough.load(Ordering::SeqCst) && number < LEARNERS {
                let (http, hosts) = (http.clone(), hosts.clone());
                all.spawn(async move { Self::register(&http, &hosts, number).await });
                number += 1;
                tokio::time::sleep(Duration::from_millis(60)).await;
            }
            all.join_all().await;
            number - 1_000
        })
    }

    async fn register_many(&self, numbers: std::ops::Range<u128>) {
        let http = reqwest::Client::new();
        futures::future::join_all(numbers.map(|number| Self::register(&http, &self.hosts, number))).await;
    }

    fn replay(&self) {
        let output = Command::new(env!("CARGO_BIN_EXE_ilt-host"))
            .args(["events", "replay", "--to", "kafka"])
            .env("ILT__STORE__URL", &self.database.url)
            .env("ILT__STORE__SCHEMA", &self.database.schema)
            .envs(self.variables(0))
            .output();
        let output = output.expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Waits until everything is told, in Kafka, and taken from there by everybody.
    async fn settled(&self) {
        let settled = async {
            while !self.left().await.is_empty() {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        };
        let is_settled = tokio::time::timeout(Duration::from_mins(5), settled).await.is_ok();
        assert!(is_settled, "not settled: {:?}", self.left().await);
    }

    /// What is left to do, and for whom.
    async fn left(&self) -> Vec<(&'static str, u64)> {
        let (head, last) =
            (self.store.head().await.expect("read"), self.store.last_number().await.expect("read"));
        let checkpoint = async |name| self.store.checkpoint(name).await.expect("read");
        let mut left = vec![
            ("telling", head.saturating_sub(checkpoint(TELLER).await)),
            ("sending", last.saturating_sub(checkpoint(RELAY).await)),
        ];
        let topics: Vec<_> = Topic::ALL.map(|topic| self.settings.topics.name(topic)).into();
        for group in ["host-0-lrs", "host-1-lrs", "host-0-numbers", "host-1-numbers"] {
            left.push((group, ilt_kafka::lag(&self.settings, group, &topics).await.unwrap_or(u64::MAX)));
        }
        left.retain(|(_, left)| *left > 0);
        left
    }

    async fn told(&self) -> Vec<Numbered> {
        self.store.told_after(0, 1_000_000).await.expect("read")
    }

    /// What a record store has of our sessions, in the order in which it took it. Ralph, on files, lists page by page as it took
    /// them. Learning Locker, in memory, loses what lies between two pages, and takes any limit: a page for each session.
    async fn listed(&self, number: usize) -> Order {
        let (mut all, mine) = (Vec::new(), format!("{}/training-sessions/", self.base));
        let mut queries: Vec<_> = (0..SESSIONS)
            .map(|number| format!("{mine}{}", session(number)).replace(':', "%3A").replace('/', "%2F"))
            .map(|activity| format!("/xAPI/statements?ascending=true&limit=5000&activity={activity}"))
            .collect();
        if number == 0 {
            queries = vec!["/xAPI/statements?limit=100".to_owned()];
        }
        while let Some(query) = queries.pop() {
            let page = self.page(number, &query).await;
            for one in page["statements"].as_array().expect("statements") {
                let object = one["object"]["id"].as_str().unwrap_or_default();
                if let Some(session) = object.strip_prefix(&mine) {
                    all.push((session.to_owned(), one["id"].as_str().expect("an id").to_owned()));
                }
            }
            queries.extend(
                page["more"].as_str().filter(|more| number == 0 && !more.is_empty()).map(str::to_owned),
            );
        }
        in_order(all.into_iter())
    }

    async fn page(&self, number: usize, query: &str) -> Value {
        let origin = self.record_stores[number].split("/xAPI").next().expect("an origin");
        let request = reqwest::Client::new().get(format!("{origin}{query}"));
        let request =
            request.basic_auth("tester", Some("secret")).header("X-Experience-API-Version", "1.0.3");
        request.send().await.expect("an answer").json().await.expect("JSON")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_everybody_tells_of_the_same_things_in_the_same_order() {
    let named = ["ILT_TEST_RALPH", "ILT_TEST_LEARNING_LOCKER"].map(|name| std::env::var(name).ok());
    let ([Some(ralph), Some(locker)], Some(database)) = (named, postgres("enduring")) else {
        assert!(std::env::var("CI").is_err(), "record stores must be named");
        return;
    };
    let stage = Stage::set(database, [ralph, locker]).await;
    let enough = Arc::<AtomicBool>::default();
    let load = stage.load(&enough);
    tokio::time::sleep(Duration::from_secs(3)).await;

    stage.kafka.kill(2);
    tokio::time::sleep(Duration::from_secs(5)).await;
    stage.kafka.resume();

    (1..=3).for_each(|node| stage.kafka.kill(node));
    tokio::time::sleep(Duration::from_mins(1)).await;
    stage.kafka.resume();

    for kill in 0..KILLS {
        stage.kill(kill % 2);
        stage.start(kill % 2);
        tokio::time::sleep(Duration::from_millis(400)).await;
    }

    // Before the poison and after it, 250 people each, in the same sessions.
    stage.register_many(0..250).await;
    let topic = stage.settings.topics.name(Topic::Registration);
    send(&stage.kafka.brokers, &topic, &session(0).to_string(), r#"{"id": "no statement"}"#, &[]).await;
    stage.register_many(250..500).await;
    enough.store(true, Ordering::SeqCst);
    let registered = load.await.expect("everybody registers") + 500;
    stage.settled().await;

    stage.replay();
    stage.replay();
    stage.settled().await;
    compare(&stage, registered).await;
    for number in 0..2 {
        stage.kill(number);
    }
}

/// What is told otherwise than it should be, session by session; nothing when all is well.
fn differences(found: &Order, expected: &Order) -> Vec<String> {
    let sessions: BTreeSet<_> = found.keys().chain(expected.keys()).collect();
    let of_session = |session: &String| {
        let ids = |order: &Order| order.get(session).cloned().unwrap_or_default();
        let (found, expected) = (ids(found), ids(expected));
        let place = found.iter().zip(&expected).take_while(|(one, other)| one == other).count();
        let missing = expected.iter().filter(|id| !found.contains(id)).count();
        let more = found.iter().filter(|id| !expected.contains(id)).count();
        let said = format!(
            "{session}: {missing} of {} missing, {more} more, another from {place} on",
            expected.len()
        );
        (found != expected).then_some(said)
    };
    sessions.into_iter().filter_map(of_session).collect()
}

/// Nothing is missing, nothing is there that was not told, and the order is that of the journal.
async fn compare(stage: &Stage, registered: u128) {
    let told = stage.told().await;
    let of_seats = told.iter().filter(|it| it.told.topic == Topic::Registration);
    let journal = in_order(of_seats.map(|it| (it.told.key.to_string(), it.told.id.to_string())));
    assert_eq!(journal.values().map(|ids| ids.len() as u128).sum::<u128>(), registered);

    let records = everything(&stage.kafka.brokers, &stage.settings.topics.name(Topic::Registration));
    let copies = records.len() as u128;
    let records = records.into_iter().filter(|it| it.value != r#"{"id": "no statement"}"#);
    let in_kafka = in_order(records.map(|it| (it.key.clone(), it.header("ce_id").to_owned())));
    assert_eq!(differences(&in_kafka, &journal), [""; 0], "Kafka");
    assert!(copies > 3 * registered, "{copies}: everything was sent three times at least");

    let sessions: BTreeMap<_, _> = told
        .iter()
        .filter(|it| it.told.topic == Topic::Scheduled)
        .map(|it| (it.told.key.to_string(), it.told.id.to_string()))
        .collect();
    let planned = everything(&stage.kafka.brokers, &stage.settings.topics.name(Topic::Scheduled));
    let planned: BTreeMap<_, _> =
        planned.iter().map(|it| (it.key.clone(), it.header("ce_id").to_owned())).collect();
    assert_eq!(planned, sessions, "Kafka: sessions");
    for (number, endpoint) in stage.record_stores.iter().enumerate() {
        let mut listed = stage.listed(number).await;
        for (session, ids) in &mut listed {
            let before = ids.len();
            ids.retain(|id| sessions.get(session) != Some(id));
            assert_eq!(before, ids.len() + 1, "{endpoint}: the session itself is told of once");
        }
        assert_eq!(differences(&listed, &journal), [""; 0], "{endpoint}");
    }

    let letters = everything(&stage.kafka.brokers, &stage.settings.topics.dead(Topic::Registration));
    let groups: BTreeSet<_> = letters.iter().map(|it| it.header("dlq.consumer_group").to_owned()).collect();
    assert_eq!(
        groups.iter().map(String::as_str).collect::<Vec<_>>(),
        ["host-0-lrs", "host-1-lrs"],
        "each buries the poison"
    );
    assert!(letters.iter().all(|it| it.value.contains("no statement")), "and nothing else");

    let all = MonthlyQuery { course: None, from: None, to: None, after: None, limit: 10 };
    let lines = stage.store.monthly(&all).await.expect("read");
    let counted: u64 = lines.iter().map(|line| line.counts[Measure::Registered as usize]).sum();
    assert_eq!(u128::from(counted), registered, "each is counted once");
}
