//! Taking records from a real Kafka: each settled, in the order of its partition, whatever is in the way; poison is buried, and
//! put back when somebody has mended what was wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use ilt_core::ports::Clock;
use ilt_core::statement::Topic;
use ilt_core::testing::FixedClock;
use ilt_core::testing::plans::now;
use ilt_kafka::consume::{Consumer, Handler, Poison, Reason, Record, Subscription, Wait, Watch};
use ilt_kafka::testing::{everything, send, settings, shared, told};
use ilt_kafka::{Publisher, Redrive, Settings};
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use tokio::task::JoinHandle;

/// Keeps what it settles, as a store would; some records it never takes, and some it cannot take just now.
#[derive(Default)]
struct Keeper {
    kept: Mutex<Vec<(i32, i64, String)>>,
    poison: Mutex<BTreeSet<String>>,
    stuck: Mutex<Option<i32>>,
    is_slow: AtomicBool,
}

impl Keeper {
    fn ids(&self) -> Vec<String> {
        self.kept.lock().expect("unharmed").iter().map(|(_, _, id)| id.clone()).collect()
    }

    /// The ids of each partition in the order of first settling.
    fn order(&self) -> BTreeMap<i32, Vec<String>> {
        let (mut order, mut seen) = (BTreeMap::<_, Vec<_>>::new(), BTreeSet::new());
        for (partition, _, id) in self.kept.lock().expect("unharmed").iter() {
            if seen.insert(id.clone()) {
                order.entry(*partition).or_default().push(id.clone());
            }
        }
        order
    }
}

#[async_trait]
impl Handler for Keeper {
    async fn settle(&self, records: &[Record]) -> Result<Vec<(usize, Poison)>, Wait> {
        if self.is_slow.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        if *self.stuck.lock().expect("unharmed") == Some(records[0].partition) {
            return Err(Wait {
                said: "the ground is frozen".to_owned(),
                leave_alone: Some(Duration::from_millis(50)),
            });
        }
        let poison = self.poison.lock().expect("unharmed").clone();
        let mut dead = Vec::new();
        for (place, record) in records.iter().enumerate() {
            let id = record.header("ce_id").expect("an id").to_owned();
            if poison.contains(&id) && record.header("dlq.redriven").is_none() {
                dead.push((
                    place,
                    Poison { status: Some(400), ..Poison::new(Reason::Invalid, "/actor is wrong") },
                ));
            } else {
                self.kept.lock().expect("unharmed").push((record.partition, record.offset, id));
            }
        }
        Ok(dead)
    }
}

#[derive(Default)]
struct Onlooker {
    settled: AtomicU64,
    dead: AtomicU64,
    behind: AtomicU64,
    said: Mutex<String>,
}

impl Watch for Onlooker {
    fn settled(&self, records: u64, dead: u64) {
        self.settled.fetch_add(records, Ordering::SeqCst);
        self.dead.fetch_add(dead, Ordering::SeqCst);
    }

    fn waits(&self, said: &str) {
        said.clone_into(&mut self.said.lock().expect("unharmed"));
    }

    fn behind(&self, records: u64) {
        self.behind.store(records, Ordering::SeqCst);
    }
}

/// A consumer at work, until it is stopped or ended.
struct Running {
    stop: tokio::sync::oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    fn start(settings: &Settings, keeper: &Arc<Keeper>, watch: &Arc<Onlooker>) -> Self {
        let topics = vec![settings.topics.name(Topic::Registration)];
        let subscription = Subscription { group: format!("{}keepers", settings.topics.prefix), topics };
        let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(now()));
        let consumer = Consumer::new(settings, &subscription, keeper.clone(), watch.clone(), clock)
            .expect("sound settings");
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let stopped = async move { drop(stopped.await) };
        Self { stop, task: tokio::spawn(consumer.run(stopped)) }
    }

    async fn stop(self) {
        drop(self.stop);
        self.task.await.expect("it stops");
    }
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), wait).await.unwrap_or_else(|_| panic!("never {what}"));
}

/// Publishes statements of these numbers, and answers the ids in each partition of the registration topic, in order.
async fn published(settings: &Settings, numbers: std::ops::Range<u32>) -> BTreeMap<i32, Vec<String>> {
    let batch: Vec<_> = numbers.map(told).collect();
    Publisher::new(settings.clone()).publish(&batch).await.expect("published");
    let mut order: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for record in everything(&settings.brokers, &settings.topics.name(Topic::Registration)) {
        order.entry(record.partition).or_default().push(record.header("ce_id").to_owned());
    }
    order
}

