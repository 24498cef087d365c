//! The journal's port: following what was committed.

use async_trait::async_trait;
use ilt_core::ids::RegistrationId;
use ilt_core::journal::Entry;
use ilt_core::ports::{Journal, StoreError};

use crate::connect::SqlStore;
use crate::rows;
use crate::seam::{Param, Tx};

#[async_trait]
impl Journal for SqlStore {
    async fn after(&self, after: u64, limit: u32) -> Result<Vec<Entry>, StoreError> {
        // Numbers follow the order of commits (see save), so whatever is missing below the last one seen is not there.
        let text = "SELECT * FROM journal WHERE sequence > $1 ORDER BY sequence LIMIT $2";
        let after = Param::Int(i64::try_from(after).unwrap_or(i64::MAX));
        self.pool.rows(text, vec![after, Param::Int(limit.into())]).await?.iter().map(rows::entry).collect()
    }

    async fn head(&self) -> Result<u64, StoreError> {
        let rows = self.pool.rows("SELECT last FROM journal_head", Vec::new()).await?;
        rows.first().map_or(Ok(0), |row| row.count("last"))
    }

    async fn of_registration(&self, registration: RegistrationId) -> Result<Vec<Entry>, StoreError> {
        let text = "SELECT * FROM journal WHERE registration_id = $1 ORDER BY sequence LIMIT 1000";
        self.pool.rows(text, vec![Param::Id(registration.0)]).await?.iter().map(rows::entry).collect()
    }

    async fn checkpoint(&self, follower: &str) -> Result<u64, StoreError> {
        let text = "SELECT sequence FROM follower WHERE name = $1";
        let rows = self.pool.rows(text, vec![Param::Text(follower.to_owned())]).await?;
        rows.first().map_or(Ok(0), |row| row.count("sequence"))
    }

    async fn set_checkpoint(&self, follower: &str, sequence: u64) -> Result<(), StoreError> {
        let mut tx = self.pool.write().await?;
        move_checkpoint(&mut tx, follower, sequence).await?;
        tx.commit().await
    }
}

/// Moves a follower's checkpoint on, never back.
pub(crate) async fn move_checkpoint(tx: &mut Tx, follower: &str, sequence: u64) -> Result<(), StoreError> {
    let text = "INSERT INTO follower (name, sequence) VALUES ($1, $2)
                ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence
                WHERE follower.sequence < excluded.sequence";
    let sequence = Param::Int(i64::try_from(sequence).unwrap_or(i64::MAX));
    tx.run(text, vec![Param::Text(follower.to_owned()), sequence]).await.map(drop)
}
