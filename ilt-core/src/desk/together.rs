//! People who are registered together: all of them get a seat, or none.

use std::collections::BTreeSet;

use crate::access;
use crate::desk::More;
use crate::desk::batch::{Desk, Stop};
use crate::desk::{OnFull, Order, Refusal, RefusedOne, Reply};
use crate::fault::{Fault, Kind};
use crate::ids::{GroupId, PersonId, SessionId};
use crate::journal::Event;
use crate::registration::Registration;
use crate::registration::decide::{self, Wish};
use crate::registration::promote::{self, Unknown};
use crate::session::Session;

/// Most people registered together.
const MOST: usize = 100;

impl Desk<'_> {
    pub(super) fn register_group(
        &mut self,
        order: &Order,
        session: SessionId,
        learners: &[PersonId],
        on_full: OnFull,
        automatic: bool,
    ) -> Result<Reply, Stop> {
        let learners = distinct(learners)?;
        if on_full == OnFull::BeyondCapacity {
            return Err(
                Refusal::invalid("/on_full", "people are let in beyond the capacity one by one").into()
            );
        }
        for learner in &learners {
            let person = self.world.people.get(learner).ok_or_else(|| Refusal::not_found("person"))?;
            self.actor(order)?.map_or(Ok(()), |actor| access::register(actor, person))?;
        }
        let new: Vec<_> = learners
            .iter()
            .copied()
            .filter(|learner| self.world.registrations.live(*learner, session).is_none())
            .collect();
        let wishes = self.wishes(order, session, &new, (on_full, automatic))?;
        let capacity = self.world.sessions[&session].seats.capacity;
        if new.len() > capacity as usize {
            let detail = format!(
                "are {} people, and the session has {capacity} seats: they can never all come",
                new.len()
            );
            return Err(Refusal::invalid("/learners", detail).into());
        }
        let seats_are_enough = self.are_seats_enough(&self.world.sessions[&session], &new)?;
        let group = match (seats_are_enough, new.len()) {
            (true, _) | (_, 0 | 1) => None,
            (false, _) => Some(GroupId(self.context.ids.next())),
        };
        for (learner, (event, approves)) in new.iter().zip(wishes) {
            let (id, about, _) = self.place(session, *learner);
            let joins = !seats_are_enough;
            let event = if joins { Event::Waitlisted { automatic, gives_back: None, group } } else { event };
            self.seat(order, &order.actor, about, event)?;
            if joins && approves {
                self.approve_beforehand(order, id)?;
            }
        }
        let live = |learner: &PersonId| self.world.registrations.live(*learner, session).cloned();
        let registrations: Vec<_> = learners.iter().filter_map(live).collect();
        let seats = self.world.sessions[&session].seats;
        // Whoever has just joined is behind everybody else, in the order in which they were named.
        let place = |it: &Registration| {
            let behind = new.iter().rev().position(|learner| *learner == it.learner)?;
            seats.waitlisted.checked_sub(u32::try_from(behind).ok()?).filter(|_| it.status.waits())
        };
        Ok(Reply::Group {
            positions: registrations.iter().map(place).collect(),
            registrations,
            seats,
            fresh: !new.is_empty(),
            around: None,
        })
    }

    /// What each of several people's wishes would lead to, with whether the actor approves it; a refusal of one is a
    /// refusal of all, and names everybody who cannot.
    fn wishes(
        &self,
        order: &Order,
        session: SessionId,
        learners: &[PersonId],
        (on_full, automatic): (OnFull, bool),
    ) -> Result<Vec<(Event, bool)>, Stop> {
        let actor = self.actor(order)?;
        let session = self.visible(actor, session)?;
        let (mut events, mut refused, mut full) = (Vec::with_capacity(learners.len()), Vec::new(), None);
        let mut coming = Vec::with_capacity(learners.len());
        for learner in learners {
            let person = self.world.people.get(learner).ok_or_else(|| Refusal::not_found("person"))?;
            coming.push(person);
            let is_approved = self.approves(order, person)?;
            let wish = Wish {
                learner: person,
                session,
                on_full,
                automatic,
                overrides: false,
                place: None,
                is_approved,
                seats_left: self.seats_left(session, person)?,
            };
            match decide::register(self.world, wish, self.context.now) {
                Ok(event) => match decide::cap_reached(self.world, person, session, &coming) {
                    None => events.push((event, is_approved)),
                    Some(why) => refused.push(RefusedOne { learner: *learner, why: Box::new(why) }),
                },
                // Of the session, not of one of them.
                Err(refusal @ Refusal::SessionFull { .. }) => full = Some(refusal),
                Err(
                    of_session @ (Refusal::RegistrationNotOpen
                    | Refusal::RegistrationClosed { .. }
                    | Refusal::SessionCancelled { .. }),
                ) => return Err(of_session.into()),
                Err(why) if why.kind() == Kind::Refused => {
                    refused.push(RefusedOne { learner: *learner, why: Box::new(why) });
                }
                Err(other) => return Err(other.into()),
            }
        }
        if !refused.is_empty() {
            return Err(Refusal::GroupRefused { refused }.into());
        }
        if !self.are_seats_enough(session, learners)?
            && (on_full != OnFull::Waitlist || !decide::queue_is_open(self.world, session, None))
        {
            full = full.or_else(|| Some(decide::full(self.world, session, None)));
        }
        full.map_or(Ok(events), |full| Err(full.into()))
    }

    /// Whether all of them can have seats that nobody in the queue may have.
    fn are_seats_enough(&self, session: &Session, learners: &[PersonId]) -> Result<bool, Stop> {
        let people: Vec<_> = learners.iter().filter_map(|learner| self.world.people.get(learner)).collect();
        let left = promote::left_by_queue(self.world, session, None, self.context.now);
        let left = left.map_err(|Unknown| Stop::NeedMore(More::queue(session.id)))?;
        let dealers: Vec<_> = people.iter().map(|person| person.dealer).collect();
        Ok(promote::seats_together(&left, &dealers) as usize >= learners.len())
    }

    /// A registration with those who wait, or are offered a seat, together with it; itself alone when it is in no group.
    pub(super) fn together(&self, registration: &Registration) -> Vec<Registration> {
        let Some(group) = registration.status.group() else { return vec![registration.clone()] };
        let all = self.world.registrations.of_session(registration.session);
        all.filter(|other| other.status.group() == Some(group)).cloned().collect()
    }
}

fn distinct(learners: &[PersonId]) -> Result<Vec<PersonId>, Refusal> {
    let mut seen = BTreeSet::new();
    let distinct: Vec<_> = learners.iter().copied().filter(|learner| seen.insert(*learner)).collect();
    if (1..=MOST).contains(&distinct.len()) {
        Ok(distinct)
    } else {
        Err(Refusal::invalid("/learners", format!("must name 1 to {MOST} people")))
    }
}
