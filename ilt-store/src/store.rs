//! The store's port: one transaction.

use async_trait::async_trait;
use ilt_core::desk::{Ask, Changes};
use ilt_core::ids::SessionId;
use ilt_core::ports::{Store, StoreError, Work};
use ilt_core::world::World;
use jiff::Timestamp;

use crate::connect::SqlStore;
use crate::load::Held;
use crate::seam::{Param, Tx};
use crate::{load, save};

struct SqlWork {
    store: SqlStore,
    tx: Tx,
    held: Held,
}

#[async_trait]
impl Store for SqlStore {
    async fn begin(&self) -> Result<Box<dyn Work>, StoreError> {
        let tx = self.pool.write().await?;
        Ok(Box::new(SqlWork { store: self.clone(), tx, held: Held::default() }))
    }

    async fn begin_in_turn(&self, session: SessionId) -> Result<Box<dyn Work>, StoreError> {
        if self.unlocked {
            return self.begin().await;
        }
        let tx = self.pool.write_in_turn(session.0).await?;
        Ok(Box::new(SqlWork { store: self.clone(), tx, held: Held::default() }))
    }

    async fn forget_answers(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let oldest = self.pool.rows("SELECT min(at) AS at FROM remembered", Vec::new()).await?;
        // Most of the time there is nothing to forget, and a look needs no writer.
        if oldest.first().map_or(Ok(None), |row| row.maybe_instant("at"))?.is_none_or(|at| at >= before) {
            return Ok(0);
        }
        let text = "DELETE FROM remembered WHERE (person_id, key) IN (
                        SELECT person_id, key FROM remembered WHERE at < $1 ORDER BY at LIMIT $2) RETURNING 1 AS one";
        let mut tx = self.pool.write().await?;
        let gone = tx.rows(text, vec![Param::Instant(before), Param::Int(limit.into())]).await?.len();
        tx.commit().await?;
        Ok(gone as u64)
    }
}

#[async_trait]
impl Work for SqlWork {
    async fn load(&mut self, ask: &Ask) -> Result<World, StoreError> {
        let lock = !self.store.unlocked;
        let (world, held) = load::load(&mut self.tx, &self.store.reference, ask, lock).await?;
        self.held = Held { uncompared: self.store.uncompared, ..held };
        Ok(world)
    }

    async fn journal_time(&mut self, hold: bool) -> Result<Option<Timestamp>, StoreError> {
        const LOOKED_AT: &str = "SELECT last_at FROM journal_head";
        const LOCKED: &str = "SELECT last_at FROM journal_head {lock}";
        let rows = self.tx.rows(if hold { LOCKED } else { LOOKED_AT }, Vec::new()).await?;
        rows.first().map_or(Ok(None), |row| row.maybe_instant("last_at"))
    }

    async fn save(&mut self, changes: &Changes) -> Result<u64, StoreError> {
        save::save(&mut self.tx, &mut self.held, changes).await
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.tx.commit().await
    }
}
