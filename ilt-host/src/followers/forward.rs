//! Forwards statements to a learning record store.

use std::sync::Arc;

use async_trait::async_trait;
use ilt_core::ports::{Clock, DeadLetter, DeadLetters, Journal, Numbered, Statements, StoreError, TELLER};
use ilt_lrs::{Dead, Forwarder, Trouble};
use jiff::Timestamp;

use super::{Follower, Turn, TurnFailed, oldest_statement};

/// The name of its checkpoint: the number of the last statement that is settled.
pub const FORWARD: &str = "lrs";
/// Statements forwarded in one turn.
const PAGE: u32 = 500;

/// Forwards statements to a learning record store.
pub struct Forward {
    /// Where its checkpoint is.
    pub journal: Arc<dyn Journal>,
    /// What is forwarded.
    pub statements: Arc<dyn Statements>,
    /// Where what is never taken is kept.
    pub dead_letters: Arc<dyn DeadLetters>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Who sends.
    pub forwarder: Forwarder,
}

#[async_trait]
impl Follower for Forward {
    fn name(&self) -> &'static str {
        FORWARD
    }

    fn follows(&self) -> Option<&'static str> {
        Some(TELLER)
    }

    async fn oldest(&self) -> Result<Option<Timestamp>, StoreError> {
        oldest_statement(&*self.journal, &*self.statements, FORWARD).await
    }

    async fn turn(&self) -> Result<Turn, TurnFailed> {
        let from = self.journal.checkpoint(FORWARD).await?;
        let batch = self.statements.told_after(from, PAGE).await?;
        let Some(last) = batch.last().map(|it| it.number) else { return Ok(Turn::default()) };
        let dead = forward(&self.forwarder, &batch).await?;
        let at = self.clock.now();
        let letters: Vec<_> = dead
            .into_iter()
            .map(|it| DeadLetter {
                statement: it.id,
                reason: it.reason.to_owned(),
                status: it.status.map(u32::from),
                at,
            })
            .collect();
        for letter in &letters {
            let (id, reason, status) = (letter.statement, letter.reason.as_str(), letter.status);
            tracing::error!(statement = %id, reason, status, "the record store does not take a statement");
        }
        metrics::counter!("ilt_lrs_dead_letters_total").increment(letters.len() as u64);
        self.dead_letters.bury(FORWARD, &letters, last).await?;
        let behind = self.statements.last_number().await?.saturating_sub(last);
        Ok(Turn { done: last - from, behind })
    }
}

/// Forwards statements, and answers which are never taken. Those that are not as their schema says are not sent at all.
pub async fn forward(forwarder: &Forwarder, batch: &[Numbered]) -> Result<Vec<Dead>, TurnFailed> {
    let (sound, faulty): (Vec<_>, Vec<_>) = batch.iter().partition(|it| it.told.fault.is_none());
    let statements: Vec<_> = sound.iter().map(|it| (it.told.id, it.told.body.as_str())).collect();
    let outcome = forwarder.forward(&statements).await;
    metrics::counter!("ilt_lrs_retries_total").increment(forwarder.take_retries());
    let mut dead = outcome?;
    dead.extend(faulty.iter().map(|it| Dead { id: it.told.id, reason: "invalid", status: None }));
    Ok(dead)
}

impl From<Trouble> for TurnFailed {
    fn from(trouble: Trouble) -> Self {
        let leave_alone = match &trouble {
            Trouble::Later(pause) => *pause,
            _ => None,
        };
        Self { leave_alone, ..Self::because(&trouble) }
    }
}
