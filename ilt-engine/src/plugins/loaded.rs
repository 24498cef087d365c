//! What is loaded of what is used.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use ilt_core::catalog::Dealer;
use ilt_core::ids::{DealerId, PluginId};
use ilt_core::plugin::Plugin as Used;
use ilt_wasm::{Active, Noted, Order, Plugin};

/// Uploads that are kept until somebody uses them.
const FRESH: usize = 4;

/// Plugins that are ready to be asked, and editions that are asked.
#[derive(Default)]
pub(super) struct Loaded {
    ready: BTreeMap<String, Arc<Plugin>>,
    /// What was uploaded last, until somebody uses it; the oldest first.
    fresh: VecDeque<(String, Arc<Plugin>)>,
    /// What is asked now, with the number of its edition.
    active: BTreeMap<PluginId, (u32, Arc<Active>)>,
}

impl Loaded {
    /// Digests of whatever is active, may become so next, or was so before.
    pub fn wanted(known: &BTreeMap<PluginId, Used>) -> BTreeSet<String> {
        let wanted = known.values().flat_map(|plugin| {
            let before = plugin.before.and_then(|number| plugin.edition(number));
            [plugin.active(), before, plugin.newest()].into_iter().flatten()
        });
        wanted.map(|edition| edition.by.digest.clone()).collect()
    }

    pub fn has(&self, digest: &str) -> bool {
        self.ready.contains_key(digest)
    }

    pub fn get(&self, digest: &str) -> Option<Arc<Plugin>> {
        let fresh = || self.fresh.iter().find(|(known, _)| known == digest).map(|(_, plugin)| plugin);
        self.ready.get(digest).or_else(fresh).cloned()
    }

    /// Keeps what was uploaded, for whoever is about to use it.
    pub fn keep(&mut self, digest: &str, plugin: Arc<Plugin>) {
        if self.fresh.len() == FRESH {
            self.fresh.pop_front();
        }
        self.fresh.push_back((digest.to_owned(), plugin));
    }

    pub fn add(&mut self, digest: &str, plugin: Arc<Plugin>) {
        self.ready.insert(digest.to_owned(), plugin);
    }

    /// What one plugin wrote, and what went wrong with it.
    pub fn lines(&self, plugin: PluginId) -> Vec<Noted> {
        self.active.get(&plugin).map(|(_, active)| active.lines()).unwrap_or_default()
    }

    /// Dealers for whom something is switched on that is not asked.
    pub fn lacking(
        &self,
        known: &BTreeMap<PluginId, Used>,
        dealers: &BTreeMap<DealerId, Dealer>,
    ) -> BTreeSet<DealerId> {
        let is_asked = |plugin: &Used| {
            self.active.get(&plugin.id).is_some_and(|(number, _)| Some(*number) == plugin.active)
        };
        let lacking: Vec<_> =
            known.values().filter(|plugin| plugin.active.is_some() && !is_asked(plugin)).collect();
        let all = dealers.values().filter(|dealer| lacking.iter().any(|plugin| plugin.speaks_for(dealer)));
        all.map(|dealer| dealer.id).collect()
    }

    /// Which dealer has which plugins; what is not wanted any more is dropped. An edition that is not loaded leaves what was asked
    /// before of the same plugin.
    pub fn put_together(
        &mut self,
        known: &BTreeMap<PluginId, Used>,
        dealers: &BTreeMap<DealerId, Dealer>,
        wanted: &BTreeSet<String>,
    ) -> BTreeMap<DealerId, Order> {
        self.ready.retain(|digest, _| wanted.contains(digest));
        let is_on = |id: &PluginId| known.get(id).is_some_and(|plugin| plugin.active.is_some());
        self.active.retain(|id, _| is_on(id));
        for plugin in known.values() {
            let Some(edition) = plugin.active() else { continue };
            if self.active.get(&plugin.id).is_some_and(|(number, _)| *number == edition.number) {
                continue;
            }
            if let Some(ready) = self.ready.get(&edition.by.digest) {
                let active = Active::new(ready.clone(), edition.settings.clone());
                self.active.insert(plugin.id, (edition.number, Arc::new(active)));
            }
        }
        let mut in_turn: Vec<_> = known.values().filter(|plugin| plugin.active.is_some()).collect();
        in_turn.sort_by_key(|plugin| plugin.turn());
        let asked = |dealer: &Dealer| -> Order {
            let theirs = in_turn.iter().filter(|plugin| plugin.speaks_for(dealer));
            theirs
                .filter_map(|plugin| self.active.get(&plugin.id))
                .map(|(_, active)| active.clone())
                .collect()
        };
        let all = dealers.values().map(|dealer| (dealer.id, asked(dealer)));
        all.filter(|(_, order)| !order.is_empty()).collect()
    }
}
