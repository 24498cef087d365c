//! Dead letters, put back where they came from.

use std::collections::BTreeMap;
use std::time::Duration;

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{CommitMode, Consumer as _, StreamConsumer};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::util::Timeout;
use rdkafka::{Offset, TopicPartitionList};

use crate::consume::{MARK, Record};
use crate::lag::{Stretch, stretches};
use crate::publisher::{is_too_large, trouble};
use crate::topics::DEAD;
use crate::{Settings, Trouble};

/// How often a record was put back; whoever takes it again knows it for another try.
pub const REDRIVEN: &str = "dlq.redriven";
/// The group that had buried a record, once for each time it was put back: the other groups of its topic hear it again without
/// need. It does not begin as the headers of dead letters do, so it stays when the record is buried anew, by whomever.
pub const REDRIVEN_FOR: &str = "redriven_for";
/// Letters taken at once.
const MOST: usize = 500;
/// How long Kafka may take to say what there is, and to send what it said.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why letters cannot be put back.
#[derive(Debug, thiserror::Error)]
pub enum RedriveTrouble {
    /// What is named holds no dead letters.
    #[error("{topic} is no topic of dead letters: its name does not end with {DEAD}")]
    NotDead {
        /// What was named.
        topic: String,
    },
    /// There is no such topic.
    #[error("there is no topic {topic}: nothing was buried there")]
    Missing {
        /// Which one.
        topic: String,
    },
    /// Kafka is in the way.
    #[error(transparent)]
    Kafka(#[from] Trouble),
}

/// A letter that cannot be put back, by its place among the dead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftAlone {
    /// Its partition.
    pub partition: i32,
    /// Its offset there.
    pub offset: i64,
    /// Why, without what it says.
    pub why: &'static str,
}

impl LeftAlone {
    /// This letter, for this reason.
    pub const fn because(letter: &Record, why: &'static str) -> Self {
        Self { partition: letter.partition, offset: letter.offset, why }
    }
}

/// Dead letters on their way back. Which were put back is kept in Kafka, for the group.
pub struct Redrive {
    topic: String,
    consumer: StreamConsumer,
    producer: FutureProducer,
    /// For each partition where to go on and where to end.
    left: BTreeMap<i32, (i64, i64)>,
}

impl Redrive {
    /// What lies in a topic of dead letters and was not put back by this group; or all of it `again`. Blocks shortly.
    ///
    /// # Errors
    /// [`RedriveTrouble`] when it is no topic of dead letters, there is none, or Kafka is away.
    pub fn open(settings: &Settings, group: &str, topic: &str, again: bool) -> Result<Self, RedriveTrouble> {
        if !topic.ends_with(DEAD) {
            return Err(RedriveTrouble::NotDead { topic: topic.to_owned() });
        }
        let consumer: StreamConsumer = settings.consumer(group).create().map_err(Trouble::Settings)?;
        let producer = each_by_itself(settings).create().map_err(Trouble::Settings)?;
        let stretches = stretches(&consumer, topic, settings.patience)?;
        if stretches.is_empty() {
            return Err(RedriveTrouble::Missing { topic: topic.to_owned() });
        }
        let (mut left, mut begin) = (BTreeMap::new(), TopicPartitionList::new());
        for Stretch { partition, low, next, high } in stretches {
            let from = if again { low } else { next };
            if from < high {
                left.insert(partition, (from, high));
                begin.add_partition_offset(topic, partition, Offset::Offset(from)).map_err(trouble)?;
            }
        }
        consumer.assign(&begin).map_err(trouble)?;
        Ok(Self { topic: topic.to_owned(), consumer, producer, left })
    }

    /// Letters left to take.
    pub fn left(&self) -> u64 {
        self.left.values().map(|(from, end)| end.saturating_sub(*from).cast_unsigned()).sum()
    }

