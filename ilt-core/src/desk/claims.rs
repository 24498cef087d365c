//! Claiming seats and giving them back: registering, taking an alternative, cancelling, answering offers.

use crate::access;
use crate::catalog::Person;
use crate::desk::batch::{About, Desk, Stop};
use crate::desk::{Help, OnFull, Order, Refusal, Reply};
use crate::ids::{AlternativeId, PersonId, RegistrationId, SessionId};
use crate::journal::{Actor, Event};
use crate::ranking::Shown;
use crate::registration::decide::{self, Wish, is_given};
use crate::registration::{Priority, Registration, Status, Wait};
use crate::session::Session;

impl Desk<'_> {
    pub(super) fn register(
        &mut self,
        order: &Order,
        session: SessionId,
        learner: PersonId,
        (on_full, automatic): (OnFull, bool),
        reason: Option<&String>,
    ) -> Result<Reply, Stop> {
        let person = self.world.people.get(&learner).ok_or_else(|| Refusal::not_found("person"))?;
        let actor = self.actor(order)?;
        if let Some(actor) = actor {
            access::register(actor, person)?;
        }
        let session = self.visible(actor, session)?;
        let known = self.world.registrations.live(learner, session.id);
        if let Some(known) = known
            && !(known.status.waits()
                && known.status.group().is_none()
                && (self.seats_left(session, person)? > 0 || on_full == OnFull::BeyondCapacity))
        {
            return Ok(self.registration_reply(known.id, false));
        }
        let has_reason = is_given(reason.map(String::as_str));
        if on_full == OnFull::BeyondCapacity {
            actor.map_or(Ok(()), access::admin)?;
            if !has_reason {
                return Err(
                    Refusal::invalid("/reason", "letting somebody in beyond the capacity needs one").into()
                );
            }
        }
        let approves = self.approves(order, person)?;
        let wish = Wish {
            learner: person,
            session,
            on_full,
            automatic,
            overrides: self.overrides(order, reason)?,
            place: known,
            is_approved: approves,
            seats_left: self.seats_left(session, person)?,
        };
        let except = wish.except(self.world);
        let event = decide::register(self.world, wish, self.context.now)?;
        let (id, about, waits) = self.place(session.id, learner);
        // A seat that nobody in the queue could be given is open to those who wait, as to everybody else.
        let event = if waits && event == Event::Registered { Event::Promoted } else { event };
        let joins = matches!(event, Event::Waitlisted { .. });
        self.seat_except(order, &order.actor, about.because(reason), event, except)?;
        if joins && approves {
            self.approve_beforehand(order, id)?;
        }
        if joins {
            self.put_in_front(order, id)?;
        }
        Ok(self.registration_reply(id, !waits))
    }

    /// Whoever has just joined a queue is put where a rule of their dealer's wants them.
    pub(super) fn put_in_front(&mut self, order: &Order, id: RegistrationId) -> Result<(), Stop> {
        let Some(registration) = self.world.registrations.get(id) else { return Ok(()) };
        let Some(granted) = order.granted.as_deref().filter(|it| it.to == registration.learner) else {
            return Ok(());
        };
        let (priority, by) = (Some(granted.priority.clone()), Some(Box::new(granted.by.clone())));
        let about = About::registration(registration);
        self.record(order, &Actor::system("plugin"), about, Event::Prioritised { priority, by })
    }

    /// The live registration of a learner for a session, or else a new one; and whether it was there.
    pub(super) fn place(&self, session: SessionId, learner: PersonId) -> (RegistrationId, About, bool) {
        let known = self.world.registrations.live(learner, session).map(|known| known.id);
        let id = known.unwrap_or_else(|| RegistrationId(self.context.ids.next()));
        let about =
            About { session: Some(session), learner: Some(learner), registration: Some(id), reason: None };
        (id, about, known.is_some())
    }

    pub(super) fn take_alternative(&mut self, order: &Order, id: AlternativeId) -> Result<Reply, Stop> {
        let missing = || Refusal::not_found("alternative");
        let shown = self.world.shown.get(&id).ok_or_else(missing)?.clone();
        let person = self.world.people.get(&shown.learner).ok_or_else(missing)?;
        if let Some(actor) = self.actor(order)? {
            access::register(actor, person).map_err(|refusal| refusal.of("alternative"))?;
        }
        if let Some(known) = shown.taken.and_then(|id| self.world.registrations.get(id)) {
            return Ok(self.registration_reply(known.id, false));
        }
        let stale = || Refusal::AlternativeExpired { wanted: shown.wanted, learner: shown.learner };
        if self.context.now >= shown.expires_at {
            return Err(stale().into());
        }
        // One that was shown for its queue leads to the queue; one shown for its seats must still have one.
        let on_full = if shown.seats_open == 0 { OnFull::Waitlist } else { OnFull::Alternatives };
        let reply = match self.register(order, shown.session, shown.learner, (on_full, false), None) {
            Err(Stop::Refused(_)) => return Err(stale().into()),
            other => other?,
        };
        let Reply::Registration { registration, .. } = &reply else { return Ok(reply) };
        let about = About::registration(registration);
        self.touched.shown.insert(id);
        self.record(order, &order.actor, about, Event::AlternativeTaken(id))?;
        Ok(reply)
    }

    pub(super) fn cancel(
        &mut self,
        order: &Order,
        id: RegistrationId,
        reason: Option<&String>,
    ) -> Result<Reply, Stop> {
        let registration = self.reachable(order, id)?;
        let event = decide::cancel(self.world, &registration, reason.map(String::as_str), self.context.now)?;
        self.record(order, &order.actor, About::registration(&registration).because(reason), event)?;
        Ok(self.registration_reply(id, false))
    }

    pub(super) fn answer_offer(
        &mut self,
        order: &Order,
        id: RegistrationId,
        takes: bool,
    ) -> Result<Reply, Stop> {
        let registration = self.reachable(order, id)?;
        match &registration.status {
            // Saying yes twice is saying it once.
            Status::Confirmed { .. } | Status::Held { .. } if takes => {
                return Ok(self.registration_reply(id, false));
            }
            Status::Offered { until, .. } if self.context.now < *until => {}
            // Told together with everybody else who waits: the first wins, while there are seats.
            Status::Waitlisted { wait: Wait { told_at: Some(_), .. } } if takes => {}
            _ => return Err(Refusal::OfferExpired.into()),
        }
        // Whoever answers must be able to answer for all.
        let all = self.together(&registration);
        for one in &all {
            let reached = self.reachable(order, one.id);
            if one.id != id && reached.is_err() {
                let needed =
                    "somebody who may answer for everybody who waits together, such as their manager";
                return Err(Refusal::Forbidden { needed: needed.to_owned() }.into());
            }
            reached?;
            if one.status.waits() {
                decide::accept_announced(self.world, one, all.len(), self.context.now)?;
            } else if takes {
                decide::may_have(self.world, one)?;
            }
        }
        let session = self.world.sessions.get(&registration.session);
        let waiting = all.iter().filter(|one| one.status.waits());
        if let Some(reached) =
            session.and_then(|session| decide::cap_reached_together(self.world, session, waiting))
        {
            return Err(reached.into());
        }
        for one in all {
            let event = if takes { self.taken(order, &one)? } else { Event::OfferDeclined };
            self.seat(order, &order.actor, About::registration(&one), event)?;
        }
        Ok(self.registration_reply(id, false))
    }

    /// What taking an offered seat leads to: the seat, or a request for it.
    fn taken(&self, order: &Order, registration: &Registration) -> Result<Event, Refusal> {
        let (Some(session), Some(learner)) =
            (self.world.sessions.get(&registration.session), self.world.people.get(&registration.learner))
        else {
            return Ok(Event::OfferTaken);
        };
        let is_approved = self.approves(order, learner)? || registration.status.is_approved();
        let (rules, gives_back) = (self.rules_of(registration), registration.status.gives_back());
        let request = decide::request(session, rules, is_approved, gives_back, self.context.now);
        Ok(request.unwrap_or(Event::OfferTaken))
    }

    pub(super) fn resume_wait(&mut self, order: &Order, id: RegistrationId) -> Result<Reply, Stop> {
        let registration = self.reachable(order, id)?;
        match &registration.status {
            Status::Waitlisted { wait } if wait.paused => {}
            Status::Waitlisted { .. }
            | Status::Offered { .. }
            | Status::Held { .. }
            | Status::Confirmed { .. } => {
                return Ok(self.registration_reply(id, false));
            }
            over => return Err(Refusal::AlreadyCancelled { was: over.word().to_owned() }.into()),
        }
        for one in self.together(&registration) {
            self.record(order, &order.actor, About::registration(&one), Event::WaitResumed)?;
        }
        Ok(self.registration_reply(id, false))
    }

    pub(super) fn prioritise(
        &mut self,
        order: &Order,
        id: RegistrationId,
        priority: Option<&Priority>,
    ) -> Result<Reply, Stop> {
        self.must_be_admin(order)?;
        let registration = self.reachable(order, id)?;
        let Status::Waitlisted { wait } = &registration.status else {
            return Err(Refusal::NotWaiting { was: registration.status.word().to_owned() }.into());
        };
        if let Some(Priority { level, reason }) = priority {
            if !(1..=Priority::HIGHEST).contains(level) {
                let detail = format!("must be 0 to {}; 0 is the order of joining", Priority::HIGHEST);
                return Err(Refusal::invalid("/level", detail).into());
            }
            if !is_given(Some(reason)) {
                return Err(Refusal::invalid("/reason", "those who wait longer must be told why").into());
            }
        }
        if wait.priority.as_ref() != priority {
            for one in self.together(&registration) {
                let event = Event::Prioritised { priority: priority.cloned(), by: None };
                self.record(order, &order.actor, About::registration(&one), event)?;
            }
        }
        Ok(self.registration_reply(id, false))
    }

    /// Puts one who waits where a rule of their dealer's wants them now, or back where they joined: nobody else decides that by it.
    /// Whoever does not wait any more, or was put elsewhere meanwhile, stays where they are; and so do people who wait together,
    /// of whom no rule is asked.
    pub(super) fn reconsider(
        &mut self,
        order: &Order,
        id: RegistrationId,
        was: Option<&Priority>,
    ) -> Result<Reply, Stop> {
        if self.actor(order)?.is_some() {
            return Err(Refusal::Forbidden { needed: "the system, which asks the rules".to_owned() }.into());
        }
        let registration = self.reachable(order, id)?;
        let granted = order.granted.as_deref().filter(|it| it.to == registration.learner);
        let priority = granted.map(|it| it.priority.clone());
        let waits_where_it_was =
            matches!(&registration.status, Status::Waitlisted { wait } if wait.priority.as_ref() == was);
        if waits_where_it_was && priority.as_ref() != was && self.together(&registration).len() == 1 {
            let by = granted.map(|it| Box::new(it.by.clone()));
            let event = Event::Prioritised { priority, by };
            self.record(order, &Actor::system("plugin"), About::registration(&registration), event)?;
        }
        Ok(self.registration_reply(id, false))
    }

    pub(super) fn show(&mut self, order: &Order, about: About, shown: &[Shown]) -> Result<(), Stop> {
        self.touched.shown.extend(shown.iter().map(|one| one.id));
        self.record(order, &order.actor, about, Event::AlternativesShown(shown.to_vec()))
    }

    /// Records what would help somebody who was refused; the alternatives among it as shown.
    pub(super) fn help(
        &mut self,
        order: &Order,
        learner: PersonId,
        wanted: SessionId,
        help: &Help,
    ) -> Result<Reply, Stop> {
        let shown: Vec<_> = help.shown.iter().map(|(shown, _)| shown.clone()).collect();
        if !shown.is_empty() {
            let about = About { session: Some(wanted), learner: Some(learner), ..About::default() };
            self.show(order, about, &shown)?;
        }
        Ok(Reply::Helped(Box::new(help.clone())))
    }

    /// A session that the actor may know of.
    pub(super) fn visible(&self, actor: Option<&Person>, id: SessionId) -> Result<&Session, Refusal> {
        let session = self.world.sessions.get(&id).ok_or_else(|| Refusal::not_found("session"))?;
        let is_hidden = actor.is_some_and(|actor| !access::know_of(actor, session));
        if is_hidden { Err(Refusal::not_found("session")) } else { Ok(session) }
    }

    /// Whether somebody who may get past an obstacle has said why they do.
    pub(super) fn overrides(&self, order: &Order, reason: Option<&String>) -> Result<bool, Refusal> {
        let may = self.actor(order)?.is_none_or(|actor| access::admin(actor).is_ok());
        Ok(may && is_given(reason.map(String::as_str)))
    }

    /// A registration that the actor may decide on.
    pub(super) fn reachable(&self, order: &Order, id: RegistrationId) -> Result<Registration, Refusal> {
        let missing = || Refusal::not_found("registration");
        let registration = self.world.registrations.get(id).ok_or_else(missing)?;
        if let Some(actor) = self.actor(order)? {
            let learner = self.world.people.get(&registration.learner).ok_or_else(missing)?;
            access::over(actor, learner).map_err(|refusal| {
                // Whoever may see it on the roster hears what is needed; to all others it is as good as none.
                if actor.active && !self.teaches(actor, registration.session) { missing() } else { refusal }
            })?;
        }
        Ok(registration.clone())
    }

    pub(super) fn registration_reply(&self, id: RegistrationId, fresh: bool) -> Reply {
        let registration = self.world.registrations.get(id).cloned().expect("it was just read or recorded");
        let session = self.world.sessions.get(&registration.session);
        let seats = session.map(|session| session.seats).unwrap_or_default();
        // Whoever has just joined is the last; of everybody else's place only the whole queue could tell.
        let position = match &registration.status {
            Status::Waitlisted { wait } if fresh && wait.priority.is_none() => Some(seats.waitlisted),
            _ => None,
        };
        Reply::Registration { registration: Box::new(registration), position, seats, fresh, around: None }
    }
}