fn count(order: &BTreeMap<i32, Vec<String>>) -> usize {
    order.values().map(Vec::len).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_record_is_settled_once_in_order_and_a_restart_goes_on() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "settled");
    let (keeper, watch) = (Arc::<Keeper>::default(), Arc::<Onlooker>::default());
    let order = published(&settings, 1..2_001).await;
    let running = Running::start(&settings, &keeper, &watch);
    until("settled", || keeper.ids().len() >= count(&order)).await;
    until("told that nothing is left", || watch.behind.load(Ordering::SeqCst) == 0).await;
    running.stop().await;
    let order = published(&settings, 2_001..3_001).await;
    let running = Running::start(&settings, &keeper, &watch);
    until("settled", || keeper.ids().len() >= count(&order)).await;
    running.stop().await;
    assert_eq!(keeper.ids().len(), count(&order), "once each: the restart began where the first run ended");
    assert_eq!(keeper.order(), order);
    assert_eq!(watch.settled.load(Ordering::SeqCst), count(&order) as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_record_among_500_is_buried_as_it_was_and_put_back_when_asked() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "poison");
    let (keeper, watch) = (Arc::<Keeper>::default(), Arc::<Onlooker>::default());
    let id = told(252).told.id.to_string();
    keeper.poison.lock().expect("unharmed").insert(id.clone());
    let order = published(&settings, 1..501).await;
    let running = Running::start(&settings, &keeper, &watch);
    until("settled", || watch.settled.load(Ordering::SeqCst) >= count(&order) as u64).await;
    assert_eq!((keeper.ids().len(), watch.dead.load(Ordering::SeqCst)), (count(&order) - 1, 1));
    let dlq = settings.topics.dead(Topic::Registration);
    let dead = everything(&brokers, &dlq);
    let [letter] = dead.as_slice() else { panic!("{dead:?}") };
    assert_eq!(
        (letter.value.as_str(), letter.key.as_str()),
        (told(252).told.body.as_str(), told(252).told.key.to_string().as_str())
    );
    for (name, value) in [
        ("ce_id", id.as_str()),
        ("dlq.original.topic", &settings.topics.name(Topic::Registration)),
        ("dlq.reason", "invalid"),
        ("dlq.http_status", "400"),
        ("dlq.error", "/actor is wrong"),
        ("dlq.attempts", "1"),
        ("dlq.first_failed_at", &now().to_string()),
        ("dlq.consumer_group", &format!("{}keepers", settings.topics.prefix)),
    ] {
        assert_eq!(letter.header(name), value, "{name}");
    }
    let offset: usize = letter.header("dlq.original.offset").parse().expect("a number");
    let partition: i32 = letter.header("dlq.original.partition").parse().expect("a number");
    assert_eq!(order[&partition][offset], id);

    let group = format!("{}redrive", settings.topics.prefix);
    let mut redrive = Redrive::open(&settings, &group, &dlq, false).expect("it opens");
    assert_eq!(redrive.left(), 1);
    let letters = redrive.take().await.expect("taken");
    assert_eq!(redrive.put_back(&letters).await.expect("put back"), []);
    assert!(redrive.take().await.expect("nothing is left").is_empty());
    until("settled after all", || keeper.ids().contains(&id)).await;
    running.stop().await;
    let again: Vec<_> = everything(&brokers, &settings.topics.name(Topic::Registration))
        .into_iter()
        .filter(|it| it.header("ce_id") == id)
        .collect();
    assert_eq!(again.len(), 2);
    assert_eq!((again[1].header("dlq.redriven"), again[1].header("dlq.reason")), ("1", ""));
    assert_eq!(again[1].header("redriven_for"), format!("{}keepers", settings.topics.prefix));
    assert_eq!(Redrive::open(&settings, &group, &dlq, false).expect("it opens").left(), 0, "once is enough");
    assert_eq!(Redrive::open(&settings, &group, &dlq, true).expect("it opens").left(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partition_that_is_stuck_waits_and_the_others_flow_on() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "stuck");
    let (keeper, watch) = (Arc::<Keeper>::default(), Arc::<Onlooker>::default());
    let order = published(&settings, 1..1_001).await;
    let stuck = *order.keys().next().expect("a partition");
    *keeper.stuck.lock().expect("unharmed") = Some(stuck);
    let running = Running::start(&settings, &keeper, &watch);
    let others = count(&order) - order[&stuck].len();
    assert!(others > 0, "the keys are in several partitions");
    until("settled but for one partition", || keeper.ids().len() == others).await;
    until("told why", || *watch.said.lock().expect("unharmed") == "the ground is frozen").await;
    assert!(!keeper.order().contains_key(&stuck));
    *keeper.stuck.lock().expect("unharmed") = None;
    until("settled", || keeper.ids().len() == count(&order)).await;
    running.stop().await;
    assert_eq!(keeper.order(), order);
}

