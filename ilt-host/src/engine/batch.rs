//! One batch in one transaction: load, decide, save, commit.
//!
//! It takes its time, ids and storage from ports and waits for nothing else, so that a simulation can run the very same code.

use ilt_core::desk::{Answer, Ask, Changes, Context, Decided, More, Order, decide_batch};
use std::collections::BTreeSet;

use ilt_core::planted::{self, Bug};
use ilt_core::ports::{StoreError, Work};

use super::{Ports, Trouble};

/// How often a batch is tried when other transactions are in its way.
const TRIES: u32 = 5;
/// Queues are looked at so many times deeper when what is known of them is not enough.
const DEEPER: u32 = 8;

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
    let mut tries = 1;
    loop {
        match attempt(ports, orders).await {
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
    Ok(decide(ports, orders).await?.answers)
}

async fn attempt(ports: &Ports, orders: &[Order]) -> Result<Committed, Trouble> {
    let Attempt { mut work, answers, changes } = decide(ports, orders).await?;
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

/// A batch that is decided, in a transaction that is still open.
struct Attempt {
    work: Box<dyn Work>,
    answers: Vec<Answer>,
    changes: Box<Changes>,
}

/// Whenever a decision finds that more must be known, it begins again with a fresh transaction, so that locks are always
/// taken in one order.
async fn decide(ports: &Ports, orders: &[Order]) -> Result<Attempt, Trouble> {
    let (mut depth, mut sessions) = (Ask::FIRST_DEPTH, BTreeSet::new());
    loop {
        let mut work = ports.store.begin().await?;
        let mut ask = Ask::of(orders, depth);
        ask.sessions.extend(&sessions);
        let mut world = work.load(&ask).await?;
        let context = Context { now: ports.clock.now(), ids: &*ports.ids };
        match decide_batch(&mut world, orders, context) {
            Ok(Decided::Done { answers, changes }) => return Ok(Attempt { work, answers, changes }),
            Ok(Decided::NeedMore(More::Deeper)) => depth = depth.saturating_mul(DEEPER),
            Ok(Decided::NeedMore(More::Session(session))) => {
                sessions.insert(session);
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
}
