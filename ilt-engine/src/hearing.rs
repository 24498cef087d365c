//! Who hears of an entry of the journal, and when, once dealers' own rules were asked: the same for whoever tells people, and for whoever
//! rehearses it.
//!
//! # Not here
//! Who is told of what and what advice may change of it ([`ilt_core::notice`]), saving it, sending it: nobody sends notices yet.

use ilt_core::journal::Entry;
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

/// Everybody who hears of an entry, in order of the learners to whom it happened. Nobody is asked where a dealer has no rules of its own,
/// and the same entry gives the same again, so that asking twice after a crash is safe.
pub async fn hearings(rules: &dyn Rules, entry: &Entry, known: &Known<'_>) -> Vec<Hearing> {
    let mut hearings = Vec::new();
    for telling in tellings(entry, &planned(entry, known.people), known) {
        let said = if rules.has_advice(telling.happening.dealer) {
            rules.advice(&telling).await
        } else {
            Vec::new()
        };
        let (heard, faults) = heed(&telling, &entry.actor, known.people, said);
        hearings.push(Hearing { telling, heard, faults });
    }
    hearings
}
