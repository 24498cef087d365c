//! Who is told of an entry of the journal as long as nobody advises otherwise.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Person;
use crate::ids::PersonId;
use crate::journal::Entry;
use crate::notice::advice::{Pace, ToldAs};
use crate::notice::telling::learners;
use crate::notice::{Notice, Told, for_manager, to_managers};

/// That somebody is told of something that happened to a learner, as long as nobody advises otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// To whom it happened.
    pub learner: PersonId,
    /// Who is told.
    pub person: PersonId,
    /// As what.
    pub told_as: ToldAs,
    /// How soon.
    pub pace: Pace,
    /// Whether they would not have to be told.
    pub may_be_muted: bool,
}

impl From<Told> for Planned {
    fn from(Told { manager, learner, notice }: Told) -> Self {
        let pace = match notice {
            Notice::AtOnce => Pace::AtOnce,
            Notice::Digest => Pace::Digest,
        };
        Self {
            learner,
            person: manager,
            told_as: ToldAs::Manager,
            pace,
            may_be_muted: notice == Notice::Digest,
        }
    }
}

/// Everybody who is told of an entry, in order of the learners it happened to. `people` are all that are known: who is not, is not told.
pub fn planned(entry: &Entry, people: &BTreeMap<PersonId, Person>) -> Vec<Planned> {
    to_managers(entry, people).into_iter().map(Planned::from).collect()
}

/// The learners to whom an entry happened, when it is something that anybody is told of: their dealers' rules have a say in it. Nobody
/// otherwise, so that what is nothing to anybody costs nothing.
pub fn concerned(entry: &Entry) -> BTreeSet<PersonId> {
    if for_manager(&entry.event).is_none() { BTreeSet::new() } else { learners(entry) }
}
