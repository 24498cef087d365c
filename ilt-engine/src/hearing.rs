//! Who hears of an entry of the journal, and when, once dealers' own rules were asked: the same for whoever tells people, and for whoever
//! rehearses it.
//!
//! # Flow
//! [`told`] says who would be told of an entry → [`hearing`] asks the rules of the learner's dealer, and says who hears in the end;
//! [`hearings`] is both, for all to whom the entry happened.
//!
//! # Not here
//! Who is told of what and what advice may change of it ([`ilt_core::notice`]); putting several into one letter, saving, sending: nobody
//! sends notices yet.

use std::collections::BTreeMap;

use ilt_core::catalog::Person;
use ilt_core::ids::PersonId;
use ilt_core::journal::{Actor, Entry};
use ilt_core::notice::advice::{Heard, Known, Telling, heed, planned, tellings};
use ilt_core::opinion::{Fault, Speaker};
use ilt_core::ports::Rules;

/// What comes of an entry for one of the learners to whom it happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Hearing {
    /// What happened, and who would be told of it if nobody advised otherwise.
    pub telling: Telling,
    /// When each is told in the end: those of the telling in its order, then whoever is told as well.
    pub heard: Vec<Heard>,
    /// What is wrong with the advice; for whoever owns the plugins.
    pub faults: Vec<(Speaker, Fault)>,
}

/// Everybody who hears of an entry, in order of the learners to whom it happened. The same entry gives the same again, so that asking
/// twice after a crash is safe.
pub async fn hearings(rules: &dyn Rules, entry: &Entry, known: &Known<'_>) -> Vec<Hearing> {
    let mut hearings = Vec::new();
    for telling in told(entry, known) {
        hearings.push(hearing(rules, &entry.actor, known.people, telling).await);
    }
    hearings
}

/// Who would be told of an entry if nobody advised otherwise, for each of the learners to whom it happened; also where that is nobody.
pub fn told(entry: &Entry, known: &Known<'_>) -> Vec<Telling> {
    tellings(entry, &planned(entry, known.people), known)
}

/// Who hears of what an actor did, once the rules of the learner's dealer were asked. Nobody is asked where it has none.
pub async fn hearing(
    rules: &dyn Rules,
    actor: &Actor,
    people: &BTreeMap<PersonId, Person>,
    telling: Telling,
) -> Hearing {
    let has_advice = rules.has_advice(telling.happening.dealer);
    let said = if has_advice { rules.advice(&telling).await } else { Vec::new() };
    let (heard, faults) = heed(&telling, actor, people, said);
    Hearing { telling, heard, faults }
}
