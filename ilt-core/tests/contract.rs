//! The stores of tests pass the contract: the in-memory one, and the one that behaves like PostgreSQL.

mod memory {
    use ilt_core::testing::MemoryStore;

    #[expect(clippy::unused_async, reason = "other stores are opened by waiting")]
    async fn open(_case: &str) -> Option<(MemoryStore, ())> {
        Some((MemoryStore::new(), ()))
    }

    ilt_core::store_contract!(open);
}

mod read_committed {
    use std::sync::Arc;

    use ilt_core::testing::ReadCommitted;

    #[expect(clippy::unused_async, reason = "other stores are opened by waiting")]
    async fn open(_case: &str) -> Option<(ReadCommitted, ())> {
        Some((ReadCommitted::new(Arc::new(())), ()))
    }

    ilt_core::store_contract!(open);
}
