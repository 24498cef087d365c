//! Somebody leaves, or is no learner any more: what they hold goes back at once, and nothing of it is late.

use std::collections::BTreeSet;

use crate::catalog::{Person, Role};
use crate::desk::More;
use crate::desk::Order;
use crate::desk::batch::{About, Desk, Stop};
use crate::ids::{PersonId, SessionId};
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
        let could = |id| self.world.people.get(id).is_some_and(can_learn);
        changed
            .iter()
            .filter(|person| !can_learn(person) && could(&person.id))
            .map(|person| person.id)
            .collect()
    }

    /// Gives back what people of a session hold who had left when it had begun, once it is to come again.
    pub(super) fn give_back_of_leavers(&mut self, order: &Order, session: SessionId) -> Result<(), Stop> {
        let people =
            self.world.registrations.of_session(session).filter_map(|it| self.world.people.get(&it.learner));
        let left: Vec<_> = people.filter(|person| !can_learn(person)).map(|person| person.id).collect();
        self.give_all_back(order, &left)
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

fn can_learn(person: &Person) -> bool {
    person.active && person.is(Role::Learner)
}
