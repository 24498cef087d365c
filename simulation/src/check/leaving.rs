//! Whoever leaves has no seat, offer, request or place.

use ilt_core::catalog::Role;
use ilt_core::session::SessionStatus;
use ilt_core::world::World;

use super::{Broken, Promise, named};

/// Somebody who has left and is still registered for a session that is to come.
pub(super) fn broken(world: &World) -> Option<Broken> {
    let mut left = world.people.values().filter(|it| !it.active || !it.is(Role::Learner));
    left.find_map(|person| {
        let mut theirs = world.registrations.of_learner(person.id);
        let kept = theirs.find(|it| {
            let session = world.sessions.get(&it.session);
            let is_marked = !it.attendance.is_empty();
            session.is_some_and(|it| matches!(it.status, SessionStatus::Published { .. })) && !is_marked
        })?;
        let (who, session, state) = (named(person.id), named(kept.session), kept.status.word());
        Some(Broken::new(Promise::Leaving, format!("{who} has left, and is {state} in {session}")))
    })
}
