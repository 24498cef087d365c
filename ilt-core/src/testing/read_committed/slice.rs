//! The rows that statements find, put into the world that a batch decides on.

use std::collections::{BTreeMap, BTreeSet};

use crate::desk::{Ask, Booking, Remembered};
use crate::ids::{CourseId, PersonId, SessionId};
use crate::policy::{Rule, Scope};
use crate::ports::StoreError;
use crate::registration::Status;
use crate::session::Session;
use crate::testing::memory::Kept;
use crate::world::World;

/// What was asked for, and who was found to be part of it.
pub(super) struct Slice<'a> {
    pub ask: &'a Ask,
    pub people: &'a BTreeSet<PersonId>,
}

pub(super) fn existing_sessions(kept: &Kept, ids: &BTreeSet<SessionId>) -> Vec<SessionId> {
    ids.iter().copied().filter(|id| kept.world.sessions.contains_key(id)).collect()
}

pub(super) fn existing_people(kept: &Kept, ids: &BTreeSet<PersonId>) -> Vec<PersonId> {
    ids.iter().copied().filter(|id| kept.world.people.contains_key(id)).collect()
}

/// A session to decide on.
pub(super) fn hold_session(world: &mut World, kept: &Kept, id: SessionId) {
    if let Some(session) = kept.world.sessions.get(&id) {
        world.sessions.hold(session.clone());
    }
}

pub(super) fn put_person(world: &mut World, kept: &Kept, id: PersonId) {
    world.people.extend(kept.world.people.get(&id).map(|person| (id, person.clone())));
}

/// Who has one of these addresses.
pub(super) fn put_holders(world: &mut World, kept: &Kept, addresses: &BTreeSet<String>) {
    for person in kept.world.people.values().filter(|it| addresses.contains(&it.email)) {
        world.people.entry(person.id).or_insert_with(|| person.clone());
    }
}

/// These people, who leads them, and so on.
pub(super) fn put_leaders(world: &mut World, kept: &Kept, leaders: &BTreeSet<PersonId>) {
    let (mut next, mut seen): (Vec<_>, _) = (leaders.iter().copied().collect(), BTreeSet::new());
    while let Some(id) = next.pop() {
        let Some(person) = kept.world.people.get(&id).filter(|_| seen.insert(id)) else { continue };
        next.extend(person.manager);
        world.people.entry(id).or_insert_with(|| person.clone());
    }
}

/// Sessions that nobody may change by this.
pub(super) fn see_sessions(world: &mut World, kept: &Kept, ids: &[SessionId]) {
    for session in ids.iter().filter_map(|id| kept.world.sessions.get(id)) {
        world.sessions.see(session.clone());
    }
}

/// What these people teach: nobody learns at the same time.
pub(super) fn see_taught(world: &mut World, kept: &Kept, people: &BTreeSet<PersonId>) {
    let teaches = |session: &&Session| session.instructors.iter().any(|id| people.contains(id));
    for session in kept.world.sessions.values().filter(|it| it.is_planned()).filter(teaches) {
        world.sessions.see(session.clone());
    }
}

/// Sessions that need a place or an instructor of these bookings at the time.
pub(super) fn booked(kept: &Kept, bookings: &[Booking]) -> Vec<SessionId> {
    let needs = |session: &&Session| {
        session.is_planned()
            && bookings.iter().any(|booking| {
                let shares = |id| session.instructors.contains(id);
                let overlaps = session.ends_at() > booking.from && session.starts_at() < booking.to;
                overlaps && (session.location == booking.location || booking.instructors.iter().any(shares))
            })
    };
    kept.world.sessions.values().filter(needs).map(|session| session.id).collect()
}

