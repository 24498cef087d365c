//! Opening what the configuration names: the one place that knows which adapters there are.

use std::sync::Arc;

use anyhow::Context as _;
use ilt_core::ports::{
    Analytics, ApiKeys, Clock as _, Ids as _, Leases, NoRules, OwnCompletions, SignIns, StoreError,
};
#[cfg(feature = "kafka")]
use ilt_kafka::consume::Handler;
use ilt_lrs::Forwarder;
use ilt_store::{Alone, SqlStore};
use jiff::SignedDuration;
use secrecy::ExposeSecret as _;
use uuid::Uuid;

#[cfg(feature = "calcom")]
mod calendars;
#[cfg(not(feature = "calcom"))]
#[path = "no_calendars.rs"]
mod calendars;

mod evidence;

use calendars::Calendars;
#[cfg(feature = "calcom")]
pub use calendars::calcom;
pub use evidence::evidence;

use crate::calendars::Shows;
use crate::calendars::letters::{Mailbox, forget_letters};
use crate::config::{Config, From};
#[cfg(feature = "kafka")]
use crate::consumers::{self, Taker, failures::Failures, others::Others, sessions::Sessions};
use crate::engine::system::{SystemClock, SystemIds};
use crate::engine::{Engine, Ports};
use crate::followers::forward::Forward;
use crate::followers::numbers;
use crate::followers::teller::Teller;
use crate::followers::{Follower, Followers};
use crate::signed_in::forget_sign_ins;
use crate::workshop::Workshop;

/// By how much the clocks of hosts may be apart: a lease lasts for ten seconds.
const MOST_APART: SignedDuration = SignedDuration::from_secs(5);

/// Where the numbers are, and where they are counted from.
#[derive(Clone)]
pub struct Numbers {
    /// Where they are.
    pub analytics: Arc<dyn Analytics>,
    /// Where they are counted from.
    pub from: From,
}

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
    if !config.store.migrate {
        return migrated_store(config).await;
    }
    let store = store(config).await?;
    store.migrate().await.context("the schema cannot be brought up to date")?;
    Ok(store)
}

/// The store that is configured, whose schema is what this version needs, and is left as it is.
///
/// # Errors
/// As [`store`]; also when migrations are missing.
pub async fn migrated_store(config: &Config) -> anyhow::Result<SqlStore> {
    let store = store(config).await?;
    let pending = store.pending().await.context("the schema cannot be read")?;
    anyhow::ensure!(
        pending.is_empty(),
        "the schema is {} migrations behind: run `ilt-host migrate`",
        pending.len()
    );
    Ok(store)
}

/// Whether what is configured beside the store can be used, before anything is begun.
///
/// # Errors
/// The first setting that makes no sense, or a file that cannot be read.
pub fn check(config: &Config) -> anyhow::Result<()> {
    config.names()?;
    config.counted_from()?;
    config.lrs_from()?;
    config.lrs()?.map(Forwarder::new).transpose()?;
    #[cfg(feature = "calcom")]
    config.calcom()?;
    Ok(())
}

/// What a host keeps while it serves. Another host on the same SQLite file is warned of: they would stand in each other's way.
pub fn alone(store: &SqlStore) -> Alone {
    let alone = store.alone();
    if let Alone::No(file) = &alone {
        let file = file.display();
        tracing::warn!(%file, "another host serves this file: stop one of them, or use PostgreSQL, which is made for several");
    }
    alone
}

/// By how much this machine's clock is off from that of the database, when that matters: who of several hosts does something, and who
/// has been gone for too long, is told by their clocks.
///
/// # Errors
/// When the store fails.
pub async fn clock_is_off(store: &SqlStore) -> Result<Option<SignedDuration>, StoreError> {
    let Some(there) = store.time().await? else { return Ok(None) };
    let apart = SystemClock.now().duration_since(there).abs();
    Ok((apart > MOST_APART).then_some(apart))
}

/// The adapters of an engine on the configured store.
///
/// # Errors
/// As [`ready_store`].
pub async fn ports(config: &Config) -> anyhow::Result<Ports> {
    ready_store(config).await.map(ports_on)
}

/// What one process keeps running on a store, and what it needs to answer others.
pub struct Running {
    /// What decides.
    pub engine: Engine,
    /// What follows its journal, and what else works on beside it.
    pub followers: Followers,
    /// What takes, tries and shows dealers' own rules, where this program has it.
    pub workshop: Option<Arc<dyn Workshop>>,
    /// What tells how far calendars show something, where there is one.
    pub shows: Option<Shows>,
    /// Where what calendars tell is left, where one is listened to.
    pub mailbox: Option<Mailbox>,
    /// What happened in numbers, where somebody counts.
    pub numbers: Option<Numbers>,
    /// Who is signed in to the pages.
    pub sign_ins: Arc<dyn SignIns>,
    /// The keys of other systems.
    pub keys: Arc<dyn ApiKeys>,
}

