//! Looks for alternatives that are asked again: what would have been shown without rules and with the candidate, beside what was.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ilt_core::ids::{PersonId, SessionId};
use ilt_core::journal::Entry;
use ilt_core::opinion::Adjusted;
use ilt_core::ports::Rules;
use ilt_core::ranking::{Ranked, SHOWN, Shown};
use ilt_core::registration::decide::Except;
use ilt_core::session::SessionStatus;
use jiff::Timestamp;
use serde::Serialize;

use super::faults::Faults;
use super::moved::{Moved, moved};
use super::rebooking::Cancelled;
use super::replica::Replica;
use super::taken::{Taken, Takings};
use crate::engine::look;

/// What rounding may put between two scores that are the same.
const ROUNDING: f64 = 1e-9;
/// Reasons that are counted apart at most.
const REASONS: usize = 100;

/// What came of asking again.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Looks {
    /// How often something was shown to learners of these dealers.
    pub shown: u64,
    /// How often it could be asked again.
    pub repeated: u64,
    /// How often that, without rules, gave what was shown at the time.
    pub same: u64,
    /// How often rules of that time had a say in what was shown, so that it cannot be the same without.
    pub ruled: u64,
    /// How often it gave something else, though no rules had a say that anybody can see.
    pub different: u64,
    /// How often it could not be asked again, by why.
    pub unrepeated: BTreeMap<Unrepeated, u64>,
    /// How often the candidate had an opinion that counts.
    pub opinions: u64,
    /// How often something else would have been shown with it, or in another order.
    pub moved: u64,
    /// How often something else would have been first.
    pub other_first: u64,
    /// Sessions that would not have been shown any more.
    pub dropped: u64,
    /// Sessions that would have been shown instead.
    pub new: u64,
    /// How often what moved had which reason; the first so many reasons.
    pub reasons: BTreeMap<String, u64>,
    /// Some of those that moved.
    pub examples: Vec<Moved>,
}

/// Why something could not be asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unrepeated {
    /// The journal does not tell who the learner is.
    LearnerUnknown,
    /// The session that was wanted had long been over, or the journal does not tell of it.
    SessionUnknown,
    /// It was worked out together for all who lost their seats, and the journal does not tell of how that began.
    CancellationUnknown,
}

impl fmt::Display for Unrepeated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LearnerUnknown => "the learner is not known",
            Self::SessionUnknown => "the session is not known any more",
            Self::CancellationUnknown => "it is not known how it was cancelled",
        })
    }
}

/// A session in its place, as it would be shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placed {
    pub session: SessionId,
    pub score: f64,
}

/// What would be shown, without rules and with the candidate.
#[derive(Debug, Clone, Default)]
pub(super) struct Both {
    pub without: Vec<Placed>,
    pub with: Vec<Placed>,
    pub adjusted: Adjusted,
}

/// Looks that are asked again.
pub(super) struct Looking {
    pub found: Looks,
    pub taken: Takings,
    pub faults: Faults,
    examples: usize,
    /// The session that was cancelled last, and who had a seat in it.
    cancelled: Option<Cancelled>,
}

impl Looking {
    pub fn new(examples: usize) -> Self {
        let (found, taken, faults) = (Looks::default(), Takings::default(), Faults::default());
        Self { found, taken, faults, examples, cancelled: None }
    }

    /// Something was shown.
    pub async fn shown(&mut self, replica: &Replica, rules: &dyn Rules, entry: &Entry, shown: &[Shown]) {
        let Some(first) = shown.first() else { return };
        let is_known = replica.knows(first.learner);
        if is_known && !rules.has_opinions(replica.dealer_of(first.learner)) {
            return;
        }
        self.found.shown += 1;
        match self.again(replica, rules, entry, first).await {
            Ok(both) => self.compare(shown, &both),
            Err(why) => *self.found.unrepeated.entry(why).or_default() += 1,
        }
    }

    /// A session is cancelled: what those registered for it are shown is worked out for all of them together.
    pub fn cancelled(&mut self, replica: &Replica, rules: &dyn Rules, entry: &Entry) {
        self.cancelled = entry.session.and_then(|session| Cancelled::of(replica, rules, session));
    }

    /// Forgets what nobody can take any more.
    pub fn tidy(&mut self, now: Timestamp) {
        self.taken.tidy(now);
    }

