//! Sends statements to Kafka, in order.

use std::sync::Arc;

use async_trait::async_trait;
use ilt_core::ports::{Clock, Journal, Numbered, Statements, StoreError, TELLER};
use ilt_core::retry::Pace;
use ilt_kafka::Publisher;
use jiff::SignedDuration;

use super::{Follower, Left, Turn, TurnFailed, statements_left};

/// The name of its checkpoint: the number of the last statement that Kafka has acknowledged.
pub const RELAY: &str = "kafka";
/// Statements sent at once, to begin with.
const PAGE: usize = 4_000;
/// The most of them, so that few pauses are made between.
const LARGEST_PAGE: usize = 16_000;
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
    /// How large the next page is: a slow broker takes it in the end.
    pace: Pace,
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
        let (mut at, mut now) = (from, begun);
        let mut page = read(&self.statements, from, self.pace.size()).await?;
        while let Some(last) = page.last().map(|it| it.number) {
            // While a page is sent, it is written down that the one before is there. When much waits, another thread reads the
            // next meanwhile; when little does, what was told of meanwhile is to be in it.
            let (size, step) = (self.pace.size(), self.pace.step(page.len()));
            let next = (page.len() >= size).then(|| tokio::spawn(read(&self.statements, last, size)));
            let (published, written) = tokio::join!(self.publisher.publish(&page), self.write_down(from, at));
            written?;
            let dead = published.map_err(|trouble| TurnFailed::because(&trouble))?.dead;
            metrics::counter!("ilt_kafka_dead_letters_total").increment(dead);
            at = last;
            let before = std::mem::replace(&mut now, self.clock.now());
            if now.duration_since(before) < QUICK {
                step.went_well();
            } else {
                step.was_enough();
            }
            if now.duration_since(begun) > ENOUGH {
                break;
            }
            page = match next {
                Some(next) => next.await.map_err(|error| TurnFailed::because(&error))??,
                None => read(&self.statements, last, self.pace.size()).await?,
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
        Self { journal, statements, clock, publisher, pace: Pace::new(PAGE, LARGEST_PAGE) }
    }

    async fn write_down(&self, from: u64, at: u64) -> Result<(), StoreError> {
        if at == from { Ok(()) } else { self.journal.set_checkpoint(RELAY, at).await }
    }
}

/// The next page, as something that a thread of its own can do.
fn read(
    statements: &Arc<dyn Statements>,
    after: u64,
    size: usize,
) -> impl Future<Output = Result<Vec<Numbered>, StoreError>> + Send + 'static {
    let (statements, limit) = (statements.clone(), u32::try_from(size).unwrap_or(u32::MAX));
    async move { statements.told_after(after, limit).await }
}