impl Running {
    /// Starts everything that is configured on this store. Forgetting what calendars told goes on also where none is listened to any more.
    ///
    /// # Errors
    /// When something is configured in a way that makes no sense, or the catalogue cannot be loaded.
    pub async fn start(config: &Config, store: &SqlStore) -> anyhow::Result<Self> {
        if let Ok(Some(apart)) = clock_is_off(store).await {
            tracing::error!(apart = %format!("{apart:#}"), "this machine's clock is not that of the database: set both by NTP");
        }
        let (numbers, shared) = (numbers(config, store)?, Arc::new(store.clone()));
        let calendars = Calendars::of(config, &shared)?;
        let (engine, workshop) = engine(config, store.clone()).await?;
        engine.alongside(forget_letters(shared.clone(), engine.ports().clock.clone()));
        let shows = calendars.as_ref().map(Calendars::shows);
        let holder = SystemIds.next();
        let followers = followers(config, &shared, &engine, holder)?;
        let (followers, mailbox) = match calendars {
            Some(calendars) => calendars.kept(followers, &shared, &engine, holder),
            None => (followers, None),
        };
        #[cfg(feature = "kafka")]
        let followers = taking(followers, config, &shared, &engine)?;
        engine.alongside(forget_sign_ins(shared.clone(), engine.ports().clock.clone()));
        let (sign_ins, keys) = (shared.clone(), shared);
        Ok(Self { engine, followers, workshop, shows, mailbox, numbers, sign_ins, keys })
    }

    /// Stops it: what was accepted is decided, and whoever follows comes to the end of what it has begun.
    pub async fn stop(&self) {
        self.engine.stop().await;
        self.followers.stop().await;
    }
}

/// Starts the followers that are configured.
fn followers(
    config: &Config,
    store: &Arc<SqlStore>,
    engine: &Engine,
    holder: Uuid,
) -> anyhow::Result<Followers> {
    let mut list = senders(config, store)?;
    if config.statements.tell || !list.is_empty() {
        list.insert(0, Box::new(teller(config, store)?));
    }
    list.extend(calendars::follower(config, store)?);
    #[cfg(feature = "kafka")]
    list.extend(bridge(config, store)?);
    let leases = store.clone() as Arc<dyn Leases>;
    Ok(Followers::start(list, holder, &leases, &engine.ports().clock, &engine.feed().bell()))
}

/// The same, and beside them what takes records from Kafka.
#[cfg(feature = "kafka")]
fn taking(
    followers: Followers,
    config: &Config,
    store: &Arc<SqlStore>,
    engine: &Engine,
) -> anyhow::Result<Followers> {
    let Some(settings) = config.kafka()? else { return Ok(followers) };
    let (takers, clock) = (takers(config, &settings, store, engine)?, &engine.ports().clock);
    Ok(consumers::start(followers, takers, &settings, &config.kafka.group, clock)?)
}

/// What tells of the journal in statements.
///
/// # Errors
/// When statements are to be named in a way that makes no sense.
pub fn teller(config: &Config, store: &Arc<SqlStore>) -> anyhow::Result<Teller> {
    let (journal, reads, statements) = (store.clone(), store.clone(), store.clone());
    let mirrors = calendars::mirrors(config, store)?;
    Ok(Teller::new(journal, reads, statements, config.names()?)?.with_mirrors(mirrors))
}

/// What sends to Kafka what calendars told, where there is one.
#[cfg(feature = "kafka")]
fn bridge(config: &Config, store: &Arc<SqlStore>) -> anyhow::Result<Option<Box<dyn Follower>>> {
    let (journal, deliveries, clock) = (store.clone(), store.clone(), Arc::new(SystemClock));
    let follower = |settings| {
        let courier = ilt_kafka::Courier::new(settings);
        Box::new(crate::followers::bridge::Bridge { journal, deliveries, clock, courier })
            as Box<dyn Follower>
    };
    Ok(config.kafka()?.map(follower))
}

/// Followers that send statements somewhere.
fn senders(config: &Config, store: &Arc<SqlStore>) -> anyhow::Result<Vec<Box<dyn Follower>>> {
    let mut list: Vec<Box<dyn Follower>> = Vec::new();
    #[cfg(feature = "kafka")]
    if let Some(settings) = config.kafka()? {
        let publisher = ilt_kafka::Publisher::new(settings);
        let (journal, statements, clock) = (store.clone(), store.clone(), Arc::new(SystemClock));
        list.push(Box::new(crate::followers::relay::Relay::new(journal, statements, clock, publisher)));
    }
    if let (Some(settings), From::Journal) = (config.lrs()?, config.lrs_from()?) {
        let forwarder = Forwarder::new(settings)?;
        let (journal, statements, dead_letters) = (store.clone(), store.clone(), store.clone());
        let clock = Arc::new(SystemClock);
        list.push(Box::new(Forward::new(journal, statements, dead_letters, clock, forwarder)));
    }
    if config.counted_from()? == Some(From::Journal) {
        let (journal, statements, analytics) = (store.clone(), store.clone(), store.clone());
        list.push(Box::new(numbers::Numbers { journal, statements, analytics }));
    }
    Ok(list)
}

