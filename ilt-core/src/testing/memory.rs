//! The in-memory store: one whole [`World`] behind a lock.
//!
//! A transaction works on a copy, and its commit succeeds only when nobody else has committed since it began; otherwise it
//! is a [`StoreError::Conflict`], as on a database.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use crate::desk::{Ask, Changes, Timer, TimerKind};
use crate::ids::{CourseId, RegistrationId};
use crate::journal::{self, Entry};
use crate::ports::{
    Component, DeadLetter, EntryQuery, Journal, Measure, Month, Store, StoreError, Timers, Work,
};
use crate::statement::Told;
use crate::testing::memory_api_keys::Made;
use crate::testing::memory_deliveries::Letters;
use crate::testing::memory_mirrors::Mirroring;
use crate::testing::memory_sign_ins::Begun;
use crate::world::World;

/// Everything that is kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    pub world: World,
    pub entries: Vec<Entry>,
    pub timers: BTreeMap<(TimerKind, Uuid), (Timestamp, Timestamp)>,
    pub checkpoints: BTreeMap<String, u64>,
    /// By their number; nothing where one was that is mended.
    pub told: Vec<Option<Told>>,
    pub leases: BTreeMap<String, (Uuid, Timestamp)>,
    pub dead: BTreeMap<(String, Uuid), DeadLetter>,
    /// By statement; nothing of one that was taken back.
    pub counted: BTreeMap<Uuid, Option<(Month, CourseId, Measure)>>,
    pub components: BTreeMap<String, Component>,
    pub mirrors: Mirroring,
    pub letters: Letters,
    pub sign_ins: Begun,
    pub api_keys: Made,
    commits: u64,
}

/// The in-memory store. Clones share what is kept.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    kept: Arc<Mutex<Kept>>,
    overwriting: bool,
}

impl MemoryStore {
    /// A store that keeps nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A store that lets transactions overwrite each other: the control that must fail.
    pub fn overwriting() -> Self {
        Self { overwriting: true, ..Self::default() }
    }

    /// All that is known, as it is now.
    pub fn world(&self) -> World {
        self.kept().world.clone()
    }

    /// Another store that begins with what this one keeps.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self { kept: Arc::new(Mutex::new(self.kept().clone())), overwriting: self.overwriting }
    }

    pub(super) fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Puts rows in the place of what was known of them, numbers the entries, sets and clears timers.
    pub(super) fn put(&mut self, changes: &Changes) {
        put_rows(&mut self.world, changes);
        for entry in &changes.entries {
            let sequence = self.entries.len() as u64 + 1;
            self.entries.push(Entry { sequence, ..entry.clone() });
        }
        for (timer, due) in &changes.timers {
            match due {
                Some(due) => self.timers.insert(*timer, (*due, Timestamp::MIN)),
                None => self.timers.remove(timer),
            };
        }
    }

    /// Claims timers that are due and free, earliest first.
    pub(super) fn claim(
        &mut self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
        is_free: impl Fn(&Timer) -> bool,
    ) -> Vec<Timer> {
        let is_due = |timer: &(Timestamp, Timestamp)| timer.0 <= now && timer.1 <= now;
        let due = self.timers.iter().filter(|(_, it)| is_due(it));
        let due = due.map(|((kind, subject), (due, _))| Timer { kind: *kind, subject: *subject, due: *due });
        let mut due: Vec<_> = due.filter(is_free).collect();
        due.sort_by_key(|it| (it.due, it.kind, it.subject));
        due.truncate(limit as usize);
        for one in &due {
            if let Some(known) = self.timers.get_mut(&(one.kind, one.subject)) {
                known.1 = leased_until;
            }
        }
        due
    }
}

struct MemoryWork {
    store: MemoryStore,
    draft: Kept,
}

#[async_trait]
impl Store for MemoryStore {
    async fn begin(&self) -> Result<Box<dyn Work>, StoreError> {
        Ok(Box::new(MemoryWork { store: self.clone(), draft: self.kept().clone() }))
    }

    async fn forget_answers(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let mut kept = self.kept();
        let old = kept.world.remembered.values().filter(|it| it.at < before).take(limit as usize);
        let old: Vec<_> = old.map(|it| it.key.clone()).collect();
        for key in &old {
            kept.world.remembered.remove(key);
        }
        Ok(old.len() as u64)
    }
}

#[async_trait]
impl Work for MemoryWork {
    async fn load(&mut self, _ask: &Ask) -> Result<World, StoreError> {
        Ok(self.draft.world.clone())
    }

