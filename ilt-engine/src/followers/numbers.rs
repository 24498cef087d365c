//! Counts statements straight from the journal.

use std::sync::Arc;

use async_trait::async_trait;
use ilt_core::planted::{self, Bug};
use ilt_core::ports::{Analytics, Journal, Statements, StoreError, TELLER};

use super::{Follower, Left, Turn, TurnFailed, statements_left};
use crate::events::counting::counting;

/// The name of its checkpoint: the number of the last statement that was counted.
pub const NUMBERS: &str = "numbers";
/// Statements counted in one turn.
const PAGE: u32 = 1_000;

/// Counts statements.
pub struct Numbers {
    /// Where its checkpoint is.
    pub journal: Arc<dyn Journal>,
    /// What is counted.
    pub statements: Arc<dyn Statements>,
    /// Where the numbers are.
    pub analytics: Arc<dyn Analytics>,
}

#[async_trait]
impl Follower for Numbers {
    fn name(&self) -> &'static str {
        NUMBERS
    }

    fn follows(&self) -> Option<&'static str> {
        Some(TELLER)
    }

    async fn left(&self) -> Result<Left, StoreError> {
        statements_left(&*self.journal, &*self.statements, NUMBERS).await
    }

    async fn turn(&self) -> Result<Turn, TurnFailed> {
        let from = self.journal.checkpoint(NUMBERS).await?;
        let page = self.statements.told_after(from, PAGE).await?;
        let Some(last) = page.last().map(|it| it.number) else { return Ok(Turn::default()) };
        // What is not as its schema says is told to nobody, and counts for nothing.
        let sound = page.iter().filter(|it| it.told.fault.is_none());
        let counted: Vec<_> =
            sound.filter_map(|it| counting(it.told.verb, &it.told.body).ok().flatten()).collect();
        if planted::is(Bug::CheckpointBeforeEffect) {
            self.journal.set_checkpoint(NUMBERS, last).await?;
        }
        self.analytics.count(&counted, Some((NUMBERS, last))).await?;
        let behind = self.statements.last_number().await?.saturating_sub(last);
        Ok(Turn { done: last - from, behind })
    }
}
