//! Says which sessions calendars are to be looked at for. Nobody outside is asked here: what is due is due in an instant, also while
//! a calendar is away.

use std::sync::Arc;

use async_trait::async_trait;
use ilt_core::calendar::{Concern, concern};
use ilt_core::ports::{CALENDAR, Clock, Journal, Mirrors, StoreError};

use super::{Follower, Left, Turn, TurnFailed};

/// Entries looked at in one turn.
const PAGE: u32 = 1_000;

/// Says which sessions are due.
pub struct Calendar {
    /// What is followed.
    pub journal: Arc<dyn Journal>,
    /// Where it is said.
    pub mirrors: Arc<dyn Mirrors>,
    /// When.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Follower for Calendar {
    fn name(&self) -> &'static str {
        CALENDAR
    }

    async fn left(&self) -> Result<Left, StoreError> {
        let at = self.journal.checkpoint(CALENDAR).await?;
        let (first, head) = (self.journal.after(at, 1).await?, self.journal.head().await?);
        Ok(Left { behind: head.saturating_sub(at), since: first.first().map(|it| it.at) })
    }

    async fn turn(&self) -> Result<Turn, TurnFailed> {
        let (from, now) = (self.journal.checkpoint(CALENDAR).await?, self.clock.now());
        if from == 0 {
            return self.first(now).await;
        }
        let page = self.journal.after(from, PAGE).await?;
        let Some(last) = page.last().map(|it| it.sequence) else { return Ok(Turn::default()) };
        self.mirrors.want(&concern(&page), now, Some(last)).await?;
        let behind = self.journal.head().await?.saturating_sub(last);
        Ok(Turn { done: last - from, behind })
    }
}

impl Calendar {
    /// Whoever begins needs no history: all that is to come is due as it is.
    async fn first(&self, now: jiff::Timestamp) -> Result<Turn, TurnFailed> {
        let head = self.journal.head().await?;
        if head == 0 {
            return Ok(Turn::default());
        }
        self.mirrors.want_all(now).await?;
        self.mirrors.want(&Concern::default(), now, Some(head)).await?;
        Ok(Turn { done: head, behind: 0 })
    }
}
