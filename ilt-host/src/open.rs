//! Opening what the configuration names: the one place that knows which adapters there are.

use std::sync::Arc;

use anyhow::Context as _;
use ilt_store::SqlStore;
use secrecy::ExposeSecret as _;

use crate::config::Config;
use crate::engine::Ports;
use crate::engine::system::{SystemClock, SystemIds};

/// The store that is configured.
///
/// # Errors
/// When the URL makes no sense, or nothing answers there.
pub async fn store(config: &Config) -> anyhow::Result<SqlStore> {
    let store = SqlStore::connect(config.store.url.expose_secret(), &config.store()).await;
    store.context("the store cannot be opened (store.url)")
}

/// The adapters of an engine, with the schema brought up to date when that is configured.
///
/// # Errors
/// As [`store`]; also when the schema is not what this version needs.
pub async fn ports(config: &Config) -> anyhow::Result<Ports> {
    let store = store(config).await?;
    if config.store.migrate {
        store.migrate().await.context("the schema cannot be brought up to date")?;
    } else {
        let pending = store.pending().await.context("the schema cannot be read")?;
        anyhow::ensure!(
            pending.is_empty(),
            "the schema is {} migrations behind: run `ilt-host migrate`",
            pending.len()
        );
    }
    Ok(ports_on(store))
}

/// The adapters of an engine on this store.
pub fn ports_on(store: SqlStore) -> Ports {
    let store = Arc::new(store);
    Ports {
        store: store.clone(),
        journal: store.clone(),
        timers: store.clone(),
        reads: store,
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
    }
}
