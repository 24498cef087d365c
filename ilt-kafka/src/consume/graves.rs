//! Dead letters: the record as it was, and beside it why nobody takes it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rdkafka::error::KafkaError;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{FutureProducer, FutureRecord};
use tokio::sync::Mutex;

use super::{Poison, Record};
use crate::topics::DEAD;
use crate::{REDRIVEN, Settings, Trouble, admin};

/// What the headers begin with that only dead letters have.
pub const MARK: &str = "dlq.";

/// What is known of the death of a record beside its [`Poison`].
pub struct Death<'a> {
    pub group: &'a str,
    pub attempts: u32,
    pub first_failed_at: Timestamp,
}

/// Where dead letters are put.
pub struct Graves {
    settings: Settings,
    open: Mutex<Open>,
}

/// What is kept from one dead letter to the next.
#[derive(Default)]
struct Open {
    /// Topics that are there.
    topics: BTreeSet<String>,
    /// Thrown away after a failure: it may be one that it never gets over.
    producer: Option<FutureProducer>,
}

impl Graves {
    pub fn new(settings: Settings) -> Self {
        Self { settings, open: Mutex::default() }
    }

    /// Puts a record among the dead letters of its topic, and waits until Kafka has it.
    pub async fn bury(&self, record: &Record, poison: &Poison, death: &Death<'_>) -> Result<(), Trouble> {
        let topic = record.topic.clone() + DEAD;
        let producer = self.producer(&topic).await?;
        tracing::error!(
            topic = record.topic,
            partition = record.partition,
            offset = record.offset,
            group = death.group,
            reason = poison.reason.word(),
            said = poison.said,
            "a record is never taken"
        );
        let sent = send_whole_or_less(&producer, &topic, record, headers(record, poison, death)).await;
        if sent.is_err() {
            *self.open.lock().await = Open::default();
        }
        sent.map_err(crate::publisher::trouble)
    }

    /// A producer, when there is such a topic.
    async fn producer(&self, topic: &str) -> Result<FutureProducer, Trouble> {
        let mut open = self.open.lock().await;
        if !open.topics.contains(topic) {
            admin::make_topics(&self.settings, &[topic.to_owned()]).await?;
            open.topics.insert(topic.to_owned());
        }
        if let Some(producer) = &open.producer {
            return Ok(producer.clone());
        }
        let producer: FutureProducer = self.settings.letter_producer().create().map_err(Trouble::Settings)?;
        open.producer = Some(producer.clone());
        Ok(producer)
    }
}

/// What Kafka takes by itself may be too large with what is said of its death. The original is where the headers say.
async fn send_whole_or_less(
    producer: &FutureProducer,
    topic: &str,
    record: &Record,
    headers: OwnedHeaders,
) -> Result<(), KafkaError> {
    let whole = send(producer, topic, record, record.value.as_deref(), headers.clone()).await;
    if !whole.as_ref().is_err_and(crate::publisher::is_too_large) {
        return whole;
    }
    let size = record.value.as_ref().map_or(0, Vec::len).to_string();
    let headers = headers.insert(Header { key: "dlq.size", value: Some(&size) });
    send(producer, topic, record, None, headers).await
}

async fn send(
    producer: &FutureProducer,
    topic: &str,
    record: &Record,
    value: Option<&[u8]>,
    headers: OwnedHeaders,
) -> Result<(), KafkaError> {
    let mut letter = FutureRecord::<[u8], [u8]>::to(topic).headers(headers);
    letter.key = record.key.as_deref();
    letter.payload = value;
    let patience = rdkafka::util::Timeout::Never;
    producer.send(letter, patience).await.map(drop).map_err(|(error, _)| error)
}

fn headers(record: &Record, poison: &Poison, death: &Death<'_>) -> OwnedHeaders {
    let original = record.headers_that(|key| !key.starts_with(MARK) || key == REDRIVEN);
    let dead = [
        ("dlq.original.topic", Some(record.topic.clone())),
        ("dlq.original.partition", Some(record.partition.to_string())),
        ("dlq.original.offset", Some(record.offset.to_string())),
        ("dlq.original.timestamp", record.at.map(|at| at.as_millisecond().to_string())),
        ("dlq.reason", Some(poison.reason.word().to_owned())),
        ("dlq.http_status", poison.status.map(|status| status.to_string())),
        ("dlq.error", Some(poison.said.clone())),
        ("dlq.attempts", Some(death.attempts.to_string())),
        ("dlq.first_failed_at", Some(death.first_failed_at.to_string())),
        ("dlq.consumer_group", Some(death.group.to_owned())),
    ];
    let said = dead.into_iter().filter_map(|(key, value)| Some((key, value?)));
    said.fold(original, |headers, (key, value)| headers.insert(Header { key, value: Some(value.as_str()) }))
}
