//! Registrations by id, by learner and by session, and the queues they form.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use jiff::Timestamp;

use crate::ids::{PersonId, RegistrationId, SessionId};
use crate::registration::{Registration, Status};

/// Whose turn it is, see [`crate::registration::Wait::turn`]; the id where that leaves it open.
pub type Turn = ((u8, Timestamp), RegistrationId);

type Queue = BTreeSet<Turn>;

/// Registrations, found by id, by learner and by session. The indexes hold live ones only.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Registrations {
    by_id: BTreeMap<RegistrationId, Registration>,
    by_learner: BTreeMap<PersonId, BTreeMap<SessionId, RegistrationId>>,
    by_session: BTreeMap<SessionId, BTreeSet<RegistrationId>>,
    queues: BTreeMap<SessionId, Queue>,
}

impl Registrations {
    /// Adds a registration, or puts it in the place of what was known of it.
    pub fn put(&mut self, registration: Registration) {
        if let Some(before) = self.by_id.remove(&registration.id) {
            self.unlist(&before);
        }
        self.list(&registration);
        self.by_id.insert(registration.id, registration);
    }

    /// The registration with this id.
    pub fn get(&self, id: RegistrationId) -> Option<&Registration> {
        self.by_id.get(&id)
    }

    /// All of them, in order of id.
    pub fn iter(&self) -> impl Iterator<Item = &Registration> {
        self.by_id.values()
    }

    /// The live registration of a learner for a session.
    pub fn live(&self, learner: PersonId, session: SessionId) -> Option<&Registration> {
        self.by_learner.get(&learner)?.get(&session).and_then(|id| self.by_id.get(id))
    }

    /// A learner's live registrations.
    pub fn of_learner(&self, learner: PersonId) -> impl Iterator<Item = &Registration> {
        self.by_learner
            .get(&learner)
            .into_iter()
            .flat_map(BTreeMap::values)
            .filter_map(|id| self.by_id.get(id))
    }

    /// A session's live registrations, in order of id.
    pub fn of_session(&self, session: SessionId) -> impl Iterator<Item = &Registration> {
        self.by_session.get(&session).into_iter().flatten().filter_map(|id| self.by_id.get(id))
    }

    /// Who waits for a session, in order of their turn.
    pub fn queue(&self, session: SessionId) -> impl Iterator<Item = &Registration> {
        self.queues.get(&session).into_iter().flatten().filter_map(|(_, id)| self.by_id.get(id))
    }

    /// Who waits for a session and comes after a turn, whether or not anybody has it any more; with the turn of each.
    pub fn queue_after(
        &self,
        session: SessionId,
        turn: Option<Turn>,
    ) -> impl Iterator<Item = (Turn, &Registration)> {
        let from = turn.map_or(Bound::Unbounded, Bound::Excluded);
        let queue = self.queues.get(&session).map(|queue| queue.range((from, Bound::Unbounded)));
        queue.into_iter().flatten().filter_map(|turn| Some((*turn, self.by_id.get(&turn.1)?)))
    }

    /// How many wait for a session.
    pub fn waiting(&self, session: SessionId) -> usize {
        self.queues.get(&session).map_or(0, BTreeSet::len)
    }

    /// How many of those who wait for a session come before a turn.
    pub fn waiting_before(&self, session: SessionId, turn: Turn) -> u32 {
        let before = self.queues.get(&session).map_or(0, |queue| queue.range(..turn).count());
        u32::try_from(before).unwrap_or(u32::MAX)
    }

    /// A registration's place in its queue, counted from 1, when it waits.
    pub fn position(&self, id: RegistrationId) -> Option<u32> {
        let registration = self.by_id.get(&id)?;
        let Status::Waitlisted { wait } = &registration.status else { return None };
        self.waiting_before(registration.session, (wait.turn(), id)).checked_add(1)
    }

    /// Forgets a registration.
    pub fn forget(&mut self, id: RegistrationId) {
        if let Some(registration) = self.by_id.remove(&id) {
            self.unlist(&registration);
        }
    }

    fn list(&mut self, registration: &Registration) {
        if registration.status.is_live() {
            let (id, session) = (registration.id, registration.session);
            self.by_learner.entry(registration.learner).or_default().insert(session, id);
            self.by_session.entry(session).or_default().insert(id);
        }
        if let Status::Waitlisted { wait } = &registration.status {
            self.queues.entry(registration.session).or_default().insert((wait.turn(), registration.id));
        }
    }

    fn unlist(&mut self, registration: &Registration) {
        let (id, session) = (registration.id, registration.session);
        if registration.status.is_live() {
            remove(
                &mut self.by_learner,
                registration.learner,
                |held| held.remove(&session).is_some(),
                BTreeMap::is_empty,
            );
            remove(&mut self.by_session, session, |held| held.remove(&id), BTreeSet::is_empty);
        }
        if let Status::Waitlisted { wait } = &registration.status {
            remove(&mut self.queues, session, |held| held.remove(&(wait.turn(), id)), BTreeSet::is_empty);
        }
    }
}

/// Takes something out of the collection under `key`, and the collection with it when nothing is left.
fn remove<K: Ord + Copy, V>(
    map: &mut BTreeMap<K, V>,
    key: K,
    take: impl FnOnce(&mut V) -> bool,
    is_empty: impl FnOnce(&V) -> bool,
) {
    if let Some(held) = map.get_mut(&key) {
        take(held);
        if is_empty(held) {
            map.remove(&key);
        }
    }
}
