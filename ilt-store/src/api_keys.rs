//! The port of keys of other systems.

use async_trait::async_trait;
use ilt_core::access::ApiKey;
use ilt_core::ids::{KeyId, PersonId};
use ilt_core::ports::{ApiKeys, StoreError, TokenDigest};
use jiff::Timestamp;

use crate::connect::SqlStore;
use crate::seam::{Param, Row};

#[async_trait]
impl ApiKeys for SqlStore {
    async fn keep_key(&self, key: &ApiKey, digest: &TokenDigest, most: usize) -> Result<bool, StoreError> {
        let mut tx = self.pool.write().await?;
        // Whoever makes keys for somebody holds their row: two at once would both find room for one.
        tx.rows("SELECT id FROM person WHERE id = $1 {lock}", vec![Param::Id(key.owner.0)]).await?;
        let text =
            "SELECT count(*) AS good FROM api_key WHERE owner_id = $1 AND ended_at IS NULL AND ends_at > $2";
        let good = tx.rows(text, vec![Param::Id(key.owner.0), Param::Instant(key.made_at)]).await?;
        if good.first().map_or(Ok(0), |row| row.count("good"))? >= most as u64 {
            return Ok(false);
        }
        let text = "INSERT INTO api_key (id, owner_id, name, digest, scopes, made_by, made_at, ends_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let params = vec![
            Param::Id(key.id.0),
            Param::Id(key.owner.0),
            Param::Text(key.name.clone()),
            Param::Text(digest.0.clone()),
            Param::Text(key.scopes.join(" ")),
            Param::Id(key.made_by.0),
            Param::Instant(key.made_at),
            Param::Instant(key.ends_at),
        ];
        tx.run(text, params).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn api_key(&self, digest: &TokenDigest, now: Timestamp) -> Result<Option<ApiKey>, StoreError> {
        let text = "SELECT * FROM api_key WHERE digest = $1 AND ended_at IS NULL AND ends_at > $2";
        let found = self.pool.rows(text, vec![Param::Text(digest.0.clone()), Param::Instant(now)]).await?;
        found.first().map(key).transpose()
    }

    async fn key_used(&self, id: KeyId, at: Timestamp) -> Result<(), StoreError> {
        let text = "UPDATE api_key SET used_at = $2 WHERE id = $1 AND (used_at IS NULL OR used_at < $2)";
        self.pool.change(text, vec![Param::Id(id.0), Param::Instant(at)]).await.map(drop)
    }

    async fn api_keys(&self, owner: PersonId, now: Timestamp) -> Result<Vec<ApiKey>, StoreError> {
        let text = "SELECT * FROM api_key WHERE owner_id = $1 AND ended_at IS NULL AND ends_at > $2
                     ORDER BY made_at DESC, id DESC";
        self.pool.rows(text, vec![Param::Id(owner.0), Param::Instant(now)]).await?.iter().map(key).collect()
    }

    async fn end_key(&self, owner: PersonId, id: KeyId, at: Timestamp) -> Result<u64, StoreError> {
        let text = "UPDATE api_key SET ended_at = $3 WHERE id = $1 AND owner_id = $2 AND ended_at IS NULL";
        self.pool.change(text, vec![Param::Id(id.0), Param::Id(owner.0), Param::Instant(at)]).await
    }
}

fn key(row: &Row) -> Result<ApiKey, StoreError> {
    Ok(ApiKey {
        id: KeyId(row.id("id")?),
        owner: PersonId(row.id("owner_id")?),
        name: row.text("name")?,
        scopes: row.text("scopes")?.split_whitespace().map(str::to_owned).collect(),
        made_by: PersonId(row.id("made_by")?),
        made_at: row.instant("made_at")?,
        ends_at: row.instant("ends_at")?,
        used_at: row.maybe_instant("used_at")?,
    })
}
