//! What must hold after every step, whatever happened.

use std::collections::BTreeSet;

use ilt_core::desk::Ask;
use ilt_core::journal::Entry;
use ilt_core::registration::decide::clashes;
use ilt_core::session::Claim;
use ilt_core::world::World;
use ilt_engine::Ports;

use crate::town;

/// Everything there is, and how it came about.
pub async fn look(ports: &Ports) -> (World, Vec<Entry>) {
    let sessions: BTreeSet<_> = (0..town::SESSIONS).map(town::session).collect();
    let mut people: BTreeSet<_> = (0..town::LEARNERS).map(town::learner).collect();
    people.extend([town::manager(), town::admin()]);
    let ask = Ask { whole_sessions: sessions.clone(), sessions, people, all_courses: true, ..Ask::default() };
    let world = ports.reads.look(&ask).await.expect("the store can be read");
    let entries = ports.journal.after(0, 100_000).await.expect("the journal can be read");
    (world, entries)
}

/// The first invariant that does not hold, in words.
pub fn broken(world: &World, entries: &[Entry]) -> Option<String> {
    seats(world).or_else(|| one_life(world)).or_else(|| numbers(entries)).or_else(|| replay(world, entries))
}

/// The five numbers add up, and are a count of the registrations.
fn seats(world: &World) -> Option<String> {
    world.sessions.values().find_map(|session| {
        let count = |claim| {
            world.registrations.of_session(session.id).filter(|it| it.status.claim() == Some(claim)).count()
        };
        let seats = session.seats;
        let counted = [Claim::Confirmed, Claim::Offered, Claim::Waitlisted].map(count);
        let kept =
            [seats.confirmed + seats.over_capacity, seats.offered, seats.waitlisted].map(|it| it as usize);
        let adds_up = seats.taken() + seats.open() == seats.capacity && seats.over_capacity == 0;
        (counted != kept || !adds_up)
            .then(|| format!("session {}: {seats:?}, but counted {counted:?}", session.id))
    })
}

/// Nobody has two live registrations for one session, or two seats that clash.
fn one_life(world: &World) -> Option<String> {
    let mut seen = BTreeSet::new();
    world.registrations.iter().filter(|it| it.status.is_live()).find_map(|it| {
        if !seen.insert((it.learner, it.session)) {
            return Some(format!("{} is registered twice for {}", it.learner, it.session));
        }
        let session = world.sessions.get(&it.session).filter(|_| it.status.takes_a_seat())?;
        let clash = clashes(world, it.learner, session, None);
        (!clash.is_empty()).then(|| format!("{} sits in two sessions at once: {clash:?}", it.learner))
    })
}

/// The journal's numbers have no gaps, and none is given twice.
fn numbers(entries: &[Entry]) -> Option<String> {
    let wrong = entries.iter().zip(1..).find(|(entry, number)| entry.sequence != *number);
    wrong.map(|(entry, number)| format!("the journal has {} where {number} belongs", entry.sequence))
}

/// Replaying the journal rebuilds sessions and registrations exactly.
fn replay(world: &World, entries: &[Entry]) -> Option<String> {
    let mut replayed = World::default();
    for entry in entries {
        if let Err(misfit) = replayed.apply(entry) {
            return Some(misfit.to_string());
        }
        if let (Some(id), Some(seats)) = (entry.session, entry.seats)
            && replayed.sessions.get(&id).is_none_or(|session| session.seats != seats)
        {
            return Some(format!("entry {} tells of other seats than there were", entry.sequence));
        }
    }
    if replayed.sessions != world.sessions {
        return Some(format!("sessions: {:?} replayed, {:?} kept", replayed.sessions, world.sessions));
    }
    let live = |world: &World| -> Vec<_> {
        world.registrations.iter().filter(|it| it.status.is_live()).cloned().collect()
    };
    let (told, kept) = (live(&replayed), live(world));
    (told != kept).then(|| format!("registrations: {told:?} replayed, {kept:?} kept"))
}
