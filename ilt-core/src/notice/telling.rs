//! Who is told of an entry: those who lead the learners it happened to.

use std::collections::{BTreeMap, BTreeSet};

use crate::access;
use crate::catalog::Person;
use crate::ids::PersonId;
use crate::journal::{Actor, Entry, Event};
use crate::notice::{Notice, for_manager};

/// That a manager hears of something that happened to one of their learners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Who hears of it.
    pub manager: PersonId,
    /// To whom it happened.
    pub learner: PersonId,
    /// When they hear of it.
    pub notice: Notice,
}

/// Which managers hear of an entry, in order of the learners it happened to; the same for ever, so that asking again after a
/// crash is safe. `people` are all that are known: who is not, is not told.
///
/// Nobody hears of what they did themselves, or of people whom they do not lead any more or may not see.
pub fn to_managers(entry: &Entry, people: &BTreeMap<PersonId, Person>) -> Vec<Told> {
    let Some(notice) = for_manager(&entry.event) else { return Vec::new() };
    let told = |learner: PersonId| {
        let person = people.get(&learner)?;
        let manager = people.get(&person.manager?)?;
        let is_their_doing = entry.actor.person() == Some(manager.id) || manager.id == learner;
        let may_know = !is_their_doing && access::over(manager, person).is_ok();
        may_know.then_some(Told { manager: manager.id, learner, notice })
    };
    learners(entry).into_iter().filter_map(told).collect()
}

/// To whom it happened.
pub(super) fn learners(entry: &Entry) -> BTreeSet<PersonId> {
    match &entry.event {
        // What an import knows of completions is history, years of it at once, and no news.
        Event::CompletionsRecorded(_) if entry.actor == Actor::import() => BTreeSet::new(),
        Event::CompletionsRecorded(list) | Event::CompletionsWithdrawn(list) => {
            list.iter().map(|completion| completion.person).collect()
        }
        _ => entry.learner.into_iter().collect(),
    }
}
