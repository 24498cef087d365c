//! Opening what the configuration names: the one place that knows which adapters there are.

use std::sync::Arc;

use anyhow::Context as _;
use ilt_core::ports::{Ids as _, Leases};
use ilt_lrs::Forwarder;
use ilt_store::SqlStore;
use secrecy::ExposeSecret as _;

use crate::config::Config;
use crate::engine::system::{SystemClock, SystemIds};
use crate::engine::{Engine, Ports};
use crate::followers::forward::Forward;
use crate::followers::teller::Teller;
use crate::followers::{Follower, Followers};

/// The store that is configured.
///
/// # Errors
/// When the URL makes no sense, or nothing answers there.
pub async fn store(config: &Config) -> anyhow::Result<SqlStore> {
    let store = SqlStore::connect(config.store_url()?.expose_secret(), &config.store()).await;
    store.context("the store cannot be opened (store.url)")
}

/// The store that is configured, with the schema brought up to date when that is configured too.
///
/// # Errors
/// As [`store`]; also when the schema is not what this version needs.
pub async fn ready_store(config: &Config) -> anyhow::Result<SqlStore> {
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
    Ok(store)
}

/// The adapters of an engine on the configured store.
///
/// # Errors
/// As [`ready_store`].
pub async fn ports(config: &Config) -> anyhow::Result<Ports> {
    ready_store(config).await.map(ports_on)
}

/// Starts the followers that are configured.
///
/// # Errors
/// When one of them is configured in a way that makes no sense.
pub fn followers(config: &Config, store: &SqlStore, engine: &Engine) -> anyhow::Result<Followers> {
    let store = Arc::new(store.clone());
    let mut list = senders(config, &store)?;
    if config.statements.tell || !list.is_empty() {
        list.insert(0, Box::new(teller(config, &store)?));
    }
    let (holder, leases) = (SystemIds.next(), store as Arc<dyn Leases>);
    Ok(Followers::start(list, holder, &leases, &engine.ports().clock, &engine.feed().bell()))
}

/// What tells of the journal in statements.
///
/// # Errors
/// When statements are to be named in a way that makes no sense.
pub fn teller(config: &Config, store: &Arc<SqlStore>) -> anyhow::Result<Teller> {
    let (journal, reads, statements) = (store.clone(), store.clone(), store.clone());
    Ok(Teller::new(journal, reads, statements, config.names()?)?)
}

/// Followers that send statements somewhere.
fn senders(config: &Config, store: &Arc<SqlStore>) -> anyhow::Result<Vec<Box<dyn Follower>>> {
    let mut list: Vec<Box<dyn Follower>> = Vec::new();
    #[cfg(feature = "kafka")]
    if let Some(settings) = config.kafka()? {
        let publisher = ilt_kafka::Publisher::new(settings);
        let (journal, statements) = (store.clone(), store.clone());
        list.push(Box::new(crate::followers::relay::Relay { journal, statements, publisher }));
    }
    if let Some(settings) = config.lrs()? {
        let forwarder = Forwarder::new(settings)?;
        let (journal, statements, dead_letters) = (store.clone(), store.clone(), store.clone());
        let clock = Arc::new(SystemClock);
        list.push(Box::new(Forward { journal, statements, dead_letters, clock, forwarder }));
    }
    Ok(list)
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
