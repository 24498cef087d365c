//! The desk's queue: orders gather while the batch before them commits.
//!
//! A batch of one is as fast as a plain transaction; under load a batch is whatever came in meanwhile, also while another host
//! had its turn with the session that the first of them is about. The queue is bounded, an order that waited too long is refused
//! before it is begun, and an order that was begun is always answered.

use std::sync::Arc;

use futures::FutureExt as _;
use ilt_core::desk::{Answer, Ask, Order};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use super::batch::{self, Begun};
use super::pulse::Pulse;
use super::{Ports, Settings, Trouble};

/// An order with whoever waits for its answer.
struct Waiting {
    order: Order,
    deadline: Timestamp,
    answer: oneshot::Sender<Result<Answer, Trouble>>,
}

/// Where orders are left.
#[derive(Clone)]
pub struct DeskHandle {
    queue: mpsc::Sender<Waiting>,
    clock: Arc<dyn ilt_core::ports::Clock>,
    patience: SignedDuration,
    closing: CancellationToken,
}

/// A desk: takes orders from its queue, a batch at a turn.
pub struct Desk {
    ports: Ports,
    queue: mpsc::Receiver<Waiting>,
    batch: usize,
    bell: watch::Sender<u64>,
    closing: CancellationToken,
    pulse: Arc<Pulse>,
}

/// A desk and where its orders are left. `bell` is rung with the last journal number after each commit.
pub fn desk(ports: Ports, settings: &Settings, bell: watch::Sender<u64>) -> (DeskHandle, Desk) {
    let (sender, receiver) = mpsc::channel(settings.queue.max(1));
    let closing = CancellationToken::new();
    let patience = SignedDuration::try_from(settings.patience).unwrap_or(SignedDuration::MAX);
    let handle = DeskHandle { queue: sender, clock: ports.clock.clone(), patience, closing: closing.clone() };
    let batch = settings.batch.max(1);
    (handle, Desk { ports, queue: receiver, batch, bell, closing, pulse: Arc::default() })
}

impl DeskHandle {
    /// Leaves an order, and waits for its answer.
    ///
    /// # Errors
    /// [`Trouble::Busy`] when the queue is full or the order waited too long, [`Trouble::Stopping`] when the desk takes no
    /// more; nothing has happened then.
    pub async fn ask(&self, order: Order) -> Result<Answer, Trouble> {
        let answer = self.leave(order)?;
        answer.await.unwrap_or(Err(Trouble::Stopping))
    }

    /// Leaves an order; the answer comes through what is returned.
    pub fn leave(&self, order: Order) -> Result<oneshot::Receiver<Result<Answer, Trouble>>, Trouble> {
        if self.closing.is_cancelled() {
            return Err(Trouble::Stopping);
        }
        let deadline = self.clock.now().saturating_add(self.patience).unwrap_or(Timestamp::MAX);
        let (sender, receiver) = oneshot::channel();
        self.queue.try_send(Waiting { order, deadline, answer: sender }).map_err(|error| match error {
            TrySendError::Full(_) => {
                metrics::counter!("ilt_desk_refused_total", "why" => "queue full").increment(1);
                Trouble::BUSY
            }
            TrySendError::Closed(_) => Trouble::Stopping,
        })?;
        Ok(receiver)
    }

    /// Orders waiting.
    pub fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    /// Takes no more orders; those that were left are still answered.
    pub fn close(&self) {
        self.closing.cancel();
    }
}

impl Desk {
    /// Works until it is closed and its queue is empty. A batch that was begun is always finished.
    pub async fn run(mut self) {
        let closing = self.closing.clone();
        loop {
            let first = tokio::select! {
                () = closing.cancelled() => break,
                first = self.queue.recv() => first,
            };
            let Some(first) = first else { return };
            self.take(Some(first)).await;
        }
        self.queue.close();
        while let Some(first) = self.queue.recv().await {
            self.take(Some(first)).await;
        }
    }

    /// Decides what waits now, without waiting for more: how a simulation drives it. Answers how many orders it took.
    pub async fn turn(&mut self) -> usize {
        self.take(None).await
    }

    /// What it has begun and ended.
    pub(super) fn pulse(&self) -> Arc<Pulse> {
        self.pulse.clone()
    }

