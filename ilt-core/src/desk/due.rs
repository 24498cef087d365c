//! What is due: offers that are about to expire or have, places in queues for which it is too late.
//!
//! Every order of a timer looks at the state as it is now. One that comes too early, by a clock that jumped or a session that
//! was moved, sets its timer again; one that comes too late, after downtime, does what is still right.

use jiff::Timestamp;
use uuid::Uuid;

use crate::desk::batch::{About, Desk, Stop};
use crate::desk::{Order, Reply, TimerKind};
use crate::ids::{RegistrationId, SessionId};
use crate::journal::Event;
use crate::policy::{Rule, Rules};
use crate::ranking::Shown;
use crate::registration::decide::clashes;
use crate::registration::{Asking, Registration, Status, asking, waits_until};
use crate::schedule::halfway;

impl Desk<'_> {
    pub(super) fn warn_offer(&mut self, order: &Order, id: RegistrationId) -> Result<Reply, Stop> {
        let now = self.context.now;
        match self.status(id) {
            Some(Status::Offered { warn_at: Some(warn_at), .. }) if now < warn_at => {
                self.set_timer(TimerKind::OfferWarning, id, Some(warn_at));
            }
            Some(Status::Offered { warn_at: Some(_), until, .. }) if now < until => {
                self.happens(order, id, Event::OfferWarned)?;
            }
            _ => self.set_timer(TimerKind::OfferWarning, id, None),
        }
        Ok(Reply::Done)
    }

    pub(super) fn lapse_offer(&mut self, order: &Order, id: RegistrationId) -> Result<Reply, Stop> {
        match self.status(id) {
            Some(Status::Offered { until, .. }) if self.context.now < until => {
                self.set_timer(TimerKind::OfferLapse, id, Some(until));
            }
            Some(Status::Offered { .. }) => {
                self.lapse(order, id)?;
            }
            _ => self.set_timer(TimerKind::OfferLapse, id, None),
        }
        Ok(Reply::Done)
    }

    /// Ends a wait that can lead to nothing any more, with what can be taken instead.
    pub(super) fn end_wait(
        &mut self,
        order: &Order,
        id: RegistrationId,
        shown: &[Shown],
    ) -> Result<Reply, Stop> {
        let now = self.context.now;
        let again = match (self.status(id), self.waits_until(id)) {
            (Some(Status::Waitlisted { .. } | Status::Offered { .. }), Some(end)) if now < end => Some(end),
            (Some(Status::Offered { until, .. }), _) if now < until => Some(until),
            (Some(Status::Offered { .. }), _) => {
                self.lapse(order, id)?;
                self.end(order, id, shown)?;
                None
            }
            (Some(Status::Waitlisted { .. }), _) => {
                self.end(order, id, shown)?;
                None
            }
            _ => None,
        };
        self.set_timer(TimerKind::WaitEnd, id, again);
        Ok(Reply::Done)
    }

    /// Shows one whose seat clashes since its session was moved what can be taken instead, unless it clashes no more.
    pub(super) fn help_clash(
        &mut self,
        order: &Order,
        id: RegistrationId,
        shown: &[Shown],
    ) -> Result<Reply, Stop> {
        self.set_timer(TimerKind::ClashHelp, id, None);
        let seat = self.world.registrations.get(id).filter(|it| it.status.takes_a_seat());
        let session = seat.and_then(|it| self.world.sessions.get(&it.session));
        if let (Some(seat), Some(session)) = (seat, session)
            && !shown.is_empty()
            && !clashes(self.world, seat.learner, session, None).is_empty()
        {
            self.show(order, About::registration(seat), shown)?;
        }
        Ok(Reply::Done)
    }

    fn end(&mut self, order: &Order, id: RegistrationId, shown: &[Shown]) -> Result<(), Stop> {
        self.happens(order, id, Event::WaitEnded)?;
        let about = self.world.registrations.get(id).map(About::registration).unwrap_or_default();
        if shown.is_empty() { Ok(()) } else { self.show(order, about, shown) }
    }

    /// Nobody answered: the place is kept, and paused when that happened too often.
    fn lapse(&mut self, order: &Order, id: RegistrationId) -> Result<(), Stop> {
        let registration = self.world.registrations.get(id).expect("it is offered a seat");
        let most = self.rules_of(registration).count(Rule::WaitlistPause);
        for one in self.together(registration) {
            self.record(order, &order.actor, About::registration(&one), Event::OfferLapsed)?;
            let lapses = match self.status(one.id) {
                Some(Status::Waitlisted { wait }) => wait.lapses,
                _ => 0,
            };
            if most > 0 && lapses >= most {
                self.record(order, &order.actor, About::registration(&one), Event::WaitPaused)?;
            }
        }
        Ok(())
    }

    /// Sets and clears what must happen to a registration later, after `event` has happened to it.
    pub(super) fn keep_timers(&mut self, id: RegistrationId, event: &Event) {
        use TimerKind::{OfferLapse, OfferWarning, RequestLapse, RequestReminder, WaitEnd};
        match event {
            Event::Waitlisted { .. } => {
                let end = self.waits_until(id);
                self.set_timer(WaitEnd, id, end);
            }
            Event::OfferMade { until, warn_at } => {
                self.set_timer(OfferWarning, id, Some(*warn_at));
                self.set_timer(OfferLapse, id, Some(*until));
            }
            Event::OfferWarned => self.set_timer(OfferWarning, id, None),
            Event::OfferDeclined | Event::OfferLapsed => {
                self.set_timer(OfferWarning, id, None);
                self.set_timer(OfferLapse, id, None);
            }
            Event::Requested { until, .. } => {
                self.clear_timers(id);
                let now = self.context.now;
                self.set_timer(RequestReminder, id, Some(halfway(now, *until)));
                self.set_timer(RequestLapse, id, Some(*until));
            }
            Event::RequestPassedOn => self.set_timer(RequestReminder, id, None),
            Event::Approved
            | Event::Declined
            | Event::RequestLapsed
            | Event::AdmittedBeyond
            | Event::WalkedIn { .. }
            | Event::OfferTaken
            | Event::Promoted
            | Event::TookOver { .. }
            | Event::WaitEnded
            | Event::Displaced { .. }
            | Event::Cancelled { .. }
            | Event::EndedWithSession => self.clear_timers(id),
            _ => {}
        }
    }

    /// Those who wait for a session that was moved wait until another time; what was offered or asked for ends no later than if
    /// that happened now.
    pub(super) fn move_waits(&mut self, order: &Order, session: SessionId) -> Result<(), Stop> {
        let live: Vec<_> = self.world.registrations.of_session(session).cloned().collect();
        for one in live {
            if let Some(sooner) = self.ends_sooner(&one) {
                self.record(order, &order.actor, About::registration(&one), sooner)?;
            }
            if matches!(one.status, Status::Waitlisted { .. } | Status::Offered { .. }) {
                let end = self.waits_until(one.id);
                self.set_timer(TimerKind::WaitEnd, one.id, end);
            }
        }
        Ok(())
    }

    fn ends_sooner(&self, registration: &Registration) -> Option<Event> {
        let now = self.context.now;
        let session = self.world.sessions.get(&registration.session)?;
        let rules = self.rules_of(registration);
        match registration.status {
            Status::Offered { until, .. } => {
                let sooner = match asking(now, session.starts_at(), &session.zone(), rules) {
                    Asking::Next { until, .. } => until,
                    Asking::Everybody | Asking::Nobody => waits_until(session.starts_at(), rules).max(now),
                };
                let made = Event::OfferMade { until: sooner, warn_at: halfway(now, sooner) };
                (sooner < until).then_some(made)
            }
            Status::Held { until, gives_back, .. } => {
                let sooner = session.starts_at().max(now);
                (sooner < until).then_some(Event::Requested { until: sooner, gives_back })
            }
            _ => None,
        }
    }

    /// Sets the timer of a registration or session, or clears it.
    pub(super) fn set_timer(&mut self, kind: TimerKind, subject: impl Into<Uuid>, due: Option<Timestamp>) {
        self.changes.timers.insert((kind, subject.into()), due);
    }

    /// Sets the timer of a session that was planned, published or changed. One that is new has none to be cleared.
    pub(super) fn set_timer_of_plan(&mut self, kind: TimerKind, id: SessionId, due: Option<Timestamp>) {
        let may_be_set = self.world.sessions.get(&id).is_some_and(|session| session.version > 1);
        if due.is_some() || may_be_set {
            self.set_timer(kind, id, due);
        }
    }

    fn clear_timers(&mut self, registration: RegistrationId) {
        for kind in TimerKind::OF_REGISTRATIONS {
            self.set_timer(kind, registration, None);
        }
    }

    fn waits_until(&self, id: RegistrationId) -> Option<Timestamp> {
        let registration = self.world.registrations.get(id)?;
        let session = self.world.sessions.get(&registration.session)?;
        Some(waits_until(session.starts_at(), self.rules_of(registration)))
    }

    pub(super) fn rules_of(&self, registration: &Registration) -> Rules<'_> {
        let course = self.world.sessions.get(&registration.session).map(|session| session.course);
        self.world.rules_for(course, self.world.people.get(&registration.learner))
    }

    pub(super) fn status(&self, id: RegistrationId) -> Option<Status> {
        self.world.registrations.get(id).map(|known| known.status.clone())
    }

    pub(super) fn happens(&mut self, order: &Order, id: RegistrationId, event: Event) -> Result<(), Stop> {
        let about = self.world.registrations.get(id).map(About::registration).unwrap_or_default();
        self.record(order, &order.actor, about, event)
    }
}
