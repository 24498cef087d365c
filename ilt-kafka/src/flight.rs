//! Records on their way: how many are not acknowledged yet, and which of them failed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rdkafka::ClientContext;
use rdkafka::error::KafkaError;
use rdkafka::message::DeliveryResult;
use rdkafka::producer::ProducerContext;
use tokio::sync::Notify;

/// Records on their way. One counter for a batch costs less than a future for each record.
#[derive(Default)]
pub struct Flight {
    waiting: AtomicUsize,
    failed: Mutex<Vec<(usize, KafkaError)>>,
    landed: Notify,
}

impl Flight {
    /// One more is about to be sent.
    pub fn begins(&self) {
        self.waiting.fetch_add(1, Ordering::AcqRel);
    }

    /// One has arrived, has failed, or was not taken at all.
    pub fn ends(&self) {
        if self.waiting.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.landed.notify_one();
        }
    }

    /// Waits until none is on its way, and answers which failed, by the place they were sent with.
    pub async fn landed(&self) -> Vec<(usize, KafkaError)> {
        while self.waiting.load(Ordering::Acquire) > 0 {
            self.landed.notified().await;
        }
        std::mem::take(&mut *self.failed.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Tells a flight what became of its records.
pub struct Tower(pub Arc<Flight>);

impl ClientContext for Tower {}

impl ProducerContext for Tower {
    /// The record's place in its batch.
    type DeliveryOpaque = usize;

    fn delivery(&self, delivery_result: &DeliveryResult<'_>, delivery_opaque: usize) {
        if let Err((error, _)) = delivery_result {
            let mut failed = self.0.failed.lock().unwrap_or_else(PoisonError::into_inner);
            failed.push((delivery_opaque, error.clone()));
        }
        self.0.ends();
    }
}
