//! Notices: who would have heard of what at another time, not at all, or as well.
//!
//! # Invariants
//! * Who is told of what is worked out as for whoever tells people ([`crate::hearing`]), and in no other way.
//! * Where no dealer has advice, and of what is nothing to anybody, nobody is asked and nothing is worked out.
//! * Nobody is asked what would not have been asked then: that is counted, with the reason.

mod no_shows;
mod retold;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ilt_core::ids::PersonId;
use ilt_core::journal::Entry;
use ilt_core::notice::advice::{Known, ToldAs, concerned};
use ilt_core::ports::Rules;
use jiff::Timestamp;
use serde::Serialize;

use super::faults::Faults;
use super::replica::Replica;
use crate::hearing::{Hearing, hearing, told};
use no_shows::NoShows;
use retold::retold;

pub use retold::{Fate, Hears, Retold};

/// What came of asking who is told of what.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Notices {
    /// Entries of the journal about which the candidate was asked.
    pub entries: u64,
    /// How often it was asked: once for each of these dealers' learners to whom an entry happened.
    pub asked: u64,
    /// How often it could not be asked as it would have been then, by why.
    pub unrepeated: BTreeMap<Unasked, u64>,
    /// Notices that are told without the candidate as soon as something happened, whatever the hour.
    pub urgently: u64,
    /// Notices that are told without it as soon as something happened.
    pub at_once: u64,
    /// Notices that are told without it with the digest.
    pub digest: u64,
    /// Of all these, how many are told with it as they are without.
    pub unchanged: u64,
    /// How many are not told.
    pub muted: u64,
    /// How many are told with the digest instead.
    pub to_digest: u64,
    /// How many are told at another minute instead.
    pub to_minute: u64,
    /// How many are told at once instead.
    pub to_at_once: u64,
    /// How many are told to somebody as well, by what they are to the learner.
    pub added: BTreeMap<ToldAs, u64>,
    /// How many more and how many fewer are told of what happened, by its word; nothing of what stays as it is.
    pub kinds: BTreeMap<&'static str, Shift>,
    /// Some of those that would have been told otherwise.
    pub examples: Vec<Retold>,
}

/// How notices of one sort of happening change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Shift {
    /// How many are told as well.
    pub more: u64,
    /// How many are not told.
    pub fewer: u64,
    /// How many are told at another time.
    pub moved: u64,
}

/// Why nobody could be asked about what happened to a learner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unasked {
    /// The journal does not tell who the learner is.
    LearnerUnknown,
    /// The journal does not tell who leads the learner.
    ManagerUnknown,
    /// The session had long been over, or the journal does not tell of it.
    SessionUnknown,
}

impl fmt::Display for Unasked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LearnerUnknown => "the learner is not known",
            Self::ManagerUnknown => "their manager is not known",
            Self::SessionUnknown => "the session is not known any more",
        })
    }
}

/// Notices as they would have been told.
pub(super) struct Noticing {
    pub found: Notices,
    pub faults: Faults,
    examples: usize,
    no_shows: NoShows,
}

impl Noticing {
    pub fn new(examples: usize) -> Self {
        let (found, faults) = (Notices::default(), Faults::default());
        Self { found, faults, examples, no_shows: NoShows::default() }
    }

    /// Follows an entry, also one before the window.
    pub fn follow(&mut self, entry: &Entry) {
        self.no_shows.follow(entry);
    }

