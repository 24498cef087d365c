//! What happens between two steps of a transaction.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Where a transaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is about to begin.
    Begin,
    /// A statement is about to read.
    Read,
    /// A row is about to be locked.
    Lock,
    /// A statement is about to write.
    Write,
    /// It is about to be committed.
    Commit,
    /// It is committed, and whoever waits for the answer does not know yet.
    Committed,
}

/// What happens before a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing.
    GoOn,
    /// Others may go on first.
    GiveWay,
    /// The connection is lost, and the transaction with it unless it is committed.
    Lost,
}

/// Who decides what happens between two steps: a simulation, from its seed.
pub trait Pace: Send + Sync {
    /// What happens before a step.
    fn before(&self, step: Step) -> Fate;
}

/// Others may go on before every step.
impl Pace for () {
    fn before(&self, _: Step) -> Fate {
        Fate::GiveWay
    }
}

/// Lets others go on, once.
pub struct GiveWay(bool);

impl GiveWay {
    /// Lets others go on, once.
    pub const fn once() -> Self {
        Self(false)
    }
}

impl Future for GiveWay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
