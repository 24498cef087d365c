//! Taking what is uploaded, and following what is switched on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use ilt_core::catalog::Dealer;
use ilt_core::desk::Refusal;
use ilt_core::fault::FieldProblem;
use ilt_core::ids::{DealerId, PluginId};
use ilt_core::journal::{Actor, Entry, Event};
use ilt_core::opinion::Speaker;
use ilt_core::plugin::{Edition, Plugin as Used};
use ilt_core::ports::{Clock, Component, Components, Description, Rules};
use ilt_wasm::{Plugin, Plugins, Sandbox, Source, Trial, digest_of};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Semaphore, broadcast, watch};
use uuid::Uuid;

use super::folder;
use super::loaded::Loaded;
use super::rehearsals::Rehearsals;
use crate::config;
use crate::rehearsal::Window;
use crate::workshop::{Noted, Stand, Workshop};
use crate::{Engine, Trouble};

/// Components that are compiled or wait for it at most; one is compiled at a time.
const WAITING: usize = 4;
/// When it may be better, once so many wait.
const LATER: Duration = Duration::from_secs(5);
/// Steps of a plugin that are shown.
const STEPS: u32 = 200;
/// How long something that no plugin uses is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Components that one person uploads within a day, to one host.
const MOST_A_DAY: usize = 50;
/// How often it is looked for.
const TIDIED: Duration = Duration::from_hours(1);
/// How long somebody is kept waiting until this host uses what they have switched on.
const PATIENCE: Duration = Duration::from_secs(2);
/// Components that are forgotten at once.
const FORGOTTEN: u32 = 100;

/// Where plugins of one host are taken, tried, kept and asked. Clones are the same.
#[derive(Clone)]
pub struct PluginHost(Arc<Parts>);

pub(super) struct Parts {
    pub(super) sandbox: Sandbox,
    pub(super) components: Arc<dyn Components>,
    pub(super) plugins: Arc<Plugins>,
    clock: Arc<dyn Clock>,
    loaded: Mutex<Loaded>,
    waiting: Semaphore,
    turn: Semaphore,
    /// The number of the last entry of which this host has made what it asks for.
    used: watch::Sender<u64>,
    engine: std::sync::OnceLock<Engine>,
    rehearsals: Rehearsals,
    /// Who uploaded something new, and when, within the last day.
    uploads: Mutex<Vec<(Actor, Timestamp)>>,
}

impl PluginHost {
    /// A host that keeps components there. It uses none before it follows an engine.
    ///
    /// # Errors
    /// When the folder of plugins, where one is configured, cannot be read.
    pub fn new(
        config: &config::Plugins,
        components: Arc<dyn Components>,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let sandbox = config.sandbox();
        let plugins = Arc::new(Plugins::new(clock.clone(), config.time.0));
        folder::follow(config, &sandbox, &plugins)?;
        let (loaded, waiting, turn) = (Mutex::default(), Semaphore::new(WAITING), Semaphore::new(1));
        let (used, engine) = (watch::Sender::new(0), std::sync::OnceLock::new());
        let rehearsals = Rehearsals::default();
        Ok(Self(Arc::new(Parts {
            sandbox,
            components,
            plugins,
            clock,
            loaded,
            waiting,
            turn,
            used,
            engine,
            rehearsals,
            uploads: Mutex::default(),
        })))
    }

    /// Dealers' own rules, as they are used by now.
    pub fn rules(&self) -> Arc<dyn Rules> {
        self.0.plugins.clone()
    }

    /// Uses what is switched on, and goes on using what is switched on later, until the engine stops.
    pub async fn follow(&self, engine: &Engine) {
        let mut entries = engine.feed().listen();
        // A host has one engine; whoever follows a second one has made a mistake that changes nothing.
        let _again = self.0.engine.set(engine.clone());
        self.use_all(engine).await;
        let (host, followed) = (self.clone(), engine.clone());
        engine.alongside(async move {
            let mut tidy = tokio::time::interval(TIDIED);
            loop {
                tokio::select! {
                    entry = entries.recv() => match entry {
                        Ok(entry) if matches!(entry.event, Event::PluginChanged { .. } | Event::DealersSaved(_)) => {
                            host.use_all(&followed).await;
                        }
                        Ok(entry) => host.0.reached(entry.sequence),
                        Err(broadcast::error::RecvError::Lagged(_)) => host.use_all(&followed).await,
                        Err(broadcast::error::RecvError::Closed) => return,
                    },
                    _ = tidy.tick() => host.0.tidy().await,
                }
            }
        });
    }

