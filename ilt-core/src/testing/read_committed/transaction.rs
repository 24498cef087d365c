//! One transaction.

use async_trait::async_trait;
use jiff::Timestamp;

use super::locks::{Held, Row};
use super::{ReadCommitted, Step, load, save};
use crate::desk::{Ask, Changes};
use crate::ports::{StoreError, Work};
use crate::world::World;

pub(super) struct Transaction {
    store: ReadCommitted,
    held: Held,
    saved: Vec<Changes>,
}

impl Transaction {
    pub async fn begin(store: &ReadCommitted) -> Result<Self, StoreError> {
        store.step(Step::Begin).await?;
        Ok(Self { store: store.clone(), held: Held::new(store), saved: Vec::new() })
    }
}

#[async_trait]
impl Work for Transaction {
    async fn load(&mut self, ask: &Ask) -> Result<World, StoreError> {
        if !self.saved.is_empty() {
            return Err(StoreError::Failed("loading after saving is not modelled".into()));
        }
        load::load(&self.store, Some(&mut self.held), ask).await
    }

    async fn journal_time(&mut self, hold: bool) -> Result<Option<Timestamp>, StoreError> {
        self.store.step(Step::Read).await?;
        if hold {
            self.held.lock(Row::Head).await?;
        }
        Ok(self.store.read(|kept| kept.entries.last().map(|entry| entry.at)))
    }

    async fn save(&mut self, changes: &Changes) -> Result<u64, StoreError> {
        let last = save::save(&self.store, &mut self.held, &self.saved, changes).await?;
        self.saved.push(changes.clone());
        Ok(last)
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let Self { store, held, saved } = *self;
        store.step(Step::Commit).await?;
        let committed = store.commit(&saved);
        drop(held);
        committed?;
        // It has lasted, and perhaps nobody will hear of it.
        store.step(Step::Committed).await
    }
}
