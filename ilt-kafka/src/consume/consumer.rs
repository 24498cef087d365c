//! A member of a group: takes its share of partitions, and gives each to a worker.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ilt_core::ports::Clock;
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext, Rebalance, StreamConsumer};
use rdkafka::error::KafkaError;
use rdkafka::statistics::Statistics;
use rdkafka::{ClientContext, TopicPartitionList};
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use super::graves::Graves;
use super::member::Member;
use super::outlook::Outlook;
use super::way::{Hindrance, is_open};
use super::worker::{Tools, Worker};
use super::{Handler, Record, Watch};
use crate::{Settings, Trouble};

/// Bytes of one partition that wait in memory before it is paused.
const MOST_WAITING: usize = 4 << 20;
/// How often it is looked whether a paused partition has room again.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How often it is asked whether a topic that was missing is there by now, and how long an answer may take.
const ASK: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(3));
/// How long workers may take to finish when the consumer stops.
const GRACE: Duration = Duration::from_secs(5);
/// How long leaving the group may take before nobody waits for it any more.
const FAREWELL: Duration = Duration::from_secs(10);

/// What is taken, and as whom.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// The group whose members share the work.
    pub group: String,
    /// The topics' names.
    pub topics: Vec<String>,
}

/// A partition.
type Place = (String, i32);

/// Takes records from Kafka, and has them settled.
pub struct Consumer {
    member: Arc<Member<Ground>>,
    has_left: oneshot::Receiver<()>,
    topics: Vec<String>,
}

/// Where the workers are; librdkafka says here what the group has decided.
struct Ground {
    tools: Arc<Tools>,
    workers: Mutex<BTreeMap<Place, Worker>>,
}

impl Ground {
    fn workers(&self) -> MutexGuard<'_, BTreeMap<Place, Worker>> {
        self.workers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ClientContext for Ground {
    fn stats(&self, statistics: Statistics) {
        // librdkafka goes on knowing what was left of partitions that somebody else has by now.
        let left = self.workers().keys().map(|place| lag(&statistics, place)).sum();
        self.tools.outlook.behind(left);
        if is_open(&statistics) {
            self.tools.outlook.is_over(Hindrance::Brokers);
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        let is_news =
            self.tools.outlook.hindered(Hindrance::from(&error), &format!("Kafka: {error}: {reason}"));
        // librdkafka says so several times a second, for as long as it lasts.
        if is_news {
            tracing::warn!(group = self.tools.group, reason, "Kafka: {error}");
        }
    }
}

impl ConsumerContext for Ground {
    fn pre_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Assign(_) => self.tools.outlook.is_over(Hindrance::Group),
            Rebalance::Revoke(gone) => {
                // librdkafka remembers that it was asked to pause a partition, also when it comes back to us later.
                let _not_ours = consumer.resume(gone);
                let mut workers = self.workers();
                for one in gone.elements() {
                    let worker = workers.remove(&(one.topic().to_owned(), one.partition()));
                    worker.into_iter().for_each(Worker::end);
                }
            }
            Rebalance::Error(_) => {}
        }
    }

    fn commit_callback(&self, result: Result<(), KafkaError>, _offsets: &TopicPartitionList) {
        if let Err(error) = result {
            tracing::warn!(
                group = self.tools.group,
                "how far it is could not be kept, and will be again: {error}"
            );
        }
    }
}