/// Of sessions of which one dealer may have so many seats only: who has one.
pub(super) fn put_capped(world: &mut World, kept: &Kept) {
    let is_capped = |session: &&Session| {
        let rules = world.rules.iter().filter(|set| set.rule == Rule::DealerCap && set.value > 0);
        let is_for = |scope: &Scope| !matches!(scope, Scope::Course(course) if *course != session.course);
        rules.into_iter().any(|set| is_for(&set.scope))
    };
    let capped: Vec<_> = world.sessions.held().filter(is_capped).map(|session| session.id).collect();
    for registration in capped.into_iter().flat_map(|id| kept.world.registrations.of_session(id)) {
        if registration.status.takes_a_seat() {
            world.registrations.put(registration.clone());
            if !world.people.contains_key(&registration.learner) {
                put_person(world, kept, registration.learner);
            }
        }
    }
}

impl Slice<'_> {
    /// The live registrations of these people.
    pub fn put_live(&self, world: &mut World, kept: &Kept) {
        for registration in self.people.iter().flat_map(|id| kept.world.registrations.of_learner(*id)) {
            world.registrations.put(registration.clone());
        }
    }

    /// The registrations that were named, live or over.
    pub fn put_named(&self, world: &mut World, kept: &Kept) {
        let taken = self.ask.alternatives.iter().filter_map(|id| kept.world.shown.get(id)?.taken);
        for id in self.ask.registrations.iter().copied().chain(taken) {
            if let Some(found) = kept.world.registrations.get(id) {
                world.registrations.put(found.clone());
            }
        }
    }

    /// What became of seats that are to be given back and were moved since.
    pub fn put_moved(world: &mut World, kept: &Kept) {
        let named = world.registrations.iter().filter_map(|it| it.status.gives_back());
        let unknown: BTreeSet<_> = named.filter(|id| world.registrations.get(*id).is_none()).collect();
        for id in unknown {
            let mut next = kept.world.registrations.get(id);
            while let Some(moved) = next {
                world.registrations.put(moved.clone());
                next = match moved.status {
                    Status::Transferred { to, .. } => kept.world.registrations.get(to),
                    _ => None,
                };
            }
        }
    }

    /// What these people have completed, as far as the sessions loaded require it; everything of those whose history is asked.
    pub fn put_completions(&self, world: &mut World, kept: &Kept) {
        let mut courses = required(world);
        let attended = self.ask.attended.iter().filter_map(|id| world.sessions.get(id));
        courses.extend(attended.map(|session| session.course));
        let mut found = BTreeMap::new();
        for id in self.people.union(&self.ask.histories) {
            let is_whole = self.ask.histories.contains(id);
            let known = kept.world.completions_of(*id).iter();
            let known: Vec<_> =
                known.filter(|it| is_whole || courses.contains(&it.course)).copied().collect();
            if !known.is_empty() {
                found.insert(*id, known);
            }
        }
        world.completions.extend(found);
    }

    pub fn put_shown(&self, world: &mut World, kept: &Kept) {
        let found = self.ask.alternatives.iter().filter_map(|id| kept.world.shown.get(id));
        world.shown.extend(found.map(|shown| (shown.id, shown.clone())));
    }

    /// Answers given before, written down and read again as a database does.
    pub fn put_remembered(&self, world: &mut World, kept: &Kept) -> Result<(), StoreError> {
        for known in self.ask.keys.iter().filter_map(|key| kept.world.remembered.get(key)) {
            let broken = |error: serde_json::Error| StoreError::Corrupt(format!("column answer: {error}"));
            let text = serde_json::to_string(&known.answer).map_err(broken)?;
            let answer = serde_json::from_str(&text).map_err(broken)?;
            world.remembered.insert(known.key.clone(), Remembered { answer, ..known.clone() });
        }
        Ok(())
    }
}

/// The courses that meet a prerequisite of one of the sessions loaded.
fn required(world: &World) -> BTreeSet<CourseId> {
    let of_sessions = world.sessions.values().filter_map(|session| world.courses.get(&session.course));
    let needed: BTreeSet<_> = of_sessions.flat_map(|course| course.prerequisites.iter().copied()).collect();
    let equivalents =
        needed.iter().filter_map(|id| world.courses.get(id)).flat_map(|course| &course.equivalents);
    equivalents.copied().chain(needed.iter().copied()).collect()
}
