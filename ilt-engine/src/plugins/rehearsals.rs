//! Rehearsals that somebody asked this host for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ilt_core::desk::Refusal;
use ilt_core::ids::PluginId;
use ilt_core::plugin::{Plugin, Whose};
use ilt_core::ports::Journal;
use ilt_wasm::Trial;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::rehearsal::{Progress, Report, Window, rehearse};
use crate::workshop::Stand;
use crate::{Engine, Trouble};

/// Rehearsals that are under way at most.
const AT_ONCE: usize = 2;
/// How long one may take, should the rules be slow: each question of the journal is asked again.
const LONGEST: Duration = Duration::from_mins(30);
/// Rehearsals that are kept at most: the oldest is forgotten for a new one.
const KEPT: usize = 20;

/// Rehearsals, oldest first: their names are in the order of time.
#[derive(Clone, Default)]
pub(super) struct Rehearsals(Arc<Mutex<BTreeMap<Uuid, Rehearsal>>>);

struct Rehearsal {
    plugin: PluginId,
    whose: Whose,
    stand: Stand,
    /// Stops it, should it be forgotten.
    _ends: DropGuard,
}

impl Rehearsals {
    /// Begins one.
    ///
    /// # Errors
    /// [`Trouble::Busy`] when so many are under way; `invalid-request` when one of theirs is: others want to rehearse too.
    pub fn begin(
        &self,
        id: Uuid,
        plugin: &Plugin,
        candidate: Trial,
        window: Window,
        engine: &Engine,
    ) -> Result<(), Trouble> {
        let stop = CancellationToken::new();
        {
            let mut kept = self.kept();
            let under_way: Vec<_> =
                kept.values().filter(|it| matches!(it.stand, Stand::Running(_))).collect();
            if under_way.iter().any(|it| it.whose == plugin.whose) {
                let detail =
                    "a rehearsal for the same people is under way here: wait until it is done, or delete it";
                return Err(Refusal::invalid("", detail).into());
            }
            if under_way.len() >= AT_ONCE {
                return Err(Trouble::Busy { retry_after: Duration::from_secs(10) });
            }
            while kept.len() >= KEPT {
                kept.pop_first();
            }
            let stand = Stand::Running(Progress { read: 0, of: 0, looks: 0, notices: 0 });
            let (plugin, whose) = (plugin.id, plugin.whose.clone());
            kept.insert(id, Rehearsal { plugin, whose, stand, _ends: stop.clone().drop_guard() });
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
        let rehearsing = rehearse(journal, candidate.clone(), window, progress, &stop);
        self.set(
            id,
            match tokio::time::timeout(LONGEST, rehearsing).await {
                Ok(Ok(report)) => Stand::Done(Arc::new(Report { failures: candidate.failures(), ..report })),
                Ok(Err(error)) => Stand::Failed(error.to_string()),
                Err(_) => Stand::Failed(format!(
                    "it took longer than {} minutes: rehearse less of the past, or make the rules faster",
                    LONGEST.as_secs() / 60
                )),
            },
        );
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

    /// Stops rehearsals of plugins that there are no more, and forgets them.
    pub fn forget_all_but(&self, plugins: &BTreeMap<PluginId, Plugin>) {
        self.kept().retain(|_, it| plugins.contains_key(&it.plugin));
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
