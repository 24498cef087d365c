//! The in-memory store passes the contract.

use ilt_core::testing::MemoryStore;

#[expect(clippy::unused_async, reason = "other stores are opened by waiting")]
async fn open(_case: &str) -> Option<(MemoryStore, ())> {
    Some((MemoryStore::new(), ()))
}

ilt_core::store_contract!(open);
