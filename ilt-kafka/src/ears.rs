//! What is in the way of a connection. A call is only answered that it took too long; why, librdkafka tells whoever listens.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::ConsumerContext;
use rdkafka::error::KafkaError;
use rdkafka::message::DeliveryResult;
use rdkafka::producer::{BaseProducer, Producer as _, ProducerContext};
use rdkafka::{ClientContext, Statistics};

use crate::Settings;

/// How often, and how long each time, it is listened.
const LISTEN: (u32, Duration) = (30, Duration::from_millis(100));

/// Why no connection comes about, as far as can be heard within a few seconds: addresses and reasons, never names or passwords.
pub async fn what_is_in_the_way(settings: &Settings) -> Option<String> {
    let config = settings.admin();
    let listen = move || {
        let caller: BaseProducer<Ears> = config.create_with_context(Ears::default()).ok()?;
        (0..LISTEN.0).find_map(|_| {
            caller.poll(LISTEN.1);
            caller.context().heard()
        })
    };
    tokio::task::spawn_blocking(listen).await.ok().flatten()
}

/// Remembers why the last connection failed.
#[derive(Default)]
pub struct Ears(Mutex<Option<String>>);

impl Ears {
    fn heard(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ClientContext for Ears {
    fn log(&self, _level: RDKafkaLogLevel, facility: &str, message: &str) {
        if facility == "FAIL" {
            // It begins with the thread's name, and ends with how long it took.
            let said = message.split_once("]: ").map_or(message, |(_, said)| said);
            let said = said.split(" (after ").next().unwrap_or(said).to_owned();
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(said);
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(reason, "librdkafka: {error}");
    }

    fn stats(&self, _statistics: Statistics) {}
}

impl ConsumerContext for Ears {}

impl ProducerContext for Ears {
    type DeliveryOpaque = ();

    fn delivery(&self, _delivery: &DeliveryResult<'_>, (): ()) {}
}
