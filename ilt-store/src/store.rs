//! The store's port: one transaction.

use async_trait::async_trait;
use ilt_core::desk::{Ask, Changes};
use ilt_core::ports::{Store, StoreError, Work};
use ilt_core::world::World;

use crate::connect::SqlStore;
use crate::seam::Tx;
use crate::{load, save};

struct SqlWork {
    store: SqlStore,
    tx: Tx,
}

#[async_trait]
impl Store for SqlStore {
    async fn begin(&self) -> Result<Box<dyn Work>, StoreError> {
        Ok(Box::new(SqlWork { store: self.clone(), tx: self.pool.write().await? }))
    }
}

#[async_trait]
impl Work for SqlWork {
    async fn load(&mut self, ask: &Ask) -> Result<World, StoreError> {
        load::load(&mut self.tx, &self.store.reference, ask, !self.store.unlocked).await
    }

    async fn save(&mut self, changes: &Changes) -> Result<u64, StoreError> {
        save::save(&mut self.tx, changes).await
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.tx.commit().await
    }
}
