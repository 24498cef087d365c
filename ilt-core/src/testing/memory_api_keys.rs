//! The in-memory store: keys of other systems.

use std::cmp::Reverse;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::access::ApiKey;
use crate::ids::{KeyId, PersonId};
use crate::ports::{ApiKeys, StoreError, TokenDigest};
use crate::testing::MemoryStore;

/// Those that were made, with their digests, and when they were ended.
pub(super) type Made = Vec<(ApiKey, TokenDigest, Option<Timestamp>)>;

fn good(made: &Made, now: Timestamp) -> impl Iterator<Item = &(ApiKey, TokenDigest, Option<Timestamp>)> {
    made.iter().filter(move |(key, _, ended)| ended.is_none() && key.ends_at > now)
}

#[async_trait]
impl ApiKeys for MemoryStore {
    async fn keep_key(&self, key: &ApiKey, digest: &TokenDigest, most: usize) -> Result<bool, StoreError> {
        let made = &mut self.kept().api_keys;
        if good(made, key.made_at).filter(|(it, ..)| it.owner == key.owner).count() >= most {
            return Ok(false);
        }
        made.push((key.clone(), digest.clone(), None));
        Ok(true)
    }

    async fn api_key(&self, digest: &TokenDigest, now: Timestamp) -> Result<Option<ApiKey>, StoreError> {
        Ok(good(&self.kept().api_keys, now).find(|(_, it, _)| it == digest).map(|(key, ..)| key.clone()))
    }

    async fn key_used(&self, id: KeyId, at: Timestamp) -> Result<(), StoreError> {
        for (key, ..) in self.kept().api_keys.iter_mut().filter(|(key, ..)| key.id == id) {
            key.used_at = key.used_at.max(Some(at));
        }
        Ok(())
    }

    async fn api_keys(&self, owner: PersonId, now: Timestamp) -> Result<Vec<ApiKey>, StoreError> {
        let kept = self.kept();
        let theirs = good(&kept.api_keys, now).filter(|(key, ..)| key.owner == owner);
        let mut theirs: Vec<_> = theirs.map(|(key, ..)| key.clone()).collect();
        theirs.sort_by_key(|key| Reverse((key.made_at, key.id)));
        Ok(theirs)
    }

    async fn end_key(&self, owner: PersonId, id: KeyId, at: Timestamp) -> Result<u64, StoreError> {
        let made = &mut self.kept().api_keys;
        let it =
            made.iter_mut().filter(|(key, _, ended)| key.owner == owner && key.id == id && ended.is_none());
        Ok(it.map(|(.., ended)| *ended = Some(at)).count() as u64)
    }
}
