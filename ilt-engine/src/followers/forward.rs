//! Forwards statements to a learning record store.

use std::sync::Arc;

use async_trait::async_trait;
use ilt_core::ports::{Clock, DeadLetter, DeadLetters, Journal, Numbered, Statements, StoreError, TELLER};
use ilt_core::retry::Pace;
use ilt_lrs::{Dead, Forwarder, Trouble};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Follower, Left, Turn, TurnFailed, statements_left};

/// The name of its checkpoint: the number of the last statement that is settled.
pub const FORWARD: &str = "lrs";
/// Statements forwarded in one turn at most.
const PAGE: u32 = 500;
/// Nothing more is sent after that time of a turn.
const ENOUGH: SignedDuration = SignedDuration::from_secs(3);
/// How often it is written down how far it came: each time waits for the disk.
const OFTEN: SignedDuration = SignedDuration::from_millis(500);

/// Forwards statements to a learning record store.
pub struct Forward {
    journal: Arc<dyn Journal>,
    statements: Arc<dyn Statements>,
    dead_letters: Arc<dyn DeadLetters>,
    clock: Arc<dyn Clock>,
    forwarder: Forwarder,
    /// How many are sent at once: a store that takes its time over each gets on as well.
    pace: Pace,
}

#[async_trait]
impl Follower for Forward {
    fn name(&self) -> &'static str {
        FORWARD
    }

    fn follows(&self) -> Option<&'static str> {
        Some(TELLER)
    }

    async fn left(&self) -> Result<Left, StoreError> {
        statements_left(&*self.journal, &*self.statements, FORWARD).await
    }

    async fn turn(&self) -> Result<Turn, TurnFailed> {
        let (from, begun) = (self.journal.checkpoint(FORWARD).await?, self.clock.now());
        let page = self.statements.told_after(from, PAGE).await?;
        let (mut rest, mut at, mut kept, mut kept_at) = (page.as_slice(), from, from, begun);
        let (mut dead, mut trouble) = (Vec::new(), None);
        while !rest.is_empty() {
            let step = self.pace.step(rest.len());
            let (batch, others) = rest.split_at(step.count());
            match forward(&self.forwarder, batch).await {
                Ok(refused) => {
                    step.went_well();
                    dead.extend(refused);
                    (rest, at) = (others, batch.last().map_or(at, |it| it.number));
                }
                Err(failed) => {
                    step.failed(failed.wants_more);
                    trouble = Some(failed);
                }
            }
            let now = self.clock.now();
            let is_over = rest.is_empty() || trouble.is_some() || now.duration_since(begun) > ENOUGH;
            if at > kept && (is_over || now.duration_since(kept_at) > OFTEN) {
                self.keep(&std::mem::take(&mut dead), at).await?;
                (kept, kept_at) = (at, now);
            }
            if is_over {
                break;
            }
        }
        match trouble {
            Some(trouble) => Err(trouble),
            None if page.is_empty() => Ok(Turn::default()),
            None => {
                let behind = self.statements.last_number().await?.saturating_sub(at);
                Ok(Turn { done: at - from, behind })
            }
        }
    }
}

impl Forward {
    /// One that forwards what was told.
    pub fn new(
        journal: Arc<dyn Journal>,
        statements: Arc<dyn Statements>,
        dead_letters: Arc<dyn DeadLetters>,
        clock: Arc<dyn Clock>,
        forwarder: Forwarder,
    ) -> Self {
        let pace = Pace::new(forwarder.batch(), forwarder.batch());
        Self { journal, statements, dead_letters, clock, forwarder, pace }
    }

    /// Writes down that everything up to a number is settled, and who is dead of it.
    async fn keep(&self, dead: &[Dead], number: u64) -> Result<(), StoreError> {
        let at = self.clock.now();
        let letters: Vec<_> = dead.iter().map(|it| letter(it, at)).collect();
        for Dead { id, reason, status, said } in dead {
            tracing::error!(statement = %id, reason, status, said, "the record store does not take a statement");
        }
        metrics::counter!("ilt_lrs_dead_letters_total").increment(letters.len() as u64);
        self.dead_letters.bury(FORWARD, &letters, number).await
    }
}

/// What is kept of a statement that is never taken.
pub fn letter(dead: &Dead, at: Timestamp) -> DeadLetter {
    let reason = match dead.said.as_str() {
        "" => dead.reason.to_owned(),
        said => format!("{}: {said}", dead.reason),
    };
    DeadLetter { statement: dead.id, reason, status: dead.status.map(u32::from), at }
}

/// Forwards statements, and answers which are never taken. Those that are not as their schema says are not sent at all.
pub async fn forward(forwarder: &Forwarder, batch: &[Numbered]) -> Result<Vec<Dead>, TurnFailed> {
    let (sound, faulty): (Vec<_>, Vec<_>) = batch.iter().partition(|it| it.told.fault.is_none());
    let statements: Vec<_> = sound.iter().map(|it| (it.told.id, it.told.body.as_str())).collect();
    let mut dead = send(forwarder, &statements).await?;
    dead.extend(faulty.iter().map(|it| at_fault(it)));
    Ok(dead)
}

/// One that is not as its schema says.
fn at_fault(one: &Numbered) -> Dead {
    let said = one.told.fault.clone().unwrap_or_default();
    Dead { id: one.told.id, reason: "invalid", status: None, said }
}

/// Sends these, and counts what was sent again.
pub async fn send(forwarder: &Forwarder, statements: &[(Uuid, &str)]) -> Result<Vec<Dead>, Trouble> {
    let outcome = forwarder.forward(statements).await;
    metrics::counter!("ilt_lrs_retries_total").increment(forwarder.take_retries());
    outcome
}

impl From<Trouble> for TurnFailed {
    fn from(trouble: Trouble) -> Self {
        let leave_alone = match &trouble {
            Trouble::Later(pause) => *pause,
            _ => None,
        };
        Self { leave_alone, wants_more: trouble.wants_more(), ..Self::because(&trouble) }
    }
}
