//! Rehearsals that somebody asked this host for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ilt_core::ids::PluginId;
use ilt_core::ports::Journal;
use ilt_wasm::Trial;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::rehearsal::{Progress, Report, Window, rehearse};
use crate::workshop::Stand;
use crate::{Engine, Trouble};

/// Rehearsals that are under way at most.
const AT_ONCE: usize = 2;
/// Rehearsals that are kept at most: the oldest is forgotten for a new one.
const KEPT: usize = 20;

/// Rehearsals, oldest first: their names are in the order of time.
#[derive(Clone, Default)]
pub(super) struct Rehearsals(Arc<Mutex<BTreeMap<Uuid, Rehearsal>>>);

struct Rehearsal {
    plugin: PluginId,
    stand: Stand,
    /// Stops it, should it be forgotten.
    _ends: DropGuard,
}

impl Rehearsals {
    /// Begins one.
    ///
    /// # Errors
    /// [`Trouble::Busy`] when so many are under way.
    pub fn begin(
        &self,
        id: Uuid,
        plugin: PluginId,
        candidate: Trial,
        window: Window,
        engine: &Engine,
    ) -> Result<(), Trouble> {
        let stop = CancellationToken::new();
        {
            let mut kept = self.kept();
            if kept.values().filter(|it| matches!(it.stand, Stand::Running(_))).count() >= AT_ONCE {
                return Err(Trouble::Busy { retry_after: std::time::Duration::from_secs(10) });
            }
            while kept.len() >= KEPT {
                kept.pop_first();
            }
            let stand = Stand::Running(Progress { read: 0, of: 0, looks: 0, notices: 0 });
            kept.insert(id, Rehearsal { plugin, stand, _ends: stop.clone().drop_guard() });
        }
        let (all, journal) = (self.clone(), engine.ports().journal.clone());
        engine.alongside(async move { all.run(id, Arc::new(candidate), window, journal, stop).await });
        Ok(())
    }

    async fn run(
        &self,
        id: Uuid,
        candidate: Arc<Trial>,
        window: Window,
        journal: Arc<dyn Journal>,
        stop: CancellationToken,
    ) {
        let all = self.clone();
        let progress = move |progress| all.set(id, Stand::Running(progress));
        let report = rehearse(journal, candidate.clone(), window, progress, &stop).await;
        let done = |report| Stand::Done(Arc::new(Report { failures: candidate.failures(), ..report }));
        self.set(id, report.map_or_else(|error| Stand::Failed(error.to_string()), done));
    }

    /// How one of a plugin's stands.
    pub fn stand(&self, plugin: PluginId, id: Uuid) -> Option<Stand> {
        self.kept().get(&id).filter(|it| it.plugin == plugin).map(|it| it.stand.clone())
    }

    /// Stops one of a plugin's, and forgets it.
    pub fn forget(&self, plugin: PluginId, id: Uuid) {
        let mut kept = self.kept();
        if kept.get(&id).is_some_and(|it| it.plugin == plugin) {
            kept.remove(&id);
        }
    }

    fn set(&self, id: Uuid, stand: Stand) {
        if let Some(known) = self.kept().get_mut(&id) {
            known.stand = stand;
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, BTreeMap<Uuid, Rehearsal>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
