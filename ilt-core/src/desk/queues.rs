//! The end of every order: whoever waits for a seat that is open now is given it, or told why not.
//!
//! Each entry that is recorded says which queues it may have set in motion; they are all served before the order is answered. So
//! no command has to remember that seats can come free, and nobody waits beside an open seat without a word.
//!
//! # Not here
//! What time alone changes, and rules that are set: the engine has queues beside open seats looked at now and then.

use std::collections::BTreeSet;

use crate::catalog::Person;
use crate::desk::More;
use crate::desk::batch::{About, Desk, Stop};
use crate::desk::{Command, Order, Reply, TimerKind};
use crate::ids::{PersonId, SessionId};
use crate::journal::{Actor, Event};
use crate::planted::{self, Bug};
use crate::registration::Registration;
use crate::registration::promote::{self, Next, Unknown};
use crate::session::{Seats, Session};

/// Queues served within one order at most; the others get a turn of their own at once. Seats that pass from session to session by
/// swaps make a chain, and each link is one more session to lock.
const QUEUES: usize = 12;

impl Desk<'_> {
    /// Serves every queue that the order has set in motion.
    pub(super) fn serve_queues(&mut self, order: &Order) -> Result<(), Stop> {
        let is_turn = matches!(order.command, Command::TurnQueue { .. });
        let is_left = planted::is(Bug::PromotionLeftToTimer) && !is_turn;
        let mut served = 0;
        while let Some(session) = self.unsettled.pop_first() {
            if !self.has_seat_for_queue(session) {
                continue;
            }
            if served >= QUEUES || is_left {
                self.set_timer(TimerKind::QueueTurn, session, Some(self.context.now));
                continue;
            }
            if !self.world.sessions.is_held(session) {
                return Err(Stop::NeedMore(self.queues_to_hold(session)));
            }
            served += 1;
            self.promote(order, session)?;
            // What the promotion itself has recorded about this session is settled with it.
            self.unsettled.remove(&session);
        }
        Ok(())
    }

    /// Gives the open seats of a session to its queue.
    fn promote(&mut self, order: &Order, session: SessionId) -> Result<(), Stop> {
        let (desk, mut after) = (Actor::system("desk"), None);
        loop {
            match promote::next(self.world, session, after, self.context.now) {
                Next::Step(registration, event, turn) => {
                    // Each step is one further down the queue, so there are no more steps than people who wait.
                    after = Some(turn);
                    self.seat(order, &desk, About::registration(&registration), event)?;
                }
                Next::Rest => return Ok(()),
                Next::NeedMore => return Err(Stop::NeedMore(More::queue(session))),
            }
        }
    }

    /// Seats of a session that somebody can take who is not first in its queue: those that nobody before them may have.
    pub(super) fn seats_left(&self, session: &Session, learner: &Person) -> Result<u32, Stop> {
        let left = promote::seats_left(self.world, session, learner, self.context.now);
        left.map_err(|Unknown| Stop::NeedMore(More::queue(session.id)))
    }

    /// Whatever kept a learner from sessions they wait for may be gone.
    pub(super) fn unblock(&mut self, learner: PersonId) {
        let waits = self.world.registrations.of_learner(learner).filter(|it| it.status.waits());
        self.unsettled.extend(waits.map(|it| it.session));
    }

    /// Who teaches a session that may keep them from nothing any more.
    pub(super) fn may_teach_no_more(&self, about: &About, event: &Event) -> Vec<PersonId> {
        let session = about.session.and_then(|id| self.world.sessions.get(&id));
        match event {
            Event::SessionChanged(_) | Event::SessionCancelled => {
                session.map_or_else(Vec::new, |session| session.instructors.clone())
            }
            _ => Vec::new(),
        }
    }

    /// What is answered after the queues were served.
    pub(super) fn as_it_is_now(&self, mut reply: Reply) -> Reply {
        match &mut reply {
            Reply::Registration { registration, position, seats, .. } => {
                self.refresh(registration, seats);
                *position = position.filter(|_| registration.status.waits());
            }
            Reply::Group { registrations, positions, seats, .. } => {
                for (registration, position) in registrations.iter_mut().zip(positions) {
                    self.refresh(registration, seats);
                    *position = position.filter(|_| registration.status.waits());
                }
            }
            Reply::Marked { .. } | Reply::Saved { .. } | Reply::Helped(_) | Reply::Done => {}
        }
        reply
    }

    fn refresh(&self, registration: &mut Registration, seats: &mut Seats) {
        if let Some(now) = self.world.registrations.get(registration.id) {
            registration.clone_from(now);
        }
        if let Some(session) = self.world.sessions.get(&registration.session) {
            *seats = session.seats;
        }
    }

    fn has_seat_for_queue(&self, session: SessionId) -> bool {
        self.world.sessions.get(&session).is_some_and(|session| {
            session.has_seats() && session.seats.waitlisted > 0 && session.is_live(self.context.now)
        })
    }

    /// This session and all the others that wait to be served: one look for all of them.
    fn queues_to_hold(&self, session: SessionId) -> More {
        let others = self.unsettled.iter().copied().filter(|id| self.has_seat_for_queue(*id));
        let queues: BTreeSet<_> =
            others.chain([session]).filter(|id| !self.world.sessions.is_held(*id)).collect();
        More { queues, ..More::default() }
    }
}
