//! Replaying the journal rebuilds the state, with numbers and versions that go up by one.

use ilt_core::journal::{Entry, Event};
use ilt_core::world::World;
use uuid::Uuid;

use super::{Broken, Promise, named};

/// A number of the journal that is not the next.
pub(super) fn numbered(entry: &Entry, number: u64) -> Option<Broken> {
    let how = format!("the journal has {} where {number} belongs", entry.sequence);
    (entry.sequence != number).then(|| Broken::new(Promise::Replay, how))
}

/// A record whose version does not follow the one before: somebody's change was overwritten.
pub(super) fn version(world: &World, entry: &Entry) -> Option<Broken> {
    let follows = |id: Uuid, before: Option<u64>, after: u64| {
        let expected = before.map_or(1, |before| before + 1);
        let how = || format!("version {after} of {} follows {before:?}", named(id));
        (after != expected).then(|| Broken::new(Promise::Replay, how()))
    };
    match &entry.event {
        Event::PeopleSaved(people) => people
            .iter()
            .find_map(|it| follows(it.id.0, world.people.get(&it.id).map(|it| it.version), it.version)),
        Event::CoursesSaved(courses) => courses
            .iter()
            .find_map(|it| follows(it.id.0, world.courses.get(&it.id).map(|it| it.version), it.version)),
        Event::LocationsSaved(saved) => saved
            .iter()
            .find_map(|it| follows(it.id.0, world.locations.get(&it.id).map(|it| it.version), it.version)),
        Event::DealersSaved(saved) => saved
            .iter()
            .find_map(|it| follows(it.id.0, world.dealers.get(&it.id).map(|it| it.version), it.version)),
        Event::SessionChanged(it) | Event::SessionScheduled(it) => {
            follows(it.id.0, world.sessions.get(&it.id).map(|it| it.version), it.version)
        }
        _ => None,
    }
}

/// An entry that does not fit, or tells of other seats than there were.
pub(super) fn apply(world: &mut World, entry: &Entry) -> Option<Broken> {
    if let Err(misfit) = world.apply(entry) {
        return Some(Broken::new(Promise::Replay, misfit.to_string()));
    }
    let (id, told) = (entry.session?, entry.seats?);
    let seats = world.sessions.get(&id).map(|session| session.seats);
    let how =
        || format!("entry {} of {} tells of {told:?}, and there were {seats:?}", entry.sequence, named(id));
    (seats != Some(told)).then(|| Broken::new(Promise::Replay, how()))
}

/// Sessions or registrations that are not as they are replayed.
pub(super) fn same(replayed: &mut World, world: &World) -> Option<Broken> {
    if replayed.sessions != world.sessions {
        let differs = world.sessions.values().find(|kept| replayed.sessions.get(&kept.id) != Some(kept));
        let how = differs.map_or_else(
            || "a session is missing".to_owned(),
            |kept| {
                let told = replayed.sessions.get(&kept.id).map(|it| (it.seats, it.freed_at, it.version));
                let (id, kept) = (kept.id, (kept.seats, kept.freed_at, kept.version));
                format!("{} is replayed as {told:?}, and kept as {kept:?}", named(id))
            },
        );
        // From here on it is as it is kept, so that one difference is told of once.
        replayed.sessions.clone_from(&world.sessions);
        return Some(Broken::new(Promise::Replay, how));
    }
    if replayed.registrations != world.registrations {
        let differs =
            world.registrations.iter().find(|kept| replayed.registrations.get(kept.id) != Some(kept));
        let how = differs.map_or_else(
            || "a registration is missing".to_owned(),
            |kept| {
                let told = replayed.registrations.get(kept.id).map(|it| &it.status);
                let (who, session) = (named(kept.learner), named(kept.session));
                format!("{who} in {session} is replayed as {told:?}, and kept as {:?}", kept.status)
            },
        );
        replayed.registrations.clone_from(&world.registrations);
        return Some(Broken::new(Promise::Replay, how));
    }
    None
}
