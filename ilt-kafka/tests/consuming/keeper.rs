//! Who settles records in these tests, who looks on, and a consumer at work.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use ilt_core::ports::{Clock, Numbered};
use ilt_core::statement::Topic;
use ilt_core::testing::FixedClock;
use ilt_core::testing::plans::now;
use ilt_kafka::consume::{Consumer, Handler, Poison, Reason, Record, Subscription, Wait, Watch};
use ilt_kafka::testing::{everything, told};
use ilt_kafka::{Publisher, Settings};
use jiff::Timestamp;
use tokio::task::JoinHandle;

/// Keeps what it settles, as a store would; some records it never takes, and some it cannot take just now.
#[derive(Default)]
pub struct Keeper {
    kept: Mutex<Vec<(i32, String)>>,
    /// Where it is written down as well, for whoever outlives it.
    pub file: Option<PathBuf>,
    pub poison: Mutex<BTreeSet<String>>,
    /// Partitions of which it can settle nothing just now.
    pub stuck: Mutex<BTreeSet<i32>>,
    pub is_slow: AtomicBool,
    /// Whether it keeps what it is given in its hand for now.
    pub holds: AtomicBool,
    /// Whether it has something in its hand.
    pub is_holding: AtomicBool,
}

impl Keeper {
    pub fn ids(&self) -> Vec<String> {
        self.kept.lock().expect("unharmed").iter().map(|(_, id)| id.clone()).collect()
    }

    fn keep(&self, partition: i32, id: String) {
        if let Some(file) = &self.file {
            let mut file = OpenOptions::new().create(true).append(true).open(file).expect("it opens");
            file.write_all(format!("{partition} {id}\n").as_bytes()).expect("it is written");
        }
        self.kept.lock().expect("unharmed").push((partition, id));
    }

    /// Takes over what somebody else has written down; of what was cut off by a death, nobody was told.
    pub fn inherit(&self, file: &Path) {
        for line in std::fs::read_to_string(file).unwrap_or_default().split_inclusive('\n') {
            if let Some((partition, id)) = line.strip_suffix('\n').and_then(|it| it.split_once(' ')) {
                self.keep(partition.parse().expect("a number"), id.to_owned());
            }
        }
    }

    /// The ids of each partition in the order of first settling.
    pub fn order(&self) -> BTreeMap<i32, Vec<String>> {
        let (mut order, mut seen) = (BTreeMap::<_, Vec<_>>::new(), BTreeSet::new());
        for (partition, id) in self.kept.lock().expect("unharmed").iter() {
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
        while self.holds.load(Ordering::SeqCst) {
            self.is_holding.store(true, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        if self.stuck.lock().expect("unharmed").contains(&records[0].partition) {
            let leave_alone = Some(Duration::from_millis(50));
            return Err(Wait { leave_alone, ..Wait::because("the ground is frozen") });
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
                self.keep(record.partition, id);
            }
        }
        Ok(dead)
    }
}

pub struct Onlooker {
    pub settled: AtomicU64,
    pub dead: AtomicU64,
    pub behind: AtomicU64,
    pub oldest: Mutex<Option<Timestamp>>,
    pub said: Mutex<Vec<String>>,
    pub is_in_trouble: AtomicBool,
}

impl Default for Onlooker {
    /// Before anything was told, far more is left than there ever will be.
    fn default() -> Self {
        let (settled, dead, behind) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(u64::MAX));
        let (oldest, said, is_in_trouble) = (Mutex::default(), Mutex::default(), AtomicBool::default());
        Self { settled, dead, behind, oldest, said, is_in_trouble }
    }
}

impl Onlooker {
    /// Whether it was told something that begins like this.
    pub fn has_heard(&self, begin: &str) -> bool {
        self.said.lock().expect("unharmed").iter().any(|said| said.starts_with(begin))
    }
}

impl Watch for Onlooker {
    fn settled(&self, records: u64, dead: u64) {
        self.settled.fetch_add(records, Ordering::SeqCst);
        self.dead.fetch_add(dead, Ordering::SeqCst);
    }

    fn waits(&self, said: &str) {
        self.is_in_trouble.store(true, Ordering::SeqCst);
        self.said.lock().expect("unharmed").push(said.to_owned());
    }

    fn flows(&self) {
        self.is_in_trouble.store(false, Ordering::SeqCst);
    }

    fn behind(&self, records: u64, oldest: Option<Timestamp>) {
        *self.oldest.lock().expect("unharmed") = oldest;
        self.behind.store(records, Ordering::SeqCst);
    }
}

/// A consumer at work, until it is stopped or ended.
pub struct Running {
    stop: tokio::sync::oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    pub fn start(settings: &Settings, keeper: &Arc<Keeper>, watch: &Arc<Onlooker>) -> Self {
        Self::on(&[Topic::Registration], settings, keeper, watch)
    }

    pub fn on(topics: &[Topic], settings: &Settings, keeper: &Arc<Keeper>, watch: &Arc<Onlooker>) -> Self {
        let topics = topics.iter().map(|topic| settings.topics.name(*topic)).collect();
        let subscription = Subscription { group: format!("{}keepers", settings.topics.prefix), topics };
        let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(now()));
        let consumer = Consumer::new(settings, &subscription, keeper.clone(), watch.clone(), clock)
            .expect("sound settings");
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let stopped = async move { drop(stopped.await) };
        Self { stop, task: tokio::spawn(consumer.run(stopped)) }
    }

    pub async fn stop(self) {
        drop(self.stop);
        self.task.await.expect("it stops");
    }
}

pub async fn until(what: &str, is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(3), wait).await.unwrap_or_else(|_| panic!("never {what}"));
}

/// Publishes statements of these numbers, and answers the ids in each partition of the registration topic, in order.
pub async fn published(settings: &Settings, numbers: std::ops::Range<u32>) -> BTreeMap<i32, Vec<String>> {
    let batch: Vec<_> = numbers.map(told).collect();
    put(settings, &batch).await
}

/// The same with statements that somebody has changed.
pub async fn put(settings: &Settings, batch: &[Numbered]) -> BTreeMap<i32, Vec<String>> {
    Publisher::new(settings.clone()).publish(batch).await.expect("published");
    let mut order: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for record in everything(&settings.brokers, &settings.topics.name(Topic::Registration)) {
        order.entry(record.partition).or_default().push(record.header("ce_id").to_owned());
    }
    order
}

pub fn count(order: &BTreeMap<i32, Vec<String>>) -> usize {
    order.values().map(Vec::len).sum()
}
