//! Waiting for a better session while holding a seat: the seat is given back in the transaction that confirms the other.

use crate::desk::batch::{About, Desk, Stop};
use crate::desk::{Order, Refusal, Reply, TimerKind};
use crate::ids::{RegistrationId, SessionId};
use crate::journal::Event;
use crate::registration::{Status, decide, hand_on};

impl Desk<'_> {
    pub(super) fn swap(
        &mut self,
        order: &Order,
        id: RegistrationId,
        to: SessionId,
        automatic: bool,
        reason: Option<&String>,
    ) -> Result<Reply, Stop> {
        let registration = self.reachable(order, id)?;
        let learner = self.world.people.get(&registration.learner);
        let learner = learner.ok_or_else(|| Refusal::not_found("person"))?;
        let session = self.visible(self.actor(order)?, to)?;
        if let Some(known) = self.world.registrations.live(registration.learner, to) {
            if known.status.waits() && self.world.given_back(known).map(|given| given.id) != Some(id) {
                return Err(Refusal::invalid("/session", "the learner waits there already").into());
            }
            if !known.status.waits() || self.seats_left(session, learner)? == 0 {
                return Ok(self.registration_reply(known.id, false));
            }
        }
        if self.seats_left(session, learner)? > 0 {
            return self.transfer(order, id, to, reason);
        }
        hand_on::swap(self.world, &registration, learner, session, self.context.now)?;
        let (there, about, _) = self.place(to, registration.learner);
        let event = Event::Waitlisted { automatic, gives_back: Some(id), group: None };
        self.record(order, &order.actor, about.because(reason), event)?;
        self.put_in_front(order, there)?;
        Ok(self.registration_reply(there, true))
    }

    pub(super) fn turn_queue(&mut self, session: SessionId) -> Reply {
        self.set_timer(TimerKind::QueueTurn, session, None);
        self.unsettled.insert(session);
        Reply::Done
    }

    pub(super) fn is_confirmed(&self, id: RegistrationId) -> bool {
        self.world.registrations.get(id).is_some_and(|known| matches!(known.status, Status::Confirmed { .. }))
    }

    /// Gives a seat back because there is a better one.
    pub(super) fn give_back(
        &mut self,
        order: &Order,
        id: RegistrationId,
        to: RegistrationId,
        reason: Option<String>,
    ) -> Result<(), Stop> {
        let given = self.world.registrations.get(id).filter(|_| self.is_confirmed(id));
        let Some(given) = given.cloned() else { return Ok(()) };
        let late = decide::is_late_now(self.world, &given, self.context.now);
        let about = About::registration(&given).because(reason);
        self.record(order, &order.actor, about, Event::Transferred { to, late })
    }
}
