//! The approval gate: a seat is held for a request until whoever must approve has said yes, said no, or let it lapse.
//!
//! Capacity is one gate and approval another. One who waits can be approved beforehand; nobody is confirmed by a place in
//! the queue, a raised capacity or an offer alone.

use crate::access;
use crate::catalog::Person;
use crate::desk::batch::{About, Desk, Stop};
use crate::desk::{Order, Refusal, Reply, TimerKind};
use crate::ids::RegistrationId;
use crate::journal::Event;
use crate::policy::Rule;
use crate::registration::decide::is_given;
use crate::registration::{Registration, Status};
use crate::schedule::halfway;

impl Desk<'_> {
    pub(super) fn approve(&mut self, order: &Order, id: RegistrationId) -> Result<Reply, Stop> {
        let registration = self.approvable(order, id)?;
        let event = match &registration.status {
            Status::Held { .. } => Event::Approved,
            Status::Waitlisted { .. } | Status::Offered { .. } if !registration.status.is_approved() => {
                Event::ApprovedBeforehand
            }
            Status::Waitlisted { .. } | Status::Offered { .. } | Status::Confirmed { .. } => {
                return Ok(self.registration_reply(id, false));
            }
            over => return Err(Refusal::AlreadyCancelled { was: over.word().to_owned() }.into()),
        };
        self.seat(order, &order.actor, About::registration(&registration), event)?;
        Ok(self.registration_reply(id, false))
    }

    pub(super) fn decline(&mut self, order: &Order, id: RegistrationId, reason: &str) -> Result<Reply, Stop> {
        let registration = self.approvable(order, id)?;
        match &registration.status {
            Status::Held { .. } | Status::Waitlisted { .. } | Status::Offered { .. } => {}
            Status::Declined { .. } => return Ok(self.registration_reply(id, false)),
            other => return Err(Refusal::NotRequested { was: other.word().to_owned() }.into()),
        }
        if !is_given(Some(reason)) {
            return Err(Refusal::invalid("/reason", "the learner must be told why").into());
        }
        let about = About::registration(&registration).because(Some(reason));
        self.record(order, &order.actor, about, Event::Declined)?;
        Ok(self.registration_reply(id, false))
    }

    pub(super) fn pass_on_request(&mut self, order: &Order, id: RegistrationId) -> Result<Reply, Stop> {
        let now = self.context.now;
        match self.status(id) {
            Some(Status::Held { at, until, .. }) if now < halfway(at, until) => {
                self.set_timer(TimerKind::RequestReminder, id, Some(halfway(at, until)));
            }
            Some(Status::Held { until, .. }) if now < until => {
                self.happens(order, id, Event::RequestPassedOn)?;
            }
            _ => self.set_timer(TimerKind::RequestReminder, id, None),
        }
        Ok(Reply::Done)
    }

    pub(super) fn lapse_request(&mut self, order: &Order, id: RegistrationId) -> Result<Reply, Stop> {
        match self.status(id) {
            Some(Status::Held { until, .. }) if self.context.now < until => {
                self.set_timer(TimerKind::RequestLapse, id, Some(until));
            }
            Some(Status::Held { .. }) => {
                self.happens(order, id, Event::RequestLapsed)?;
            }
            _ => self.set_timer(TimerKind::RequestLapse, id, None),
        }
        Ok(Reply::Done)
    }

    /// Whether whoever asks is one who may approve: then they need not ask anybody.
    pub(super) fn approves(&self, order: &Order, learner: &Person) -> Result<bool, Refusal> {
        Ok(self.actor(order)?.is_some_and(|actor| access::approve(actor, learner).is_ok()))
    }

    /// One who waits is approved by whoever let them wait, where an approval is needed at all.
    pub(super) fn approve_beforehand(&mut self, order: &Order, id: RegistrationId) -> Result<(), Stop> {
        let known = self.world.registrations.get(id);
        let is_gated = known.is_some_and(|known| self.rules_of(known).is_on(Rule::Approval));
        if is_gated { self.happens(order, id, Event::ApprovedBeforehand) } else { Ok(()) }
    }

    /// A registration that the actor may say yes or no to.
    fn approvable(&self, order: &Order, id: RegistrationId) -> Result<Registration, Refusal> {
        let registration = self.reachable(order, id)?;
        let learner = self.world.people.get(&registration.learner);
        if let (Some(actor), Some(learner)) = (self.actor(order)?, learner) {
            access::approve(actor, learner)?;
        }
        Ok(registration)
    }
}