impl Consumer {
    /// One that belongs to a group. Kafka is not waited for.
    ///
    /// # Errors
    /// [`Trouble::Settings`] when no client can be made of the settings.
    pub fn new(
        settings: &Settings,
        subscription: &Subscription,
        handler: Arc<dyn Handler>,
        watch: Arc<dyn Watch>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Trouble> {
        let (group, graves) = (subscription.group.clone(), Graves::new(settings.clone()));
        let outlook = Arc::new(Outlook::new(watch));
        let tools = Arc::new(Tools { group, handler, outlook, clock, graves });
        let ground = Ground { tools, workers: Mutex::default() };
        let consumer: StreamConsumer<Ground> =
            settings.consumer(&subscription.group).create_with_context(ground).map_err(Trouble::Settings)?;
        let topics: Vec<_> = subscription.topics.iter().map(String::as_str).collect();
        consumer.subscribe(&topics).map_err(Trouble::Settings)?;
        let (member, has_left) = Member::new(consumer);
        Ok(Self { member: Arc::new(member), has_left, topics: subscription.topics.clone() })
    }

    /// Takes records until it is told to stop, then lets the workers finish and says how far they are.
    pub async fn run(self, stopping: impl Future<Output = ()> + Send) {
        let mut stopping = std::pin::pin!(stopping);
        let (mut look, mut ask) = (tokio::time::interval(LOOK_EVERY), tokio::time::interval(ASK.0));
        let ground = self.member.context().clone();
        loop {
            tokio::select! {
                () = &mut stopping => break,
                _ = look.tick() => self.resume(&ground),
                _ = ask.tick() => self.ask_for_topics(),
                // Whatever librdkafka gives instead of a record, it has told the ground of.
                record = self.member.recv() => if let Ok(message) = record {
                    self.give(&ground, Record::from(&message));
                },
            }
        }
        let workers = std::mem::take(&mut *ground.workers());
        let tasks: Vec<_> = workers.values().map(Worker::task).collect();
        let finish = futures::future::join_all(workers.into_values().map(Worker::finish));
        if tokio::time::timeout(GRACE, finish).await.is_err() {
            tasks.iter().for_each(AbortHandle::abort);
        }
        drop(self.member);
        if tokio::time::timeout(FAREWELL, self.has_left).await.is_err() {
            let group = &ground.tools.group;
            tracing::warn!(group, "leaving the group takes too long, and goes on without being waited for");
        }
    }

    /// Whoever is told that a topic is missing is told only once, and not at all that it is there.
    fn ask_for_topics(&self) {
        if !self.member.context().tools.outlook.is_hindered_by(Hindrance::Topics) {
            return;
        }
        let (consumer, topics) = (self.member.clone(), self.topics.clone());
        tokio::task::spawn_blocking(move || {
            let is_there = |topic: &String| {
                let found = consumer.fetch_metadata(Some(topic), ASK.1);
                found.is_ok_and(|it| it.topics().iter().all(|it| it.error().is_none()))
            };
            if topics.iter().all(is_there) {
                consumer.context().tools.outlook.is_over(Hindrance::Topics);
            }
        });
    }

    fn give(&self, ground: &Ground, record: Record) {
        let place = (record.topic.clone(), record.partition);
        let mut workers = ground.workers();
        let worker = workers.entry(place.clone()).or_insert_with(|| {
            // A group that never said how far it is would not be behind, whatever keeps it from its first record.
            let _not_ours = self.member.store_offset(&place.0, place.1, record.offset - 1);
            let (consumer, (topic, partition)) = (Arc::downgrade(&self.member), place.clone());
            Worker::start(ground.tools.clone(), move |next| {
                // A partition that somebody else has by now is no longer ours to speak of.
                let _not_ours = consumer.upgrade().map(|it| it.store_offset(&topic, partition, next - 1));
            })
        });
        worker.give(record);
        if worker.waiting() > MOST_WAITING && !worker.is_paused {
            worker.is_paused = self.member.pause(&only(&place)).is_ok();
        }
    }

    fn resume(&self, ground: &Ground) {
        for (place, worker) in ground.workers().iter_mut().filter(|(_, worker)| worker.is_paused) {
            if worker.waiting() < MOST_WAITING / 2 {
                worker.is_paused = self.member.resume(&only(place)).is_err();
            }
        }
    }
}

/// What is left of a partition, as far as anybody knows.
fn lag(statistics: &Statistics, (topic, partition): &Place) -> u64 {
    let partition = statistics.topics.get(topic).and_then(|it| it.partitions.get(partition));
    partition.and_then(|it| u64::try_from(it.consumer_lag).ok()).unwrap_or(0)
}

fn only((topic, partition): &Place) -> TopicPartitionList {
    let mut list = TopicPartitionList::new();
    list.add_partition(topic, *partition);
    list
}
