//! Dead letters, put back where they came from.

use std::collections::BTreeMap;
use std::time::Duration;

use rdkafka::consumer::{CommitMode, Consumer as _, StreamConsumer};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::util::Timeout;
use rdkafka::{Offset, TopicPartitionList};

use crate::consume::{MARK, Record};
use crate::lag::{Stretch, stretches};
use crate::publisher::trouble;
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
    /// [`Trouble::Refused`] when it is no topic of dead letters or there is none; [`Trouble::Away`] when Kafka is.
    pub fn open(settings: &Settings, group: &str, topic: &str, again: bool) -> Result<Self, Trouble> {
        if !topic.ends_with(DEAD) {
            return Err(Trouble::Topic {
                topic: topic.to_owned(),
                why: format!("its name does not end with {DEAD}"),
            });
        }
        let consumer: StreamConsumer = settings.consumer(group).create().map_err(Trouble::Settings)?;
        let producer = settings.producer().create().map_err(Trouble::Settings)?;
        let stretches = stretches(&consumer, topic)?;
        if stretches.is_empty() {
            return Err(Trouble::Topic { topic: topic.to_owned(), why: "there is none".to_owned() });
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
    pub async fn take(&mut self) -> Result<Vec<Record>, Trouble> {
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
    /// were taken.
    ///
    /// # Errors
    /// [`Trouble`] when Kafka has not acknowledged each; all are to be put back again then.
    pub async fn put_back(&self, letters: &[Record]) -> Result<(), Trouble> {
        let mut ways = Vec::with_capacity(letters.len());
        for letter in letters {
            let Some(topic) = letter.header("dlq.original.topic") else {
                return Err(Trouble::Topic {
                    topic: self.topic.clone(),
                    why: "a letter does not say whence it came".to_owned(),
                });
            };
            let mut record = FutureRecord::<[u8], [u8]>::to(topic).headers(headers(letter));
            record.key = letter.key.as_deref();
            record.payload = letter.value.as_deref();
            ways.push(self.producer.send(record, Timeout::After(PATIENCE)));
        }
        for outcome in futures::future::join_all(ways).await {
            outcome.map_err(|(error, _)| trouble(error))?;
        }
        let mut done = TopicPartitionList::new();
        for (partition, (next, _)) in &self.left {
            done.add_partition_offset(&self.topic, *partition, Offset::Offset(*next)).map_err(trouble)?;
        }
        self.consumer.commit(&done, CommitMode::Sync).map_err(trouble)
    }
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
