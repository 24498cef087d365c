//! Somebody leaves, or is no learner any more: what they hold goes back at once, and nothing of it is late.

use std::collections::BTreeSet;

use crate::catalog::{Person, Role};
use crate::desk::Order;
use crate::desk::batch::{About, Desk, More, Stop};
use crate::ids::PersonId;
use crate::journal::Event;
use crate::planted::{self, Bug};
use crate::registration::Registration;

/// What their managers are told.
const WHY: &str = "is no active learner any more";

impl Desk<'_> {
    /// Those who can learn now, and cannot once they are as `changed` says.
    pub(super) fn who_leaves(&self, changed: &[Person]) -> Vec<PersonId> {
        if planted::is(Bug::LeaversStay) {
            return Vec::new();
        }
        let can_learn = |person: &Person| person.active && person.is(Role::Learner);
        let could = |id| self.world.people.get(id).is_some_and(can_learn);
        changed
            .iter()
            .filter(|person| !can_learn(person) && could(&person.id))
            .map(|person| person.id)
            .collect()
    }

    /// Gives back seats, offers, requests and places in sessions that have not begun.
    pub(super) fn give_all_back(&mut self, order: &Order, people: &[PersonId]) -> Result<(), Stop> {
        let theirs = people.iter().flat_map(|id| self.world.registrations.of_learner(*id));
        let theirs: Vec<_> = theirs.filter(|it| self.is_to_come(it)).cloned().collect();
        let sessions: BTreeSet<_> = theirs.iter().map(|it| it.session).collect();
        let unheld: BTreeSet<_> =
            sessions.into_iter().filter(|id| !self.world.sessions.is_held(*id)).collect();
        if !unheld.is_empty() {
            // All of them in one look, with the queues that get the seats.
            return Err(Stop::NeedMore(More { queues: unheld, ..More::default() }));
        }
        for registration in theirs {
            let about = About::registration(&registration).because(Some(WHY));
            self.record(order, &order.actor, about, Event::Cancelled { late: false })?;
        }
        Ok(())
    }

    fn is_to_come(&self, registration: &Registration) -> bool {
        let session = self.world.sessions.get(&registration.session);
        session.is_some_and(|session| session.is_planned() && self.context.now < session.starts_at())
    }
}
