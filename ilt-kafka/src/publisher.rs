//! Sending batches of statements, each record acknowledged before the batch counts.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ilt_core::ports::Numbered;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{BaseRecord, ThreadedProducer};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::flight::{Flight, Tower};
use crate::{Settings, admin, headers};

/// How long a full queue is given before it is asked again.
const BREATH: Duration = Duration::from_millis(2);

/// What came of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Published {
    /// Records that are where they belong.
    pub sent: u64,
    /// Records that Kafka never takes; they are among the dead letters.
    pub dead: u64,
}

/// Why a batch could not be sent; it is to be sent again as a whole.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The brokers do not answer, or not in time.
    #[error("Kafka cannot be reached")]
    Away(#[source] KafkaError),
    /// A topic is missing and cannot be made.
    #[error("the topic {topic} is missing and cannot be made: {why}")]
    Topic {
        /// Which one.
        topic: String,
        /// What Kafka says.
        why: String,
    },
    /// The settings make no sense to the client.
    #[error("Kafka's settings cannot be used")]
    Settings(#[source] KafkaError),
    /// Kafka answered no.
    #[error("Kafka does not take it")]
    Refused(#[source] KafkaError),
}

/// A producer, and what it has on its way.
struct Line {
    producer: ThreadedProducer<Tower>,
    flight: Arc<Flight>,
}

/// Sends statements to Kafka.
pub struct Publisher {
    settings: Settings,
    /// Thrown away after a failure, so that nothing it still holds can overtake what is sent again.
    line: Mutex<Option<Line>>,
    /// Statements that the brokers found too large. Their refusal ends the producer, so they are not sent to them again.
    too_large: Mutex<BTreeSet<Uuid>>,
}

impl Publisher {
    /// One with these settings. Nothing is asked of Kafka yet.
    pub fn new(settings: Settings) -> Self {
        Self { settings, line: Mutex::new(None), too_large: Mutex::default() }
    }

    /// Sends a batch, and waits until the brokers have acknowledged every record.
    ///
    /// # Errors
    /// [`Trouble`] when a record was not acknowledged; those before it may have arrived, and it is safe to send all again.
    pub async fn publish(&self, batch: &[Numbered]) -> Result<Published, Trouble> {
        let mut kept = self.line.lock().await;
        let line = match kept.take() {
            Some(line) => line,
            None => self.connect().await?,
        };
        // Whoever gives up while this waits leaves no producer behind, and the next batch begins with a new one.
        let published = self.send(&line, batch).await?;
        *kept = Some(line);
        Ok(published)
    }

    async fn connect(&self) -> Result<Line, Trouble> {
        if self.settings.create_topics {
            admin::make_topics(&self.settings, &self.settings.topics.all()).await?;
        }
        let flight = Arc::<Flight>::default();
        let tower = Tower(flight.clone());
        let producer = self.settings.producer().create_with_context(tower).map_err(Trouble::Settings)?;
        Ok(Line { producer, flight })
    }

    async fn send(&self, line: &Line, batch: &[Numbered]) -> Result<Published, Trouble> {
        let mut too_large = self.too_large.lock().await;
        for (place, one) in batch.iter().enumerate() {
            if too_large.contains(&one.told.id) {
                continue;
            }
            let (topic, key) = (self.settings.topics.name(one.told.topic), one.told.key.to_string());
            // Stamped by Kafka's clock and not by ours: brokers refuse what seems to come from the future. When it happened
            // is in the headers.
            let record = BaseRecord::with_opaque_to(&topic, place).key(key.as_str());
            let record =
                record.payload(one.told.body.as_str()).headers(headers::of(&one.told, &self.settings));
            match line.put(record).await {
                Ok(()) => {}
                Err(error) if is_too_large(&error) => {
                    too_large.insert(one.told.id);
                }
                Err(error) => return Err(trouble(error)),
            }
        }
        let failed = line.flight.landed().await;
        let found = failed.iter().filter(|(_, error)| is_too_large(error));
        too_large.extend(found.filter_map(|(place, _)| Some(batch.get(*place)?.told.id)));
        if let Some((_, error)) = failed.into_iter().find(|(_, error)| !is_too_large(error)) {
            return Err(trouble(error));
        }
        let dead: Vec<_> = batch.iter().filter(|one| too_large.contains(&one.told.id)).collect();
        for one in &dead {
            self.bury(line, one).await?;
        }
        too_large.retain(|id| dead.iter().all(|one| one.told.id != *id));
        let dead = dead.len() as u64;
        Ok(Published { sent: batch.len() as u64 - dead, dead })
    }

    /// A record that is too large for its topic is too large for the dead letters as well: they get everything but its value,
    /// which the store still has under its id.
    async fn bury(&self, line: &Line, one: &Numbered) -> Result<(), Trouble> {
        tracing::error!(statement = %one.told.id, size = one.told.body.len(), "Kafka does not take a statement: it is too large");
        let (topic, key) = (self.settings.topics.dead(one.told.topic), one.told.key.to_string());
        let headers = headers::of_dead(&one.told, &self.settings, "too_large", "the record is too large");
        let record = BaseRecord::<str, str, usize>::with_opaque_to(&topic, 0).key(&key).headers(headers);
        line.put(record).await.map_err(trouble)?;
        match line.flight.landed().await.pop() {
            None => Ok(()),
            Some((_, error)) => Err(trouble(error)),
        }
    }
}

impl Line {
    /// Puts a record on its way. A full queue is back-pressure: others must be through before another is taken.
    async fn put(&self, mut record: BaseRecord<'_, str, str, usize>) -> Result<(), KafkaError> {
        loop {
            self.flight.begins();
            match self.producer.send(record) {
                Ok(()) => return Ok(()),
                Err((error, refused)) => {
                    self.flight.ends();
                    if !is_full(&error) {
                        return Err(error);
                    }
                    record = refused;
                    tokio::time::sleep(BREATH).await;
                }
            }
        }
    }
}

fn is_full(error: &KafkaError) -> bool {
    error.rdkafka_error_code() == Some(RDKafkaErrorCode::QueueFull)
}

pub(crate) fn is_too_large(error: &KafkaError) -> bool {
    error.rdkafka_error_code() == Some(RDKafkaErrorCode::MessageSizeTooLarge)
}

pub(crate) fn trouble(error: KafkaError) -> Trouble {
    use RDKafkaErrorCode::{
        ClusterAuthorizationFailed, InvalidTopic, TopicAuthorizationFailed, UnknownTopic,
        UnknownTopicOrPartition,
    };
    match error.rdkafka_error_code() {
        Some(
            ClusterAuthorizationFailed
            | InvalidTopic
            | TopicAuthorizationFailed
            | UnknownTopic
            | UnknownTopicOrPartition,
        ) => Trouble::Refused(error),
        _ => Trouble::Away(error),
    }
}