    /// The next letters; none when all were taken.
    ///
    /// # Errors
    /// [`Trouble::Away`] when Kafka does not send what it has.
    pub async fn take(&mut self) -> Result<Vec<Record>, RedriveTrouble> {
        let mut taken = Vec::new();
        while taken.len() < MOST && self.left.values().any(|(from, end)| from < end) {
            let away = |_| Trouble::Away(rdkafka::error::KafkaError::Canceled);
            let message = tokio::time::timeout(PATIENCE, self.consumer.recv()).await.map_err(away)?;
            let record = Record::from(&message.map_err(trouble)?);
            let Some((from, end)) = self.left.get_mut(&record.partition) else { continue };
            let is_later = record.offset >= *end;
            *from = (record.offset + 1).min(*end);
            if !is_later {
                taken.push(record);
            }
        }
        Ok(taken)
    }

    /// Puts letters back into the topics they came from, without what was said of their death, and remembers that of all that
    /// were taken. Answers which could not be put back; they are in nobody's way.
    ///
    /// # Errors
    /// [`RedriveTrouble`] when Kafka went away. In each partition, what was put back before that is remembered.
    pub async fn put_back(&self, letters: &[Record]) -> Result<Vec<LeftAlone>, RedriveTrouble> {
        let fates = futures::future::join_all(letters.iter().map(|letter| self.send(letter))).await;
        let (mut left_alone, mut failed, mut next) = (Vec::new(), None, self.next());
        for (letter, fate) in letters.iter().zip(fates) {
            match fate {
                Ok(None) => {}
                Ok(Some(why)) => left_alone.push(LeftAlone::because(letter, why)),
                Err(trouble) => {
                    let next = next.entry(letter.partition).or_insert(letter.offset);
                    *next = letter.offset.min(*next);
                    failed = failed.or(Some(trouble));
                }
            }
        }
        let remembered = self.remember(&next);
        if let Some(trouble) = failed {
            return Err(trouble.into());
        }
        remembered?;
        Ok(left_alone)
    }

    /// Puts one letter back, or says why it cannot be.
    async fn send(&self, letter: &Record) -> Result<Option<&'static str>, Trouble> {
        let Some(topic) = letter.header("dlq.original.topic") else {
            return Ok(Some("it does not say whence it came"));
        };
        let mut record = FutureRecord::<[u8], [u8]>::to(topic).headers(headers(letter));
        record.key = letter.key.as_deref();
        record.payload = letter.value.as_deref();
        match self.producer.send(record, Timeout::After(PATIENCE)).await {
            Ok(_) => Ok(None),
            Err((error, _)) if is_too_large(&error) => Ok(Some("it is too large for its topic")),
            Err((error, _)) => match trouble(error) {
                Trouble::Refused(_) => Ok(Some("the topic it came from does not take it, or is not there")),
                other => Err(other),
            },
        }
    }

    /// Where to go on in each partition, when all that were taken are settled.
    fn next(&self) -> BTreeMap<i32, i64> {
        self.left.iter().map(|(partition, (next, _))| (*partition, *next)).collect()
    }

    fn remember(&self, next: &BTreeMap<i32, i64>) -> Result<(), Trouble> {
        let mut done = TopicPartitionList::new();
        for (partition, next) in next {
            done.add_partition_offset(&self.topic, *partition, Offset::Offset(*next)).map_err(trouble)?;
        }
        self.consumer.commit(&done, CommitMode::Sync).map_err(trouble)
    }
}

/// Brokers refuse what travels with something too large as well, and a producer that guarantees to leave nothing out sends nothing
/// afterwards. Here each letter is judged by itself, also one from a topic that is no more.
fn each_by_itself(settings: &Settings) -> ClientConfig {
    let mut config = settings.letter_producer();
    config.set("batch.num.messages", "1").set("topic.metadata.propagation.max.ms", "3000");
    config
}

fn headers(letter: &Record) -> OwnedHeaders {
    let times: u32 = letter.header(REDRIVEN).and_then(|times| times.parse().ok()).unwrap_or(0);
    let headers = letter.headers_that(|key| !key.starts_with(MARK));
    let headers = headers.insert(Header { key: REDRIVEN, value: Some(&(times + 1).to_string()) });
    match letter.header("dlq.consumer_group") {
        Some(group) => headers.insert(Header { key: REDRIVEN_FOR, value: Some(group) }),
        None => headers,
    }
}
