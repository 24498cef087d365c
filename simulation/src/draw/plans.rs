//! What admins change: people, plans, capacities, rules.

use ilt_core::catalog::{Person, Role};
use ilt_core::desk::{Command, Displaced, SessionPlan};
use ilt_core::ids::SessionId;
use ilt_core::opinion::Speaker;
use ilt_core::plugin::{Act, Change, Whose};
use ilt_core::policy::{Override, Rule, Scope};
use ilt_core::registration::Registration;
use ilt_core::testing::plans::id;
use jiff::Span;

use super::{Draw, is_asked, is_confirmed, wants_approval};
use crate::town;

impl Draw<'_> {
    /// Somebody leaves, comes back, or is renamed; now and then two at once.
    pub(super) fn people(&mut self) -> Vec<Person> {
        let count = 1 + usize::from(self.rng.u8(0..4) == 0);
        let mut people: Vec<Person> = Vec::with_capacity(count);
        for _ in 0..count {
            let id = self.learner();
            let Some(known) = self.world.people.get(&id).filter(|_| people.iter().all(|it| it.id != id))
            else {
                continue;
            };
            let mut person = Person { version: 0, ..known.clone() };
            match self.rng.u8(0..6) {
                0 => person.active = false,
                1 => person.roles.retain(|grant| grant.role != Role::Learner),
                2 => person.name.push('a'),
                _ => {
                    let number = u32::try_from(id.0.as_u128() - 0x1000).unwrap_or_default();
                    person = Person { version: 0, ..town::resident(number) };
                }
            }
            people.push(person);
        }
        people
    }

    pub(super) fn plan(&mut self, session: SessionId) -> Option<SessionPlan> {
        let known = self.world.sessions.get(&session)?;
        let mut plan = SessionPlan::from(known);
        match self.rng.u8(0..8) {
            0 | 1 => plan.capacity = 1 + self.rng.u32(0..4),
            2 => plan.waitlist = !plan.waitlist,
            3 => plan.instructors = if plan.instructors.is_empty() { vec![town::IDA] } else { Vec::new() },
            4 | 5 => {
                let any = town::session(1 + self.rng.u32(0..town::SESSIONS));
                let is_aimed = self.rng.bool();
                let other = self.attended_besides(session).filter(|_| is_aimed).unwrap_or(any);
                let starts = self.world.sessions.get(&other)?.parts.first()?.starts;
                plan.parts.first_mut()?.starts = starts;
            }
            6 => {
                let days = self.rng.i64(-3..9);
                let part = plan.parts.first_mut()?;
                part.starts = part.starts.saturating_add(Span::new().days(days));
            }
            _ => plan.location = id(1 + self.rng.u32(0..2)).into(),
        }
        plan.override_reason = (self.rng.u8(0..2) == 0).then(|| "agreed with the instructor".to_owned());
        Some(plan)
    }

    /// Another session of somebody who may accept a seat in this one, or have it approved: a move onto it is in their way.
    fn attended_besides(&self, session: SessionId) -> Option<SessionId> {
        let is_open = |it: &&Registration| is_asked(it) || wants_approval(it);
        self.world.registrations.of_session(session).filter(is_open).find_map(|open| {
            let mut theirs = self.world.registrations.of_learner(open.learner);
            theirs.find(|it| it.session != session && is_confirmed(it)).map(|it| it.session)
        })
    }

    pub(super) fn resize(&mut self, session: SessionId) -> Option<Command> {
        let known = self.world.sessions.get(&session)?;
        let capacity = (known.seats.capacity + self.rng.u32(0..3)).saturating_sub(1).max(1);
        let mut displaced = Vec::new();
        if capacity < known.seats.taken() {
            let theirs = self.world.registrations.of_session(session);
            let going = theirs.filter(|it| it.status.takes_a_seat()).map(|it| it.id).next()?;
            let other = town::session(1 + self.rng.u32(0..town::SESSIONS));
            let to = self.rng.bool().then_some(other);
            displaced.push(Displaced { registration: going, to });
        }
        let reason = Some("a smaller room".to_owned());
        Some(Command::Resize { session, capacity, displaced, reason, version: None })
    }

    pub(super) fn plugin(&mut self) -> Command {
        let digest = "ab".repeat(32);
        let by = Speaker { plugin: "near-first".to_owned(), version: "1.0.0".to_owned(), digest };
        let settings = format!("{{\"most_km\":{}}}", self.rng.u32(0..4));
        let act = match self.rng.u8(0..6) {
            0 => {
                let whose = if self.rng.bool() { Whose::Everybody } else { Whose::Dealer(id(1).into()) };
                Act::Add { whose, place: 10, by, settings }
            }
            1 => Act::Revise { by: None, settings: Some(settings), place: None },
            2 => Act::Activate { edition: None },
            3 => Act::RollBack,
            4 => Act::SwitchOff,
            _ => Act::Remove,
        };
        let plugin = id(900 + self.rng.u32(0..3)).into();
        Command::ChangePlugin(Box::new(Change {
            plugin,
            act,
            reason: Some("a wish".to_owned()),
            version: None,
        }))
    }

    pub(super) fn rule(&mut self) -> Command {
        let (rule, values): (Rule, &[i64]) = match self.rng.u8(0..7) {
            0 => (Rule::DealerCap, &[0, 1, 2]),
            1 => (Rule::Approval, &[0, 1]),
            2 => (Rule::WaitlistPause, &[1, 2]),
            3 => (Rule::MinimumCancels, &[0, 1]),
            4 => (Rule::RegistrationCloses, &[0, 2]),
            5 => (Rule::Waitlist, &[0, 1]),
            _ => (Rule::AutomaticUntil, &[0, 3]),
        };
        let value = values[self.below(values.len())];
        let scope = match self.rng.u8(0..3) {
            0 => Scope::Global,
            1 => Scope::DealerGroup("north".to_owned()),
            _ => Scope::Course(id(1 + self.rng.u32(0..town::COURSES)).into()),
        };
        Command::SetRule(Override { scope, rule, value })
    }
}
