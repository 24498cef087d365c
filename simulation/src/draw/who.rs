//! Whom a request is about, and who asks.

use ilt_core::desk::OnFull;
use ilt_core::ids::{PersonId, RegistrationId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::registration::Registration;

use super::Draw;
use crate::town;

impl Draw<'_> {
    pub(super) fn below(&mut self, count: usize) -> usize {
        if count == 0 { 0 } else { self.rng.usize(0..count) }
    }

    pub(super) fn session(&mut self) -> SessionId {
        let hot = self.focus.sessions;
        let is_hot = !hot.is_empty() && self.rng.u8(0..10) < 8;
        if is_hot {
            return town::session(hot.nth(self.rng.u32(..)));
        }
        town::session(1 + self.rng.u32(0..town::SESSIONS))
    }

    pub(super) fn learner(&mut self) -> PersonId {
        town::person(self.rng.u32(0..town::LEARNERS))
    }

    /// The learner, or somebody who may decide for them.
    pub(super) fn somebody_for(&mut self, learner: PersonId) -> Actor {
        match self.rng.u8(0..6) {
            0 => self.boss_of(learner),
            1 => Actor::Person(town::ADA),
            _ => Actor::Person(learner),
        }
    }

    pub(super) fn boss_of(&mut self, learner: PersonId) -> Actor {
        let dealer = self.world.people.get(&learner).and_then(|person| person.dealer);
        Actor::Person(match self.rng.u8(0..3) {
            0 => town::ADA,
            1 if dealer == Some(town::dealer_id(1)) => town::MIA,
            _ if dealer == Some(town::dealer_id(2)) => town::DEALER_ADMINS[1],
            _ => town::DEALER_ADMINS[0],
        })
    }

    pub(super) fn on_full(&mut self) -> OnFull {
        match self.rng.u8(0..10) {
            0 => OnFull::BeyondCapacity,
            1 | 2 => OnFull::Alternatives,
            _ => OnFull::Waitlist,
        }
    }

    pub(super) fn reason(&mut self) -> Option<String> {
        (self.rng.u8(0..5) > 0).then(|| "ill".to_owned())
    }

    /// One of those of which it makes sense; now and then any other.
    pub(super) fn registration(
        &mut self,
        is_fit: fn(&Registration) -> bool,
    ) -> Option<(RegistrationId, PersonId)> {
        let any = self.rng.u8(0..12) == 0;
        let all = self.world.registrations.iter();
        let fit: Vec<_> = all.filter(|it| any || is_fit(it)).map(|it| (it.id, it.learner)).collect();
        fit.get(self.below(fit.len())).copied()
    }
}
