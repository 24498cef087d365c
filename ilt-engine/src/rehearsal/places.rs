//! Places in queues: who would have waited in front of whom.

use std::collections::{BTreeMap, BTreeSet};

use ilt_core::ids::{PersonId, RegistrationId, SessionId};
use ilt_core::journal::Entry;
use ilt_core::opinion::{Granted, first_in_line};
use ilt_core::ports::Rules;
use ilt_core::registration::{Priority, Registration, Status};
use jiff::Timestamp;
use serde::Serialize;

use super::faults::Faults;
use super::replica::Replica;

/// People named of those who would be overtaken at most.
const NAMED: usize = 10;

/// What came of asking who waits in front.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Places {
    /// How often learners of these dealers joined a queue.
    pub joined: u64,
    /// How often nobody could be asked, because the journal does not tell who joined what.
    pub unrepeated: u64,
    /// How often the candidate would have put them in front.
    pub granted: u64,
    /// How often that would have been another place than they had.
    pub moved: u64,
    /// Some of those who would have had another place.
    pub examples: Vec<Overtaking>,
}

/// Somebody who would have had another place in a queue when they joined it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overtaking {
    /// When they joined.
    pub at: Timestamp,
    /// Who.
    pub learner: PersonId,
    /// For which session.
    pub session: SessionId,
    /// Their place, from 1.
    pub before: u32,
    /// Their place with the candidate.
    pub after: u32,
    /// How far in front they would be put.
    pub level: u8,
    /// Why.
    pub reason: String,
    /// By which plugin.
    pub plugin: String,
    /// Who would have waited behind them instead of in front, the first few.
    pub overtaken: Vec<PersonId>,
}

/// Queues as they would have been.
pub(super) struct Placing {
    pub found: Places,
    pub faults: Faults,
    examples: usize,
    /// How far in front those who joined in the window would be put, as long as they wait.
    levels: BTreeMap<RegistrationId, u8>,
}

impl Placing {
    pub fn new(examples: usize) -> Self {
        let (found, faults) = (Places::default(), Faults::default());
        Self { found, faults, examples, levels: BTreeMap::new() }
    }

    /// Somebody is about to join a queue: what the candidate says of it.
    pub async fn joining(&mut self, replica: &Replica, rules: &dyn Rules, entry: &Entry) -> Option<Granted> {
        let learner = entry.learner?;
        if !rules.has_opinions(replica.dealer_of(learner)) {
            return None;
        }
        self.found.joined += 1;
        let facts = replica.facts(&BTreeSet::from([learner]));
        let session = entry.session.and_then(|id| replica.session(id));
        let joining = session.zip(facts.get(&learner));
        let joining =
            joining.and_then(|(session, facts)| facts.joining(replica.catalogue(), session, entry.at));
        let Some(joining) = joining else {
            self.found.unrepeated += 1;
            return None;
        };
        let (granted, faults) = first_in_line(learner, rules.precedence(&joining).await.said);
        self.faults.count(&faults);
        granted
    }

    /// They have joined it.
    pub fn joined(&mut self, replica: &Replica, rules: &dyn Rules, entry: &Entry, granted: Option<Granted>) {
        let (Some(id), Some(Granted { by, priority, .. })) = (entry.registration, granted) else { return };
        self.found.granted += 1;
        self.levels.insert(id, priority.level);
        let Some(joined) = replica.registration(id) else { return };
        let mine = self.turn(joined);
        let (mut before, mut after, mut is_in_front, mut overtaken) = (1, 1, true, Vec::new());
        for other in replica.queue(joined.session) {
            if other.id == id {
                is_in_front = false;
                continue;
            }
            let stays_in_front = self.turn(other) < mine;
            before += u32::from(is_in_front);
            after += u32::from(stays_in_front);
            // People of others are counted by the places, and named to nobody.
            let is_theirs = || rules.has_opinions(replica.dealer_of(other.learner));
            if is_in_front && !stays_in_front && overtaken.len() < NAMED && is_theirs() {
                overtaken.push(other.learner);
            }
        }
        if before == after {
            return;
        }
        self.found.moved += 1;
        if self.found.examples.len() < self.examples {
            let Priority { level, reason } = priority;
            let (at, learner, session, plugin) = (entry.at, joined.learner, joined.session, by.plugin);
            let example =
                Overtaking { at, learner, session, before, after, level, reason, plugin, overtaken };
            self.found.examples.push(example);
        }
    }

    /// Somebody was put in front, or back in line: what a person decides later counts, whatever rules say.
    pub fn prioritised(&mut self, entry: &Entry) {
        if let (Some(id), Some(_)) = (entry.registration, entry.actor.person()) {
            self.levels.remove(&id);
        }
    }

    /// Forgets those who wait no more.
    pub fn tidy(&mut self, replica: &Replica) {
        self.levels.retain(|id, _| replica.registration(*id).is_some_and(|it| it.status.is_live()));
    }

    /// Whose turn it would be, the smallest first.
    fn turn(&self, waits: &Registration) -> ((u8, Timestamp), RegistrationId) {
        let (level, since) = match &waits.status {
            Status::Waitlisted { wait } => wait.turn(),
            _ => (Priority::HIGHEST, waits.created_at),
        };
        let level =
            self.levels.get(&waits.id).map_or(level, |level| Priority::HIGHEST.saturating_sub(*level));
        ((level, since), waits.id)
    }
}