    /// Something happened, of which somebody may hear; whether anybody was asked. The no-shows have followed it, and
    /// the replica has not.
    pub async fn happened(&mut self, replica: &Replica, rules: &dyn Rules, entry: &Entry) -> bool {
        let mut repeated = BTreeSet::new();
        for learner in concerned(entry) {
            if !has_advice(replica, rules, learner) {
                continue;
            }
            match unasked(replica, entry, learner) {
                Some(why) => *self.found.unrepeated.entry(why).or_default() += 1,
                None => {
                    repeated.insert(learner);
                }
            }
        }
        if repeated.is_empty() {
            return false;
        }
        self.found.entries += 1;
        let no_shows = |learner| self.no_shows.of(learner, entry.at);
        let session = entry.session.and_then(|id| replica.session(id));
        let known = Known { people: replica.people(), session, no_shows: &no_shows };
        let mut tellings = told(entry, &known);
        tellings.retain(|it| repeated.contains(&it.happening.learner));
        for telling in tellings {
            let hearing = hearing(rules, &entry.actor, replica.people(), telling).await;
            self.compare(&hearing);
        }
        true
    }

    /// Forgets what is asked for no more.
    pub fn tidy(&mut self, now: Timestamp) {
        self.no_shows.tidy(now);
    }

    fn compare(&mut self, hearing: &Hearing) {
        let Hearing { telling, heard, faults } = hearing;
        self.faults.count(faults);
        let (found, happening) = (&mut self.found, &telling.happening);
        found.asked += 1;
        // Whoever is told as well comes after those who were to be told, and would not have been.
        let without =
            telling.notices.iter().map(|it| Hears::from(it.pace)).chain(std::iter::repeat(Hears::Never));
        for (heard, before) in heard.iter().zip(without) {
            let after = Hears::of(heard.when, happening.at);
            found.count(happening.kind, heard.told_as, before, after);
            if before == after {
                continue;
            }
            if let Some(advised) = heard.advised.as_ref().filter(|_| found.examples.len() < self.examples) {
                found.examples.push(retold(happening, heard, (before, after), advised));
            }
        }
    }
}

impl Notices {
    fn count(&mut self, kind: &'static str, told_as: ToldAs, before: Hears, after: Hears) {
        match before {
            Hears::Urgently => self.urgently += 1,
            Hears::AtOnce => self.at_once += 1,
            Hears::Digest => self.digest += 1,
            // Nothing is put off without advice, and who is not told without it is told as well.
            Hears::Later | Hears::Never => {}
        }
        let fate = Fate::of(before, after);
        if fate != Fate::Unchanged {
            self.kinds.entry(kind).or_default().count(fate);
        }
        match fate {
            Fate::Unchanged => self.unchanged += 1,
            Fate::Muted => self.muted += 1,
            Fate::ToDigest => self.to_digest += 1,
            Fate::ToMinute => self.to_minute += 1,
            Fate::ToAtOnce => self.to_at_once += 1,
            Fate::Added => *self.added.entry(told_as).or_default() += 1,
        }
    }
}

impl Shift {
    const fn count(&mut self, fate: Fate) {
        match fate {
            Fate::Unchanged => {}
            Fate::Muted => self.fewer += 1,
            Fate::ToDigest | Fate::ToMinute | Fate::ToAtOnce => self.moved += 1,
            Fate::Added => self.more += 1,
        }
    }
}

/// Whether a learner's dealer has advice; whose dealer is not known, some dealer.
fn has_advice(replica: &Replica, rules: &dyn Rules, learner: PersonId) -> bool {
    if replica.knows(learner) {
        return rules.has_advice(replica.dealer_of(learner));
    }
    replica.dealers().any(|dealer| rules.has_advice(Some(dealer)))
}

/// Why it cannot be told who would have heard of what happened to a learner.
fn unasked(replica: &Replica, entry: &Entry, learner: PersonId) -> Option<Unasked> {
    let Some(person) = replica.people().get(&learner) else { return Some(Unasked::LearnerUnknown) };
    if person.manager.is_some_and(|manager| !replica.knows(manager)) {
        return Some(Unasked::ManagerUnknown);
    }
    let is_forgotten = entry.session.is_some_and(|session| replica.session(session).is_none());
    is_forgotten.then_some(Unasked::SessionUnknown)
}

#[cfg(test)]
mod rules;