    /// Loads what may be asked, now or after the next activation, and puts what is active in place.
    async fn use_all(&self, engine: &Engine) {
        let seen = engine.feed().seen();
        let (known, dealers) = {
            let catalogue = engine.catalogue();
            (catalogue.plugins().clone(), catalogue.dealers().clone())
        };
        let wanted = Loaded::wanted(&known);
        // What is switched off is asked no more while something else is compiled, and what is not here yet is known to be.
        self.put(&known, &dealers, &wanted);
        for digest in wanted.iter().filter(|digest| !self.0.has(digest)) {
            match self.0.load(digest).await {
                Ok(plugin) => self.0.loaded().add(digest, plugin),
                Err(error) => {
                    metrics::counter!("ilt_plugin_unloaded_total").increment(1);
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(
                        digest,
                        error,
                        "a plugin cannot be loaded: what was there before goes on"
                    );
                }
            }
        }
        self.put(&known, &dealers, &wanted);
        self.0.rehearsals.forget_all_but(&known);
        self.0.reached(seen);
    }

    fn put(
        &self,
        known: &BTreeMap<PluginId, Used>,
        dealers: &BTreeMap<DealerId, Dealer>,
        wanted: &BTreeSet<String>,
    ) {
        let mut loaded = self.0.loaded();
        let of = loaded.put_together(known, dealers, wanted);
        self.0.plugins.put(Source::Uploaded, of);
        self.0.plugins.lack(loaded.lacking(known, dealers));
    }
}

impl Parts {
    fn loaded(&self) -> std::sync::MutexGuard<'_, Loaded> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has(&self, digest: &str) -> bool {
        self.loaded().has(digest)
    }

    fn reached(&self, sequence: u64) {
        self.used.send_if_modified(|used| {
            let is_later = sequence > *used;
            *used = sequence.max(*used);
            is_later
        });
    }

    async fn tidy(&self) {
        let Ok(before) = self.clock.now().checked_sub(KEPT) else { return };
        if let Err(error) = self.components.forget_unused(before, FORGOTTEN).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "components that nobody uses stay");
        }
    }

    /// A plugin that is ready to be asked: loaded before, or compiled now.
    async fn load(&self, digest: &str) -> Result<Arc<Plugin>, Trouble> {
        if let Some(plugin) = self.loaded().get(digest) {
            return Ok(plugin);
        }
        let component = self.components.component(digest).await?.ok_or_else(unknown)?;
        let plugin = Arc::new(self.compiled(component.bytes).await?.0);
        self.loaded().keep(digest, plugin.clone());
        Ok(plugin)
    }

    /// Tries something new, and keeps it.
    async fn tried(&self, bytes: Vec<u8>, by: Actor) -> Result<Description, Trouble> {
        self.not_too_many(&by)?;
        let (plugin, bytes) = self.compiled(bytes).await?;
        let said = plugin.description();
        let (summary, settings) = (said.summary.clone(), said.settings.clone());
        let description = Description { by: plugin.speaker(), summary, settings };
        let component = Component { description: description.clone(), at: self.clock.now(), by, bytes };
        self.components.keep(&component).await?;
        self.loaded().keep(&description.by.digest, Arc::new(plugin));
        Ok(description)
    }

    /// One person's uploads do not fill the store.
    fn not_too_many(&self, by: &Actor) -> Result<(), Trouble> {
        let (now, mut uploads) =
            (self.clock.now(), self.uploads.lock().unwrap_or_else(PoisonError::into_inner));
        uploads.retain(|(_, at)| now.duration_since(*at) < KEPT);
        let detail = format!("you have uploaded {MOST_A_DAY} of them here within a day: go on tomorrow");
        if by.person().is_some() && uploads.iter().filter(|(of, _)| of == by).count() >= MOST_A_DAY {
            return Err(Refusal::invalid("/component", detail).into());
        }
        uploads.push((by.clone(), now));
        Ok(())
    }

    /// Compiles and tries it on a thread that nobody else waits for, one at a time.
    async fn compiled(&self, bytes: Vec<u8>) -> Result<(Plugin, Vec<u8>), Trouble> {
        let busy = |_| Trouble::Busy { retry_after: LATER };
        let _place = self.waiting.try_acquire().map_err(busy)?;
        let _turn = self.turn.acquire().await.map_err(|_| Trouble::Stopping)?;
        let sandbox = self.sandbox.clone();
        let tried = tokio::task::spawn_blocking(move || (sandbox.load(&bytes), bytes)).await;
        let (plugin, bytes) = tried.map_err(|_| Trouble::Ours)?;
        let plugin = plugin.map_err(|unfit| Refusal::invalid("/component", unfit.to_string()))?;
        Ok((plugin, bytes))
    }
}

