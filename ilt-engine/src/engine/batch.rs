//! One batch in one transaction: load, decide, save, commit.
//!
//! It takes its time, ids and storage from ports and waits for nothing else, so that a simulation can run the very same code.

use ilt_core::desk::{Answer, Ask, Changes, Context, Decided, Order, decide_batch};
use ilt_core::journal::{MOST_AHEAD, now_after};
use ilt_core::planted::{self, Bug};
use ilt_core::ports::{StoreError, Work};
use jiff::Timestamp;

use super::{Ports, Trouble};

/// How often a batch is tried when other transactions are in its way.
const TRIES: u32 = 5;
/// How often a decision may find that more must be known, before it is given up.
const LOOKS: u32 = 24;

/// The answers to a batch, and the number of the last journal entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Committed {
    /// In the order of the orders.
    pub answers: Vec<Answer>,
    /// The last journal entry; 0 when nothing was saved.
    pub head: u64,
}

/// Decides `orders` in their order and makes the outcome last, all in one transaction.
///
/// # Errors
/// [`Trouble::Store`] when the store fails, or other transactions stay in the way; [`Trouble::Ours`] when a decision does not
/// fit. Nothing is saved then, except that a commit whose answer got lost may have lasted.
pub async fn run(ports: &Ports, orders: &[Order]) -> Result<Committed, Trouble> {
    run_begun(ports, None, orders).await
}

/// As [`run`], in a transaction that was begun already, as far as that was possible.
///
/// # Errors
/// As [`run`].
pub(super) async fn run_begun(
    ports: &Ports,
    mut begun: Begun,
    orders: &[Order],
) -> Result<Committed, Trouble> {
    let mut tries = 1;
    loop {
        // What was in the way once is kept away the second time: nobody records anything before this batch has.
        match attempt(ports, begun.take(), orders, tries > 1).await {
            Err(Trouble::Store(StoreError::Conflict(error))) if tries < TRIES => {
                tracing::debug!(tries, error = &*error as &dyn std::error::Error, "batch is tried again");
                metrics::counter!("ilt_desk_conflicts_total").increment(1);
                tries += 1;
            }
            other => return other,
        }
    }
}

/// Answers as [`run`] would, and leaves everything as it is.
///
/// # Errors
/// As [`run`].
pub async fn rehearse(ports: &Ports, orders: &[Order]) -> Result<Vec<Answer>, Trouble> {
    Ok(decide(ports, None, orders, false).await?.answers)
}

async fn attempt(ports: &Ports, begun: Begun, orders: &[Order], hold: bool) -> Result<Committed, Trouble> {
    let Attempt { mut work, answers, changes } = decide(ports, begun, orders, hold).await?;
    if changes.is_empty() {
        return Ok(Committed { answers, head: 0 });
    }
    if planted::is(Bug::CheckApartFromWrite) {
        drop(work);
        work = ports.store.begin().await?;
    }
    let head = work.save(&changes).await?;
    work.commit().await?;
    Ok(Committed { answers, head })
}

/// A transaction that was begun, or why it could not be.
pub(super) type Begun = Option<Result<Box<dyn Work>, StoreError>>;

/// A batch that is decided, in a transaction that is still open.
struct Attempt {
    work: Box<dyn Work>,
    answers: Vec<Answer>,
    changes: Box<Changes>,
}

/// Whenever a decision finds that more must be known, it begins again with a fresh transaction, so that locks are always
/// taken in one order. Each time it must lack something else than before.
async fn decide(ports: &Ports, mut begun: Begun, orders: &[Order], hold: bool) -> Result<Attempt, Trouble> {
    let mut ask = Ask::of(orders);
    let looks = if planted::is(Bug::OfferWithoutQueue) { u32::MAX } else { LOOKS };
    for _ in 0..looks {
        let mut work = match begun.take() {
            Some(begun) => begun?,
            None => ports.store.begin().await?,
        };
        let mut world = work.load(&ask).await?;
        let last = work.journal_time(hold).await?;
        let context = Context { now: now(last, ports.clock.now()), ids: &*ports.ids };
        match decide_batch(&mut world, orders, context) {
            Ok(Decided::Done { answers, changes }) => return Ok(Attempt { work, answers, changes }),
            Ok(Decided::NeedMore(more)) => {
                metrics::counter!("ilt_desk_looks_again_total").increment(1);
                if !ask.also(&more) {
                    tracing::error!(?more, "a decision lacks what it was given");
                    return Err(Trouble::Ours);
                }
            }
            Err(misfit) => {
                tracing::error!(
                    error = &misfit as &dyn std::error::Error,
                    "a decision does not fit the state"
                );
                return Err(Trouble::Ours);
            }
        }
    }
    tracing::error!(looks = LOOKS, orders = orders.len(), "a decision wants to know more again and again");
    Err(Trouble::Ours)
}

/// The instant to decide by. A journal that is far ahead of this clock means that one of the clocks is wrong.
fn now(last: Option<Timestamp>, clock: Timestamp) -> Timestamp {
    if let Some(last) = last.filter(|last| last.duration_since(clock) > MOST_AHEAD) {
        tracing::error!(%last, %clock, "the journal is ahead of this host's clock: one of the clocks is wrong");
    }
    now_after(last, clock)
}
