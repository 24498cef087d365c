//! A producer and the records it has on its way: how many are not acknowledged yet, and which of them failed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::DeliveryResult;
use rdkafka::producer::{BaseRecord, ProducerContext, ThreadedProducer};
use rdkafka::{ClientConfig, ClientContext, Statistics};
use tokio::sync::Notify;

use crate::growth::Sizes;

/// How long a full queue is given before it is asked again.
const BREATH: Duration = Duration::from_millis(2);

/// How long after one has failed it is waited for what failed with it.
const AFTERMATH: Duration = Duration::from_millis(50);

/// A record, sent with its place in a batch.
pub type Record<'a> = BaseRecord<'a, str, str, usize>;

/// A producer, and what it has on its way. One counter for a batch costs less than a future for each record.
pub struct Line {
    producer: ThreadedProducer<Tower>,
    flight: Arc<Flight>,
}

impl Line {
    /// Opens one.
    pub fn open(config: &ClientConfig) -> Result<Self, KafkaError> {
        let flight = Arc::<Flight>::default();
        let producer =
            config.create_with_context(Tower { flight: flight.clone(), sizes: Mutex::default() })?;
        Ok(Self { producer, flight })
    }

    /// Puts a record on its way. A full queue is back-pressure: others must be through before another is taken.
    pub async fn put(&self, mut record: Record<'_>) -> Result<(), KafkaError> {
        // Ten thousand records in a row would leave nobody else a turn.
        tokio::task::consume_budget().await;
        loop {
            self.flight.begins();
            match self.producer.send(record) {
                Ok(()) => return Ok(()),
                Err((error, refused)) => {
                    self.flight.ends();
                    if error.rdkafka_error_code() != Some(RDKafkaErrorCode::QueueFull) {
                        return Err(error);
                    }
                    record = refused;
                    tokio::time::sleep(BREATH).await;
                }
            }
        }
    }

    /// Waits until none is on its way, or one has failed: none after it arrives then, and the line is of no more use. Answers
    /// which failed, by the place they were sent with; nothing when none has arrived for as long as `patience` says.
    pub async fn landed(&self, patience: Duration) -> Option<Vec<(usize, KafkaError)>> {
        loop {
            let waiting = self.flight.waiting.load(Ordering::Acquire);
            if waiting == 0 || !self.flight.failed().is_empty() {
                break;
            }
            let woken = tokio::time::timeout(patience, self.flight.landed.notified()).await;
            if woken.is_err() && self.flight.waiting.load(Ordering::Acquire) == waiting {
                return None;
            }
        }
        if !self.flight.failed().is_empty() {
            tokio::time::sleep(AFTERMATH).await;
        }
        Some(std::mem::take(&mut *self.flight.failed()))
    }
}

/// Records on their way.
#[derive(Default)]
struct Flight {
    waiting: AtomicUsize,
    failed: Mutex<Vec<(usize, KafkaError)>>,
    landed: Notify,
}

impl Flight {
    /// One more is about to be sent.
    fn begins(&self) {
        self.waiting.fetch_add(1, Ordering::AcqRel);
    }

    /// One has arrived, has failed, or was not taken at all.
    fn ends(&self) {
        if self.waiting.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.landed.notify_one();
        }
    }

    fn failed(&self) -> MutexGuard<'_, Vec<(usize, KafkaError)>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells a flight what became of its records.
struct Tower {
    flight: Arc<Flight>,
    sizes: Mutex<Sizes>,
}

impl ClientContext for Tower {
    fn stats(&self, statistics: Statistics) {
        let mut sizes = self.sizes.lock().unwrap_or_else(PoisonError::into_inner);
        for grown in sizes.look(&statistics) {
            let (topic, before, now) = (grown.topic, grown.before, grown.now);
            tracing::warn!(
                topic,
                before,
                now,
                "a topic has more partitions: what is told of a session from now on may lie in another one and be taken before what lies \
                 in the old one. See \"Partitions\" in docs/operations/events.md"
            );
        }
    }
}

impl ProducerContext for Tower {
    /// The record's place in its batch.
    type DeliveryOpaque = usize;

    fn delivery(&self, delivery_result: &DeliveryResult<'_>, delivery_opaque: usize) {
        if let Err((error, _)) = delivery_result {
            self.flight.failed().push((delivery_opaque, error.clone()));
            self.flight.landed.notify_one();
        }
        self.flight.ends();
    }
}
