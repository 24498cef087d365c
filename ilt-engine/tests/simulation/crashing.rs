//! A store that crashes between any two steps, and gives way to others in between, as the seed says.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use ilt_core::desk::{Ask, Changes};
use ilt_core::ports::{Store, StoreError, Work};
use ilt_core::world::World;

use crate::dice::Dice;

/// What can go wrong, and whether it just has.
#[derive(Clone)]
pub struct Fate {
    pub dice: Dice,
    /// One step in so many crashes; 0 is never.
    pub crash_one_in: u32,
    crashed: Arc<AtomicBool>,
}

impl Fate {
    pub fn new(dice: Dice, crash_one_in: u32) -> Self {
        Self { dice, crash_one_in, crashed: Arc::default() }
    }

    /// Whether a host crashed since this was last asked.
    pub fn has_crashed(&self) -> bool {
        self.crashed.swap(false, Ordering::SeqCst)
    }

    async fn step(&self) -> Result<(), StoreError> {
        for _ in 0..self.dice.below(3) {
            tokio::task::yield_now().await;
        }
        if self.crash_one_in > 0 && self.dice.below(self.crash_one_in) == 0 {
            self.crashed.store(true, Ordering::SeqCst);
            return Err(StoreError::Away("the host crashed here".into()));
        }
        Ok(())
    }
}

/// A store on which every step may be the last one of its host.
pub struct Crashing<S> {
    pub inner: S,
    pub fate: Fate,
}

#[async_trait]
impl<S: Store> Store for Crashing<S> {
    async fn begin(&self) -> Result<Box<dyn Work>, StoreError> {
        self.fate.step().await?;
        Ok(Box::new(CrashingWork { inner: self.inner.begin().await?, fate: self.fate.clone() }))
    }

    async fn forget_answers(&self, before: jiff::Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.inner.forget_answers(before, limit).await
    }
}

struct CrashingWork {
    inner: Box<dyn Work>,
    fate: Fate,
}

#[async_trait]
impl Work for CrashingWork {
    async fn load(&mut self, ask: &Ask) -> Result<World, StoreError> {
        self.fate.step().await?;
        self.inner.load(ask).await
    }

    async fn journal_time(&mut self, hold: bool) -> Result<Option<jiff::Timestamp>, StoreError> {
        self.fate.step().await?;
        self.inner.journal_time(hold).await
    }

    async fn save(&mut self, changes: &Changes) -> Result<u64, StoreError> {
        self.fate.step().await?;
        self.inner.save(changes).await
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.fate.step().await?;
        self.inner.commit().await?;
        // It has lasted, and nobody will hear of it.
        self.fate.step().await
    }
}
