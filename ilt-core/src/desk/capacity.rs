//! Changing how many seats a session has. Fewer than are taken only when it is said who goes, and where to.

use std::collections::BTreeMap;

use crate::desk::batch::{About, Desk, Stop};
use crate::desk::sessions::current;
use crate::desk::{Displaced, Order, Refusal, Reply};
use crate::ids::SessionId;
use crate::journal::Event;
use crate::registration::Registration;
use crate::registration::decide::{self, Except, is_given};
use crate::session::{BelowTaken, Seats, Session};

impl Desk<'_> {
    pub(super) fn resize(
        &mut self,
        order: &Order,
        (id, version): (SessionId, Option<u64>),
        capacity: u32,
        displaced: &[Displaced],
        reason: Option<&String>,
    ) -> Result<Reply, Stop> {
        self.must_be_admin(order)?;
        let session = self.world.sessions.get(&id).ok_or_else(|| Refusal::not_found("session"))?;
        current(session, version)?;
        if !displaced.is_empty() && !is_given(reason.map(String::as_str)) {
            return Err(Refusal::invalid("/reason", "those who go must be told why").into());
        }
        let going = self.going(session, displaced)?;
        let mut left = session.seats;
        for (one, _) in &going {
            let claim = one.status.claim();
            left = left.shift(claim, None).ok_or_else(|| Refusal::not_found("registration"))?;
        }
        let resized = Session { seats: Seats { capacity, ..session.seats }, ..session.clone() };
        let fields = resized.problems();
        if !fields.is_empty() {
            return Err(Refusal::InvalidRequest { fields }.into());
        }
        if capacity < left.taken() {
            return Err(Refusal::from(BelowTaken { asked: capacity, taken: left.taken() }).into());
        }
        for (registration, to) in &going {
            self.displace(order, registration, *to, reason)?;
        }
        let session = &self.world.sessions[&id];
        if session.seats.capacity != capacity {
            let (seats, freed_at) = session.resized(capacity, self.context.now).map_err(Refusal::from)?;
            let session = Session { seats, freed_at, version: session.version + 1, ..session.clone() };
            self.touched.plans.insert(id);
            self.record(order, &order.actor, About::session(id), Event::SessionChanged(Box::new(session)))?;
        }
        Ok(self.session_reply(id, 1))
    }

    /// Who goes, once it is sure that everybody can.
    fn going(
        &self,
        from: &Session,
        displaced: &[Displaced],
    ) -> Result<Vec<(Registration, Option<SessionId>)>, Stop> {
        let mut arriving = BTreeMap::<SessionId, u32>::new();
        let mut going: Vec<(Registration, _)> = Vec::with_capacity(displaced.len());
        for (at, one) in displaced.iter().enumerate() {
            let bad = |detail: &str| Refusal::invalid(format!("/displaced/{at}/registration"), detail);
            let registration = self.world.registrations.get(one.registration);
            let registration = registration.filter(|it| it.session == from.id && it.status.takes_a_seat());
            let registration = registration.ok_or_else(|| bad("has no seat in this session"))?;
            if going.iter().any(|(known, _)| known.id == registration.id) {
                return Err(bad("is named twice").into());
            }
            if let Some(to) = one.to {
                let arrives = self.can_arrive(from, registration, to, arriving.entry(to).or_default());
                arrives.map_err(|stop| match stop {
                    Stop::Refused(refusal) => {
                        Refusal::invalid(format!("/displaced/{at}/to"), refusal.to_string()).into()
                    }
                    stop => stop,
                })?;
            }
            going.push((registration.clone(), one.to));
        }
        Ok(going)
    }

    /// Whether there is a seat for somebody in `to`, where others have been sent already, that nobody who waits there may have.
    fn can_arrive(
        &self,
        from: &Session,
        registration: &Registration,
        to: SessionId,
        arriving: &mut u32,
    ) -> Result<(), Stop> {
        let session = self.world.sessions.get(&to).filter(|known| known.id != from.id);
        let session = session.ok_or_else(|| Refusal::not_found("session"))?;
        let learner =
            self.world.people.get(&registration.learner).ok_or_else(|| Refusal::not_found("person"))?;
        let course = decide::open_to_anybody(self.world, session, self.context.now)?;
        let obstacle = decide::obstacle(self.world, learner, session, course, Except::Session(from.id));
        if let Some(obstacle) = obstacle {
            return Err(obstacle.into());
        }
        if self.world.registrations.live(learner.id, to).is_some() {
            return Err(Refusal::invalid("", "the learner is registered there already").into());
        }
        *arriving += 1;
        if session.seats.open().min(self.seats_left(session, learner)?) < *arriving {
            Err(decide::full(self.world, session, Some(learner)).into())
        } else {
            Ok(())
        }
    }

    fn displace(
        &mut self,
        order: &Order,
        registration: &Registration,
        to: Option<SessionId>,
        reason: Option<&String>,
    ) -> Result<(), Stop> {
        let left = About::registration(registration).because(reason);
        let event = match to {
            Some(to) => {
                let (there, about, _) = self.place(to, registration.learner);
                let (about, except) = (about.because(reason), Except::Session(registration.session));
                self.seat_except(order, &order.actor, about, Event::Registered, except)?;
                Event::Displaced { to: Some(there) }
            }
            None => Event::Displaced { to: None },
        };
        self.record(order, &order.actor, left, event)
    }
}
