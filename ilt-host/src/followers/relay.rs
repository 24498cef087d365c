//! Sends statements to Kafka, in order.

use std::sync::Arc;

use async_trait::async_trait;
use ilt_core::ports::{Journal, Statements};
use ilt_kafka::Publisher;

use super::{Follower, Turn, TurnFailed};

/// The name of its checkpoint: the number of the last statement that Kafka has acknowledged.
pub const RELAY: &str = "kafka";
/// Statements sent at once.
const PAGE: u32 = 5_000;

/// Sends statements to Kafka.
pub struct Relay {
    /// Where its checkpoint is.
    pub journal: Arc<dyn Journal>,
    /// What is sent.
    pub statements: Arc<dyn Statements>,
    /// Who sends.
    pub publisher: Publisher,
}

#[async_trait]
impl Follower for Relay {
    fn name(&self) -> &'static str {
        RELAY
    }

    async fn turn(&self) -> Result<Turn, TurnFailed> {
        let from = self.journal.checkpoint(RELAY).await?;
        let batch = self.statements.told_after(from, PAGE).await?;
        let Some(last) = batch.last().map(|it| it.number) else { return Ok(Turn::default()) };
        let published =
            self.publisher.publish(&batch).await.map_err(|trouble| TurnFailed::because(&trouble))?;
        self.journal.set_checkpoint(RELAY, last).await?;
        metrics::counter!("ilt_kafka_dead_letters_total").increment(published.dead);
        let behind = self.statements.last_number().await?.saturating_sub(last);
        Ok(Turn { done: last - from, behind })
    }
}
