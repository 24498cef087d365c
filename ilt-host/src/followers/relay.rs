//! Sends statements to Kafka, in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use ilt_core::ports::{Clock, Journal, Numbered, Statements, StoreError, TELLER};
use ilt_kafka::Publisher;
use jiff::SignedDuration;
use tokio::task::JoinHandle;

use super::{Follower, Left, Turn, TurnFailed, statements_left};

/// The name of its checkpoint: the number of the last statement that Kafka has acknowledged.
pub const RELAY: &str = "kafka";
/// Statements sent at once, to begin with.
const PAGE: u32 = 4_000;
/// The most of them, so that few pauses are made between.
const LARGEST_PAGE: u32 = 16_000;
/// How long a page takes that could have been larger.
const QUICK: SignedDuration = SignedDuration::from_millis(500);
/// No page is begun after that time of a turn.
const ENOUGH: SignedDuration = SignedDuration::from_secs(3);

/// Sends statements to Kafka.
pub struct Relay {
    journal: Arc<dyn Journal>,
    statements: Arc<dyn Statements>,
    clock: Arc<dyn Clock>,
    publisher: Publisher,
    /// How large the next page is: half of the last one that came to nothing, so that a slow broker takes it in the end.
    size: AtomicU32,
}

#[async_trait]
impl Follower for Relay {
    fn name(&self) -> &'static str {
        RELAY
    }

    fn follows(&self) -> Option<&'static str> {
        Some(TELLER)
    }

    async fn left(&self) -> Result<Left, StoreError> {
        statements_left(&*self.journal, &*self.statements, RELAY).await
    }

    async fn turn(&self) -> Result<Turn, TurnFailed> {
        let (from, begun) = (self.journal.checkpoint(RELAY).await?, self.clock.now());
        let (mut at, mut now, mut size) = (from, begun, self.size.load(Ordering::Relaxed));
        let mut asked = size;
        let mut page = self.statements.told_after(from, asked).await?;
        while let Some(last) = page.last().map(|it| it.number) {
            // While a page is sent, it is written down that the one before is there. When much waits, another thread reads the
            // next meanwhile; when little does, what was told of meanwhile is to be in it.
            let next = (page.len() >= asked as usize).then(|| self.read(last, size));
            asked = size;
            self.size.store((size / 2).max(1), Ordering::Relaxed);
            let (published, written) = tokio::join!(self.publisher.publish(&page), self.write_down(from, at));
            written?;
            let dead = published.map_err(|trouble| TurnFailed::because(&trouble))?.dead;
            metrics::counter!("ilt_kafka_dead_letters_total").increment(dead);
            at = last;
            let before = std::mem::replace(&mut now, self.clock.now());
            size = if now.duration_since(before) < QUICK { (size * 2).min(LARGEST_PAGE) } else { size };
            self.size.store(size, Ordering::Relaxed);
            if now.duration_since(begun) > ENOUGH {
                break;
            }
            page = match next {
                Some(next) => next.await.map_err(|error| TurnFailed::because(&error))??,
                None => self.statements.told_after(last, asked).await?,
            };
        }
        self.write_down(from, at).await?;
        let is_done = page.is_empty();
        let behind = if is_done { 0 } else { self.statements.last_number().await?.saturating_sub(at) };
        Ok(Turn { done: at - from, behind })
    }
}

impl Relay {
    /// One that sends what was told.
    pub fn new(
        journal: Arc<dyn Journal>,
        statements: Arc<dyn Statements>,
        clock: Arc<dyn Clock>,
        publisher: Publisher,
    ) -> Self {
        Self { journal, statements, clock, publisher, size: AtomicU32::new(PAGE) }
    }

    fn read(&self, after: u64, size: u32) -> JoinHandle<Result<Vec<Numbered>, StoreError>> {
        let statements = self.statements.clone();
        tokio::spawn(async move { statements.told_after(after, size).await })
    }

    async fn write_down(&self, from: u64, at: u64) -> Result<(), StoreError> {
        if at == from { Ok(()) } else { self.journal.set_checkpoint(RELAY, at).await }
    }
}
