//! A store that behaves like several hosts on one PostgreSQL: each statement sees what is committed by then, rows are locked
//! one by one, whoever comes second waits, and a circle of waiting is a conflict.
//!
//! # Flow
//! [`ReadCommitted::host`] connects one more host → [`load`] takes the steps of the SQL store's loading, statement by
//! statement → [`save`] locks and overwrites the same rows in the same order → the commit makes all of it visible at once.
//! Between any two steps the [`Pace`] says whether others go on first, or the connection is lost.
//!
//! # Invariants
//! * Nobody sees a row before it is committed, and nobody waits for a row that is free.
//! * What is committed is one whole [`MemoryStore`], so that whoever checks a simulation looks at everything in one moment.
//!
//! # Not here
//! Snapshots of whole transactions, key-share locks of foreign keys (they are in nobody's way who locks `FOR NO KEY UPDATE`),
//! time-outs, plans, disks. `docs/adr` says how this store is held to the real one.

mod backend;
mod load;
mod locks;
mod pace;
mod save;
mod slice;
mod tally;
mod targets;
mod transaction;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::desk::Changes;
use crate::ids::SessionId;
use crate::journal::Entry;
use crate::ports::StoreError;
use crate::testing::MemoryStore;
use crate::testing::memory::Kept;
use crate::world::World;

use load::Reference;
use locks::Locks;
pub use pace::{Fate, GiveWay, Pace, Step};

/// What all hosts share.
struct Database {
    kept: MemoryStore,
    locks: Mutex<Locks>,
    /// Raised with every change of a course, location, dealer or rule.
    reference: AtomicU64,
    /// Raised with every write of a session.
    revisions: Mutex<BTreeMap<SessionId, u64>>,
    commits: AtomicU64,
    pace: Arc<dyn Pace>,
}

/// One host's connection to the database. Clones are the same host.
#[derive(Clone)]
pub struct ReadCommitted {
    database: Arc<Database>,
    cache: Arc<Mutex<Option<Reference>>>,
}

impl ReadCommitted {
    /// A database that keeps nothing yet, and the first host on it.
    pub fn new(pace: Arc<dyn Pace>) -> Self {
        Self::with(&MemoryStore::new(), pace)
    }

    /// A database that begins with what another store keeps.
    pub fn with(kept: &MemoryStore, pace: Arc<dyn Pace>) -> Self {
        let database = Database {
            kept: kept.copy(),
            locks: Mutex::default(),
            reference: AtomicU64::new(0),
            revisions: Mutex::default(),
            commits: AtomicU64::new(0),
            pace,
        };
        Self { database: Arc::new(database), cache: Arc::default() }
    }

    /// Another host on the same database.
    #[must_use]
    pub fn host(&self) -> Self {
        Self { database: self.database.clone(), cache: Arc::default() }
    }

    /// Transactions that were committed and changed something.
    pub fn commits(&self) -> u64 {
        self.database.commits.load(Ordering::Relaxed)
    }

    /// All that is committed, in one moment.
    pub fn see<T>(&self, look: impl FnOnce(&World, &[Entry]) -> T) -> T {
        let kept = self.database.kept.kept();
        look(&kept.world, &kept.entries)
    }

    /// Who waits for which row, in words; for whoever finds that nothing goes on.
    pub fn waiting(&self) -> Vec<String> {
        self.database.locks.lock().unwrap_or_else(PoisonError::into_inner).waiting()
    }

    /// At which row each deadlock was found so far, in words.
    pub fn deadlocks(&self) -> Vec<String> {
        self.locks().deadlocks.clone()
    }

    /// Whether there was a deadlock so far.
    pub fn was_deadlocked(&self) -> bool {
        !self.locks().deadlocks.is_empty()
    }

    fn read<T>(&self, look: impl FnOnce(&Kept) -> T) -> T {
        look(&self.database.kept.kept())
    }

    fn locks(&self) -> std::sync::MutexGuard<'_, Locks> {
        self.database.locks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets others go on, or loses the connection, as the pace says.
    async fn step(&self, step: Step) -> Result<(), StoreError> {
        match self.database.pace.before(step) {
            Fate::GoOn => Ok(()),
            Fate::GiveWay => {
                GiveWay::once().await;
                Ok(())
            }
            Fate::Lost => Err(StoreError::Away("the connection was lost here".into())),
        }
    }

    /// How often a session was written.
    fn revision(&self, session: SessionId) -> u64 {
        let revisions = self.database.revisions.lock().unwrap_or_else(PoisonError::into_inner);
        revisions.get(&session).copied().unwrap_or_default()
    }

    /// Makes changes last, all at once, unless the database refuses them.
    fn commit(&self, changes: &[Changes]) -> Result<(), StoreError> {
        let mut kept = self.database.kept.kept();
        tally::ledgers_equal_people(&kept.world, changes)?;
        for changes in changes {
            kept.put(changes);
        }
        drop(kept);
        let mut revisions = self.database.revisions.lock().unwrap_or_else(PoisonError::into_inner);
        for session in changes.iter().flat_map(save::written_sessions) {
            *revisions.entry(session).or_default() += 1;
        }
        drop(revisions);
        self.database.commits.fetch_add(1, Ordering::Relaxed);
        if changes.iter().any(save::changes_reference) {
            self.database.reference.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}
