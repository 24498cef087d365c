//! The port of what was uploaded for plugins.

use async_trait::async_trait;
use ilt_core::ids::PluginId;
use ilt_core::journal::Entry;
use ilt_core::ports::{Component, Components, Description, StoreError};
use jiff::Timestamp;

use crate::connect::SqlStore;
use crate::rows::{self, json_of};
use crate::seam::{Param, record};

#[async_trait]
impl Components for SqlStore {
    async fn keep(&self, component: &Component) -> Result<(), StoreError> {
        let Component { description, at, by, bytes } = component;
        let about = record! {
            digest: &description.by.digest, description: json_of(description)?, uploaded_at: *at, uploaded_by: by.to_string(),
        };
        // Bytes come as they are: as a part of a record they would be a text of twice their size.
        let text = "INSERT INTO component (digest, description, uploaded_at, uploaded_by, bytes)
                    SELECT r.digest, r.description, r.uploaded_at, r.uploaded_by, $2
                      FROM {rows $1 r: digest text, description json, uploaded_at instant, uploaded_by text} WHERE true
                    ON CONFLICT (digest) DO NOTHING";
        let mut tx = self.pool.write().await?;
        tx.run(text, vec![Param::Records(vec![about]), Param::Bytes(bytes.clone())]).await?;
        tx.commit().await
    }

    async fn component(&self, digest: &str) -> Result<Option<Component>, StoreError> {
        let text = "SELECT description, uploaded_at, uploaded_by, bytes FROM component WHERE digest = $1";
        let rows = self.pool.rows(text, vec![Param::Text(digest.to_owned())]).await?;
        let component = rows.first().map(|row| {
            Ok(Component {
                description: row.json("description")?,
                at: row.instant("uploaded_at")?,
                by: row.parsed("uploaded_by")?,
                bytes: row.bytes("bytes")?,
            })
        });
        component.transpose()
    }

    async fn description(&self, digest: &str) -> Result<Option<Description>, StoreError> {
        let text = "SELECT description FROM component WHERE digest = $1";
        let rows = self.pool.rows(text, vec![Param::Text(digest.to_owned())]).await?;
        rows.first().map(|row| row.json("description")).transpose()
    }

    async fn history(&self, plugin: PluginId, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let text = "SELECT * FROM journal
                     WHERE kind IN ('plugin.added', 'plugin.revised', 'plugin.activated', 'plugin.rolled-back',
                                    'plugin.switched-off', 'plugin.removed')
                       AND event -> 'plugin_changed' -> 'plugin' ->> 'id' = $1
                     ORDER BY sequence DESC LIMIT $2";
        let params = vec![Param::Text(plugin.to_string()), Param::Int(limit.into())];
        self.pool.rows(text, params).await?.iter().map(rows::entry).collect()
    }

    async fn forget_unused(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let known = self.pool.rows("SELECT body FROM plugin", Vec::new()).await?;
        let plugins: Result<Vec<ilt_core::plugin::Plugin>, _> =
            known.iter().map(|row| row.json("body")).collect();
        let editions = plugins?.into_iter().flat_map(|plugin| plugin.editions);
        let used = editions.map(|edition| record! { digest: edition.by.digest }).collect();
        let text = "DELETE FROM component WHERE digest IN (
                        SELECT c.digest FROM component c
                         WHERE c.uploaded_at < $2 AND NOT EXISTS (
                               SELECT 1 FROM {rows $1 r: digest text} WHERE r.digest = c.digest)
                         ORDER BY c.uploaded_at LIMIT $3)";
        let params = vec![Param::Records(used), Param::Instant(before), Param::Int(limit.into())];
        let mut tx = self.pool.write().await?;
        let gone = tx.run(text, params).await?;
        tx.commit().await?;
        Ok(gone)
    }
}
