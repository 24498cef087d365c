//! Sends statements to Kafka, in order.

use std::sync::Arc;

use async_trait::async_trait;
use ilt_core::ports::{Journal, Statements};
use ilt_kafka::Publisher;

use super::{Follower, Turn, TurnFailed};

/// The name of its checkpoint: the number of the last statement that Kafka has acknowledged.
pub const RELAY: &str = "kafka";
/// Statements sent at once.
const PAGE: u32 = 10_000;
/// Pages of one turn at most.
const PAGES: u32 = 8;

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
        let (mut at, mut page) = (from, self.statements.told_after(from, PAGE).await?);
        for _ in 0..PAGES {
            let Some(last) = page.last().map(|it| it.number) else { break };
            // While one page is sent, the next is read.
            let (published, next) =
                tokio::join!(self.publisher.publish(&page), self.statements.told_after(last, PAGE));
            let dead = published.map_err(|trouble| TurnFailed::because(&trouble))?.dead;
            metrics::counter!("ilt_kafka_dead_letters_total").increment(dead);
            self.journal.set_checkpoint(RELAY, last).await?;
            (at, page) = (last, next?);
        }
        let behind = self.statements.last_number().await?.saturating_sub(at);
        Ok(Turn { done: at - from, behind })
    }
}
