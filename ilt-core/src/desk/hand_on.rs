//! Handing a seat on: to another session, or to somebody else. Nobody loses a seat before there is another.

use crate::access;
use crate::desk::batch::{About, Desk, Stop};
use crate::desk::{Order, Refusal, Reply};
use crate::ids::{PersonId, RegistrationId, SessionId};
use crate::journal::Event;
use crate::registration::decide::Except;
use crate::registration::{Registration, decide, hand_on};

impl Desk<'_> {
    pub(super) fn transfer(
        &mut self,
        order: &Order,
        id: RegistrationId,
        to: SessionId,
        reason: Option<&String>,
    ) -> Result<Reply, Stop> {
        let registration = self.reachable(order, id)?;
        let session = self.visible(self.actor(order)?, to)?;
        if let Some(done) = self.handed_on(&registration, (to, registration.learner)) {
            return Ok(self.registration_reply(done, false));
        }
        let learner = self.world.people.get(&registration.learner);
        let learner = learner.ok_or_else(|| Refusal::not_found("person"))?;
        let (said, now) = (reason.map(String::as_str), self.context.now);
        let seats_left = self.seats_left(session, learner)?;
        let late = hand_on::transfer(self.world, &registration, learner, session, seats_left, said, now)?;
        let except = Except::Session(registration.session);
        let (there, about, waits) = self.place(to, registration.learner);
        if let Some(request) = self.asks_anew(order, &registration, to)? {
            // The seat is kept until the other one is approved.
            self.seat_except(order, &order.actor, about.because(reason), request, except)?;
            return Ok(self.registration_reply(there, true));
        }
        let event = if waits { Event::Promoted } else { Event::Registered };
        self.seat_except(order, &order.actor, about.because(reason), event, except)?;
        // Whoever waited there to swap this very seat has given it back with that.
        if self.is_confirmed(id) {
            let left = About::registration(&registration).because(reason);
            self.record(order, &order.actor, left, Event::Transferred { to: there, late })?;
        }
        Ok(self.registration_reply(there, true))
    }

    pub(super) fn substitute(
        &mut self,
        order: &Order,
        id: RegistrationId,
        instead: PersonId,
        reason: Option<&String>,
    ) -> Result<Reply, Stop> {
        let registration = self.reachable(order, id)?;
        let substitute = self.world.people.get(&instead).ok_or_else(|| Refusal::not_found("person"))?;
        if let Some(actor) = self.actor(order)? {
            access::substitute(actor, substitute)?;
        }
        if let Some(done) = self.handed_on(&registration, (registration.session, instead)) {
            return Ok(self.registration_reply(done, false));
        }
        hand_on::substitute(self.world, &registration, substitute, self.context.now)?;
        let (there, about, _) = self.place(registration.session, instead);
        let left = About::registration(&registration).because(reason);
        self.record(order, &order.actor, left, Event::Substituted { to: there })?;
        self.seat(order, &order.actor, about.because(reason), Event::TookOver { of: id })?;
        Ok(self.registration_reply(there, true))
    }

    /// The request that a seat in another session must wait for. What was approved for a course is approved for all its
    /// sessions.
    fn asks_anew(
        &self,
        order: &Order,
        registration: &Registration,
        to: SessionId,
    ) -> Result<Option<Event>, Refusal> {
        let world = &*self.world;
        let (from, to) = (&world.sessions[&registration.session], &world.sessions[&to]);
        let learner = &world.people[&registration.learner];
        let is_approved = self.approves(order, learner)? || from.course == to.course;
        let rules = world.rules_for(Some(to.course), Some(learner));
        Ok(decide::request(to, rules, is_approved, Some(registration.id), self.context.now))
    }

    /// Where a seat went that was handed on already: asking twice is asking once.
    fn handed_on(&self, registration: &Registration, to: (SessionId, PersonId)) -> Option<RegistrationId> {
        let there = self.world.registrations.get(registration.status.successor()?);
        there.filter(|there| (there.session, there.learner) == to).map(|there| there.id)
    }
}