    async fn journal_time(&mut self, _hold: bool) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.draft.entries.last().map(|entry| entry.at))
    }

    async fn save(&mut self, changes: &Changes) -> Result<u64, StoreError> {
        let last = self.draft.entries.last().map(|entry| entry.at);
        if changes.entries.first().is_some_and(|first| !journal::follows(last, first.at)) {
            return Err(StoreError::Conflict("the journal has something later".into()));
        }
        self.draft.put(changes);
        Ok(self.draft.entries.len() as u64)
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let mut kept = self.store.kept();
        if kept.commits != self.draft.commits && !self.store.overwriting {
            return Err(StoreError::Conflict("somebody else committed first".into()));
        }
        // What is taken outside transactions survives this one.
        let Kept { timers: claims, checkpoints, told, leases, dead, counted, mirrors, .. } =
            std::mem::take(&mut *kept);
        let commits = self.draft.commits + 1;
        *kept = Kept { checkpoints, told, leases, dead, counted, mirrors, commits, ..self.draft };
        for (key, (due, lease)) in claims {
            if let Some(timer) = kept.timers.get_mut(&key).filter(|timer| timer.0 == due) {
                timer.1 = timer.1.max(lease);
            }
        }
        Ok(())
    }
}

/// Puts rows in the place of what was known of them, as a database would.
pub fn put_rows(world: &mut World, changes: &Changes) {
    Arc::make_mut(&mut world.courses).extend(changes.courses.iter().map(|it| (it.id, it.clone())));
    Arc::make_mut(&mut world.locations).extend(changes.locations.iter().map(|it| (it.id, it.clone())));
    Arc::make_mut(&mut world.dealers).extend(changes.dealers.iter().map(|it| (it.id, it.clone())));
    world.people.extend(changes.people.iter().map(|it| (it.id, it.clone())));
    for completion in &changes.completions {
        let known = world.completions.entry(completion.person).or_default();
        if let Err(at) = known.binary_search(completion) {
            known.insert(at, *completion);
        }
    }
    for completion in &changes.completions_withdrawn {
        world.withdraw(completion);
    }
    for session in &changes.sessions {
        world.sessions.hold(session.clone());
    }
    for ledger in &changes.ledgers {
        if let Ok(session) = world.sessions.change(ledger.session) {
            session.seats = ledger.seats;
            session.freed_at = ledger.freed_at;
            session.blocks.clone_from(&ledger.blocks);
        }
    }
    for registration in &changes.registrations {
        world.registrations.put(registration.clone());
    }
    world.shown.extend(changes.shown.iter().map(|it| (it.id, it.clone())));
    for set in &changes.rules_set {
        world.rules.retain(|known| known.scope != set.scope || known.rule != set.rule);
        world.rules.push(set.clone());
    }
    for (scope, rule) in &changes.rules_cleared {
        world.rules.retain(|known| known.scope != *scope || known.rule != *rule);
    }
    for (id, plugin) in &changes.plugins {
        let plugins = Arc::make_mut(&mut world.plugins);
        match plugin {
            Some(plugin) => drop(plugins.insert(*id, plugin.clone())),
            None => drop(plugins.remove(id)),
        }
    }
    world.feeds.extend(changes.feeds.iter().cloned());
    world.remembered.extend(changes.remembered.iter().map(|it| (it.key.clone(), it.clone())));
}

#[async_trait]
impl Journal for MemoryStore {
    async fn after(&self, after: u64, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let from = usize::try_from(after).unwrap_or(usize::MAX);
        Ok(self.kept().entries.iter().skip(from).take(limit as usize).cloned().collect())
    }

    async fn head(&self) -> Result<u64, StoreError> {
        Ok(self.kept().entries.len() as u64)
    }

    async fn of_registration(&self, registration: RegistrationId) -> Result<Vec<Entry>, StoreError> {
        let kept = self.kept();
        Ok(kept.entries.iter().filter(|entry| entry.registration == Some(registration)).cloned().collect())
    }

    async fn find(&self, query: &EntryQuery) -> Result<Vec<Entry>, StoreError> {
        let kept = self.kept();
        let found = kept.entries.iter().rev().filter(|entry| query.asks_for(entry));
        Ok(found.take(query.limit as usize).cloned().collect())
    }

    async fn checkpoint(&self, follower: &str) -> Result<u64, StoreError> {
        Ok(self.kept().checkpoints.get(follower).copied().unwrap_or(0))
    }

    async fn set_checkpoint(&self, follower: &str, sequence: u64) -> Result<(), StoreError> {
        let mut kept = self.kept();
        let known = kept.checkpoints.entry(follower.to_owned()).or_default();
        *known = sequence.max(*known);
        Ok(())
    }
}

#[async_trait]
impl Timers for MemoryStore {
    async fn claim(
        &self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Timer>, StoreError> {
        Ok(self.kept().claim(now, leased_until, limit, |_| true))
    }

    async fn renew(
        &self,
        claimed: &[Timer],
        leased_until: Timestamp,
        longer: Timestamp,
    ) -> Result<(), StoreError> {
        let mut kept = self.kept();
        for Timer { kind, subject, due } in claimed {
            if let Some(timer) = kept.timers.get_mut(&(*kind, *subject))
                && *timer == (*due, leased_until)
            {
                timer.1 = longer;
            }
        }
        Ok(())
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.kept().timers.values().map(|(due, lease)| *due.max(lease)).min())
    }
}
