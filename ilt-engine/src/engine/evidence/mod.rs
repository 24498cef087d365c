//! Prerequisites that were completed elsewhere.
//!
//! # Flow
//! The desk finds that a prerequisite is missing → the place that is configured is asked for it, with no transaction open → what was
//! completed there is recorded here, in the journal like any completion, and counts from then on for everything → the desk decides once more.
//! What could not be found out is not taken for a no: the learner is told so, and nothing is kept under the key of the request, so that it can be
//! repeated.
//!
//! # Not here
//! Asking ahead: nobody is asked about whoever lacks nothing, nor about anybody whom the one who asks may not register. What courses and
//! alternatives show is what this ledger knows.

use std::collections::BTreeSet;

use ilt_core::desk::{Ask, Command, Order, Refusal, Reply};
use ilt_core::ids::PersonId;
use ilt_core::journal::Actor;
use ilt_core::ports::{Doubt, Elsewhere};
use ilt_core::prerequisite::{Missing, Why};
use ilt_core::schedule::EARLIEST;

use super::{Engine, Trouble};

/// Who records what was completed elsewhere.
const RECORDER: &str = "evidence";

impl Engine {
    /// Puts an order in the queue of its desk; when it is refused since prerequisites are missing here, once more with what was completed
    /// elsewhere.
    pub(super) async fn order_with_evidence(&self, order: Order) -> Result<Reply, Trouble> {
        if self.ports.evidence.is_nowhere() {
            return self.order(order).await;
        }
        let open = Order { is_open: true, ..order };
        let refusal = match self.order(open.clone()).await {
            Err(Trouble::Refused(refusal)) if is_about_prerequisites(&refusal) => refusal,
            answered => return answered,
        };
        let learner = self.concerned(&open.command).await?;
        let doubts = self.doubts(&refusal, learner);
        let unknown = self.looked_up(&open, &doubts).await;
        if unknown.is_empty() {
            return self.order(Order { is_open: false, ..open }).await;
        }
        match self.order(open).await {
            Err(Trouble::Refused(refusal)) => {
                Err(Trouble::Refused(self.admitting(refusal, learner, &unknown)))
            }
            answered => answered,
        }
    }

    /// Records what was completed elsewhere, and answers what could not be found out.
    async fn looked_up(&self, order: &Order, doubts: &BTreeSet<Doubt>) -> BTreeSet<Doubt> {
        let Elsewhere { completed, mut unknown } = self.ports.evidence.about(doubts).await;
        let now = self.ports.clock.now();
        let (sound, odd): (Vec<_>, Vec<_>) = completed
            .into_iter()
            .filter(|it| doubts.contains(&(it.person, it.course)))
            .partition(|it| (EARLIEST..=now).contains(&it.completed_at));
        for it in odd {
            tracing::warn!(person = %it.person, course = %it.course, "completed elsewhere before 1900 or in the future, which is not believed");
            unknown.insert((it.person, it.course));
        }
        if sound.is_empty() {
            return unknown;
        }
        let of: BTreeSet<_> = sound.iter().map(|it| (it.person, it.course)).collect();
        let record = Command::RecordCompletions(sound);
        let recorded = Order::new(Actor::system(RECORDER), record, None, order.correlation);
        if let Err(trouble) = self.order(recorded).await {
            tracing::warn!(
                error = &trouble as &dyn std::error::Error,
                "what was completed elsewhere could not be recorded"
            );
            unknown.extend(of);
        }
        unknown
    }

    /// What would have to be known: of each who lacks something, the courses that would do.
    fn doubts(&self, refusal: &Refusal, learner: Option<PersonId>) -> BTreeSet<Doubt> {
        let lacking: Vec<_> = match refusal {
            Refusal::GroupRefused { refused } => {
                refused.iter().filter_map(|one| Some((one.learner, missing_of(&one.why)?))).collect()
            }
            _ => learner.zip(missing_of(refusal)).into_iter().collect(),
        };
        let of = |(person, missing): (PersonId, &[Missing])| {
            missing.iter().flat_map(|one| self.would_do(person, one)).collect::<Vec<_>>()
        };
        lacking.into_iter().flat_map(of).collect()
    }

    /// A prerequisite and what counts as it, of one person.
    fn would_do(&self, person: PersonId, missing: &Missing) -> Vec<Doubt> {
        let catalogue = self.catalogue();
        let courses = catalogue.courses();
        let equivalents = courses.get(&missing.course).map(|course| course.equivalents.as_slice());
        let all = std::iter::once(&missing.course).chain(equivalents.unwrap_or_default());
        all.filter(|course| courses.contains_key(course)).map(|course| (person, *course)).collect()
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

    /// The refusal, with what could not be found out said to be that.
    fn admitting(&self, refusal: Refusal, learner: Option<PersonId>, unknown: &BTreeSet<Doubt>) -> Refusal {
        match refusal {
            Refusal::PrerequisitesMissing { missing } => Refusal::PrerequisitesMissing {
                missing: missing.into_iter().map(|one| self.doubted(one, learner, unknown)).collect(),
            },
            Refusal::GroupRefused { mut refused } => {
                for one in &mut refused {
                    *one.why = self.admitting((*one.why).clone(), Some(one.learner), unknown);
                }
                Refusal::GroupRefused { refused }
            }
            other => other,
        }
    }

    fn doubted(&self, missing: Missing, of: Option<PersonId>, unknown: &BTreeSet<Doubt>) -> Missing {
        let is_doubted =
            of.is_some_and(|of| self.would_do(of, &missing).iter().any(|it| unknown.contains(it)));
        if is_doubted { Missing { why: Why::Unknown, ..missing } } else { missing }
    }
}

fn is_about_prerequisites(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::GroupRefused { refused } => refused.iter().any(|one| missing_of(&one.why).is_some()),
        alone => missing_of(alone).is_some(),
    }
}

fn missing_of(refusal: &Refusal) -> Option<&[Missing]> {
    if let Refusal::PrerequisitesMissing { missing } = refusal { Some(missing) } else { None }
}

#[cfg(test)]
mod rules;
