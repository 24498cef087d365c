//! Whoever leaves has no seat, offer, request or place in what is to come. What has begun stays as it is: who was there was there.

use ilt_core::catalog::Role;
use ilt_core::session::SessionStatus;
use ilt_core::world::World;
use jiff::Timestamp;

use super::{Broken, Promise, named};

/// Somebody who has left and is still registered for a session that is to come.
pub(super) fn broken(world: &World, latest: Timestamp) -> Option<Broken> {
    let mut left = world.people.values().filter(|it| !it.active || !it.is(Role::Learner));
    left.find_map(|person| {
        let mut theirs = world.registrations.of_learner(person.id);
        let kept = theirs.find(|it| {
            world.sessions.get(&it.session).is_some_and(|session| {
                matches!(session.status, SessionStatus::Published { .. }) && latest < session.starts_at()
            })
        })?;
        let (who, session, state) = (named(person.id), named(kept.session), kept.status.word());
        Some(Broken::new(Promise::Leaving, format!("{who} has left, and is {state} in {session}")))
    })
}