fn unknown() -> Refusal {
    Refusal::invalid("/component", "nothing with this digest was uploaded, or it was not used for a day")
}

#[async_trait]
impl Workshop for PluginHost {
    async fn take(&self, bytes: Vec<u8>, by: Actor) -> Result<Description, Trouble> {
        let parts = &self.0;
        if let Some(known) = parts.components.description(&digest_of(&bytes)).await? {
            return Ok(known);
        }
        // Whoever hangs up finds it done when they ask again.
        let host = self.clone();
        tokio::spawn(async move { host.0.tried(bytes, by).await }).await.map_err(|_| Trouble::Ours)?
    }

    async fn describe(&self, digest: &str) -> Result<Description, Trouble> {
        Ok(self.0.components.description(digest).await?.ok_or_else(unknown)?)
    }

    async fn try_settings(&self, digest: &str, settings: &str) -> Result<Speaker, Trouble> {
        let plugin = self.0.load(digest).await?;
        let speaker = plugin.speaker();
        let settings = settings.to_owned();
        let said = tokio::task::spawn_blocking(move || plugin.check_config(&settings)).await;
        let answer = said.map_err(|_| Trouble::Ours)?.answer;
        let problems = answer.map_err(|outcome| {
            Refusal::invalid("/settings", format!("the plugin could not look at its settings: {outcome}"))
        })?;
        if problems.is_empty() {
            return Ok(speaker);
        }
        let field =
            |it: &ilt_wasm::Problem| FieldProblem::new(format!("/settings{}", it.pointer), &it.detail);
        Err(Refusal::InvalidRequest { fields: problems.iter().map(field).collect() }.into())
    }

    async fn history(&self, plugin: PluginId) -> Result<Vec<Entry>, Trouble> {
        Ok(self.0.components.history(plugin, STEPS).await?)
    }

    fn log(&self, plugin: PluginId) -> Vec<Noted> {
        let lines = self.0.loaded().lines(plugin);
        lines.into_iter().map(|it| Noted { at: it.at, is_warning: it.is_warning, text: it.text }).collect()
    }

    async fn rehearse(&self, plugin: &Used, edition: &Edition, window: Window) -> Result<Uuid, Trouble> {
        let engine = self.0.engine.get().ok_or(Trouble::Stopping)?;
        let ready = self.0.load(&edition.by.digest).await?;
        let dealers = plugin.whose.dealers(engine.catalogue().dealers());
        let candidate = Trial::new(ready, edition.settings.clone(), dealers);
        let id = engine.ports().ids.next();
        self.0.rehearsals.begin(id, plugin, candidate, window, engine)?;
        Ok(id)
    }

    fn rehearsal(&self, plugin: PluginId, id: Uuid) -> Option<Stand> {
        self.0.rehearsals.stand(plugin, id)
    }

    fn drop_rehearsal(&self, plugin: PluginId, id: Uuid) {
        self.0.rehearsals.forget(plugin, id);
    }

    async fn caught_up(&self) {
        let Some(engine) = self.0.engine.get() else { return };
        let committed = engine.feed().committed();
        let mut used = self.0.used.subscribe();
        // Whoever asked is answered all the same: it is done, and this host follows.
        let _too_long = tokio::time::timeout(PATIENCE, used.wait_for(|used| *used >= committed)).await;
    }
}
