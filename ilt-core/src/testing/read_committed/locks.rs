//! Row locks: one holder each, kept to the end of a transaction; whoever comes second waits.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use uuid::Uuid;

use super::{ReadCommitted, Step};
use crate::desk::{Key, TimerKind};
use crate::ids::{AlternativeId, PersonId, RegistrationId, SessionId};
use crate::ports::StoreError;

/// A row, or the key of a unique index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Row {
    /// The version of courses, locations, dealers and rules.
    Reference,
    /// A course, location or dealer.
    Record(Uuid),
    Person(PersonId),
    Session(SessionId),
    /// How many people have what of a session, as the database counts them.
    Tally(SessionId),
    Registration(RegistrationId),
    /// A learner has one live registration for a session.
    Live(PersonId, SessionId),
    Shown(AlternativeId),
    /// A request is answered once.
    Answer(Key),
    Feed(PersonId),
    Timer(TimerKind, Uuid),
    /// The journal's last number.
    Head,
}

type Transaction = u64;

/// Who holds which row, and who waits for one.
#[derive(Default)]
pub(super) struct Locks {
    held: BTreeMap<Row, Transaction>,
    waits: BTreeMap<Transaction, (Row, Waker)>,
    begun: Transaction,
    /// At which row each deadlock was found.
    pub deadlocks: Vec<String>,
}

impl Locks {
    pub fn is_held(&self, row: &Row) -> bool {
        self.held.contains_key(row)
    }

    pub fn waiting(&self) -> Vec<String> {
        let one = |(by, (row, _)): (&Transaction, &(Row, Waker))| {
            format!("transaction {by} waits for {row:?}, which {:?} holds", self.held.get(row))
        };
        self.waits.iter().map(one).collect()
    }

    /// Whether `holder` waits, through whomever, for `by`.
    fn waits_for(&self, holder: Transaction, by: Transaction) -> bool {
        let mut at = holder;
        // Nobody waits for more than one, so the way has as many steps as there are who wait at most.
        for _ in 0..=self.waits.len() {
            if at == by {
                return true;
            }
            match self.waits.get(&at).and_then(|(row, _)| self.held.get(row)) {
                Some(next) => at = *next,
                None => return false,
            }
        }
        false
    }
}

/// What one transaction holds; given back when it is dropped.
pub(super) struct Held {
    store: ReadCommitted,
    by: Transaction,
    rows: Vec<Row>,
    /// Version of what everybody refers to, as it was seen.
    pub reference: Option<u64>,
    /// Sessions that were locked to be decided on, with the revisions that were seen.
    pub sessions: BTreeMap<SessionId, u64>,
}

impl Held {
    pub fn new(store: &ReadCommitted) -> Self {
        let mut locks = store.locks();
        locks.begun += 1;
        let by = locks.begun;
        drop(locks);
        let (rows, sessions) = (Vec::new(), BTreeMap::new());
        Self { store: store.clone(), by, rows, reference: None, sessions }
    }

    /// Whether it began as an odd one.
    pub const fn is_odd(&self) -> bool {
        self.by % 2 == 1
    }

    /// Locks a row, after whoever has it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when those who have it wait for this one.
    pub async fn lock(&mut self, row: Row) -> Result<(), StoreError> {
        self.store.step(Step::Lock).await?;
        Locking { held: self, row }.await
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut locks = self.store.locks();
        locks.waits.remove(&self.by);
        for row in &self.rows {
            locks.held.remove(row);
        }
        for (row, waker) in locks.waits.values() {
            if !locks.held.contains_key(row) {
                waker.wake_by_ref();
            }
        }
    }
}

struct Locking<'a> {
    held: &'a mut Held,
    row: Row,
}

impl Future for Locking<'_> {
    type Output = Result<(), StoreError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { held, row } = self.get_mut();
        let mut locks = held.store.locks();
        match locks.held.get(row).copied() {
            Some(holder) if holder == held.by => Poll::Ready(Ok(())),
            Some(holder) if locks.waits_for(holder, held.by) => {
                locks.waits.remove(&held.by);
                locks.deadlocks.push(format!("{row:?}"));
                Poll::Ready(Err(StoreError::Conflict("deadlock detected".into())))
            }
            Some(_) => {
                locks.waits.insert(held.by, (row.clone(), context.waker().clone()));
                Poll::Pending
            }
            None => {
                locks.waits.remove(&held.by);
                locks.held.insert(row.clone(), held.by);
                drop(locks);
                held.rows.push(row.clone());
                Poll::Ready(Ok(()))
            }
        }
    }
}