    /// What was counted.
    pub fn end(self) -> (Looks, Taken, Faults) {
        (self.found, self.taken.found, self.faults)
    }

    /// Asks again as it was asked then.
    async fn again(
        &mut self,
        replica: &Replica,
        rules: &dyn Rules,
        entry: &Entry,
        first: &Shown,
    ) -> Result<Both, Unrepeated> {
        if !replica.knows(first.learner) {
            return Err(Unrepeated::LearnerUnknown);
        }
        let wanted = replica.session(first.wanted).ok_or(Unrepeated::SessionUnknown)?;
        if entry.registration.is_some() && matches!(wanted.status, SessionStatus::Cancelled { .. }) {
            let cancelled = self.cancelled.as_mut().filter(|it| it.is_of(wanted.id));
            let cancelled = cancelled.ok_or(Unrepeated::CancellationUnknown)?;
            let both = cancelled.shown(replica, rules, wanted, first, &mut self.faults).await;
            return both.ok_or(Unrepeated::CancellationUnknown);
        }
        // Who is registered asks for something in the place of that; whoever is not gives nothing up.
        let except = entry.registration.map_or(Except::Nothing, |_| Except::Session(wanted.id));
        let facts = replica.facts(&BTreeSet::from([first.learner]));
        let facts = facts.get(&first.learner).ok_or(Unrepeated::LearnerUnknown)?;
        let look = facts.look(replica.catalogue(), except, first.weights, first.shown_at);
        let look = look.ok_or(Unrepeated::LearnerUnknown)?;
        let Some(question) = look.question(wanted) else { return Ok(Both::default()) };
        // The best of those that rules are asked about are what is shown where there are none.
        let best = question.candidates.iter().take(SHOWN);
        let without: Vec<_> = best.map(|it| Placed { session: it.id, score: it.score }).collect();
        let (adjusted, faults) = look::opinions(rules, &question).await;
        self.faults.count(&faults);
        let with = if adjusted.is_empty() { without.clone() } else { placed(&look.best(wanted, &adjusted)) };
        Ok(Both { without, with, adjusted })
    }

    fn compare(&mut self, shown: &[Shown], both: &Both) {
        let found = &mut self.found;
        found.repeated += 1;
        if shown.iter().any(|one| !one.adjustments.is_empty()) {
            found.ruled += 1;
        } else if is_same(shown, &both.without) {
            found.same += 1;
        } else {
            found.different += 1;
        }
        found.opinions += u64::from(!both.adjusted.is_empty());
        self.taken.offer(shown, both);
        let [without, with] = [&both.without, &both.with].map(|all| sessions(all));
        if without == with {
            return;
        }
        let gone =
            |from: &[SessionId], to: &[SessionId]| from.iter().filter(|it| !to.contains(it)).count() as u64;
        found.moved += 1;
        found.other_first += u64::from(without.first() != with.first());
        found.dropped += gone(&without, &with);
        found.new += gone(&with, &without);
        let moved = moved(&shown[0], both);
        let reasons: BTreeSet<_> =
            moved.lines.iter().flat_map(|line| &line.said).map(|it| &it.reason).collect();
        for reason in reasons {
            if found.reasons.contains_key(reason) || found.reasons.len() < REASONS {
                *found.reasons.entry(reason.clone()).or_default() += 1;
            }
        }
        if found.examples.len() < self.examples {
            found.examples.push(moved);
        }
    }
}

/// What is left of what was found, once the catalogue goes on.
pub(super) fn placed(ranked: &[Ranked<'_>]) -> Vec<Placed> {
    ranked.iter().map(|one| Placed { session: one.candidate.session.id, score: one.score }).collect()
}

pub(super) fn sessions(placed: &[Placed]) -> Vec<SessionId> {
    placed.iter().map(|one| one.session).collect()
}

/// Whether the same was shown, in the same order, for the same scores.
fn is_same(shown: &[Shown], again: &[Placed]) -> bool {
    let is_one = |(shown, again): (&Shown, &Placed)| {
        shown.session == again.session && (shown.score - again.score).abs() <= ROUNDING
    };
    shown.len() == again.len() && shown.iter().zip(again).all(is_one)
}

/// Whoever was shown something, by what they would be shown.
pub(super) type ByLearner = BTreeMap<PersonId, Both>;
