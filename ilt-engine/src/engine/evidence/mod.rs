//! Prerequisites that were completed elsewhere.
//!
//! # Flow
//! The desk finds that a prerequisite is missing of which nobody has been asked → the place that is configured is asked, with no transaction open,
//! by one question for all who want to know something just then ([`Gathered`]) → what was completed there is recorded here, in the journal like any
//! completion, and counts from then on for everything → the desk decides once more, and calls missing only what there was an answer about. What
//! could not be found out is not taken for a no: the learner is told so, and nothing is kept under the key of the request, so that it can be
//! repeated.
//!
//! # Not here
//! Asking ahead: nobody is asked about whoever lacks nothing, nor about anybody whom the one who asks may not register. What courses and
//! alternatives show is what this ledger knows.

mod gathered;

use std::collections::{BTreeMap, BTreeSet};

use ilt_core::catalog::Completion;
use ilt_core::desk::{Ask, Command, Inquiry, Order, Refusal, Reply};
use ilt_core::ids::PersonId;
use ilt_core::journal::Actor;
use ilt_core::ports::{Doubt, Elsewhere};
use ilt_core::prerequisite::Why;
use ilt_core::schedule::EARLIEST;

use super::{Engine, Trouble};

pub use gathered::Gathered;

/// Who records what was completed elsewhere.
const RECORDER: &str = "evidence";

/// How often an order is decided at most: courses may be changed to require more while somebody is asked.
const ROUNDS: usize = 3;

impl Engine {
    /// Puts an order in the queue of its desk; when something is missing here of which nobody knows that it is missing elsewhere, again with
    /// what was found out there.
    pub(super) async fn order_with_evidence(&self, order: Order) -> Result<Reply, Trouble> {
        if self.ports.evidence.is_nowhere() {
            return self.order(order).await;
        }
        let (mut asked, mut answered) = (BTreeSet::new(), BTreeSet::new());
        for _ in 1..ROUNDS {
            let inquiry = Inquiry::About(answered.clone());
            let refusal = match self.order(Order { inquiry, ..order.clone() }).await {
                Err(Trouble::Refused(refusal)) if refusal.is_in_doubt() => refusal,
                said => return said,
            };
            let mut doubts = self.doubts(&refusal, self.concerned(&order.command).await?);
            doubts.retain(|it| asked.insert(*it));
            let unknown =
                if doubts.is_empty() { BTreeSet::new() } else { self.looked_up(&order, &doubts).await };
            let mut learnt = doubts.difference(&unknown).peekable();
            if learnt.peek().is_none() {
                return Err(Trouble::Refused(refusal));
            }
            answered.extend(learnt);
        }
        self.order(Order { inquiry: Inquiry::About(answered), ..order }).await
    }

    /// Records what was completed elsewhere, and answers what could not be found out.
    async fn looked_up(&self, order: &Order, doubts: &BTreeSet<Doubt>) -> BTreeSet<Doubt> {
        let Elsewhere { completed, mut unknown } = self.ports.evidence.about(doubts).await;
        let now = self.ports.clock.now();
        // Of several times the last counts.
        let completed: BTreeMap<Doubt, Completion> =
            completed.into_iter().map(|it| ((it.person, it.course), it)).collect();
        let asked = completed.into_iter().filter(|(doubt, _)| doubts.contains(doubt));
        let (sound, odd): (BTreeMap<_, _>, BTreeMap<_, _>) =
            asked.partition(|(_, it)| (EARLIEST..=now).contains(&it.completed_at));
        if !odd.is_empty() {
            tracing::warn!(
                how_many = odd.len(),
                "completed elsewhere before 1900 or in the future, which is not believed"
            );
            unknown.extend(odd.into_keys());
        }
        if sound.is_empty() {
            return unknown;
        }
        let record = Command::RecordCompletions(sound.values().copied().collect());
        let recorded = Order::new(Actor::system(RECORDER), record, None, order.correlation);
        if let Err(trouble) = self.order(recorded).await {
            tracing::warn!(
                error = &trouble as &dyn std::error::Error,
                "what was completed elsewhere could not be recorded"
            );
            unknown.extend(sound.into_keys());
        }
        unknown
    }

    /// What would have to be known: of each who may lack something, the courses that would do.
    fn doubts(&self, refusal: &Refusal, learner: Option<PersonId>) -> BTreeSet<Doubt> {
        let catalogue = self.catalogue();
        let of = |person: PersonId, refusal: &Refusal| -> Vec<Doubt> {
            let Refusal::PrerequisitesMissing { missing } = refusal else { return Vec::new() };
            let in_doubt = missing.iter().filter(|one| one.why == Why::Unknown);
            in_doubt
                .flat_map(|one| one.would_do(catalogue.courses()))
                .map(|course| (person, course))
                .collect()
        };
        match refusal {
            Refusal::GroupRefused { refused } => {
                refused.iter().flat_map(|one| of(one.learner, &one.why)).collect()
            }
            alone => learner.into_iter().flat_map(|learner| of(learner, alone)).collect(),
        }
    }

    /// Whose prerequisites a command depends on, when it is one person's.
    async fn concerned(&self, command: &Command) -> Result<Option<PersonId>, Trouble> {
        Ok(match command {
            Command::Register { learner, .. }
            | Command::Substitute { learner, .. }
            | Command::WalkIn { learner, .. } => Some(*learner),
            Command::TakeAlternative { alternative } => {
                let ask = Ask { alternatives: [*alternative].into(), ..Ask::default() };
                self.ports.reads.look(&ask).await?.shown.get(alternative).map(|shown| shown.learner)
            }
            Command::Transfer { registration, .. }
            | Command::Swap { registration, .. }
            | Command::TakeOffer { registration }
            | Command::Approve { registration } => {
                self.ports.reads.registration(*registration).await?.map(|(known, _)| known.learner)
            }
            _ => None,
        })
    }
}

#[cfg(test)]
mod rules;