/// What happened in numbers, where somebody counts.
///
/// # Errors
/// When they are to be counted from where there is nothing.
fn numbers(config: &Config, store: &SqlStore) -> anyhow::Result<Option<Numbers>> {
    let analytics = Arc::new(store.clone());
    Ok(config.counted_from()?.map(|from| Numbers { analytics, from }))
}

/// What is taken from Kafka: by whom, and from which topics.
///
/// # Errors
/// When something is configured in a way that makes no sense.
#[cfg(feature = "kafka")]
pub fn taken(
    config: &Config,
    settings: &ilt_kafka::Settings,
) -> anyhow::Result<Vec<(&'static str, Vec<String>)>> {
    let told = || consumers::statement_topics(settings);
    let forwards = config.lrs()?.is_some() && config.lrs_from()? == From::Kafka;
    let counts = config.counted_from()? == Some(From::Kafka);
    let sessions = config.kafka.sessions_from.clone();
    let all = [
        (forwards, consumers::lrs::LRS, told()),
        (counts, consumers::numbers::NUMBERS, told()),
        (!sessions.is_empty(), consumers::sessions::SESSIONS, sessions),
    ];
    Ok(all.into_iter().filter(|(is_wanted, ..)| *is_wanted).map(|(_, name, topics)| (name, topics)).collect())
}

/// What becomes of what is taken from Kafka.
#[cfg(feature = "kafka")]
fn takers(
    config: &Config,
    settings: &ilt_kafka::Settings,
    store: &Arc<SqlStore>,
    engine: &Engine,
) -> anyhow::Result<Vec<Taker>> {
    let handler = |name: &str| -> anyhow::Result<Arc<dyn Handler>> {
        Ok(match name {
            consumers::lrs::LRS => {
                let settings = config.lrs()?.context("no record store is configured")?;
                Arc::new(consumers::lrs::Forwarding(Forwarder::new(settings)?))
            }
            consumers::numbers::NUMBERS => Arc::new(consumers::numbers::Numbers(store.clone())),
            _ => {
                let (engine, source) = (engine.clone(), settings.source.clone());
                let extension_base = config.names()?.style.extension_base;
                let group = format!("{}-{name}", config.kafka.group);
                let (failures, others) = (Failures::default(), Others::default());
                let told = store.clone();
                Arc::new(Sessions { engine, source, told, extension_base, group, failures, others })
            }
        })
    };
    let taken = taken(config, settings)?.into_iter();
    taken.map(|(name, topics)| Ok(Taker { name, topics, handler: handler(name)? })).collect()
}

/// An engine on this store with dealers' own rules, and what takes, tries and shows these, where this program has it.
///
/// # Errors
/// When the folder of plugins cannot be read, or the catalogue cannot be loaded.
#[cfg(feature = "plugins")]
async fn engine(config: &Config, store: SqlStore) -> anyhow::Result<(Engine, Option<Arc<dyn Workshop>>)> {
    let (components, clock) = (Arc::new(store.clone()), Arc::new(SystemClock));
    let host = crate::plugins::PluginHost::new(&config.plugins, components, clock)?;
    let ports = Ports { rules: host.rules(), evidence: evidence(config)?, ..ports_on(store) };
    let engine = started(ports, config).await?;
    host.follow(&engine).await;
    Ok((engine, Some(Arc::new(host))))
}

/// An engine on this store. This program has no plugins.
///
/// # Errors
/// When the catalogue cannot be loaded.
#[cfg(not(feature = "plugins"))]
async fn engine(config: &Config, store: SqlStore) -> anyhow::Result<(Engine, Option<Arc<dyn Workshop>>)> {
    let ports = Ports { evidence: evidence(config)?, ..ports_on(store) };
    Ok((started(ports, config).await?, None))
}

/// An engine on this store for one command that asks no dealer's rules.
///
/// # Errors
/// When the catalogue cannot be loaded.
pub async fn plain_engine(config: &Config, store: SqlStore) -> anyhow::Result<Engine> {
    started(ports_on(store), config).await
}

/// An engine on this store for one command, and what takes and tries plugins; it asks none.
///
/// # Errors
/// As [`engine`]; also when this program has no plugins.
#[cfg(feature = "plugins")]
pub async fn beside(config: &Config, store: SqlStore) -> anyhow::Result<(Engine, Arc<dyn Workshop>)> {
    let (components, clock) = (Arc::new(store.clone()), Arc::new(SystemClock));
    let unfollowed = crate::config::Plugins { folder: std::path::PathBuf::new(), ..config.plugins.clone() };
    let host = crate::plugins::PluginHost::new(&unfollowed, components, clock)?;
    Ok((started(ports_on(store), config).await?, Arc::new(host)))
}

async fn started(ports: Ports, config: &Config) -> anyhow::Result<Engine> {
    Engine::start(ports, config.engine()).await.context("the catalogue cannot be loaded")
}

/// The adapters of an engine on this store, without rules of dealers' own, and without evidence from elsewhere.
pub fn ports_on(store: SqlStore) -> Ports {
    let store = Arc::new(store);
    Ports {
        store: store.clone(),
        journal: store.clone(),
        timers: store.clone(),
        reads: store,
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
        rules: Arc::new(NoRules),
        evidence: Arc::new(OwnCompletions),
    }
}
