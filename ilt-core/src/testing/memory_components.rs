//! The in-memory store: what was uploaded for plugins.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::ids::PluginId;
use crate::journal::{Entry, Event};
use crate::ports::{Component, Components, Description, StoreError};
use crate::testing::MemoryStore;

#[async_trait]
impl Components for MemoryStore {
    async fn keep(&self, component: &Component) -> Result<(), StoreError> {
        let digest = component.description.by.digest.clone();
        self.kept().components.entry(digest).or_insert_with(|| component.clone());
        Ok(())
    }

    async fn component(&self, digest: &str) -> Result<Option<Component>, StoreError> {
        Ok(self.kept().components.get(digest).cloned())
    }

    async fn description(&self, digest: &str) -> Result<Option<Description>, StoreError> {
        Ok(self.kept().components.get(digest).map(|it| it.description.clone()))
    }

    async fn history(&self, plugin: PluginId, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let is_of = |entry: &&Entry| matches!(&entry.event, Event::PluginChanged { plugin: of, .. } if of.id == plugin);
        Ok(self.kept().entries.iter().rev().filter(is_of).take(limit as usize).cloned().collect())
    }

    async fn forget_unused(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let mut kept = self.kept();
        let editions = kept.world.plugins.values().flat_map(|plugin| &plugin.editions);
        let used: Vec<_> = editions.map(|edition| edition.by.digest.clone()).collect();
        let unused = kept.components.iter().filter(|(digest, it)| it.at < before && !used.contains(digest));
        let unused: Vec<_> = unused.map(|(digest, _)| digest.clone()).take(limit as usize).collect();
        for digest in &unused {
            kept.components.remove(digest);
        }
        Ok(unused.len() as u64)
    }
}
