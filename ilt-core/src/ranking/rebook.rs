//! Other sessions for everybody whose session was cancelled, worked out together.
//!
//! Round by round, each learner in turn gets the best seat that nobody has been promised yet: first one proposal each, then
//! a second, then a third. Whoever finds no seat at all is shown queues.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::catalog::Course;
use crate::ids::{PersonId, SessionId};
use crate::opinion::Adjusted;
use crate::ranking::choose::SHOWN;
use crate::ranking::{Catalogue, Learner, Ranked, Weights, alternatives};
use crate::session::Session;

/// Up to three sessions for each of `learners`, in their order, instead of `wanted`. No seat is shown to two of them. `adjusted` has
/// what dealers' own rules say for each learner they were asked about.
pub fn rebook<'a>(
    catalogue: &'a Catalogue,
    learners: &[Learner<'_>],
    wanted: &Session,
    weights: Weights,
    adjusted: &BTreeMap<PersonId, Adjusted>,
    now: Timestamp,
) -> Vec<Vec<Ranked<'a>>> {
    let mut promised = BTreeMap::<SessionId, u32>::new();
    let mut chosen: Vec<Vec<Ranked<'a>>> = learners.iter().map(|_| Vec::new()).collect();
    let none = Adjusted::new();
    let best = |learner: &Learner<'_>, fits: &dyn Fn(&Session) -> bool| {
        let may_take =
            |session: &Session, course: &Course| fits(session) && (learner.may_take)(session, course);
        let learner = Learner { may_take: &may_take, ..*learner };
        let adjusted = adjusted.get(&learner.id).unwrap_or(&none);
        alternatives(catalogue, &learner, wanted, weights, adjusted, now)
    };
    for _round in 0..SHOWN {
        for (learner, chosen) in learners.iter().zip(&mut chosen) {
            let is_unpromised = |session: &Session| {
                session.seats.open() > promised.get(&session.id).copied().unwrap_or(0)
                    && chosen.iter().all(|one: &Ranked<'_>| one.candidate.session.id != session.id)
            };
            if let Some(next) = best(learner, &is_unpromised).into_iter().next() {
                *promised.entry(next.candidate.session.id).or_default() += 1;
                chosen.push(next);
            }
        }
    }
    for (learner, chosen) in learners.iter().zip(&mut chosen).filter(|(_, chosen)| chosen.is_empty()) {
        *chosen = best(learner, &|session| session.seats.open() == 0);
    }
    chosen
}