    /// Begins the transaction of a batch when it is this host's turn with the session that its first order is about. Should that
    /// panic, the batch begins by itself, and whatever panics again is answered there.
    async fn begin(&self, first: &Order) -> Begun {
        let _under_way = self.pulse.begin();
        let begun = async {
            let session = Ask::of(std::slice::from_ref(first)).sessions.first().copied()?;
            Some(self.ports.store.begin_in_turn(session).await)
        };
        std::panic::AssertUnwindSafe(begun).catch_unwind().await.ok().flatten()
    }

    /// One batch. A decision that panics is a fault of ours like any other, and ends nothing but its own batch.
    async fn decide(&self, begun: Begun, orders: &[Order]) -> Result<batch::Committed, Trouble> {
        let _under_way = self.pulse.begin();
        let run = batch::run_begun(&self.ports, begun, orders);
        let decided = std::panic::AssertUnwindSafe(run).catch_unwind().await;
        decided.unwrap_or_else(|_panicked| {
            tracing::error!(orders = orders.len(), "deciding a batch panicked");
            Err(Trouble::Ours)
        })
    }

    async fn take(&mut self, first: Option<Waiting>) -> usize {
        let begun = match &first {
            Some(first) => self.begin(&first.order).await,
            None => None,
        };
        let mut waiting = Vec::from_iter(first);
        while waiting.len() < self.batch
            && let Ok(next) = self.queue.try_recv()
        {
            waiting.push(next);
        }
        let taken = waiting.len();
        if taken > 0 {
            self.serve(begun, waiting).await;
        }
        taken
    }

    async fn serve(&self, begun: Begun, waiting: Vec<Waiting>) {
        let now = self.ports.clock.now();
        let (in_time, late): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|one| now <= one.deadline);
        for one in late {
            metrics::counter!("ilt_desk_refused_total", "why" => "waited too long").increment(1);
            let _gone = one.answer.send(Err(Trouble::BUSY));
        }
        if in_time.is_empty() {
            return;
        }
        let (orders, callers): (Vec<_>, Vec<_>) =
            in_time.into_iter().map(|one| (one.order, one.answer)).unzip();
        #[expect(clippy::cast_precision_loss, reason = "a batch is far smaller than 2^52")]
        metrics::histogram!("ilt_desk_batch_orders").record(orders.len() as f64);
        match self.decide(begun, &orders).await {
            Ok(committed) => {
                if committed.head > 0 {
                    self.bell.send_if_modified(|head| {
                        std::mem::replace(head, committed.head.max(*head)) < committed.head
                    });
                }
                // Whoever gave up waiting finds the same answer when they ask again.
                for (caller, answer) in callers.into_iter().zip(committed.answers) {
                    let _gone = caller.send(Ok(answer));
                }
            }
            Err(trouble) if orders.len() > 1 => self.serve_one_by_one(orders, callers, &trouble).await,
            Err(trouble) => {
                tracing::error!(error = &trouble as &dyn std::error::Error, "an order failed");
                for caller in callers {
                    let _gone = caller.send(Err(again(&trouble)));
                }
            }
        }
    }

    /// A batch that failed as a whole is tried again one by one, so that one order cannot fail its neighbours.
    async fn serve_one_by_one(
        &self,
        orders: Vec<Order>,
        callers: Vec<oneshot::Sender<Result<Answer, Trouble>>>,
        why: &Trouble,
    ) {
        tracing::warn!(error = why as &dyn std::error::Error, orders = orders.len(), "a batch is split");
        let is_away = matches!(why, Trouble::Store(ilt_core::ports::StoreError::Away(_)));
        for (order, caller) in orders.into_iter().zip(callers) {
            // With the database away, every further attempt would only make everybody wait longer.
            let outcome = if is_away {
                Err(again(why))
            } else {
                self.decide(None, &[order]).await.map(|done| {
                    self.bell
                        .send_if_modified(|head| std::mem::replace(head, done.head.max(*head)) < done.head);
                    done.answers.into_iter().next()
                })
            };
            let _gone = caller.send(match outcome {
                Ok(Some(answer)) => Ok(answer),
                Ok(None) => Err(Trouble::Ours),
                Err(trouble) => Err(trouble),
            });
        }
    }
}

/// The same trouble for another caller.
fn again(trouble: &Trouble) -> Trouble {
    use ilt_core::ports::StoreError;
    match trouble {
        Trouble::Store(StoreError::Conflict(_) | StoreError::Away(_)) | Trouble::Busy { .. } => Trouble::BUSY,
        Trouble::Stopping => Trouble::Stopping,
        Trouble::Store(_) | Trouble::Ours | Trouble::Refused(_) => Trouble::Ours,
    }
}