#[tokio::test(flavor = "multi_thread")]
async fn members_that_come_and_go_and_die_lose_nothing() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "members");
    let (keeper, watch) = (Arc::<Keeper>::default(), Arc::<Onlooker>::default());
    keeper.is_slow.store(true, Ordering::SeqCst);
    let first = Running::start(&settings, &keeper, &watch);
    let mut order = BTreeMap::new();
    let mut second = None;
    for round in 0..6 {
        order = published(&settings, round * 500 + 1..round * 500 + 501).await;
        match round {
            1 | 4 => second = Some(Running::start(&settings, &keeper, &watch)),
            // As a process that dies: nobody is told, and nothing is finished.
            2 => second.take().expect("running").task.abort(),
            5 => second.take().expect("running").stop().await,
            _ => tokio::time::sleep(Duration::from_millis(700)).await,
        }
    }
    let all: BTreeSet<_> = order.values().flatten().cloned().collect();
    until("settled", || all.iter().cloned().collect::<BTreeSet<_>>() == keeper.ids().into_iter().collect())
        .await;
    first.stop().await;
    for (partition, ids) in keeper.order() {
        assert_eq!(ids, order[&partition], "the order of partition {partition}");
    }
}

/// A topic that takes so many bytes at once.
async fn make_narrow(settings: &Settings, name: &str, bytes: &str) {
    let mut config = ClientConfig::new();
    let admin: AdminClient<DefaultClientContext> =
        config.set("bootstrap.servers", &settings.brokers).create().expect("a client");
    let topic = NewTopic::new(name, 1, TopicReplication::Fixed(1)).set("max.message.bytes", bytes);
    for made in admin.create_topics([&topic], &AdminOptions::new()).await.expect("an answer") {
        made.expect("a topic");
    }
}

#[tokio::test]
async fn a_letter_that_cannot_be_put_back_is_in_nobodys_way() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "narrow");
    let (topic, dlq) =
        (settings.topics.prefix.clone() + "narrow", settings.topics.prefix.clone() + "narrow.dlq");
    make_narrow(&settings, &topic, "1000").await;
    make_narrow(&settings, &dlq, "1000000").await;
    let large: String = (1..3_000_u32).map(|it| format!("{:x}", it.wrapping_mul(2_654_435_761))).collect();
    let from = [("dlq.original.topic", topic.as_str())];
    for (value, headers) in
        [("first", &from[..]), ("nowhere", &[]), (large.as_str(), &from[..]), ("last", &from[..])]
    {
        send(&brokers, &dlq, "a", value, headers).await;
    }
    let mut redrive = Redrive::open(&settings, "narrow-redrive", &dlq, false).expect("it opens");
    let letters = redrive.take().await.expect("taken");
    let left = redrive.put_back(&letters).await.expect("put back");
    let left: Vec<_> = left.iter().map(|it| (it.offset, it.why)).collect();
    assert_eq!(left, [(1, "it does not say whence it came"), (2, "it is too large for its topic")]);
    let back: Vec<_> = everything(&brokers, &topic).into_iter().map(|it| it.value).collect();
    assert_eq!(back, ["first", "last"]);
    assert_eq!(Redrive::open(&settings, "narrow-redrive", &dlq, false).expect("it opens").left(), 0);
}

#[test]
fn only_dead_letters_are_put_back() {
    let settings = Settings { brokers: "127.0.0.1:1".to_owned(), ..Settings::default() };
    let refused =
        Redrive::open(&settings, "nobody", "nlj.training.registration", false).err().expect("refused");
    assert_eq!(
        refused.to_string(),
        "nlj.training.registration is no topic of dead letters: its name does not end with .dlq"
    );
}
