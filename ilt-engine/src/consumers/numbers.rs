//! Counts statements from Kafka.

use std::sync::Arc;

use async_trait::async_trait;
use ilt_core::ports::Analytics;
use ilt_kafka::consume::{Handler, Poison, Reason, Record, Wait};

use super::{verb, wait};
use crate::events::counting::counting;

/// The name of the consumer.
pub const NUMBERS: &str = "numbers";

/// Counts statements from Kafka; each once, however often it comes.
pub struct Numbers(pub Arc<dyn Analytics>);

#[async_trait]
impl Handler for Numbers {
    async fn settle(&self, records: &[Record]) -> Result<Vec<(usize, Poison)>, Wait> {
        let (mut counted, mut dead) = (Vec::with_capacity(records.len()), Vec::new());
        for (place, record) in records.iter().enumerate() {
            let Some(verb) = verb(record) else { continue };
            match counting(verb, record.text().unwrap_or_default()) {
                Ok(one) => counted.extend(one),
                Err(unreadable) => {
                    dead.push((place, Poison::new(Reason::Undecodable, unreadable.to_string())));
                }
            }
        }
        self.0.count(&counted, None).await.map_err(wait)?;
        Ok(dead)
    }
}
