//! Sending batches of statements, each record acknowledged before the batch counts.

use std::collections::VecDeque;

use ilt_core::ports::Numbered;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::future_producer::OwnedDeliveryResult;
use rdkafka::producer::{DeliveryFuture, FutureProducer, FutureRecord};
use tokio::sync::Mutex;

use crate::{Settings, admin, headers};

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
    /// There is no way to them: nobody is there, a certificate is not trusted, a password is wrong.
    #[error("Kafka cannot be reached: {why}")]
    Unreachable {
        /// What is in the way.
        why: String,
        /// What became of the call.
        #[source]
        source: KafkaError,
    },
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

/// Sends statements to Kafka.
pub struct Publisher {
    settings: Settings,
    /// Thrown away after a failure, so that nothing it still holds can overtake what is sent again.
    producer: Mutex<Option<FutureProducer>>,
}

impl Publisher {
    /// One with these settings. Nothing is asked of Kafka yet.
    pub fn new(settings: Settings) -> Self {
        Self { settings, producer: Mutex::new(None) }
    }

    /// Sends a batch, and waits until the brokers have acknowledged every record.
    ///
    /// # Errors
    /// [`Trouble`] when a record was not acknowledged; those before it may have arrived, and it is safe to send all again.
    pub async fn publish(&self, batch: &[Numbered]) -> Result<Published, Trouble> {
        let mut kept = self.producer.lock().await;
        let producer = match kept.take() {
            Some(producer) => producer,
            None => self.connect().await?,
        };
        // Whoever gives up while this waits leaves no producer behind, and the next batch begins with a new one.
        let published = self.send(&producer, batch).await?;
        *kept = Some(producer);
        Ok(published)
    }

    async fn connect(&self) -> Result<FutureProducer, Trouble> {
        admin::make_topics(&self.settings, &self.settings.topics.all()).await?;
        self.settings.producer().create().map_err(Trouble::Settings)
    }

    async fn send(&self, producer: &FutureProducer, batch: &[Numbered]) -> Result<Published, Trouble> {
        let mut published = Published::default();
        let mut waiting: VecDeque<(&Numbered, DeliveryFuture)> = VecDeque::with_capacity(batch.len());
        for one in batch {
            let (topic, key) = (self.settings.topics.name(one.told.topic), one.told.key.to_string());
            // Stamped by Kafka's clock and not by ours: brokers refuse what seems to come from the future. When it happened
            // is in the headers.
            let record = || {
                let record = FutureRecord::to(&topic).key(&key).payload(&one.told.body);
                record.headers(headers::of(&one.told, &self.settings))
            };
            loop {
                match producer.send_result(record()) {
                    Ok(delivery) => break waiting.push_back((one, delivery)),
                    // A full queue is back-pressure: the oldest must be through before another is taken.
                    Err((error, _)) if is_full(&error) && !waiting.is_empty() => {
                        let (oldest, delivery) = waiting.pop_front().expect("it is not empty");
                        self.settle(producer, oldest, delivery, &mut published).await?;
                    }
                    Err((error, _)) if is_too_large(&error) => {
                        self.bury(producer, one, &error).await?;
                        break published.dead += 1;
                    }
                    Err((error, _)) => return Err(trouble(error)),
                }
            }
        }
        for (one, delivery) in waiting {
            self.settle(producer, one, delivery, &mut published).await?;
        }
        Ok(published)
    }

    async fn settle(
        &self,
        producer: &FutureProducer,
        one: &Numbered,
        delivery: DeliveryFuture,
        published: &mut Published,
    ) -> Result<(), Trouble> {
        let settled: OwnedDeliveryResult = delivery.await.map_err(|_| Trouble::Away(KafkaError::Canceled))?;
        match settled {
            Ok(_) => published.sent += 1,
            Err((error, _)) if is_too_large(&error) => {
                self.bury(producer, one, &error).await?;
                published.dead += 1;
            }
            Err((error, _)) => return Err(trouble(error)),
        }
        Ok(())
    }

    /// A record that is too large for its topic is too large for the dead letters as well: they get everything but its value,
    /// which the store still has under its id.
    async fn bury(
        &self,
        producer: &FutureProducer,
        one: &Numbered,
        error: &KafkaError,
    ) -> Result<(), Trouble> {
        tracing::error!(statement = %one.told.id, size = one.told.body.len(), "Kafka does not take a statement: it is too large");
        let (topic, key) = (self.settings.topics.dead(one.told.topic), one.told.key.to_string());
        let headers = headers::of_dead(&one.told, &self.settings, "too_large", &error.to_string());
        let record = FutureRecord::<str, str>::to(&topic).key(&key).headers(headers);
        let delivery = producer.send_result(record).map_err(|(error, _)| trouble(error))?;
        let settled = delivery.await.map_err(|_| Trouble::Away(KafkaError::Canceled))?;
        settled.map(drop).map_err(|(error, _)| trouble(error))
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
