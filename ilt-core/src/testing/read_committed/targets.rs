//! Which sessions and learners an [`Ask`] is about, beyond those it names.

use std::collections::{BTreeMap, BTreeSet};

use crate::desk::Ask;
use crate::ids::{GroupId, PersonId, RegistrationId, SessionId};
use crate::planted::{self, Bug};
use crate::registration::Status;
use crate::world::{Known, Turn, World};

/// Sessions to lock, learners to lock, and how deep each queue must be known.
#[derive(Default)]
pub(super) struct Targets {
    pub sessions: BTreeSet<SessionId>,
    pub learners: BTreeSet<PersonId>,
    pub depths: BTreeMap<SessionId, u32>,
    pub groups: BTreeSet<GroupId>,
}

/// One of the first of a queue.
pub(super) struct Head {
    pub learner: PersonId,
    pub group: Option<GroupId>,
}

impl Targets {
    pub fn of(world: &World, ask: &Ask) -> Self {
        let mut targets =
            Self { sessions: ask.sessions.clone(), depths: ask.queues.clone(), ..Self::default() };
        for found in ask.registrations.iter().filter_map(|id| world.registrations.get(*id)) {
            targets.sessions.insert(found.session);
            targets.learners.insert(found.learner);
            targets.groups.extend(found.status.group());
            if let Some(depth) = ask.freeing.get(&found.id) {
                *targets.depths.entry(found.session).or_default() += depth;
            }
        }
        for shown in ask.alternatives.iter().filter_map(|id| world.shown.get(id)) {
            targets.sessions.insert(shown.session);
            targets.learners.insert(shown.learner);
        }
        targets
    }
}

/// The first of each queue, as many as its depth says. Where a seat is open beside a queue, its first are always among them.
pub(super) fn heads(world: &mut World, kept: &World, depths: &BTreeMap<SessionId, u32>) -> Vec<Head> {
    let mut depths = depths.clone();
    let beside_a_seat = world.sessions.held().filter(|it| it.seats.waitlisted > 0 && it.has_seats());
    for session in beside_a_seat.filter(|_| !planted::is(Bug::OfferWithoutQueue)) {
        depths.entry(session.id).or_insert(Ask::FIRST_DEPTH);
    }
    let mut heads = Vec::new();
    for (session, depth) in depths {
        let mut last: Option<Turn> = None;
        let first: Vec<_> = kept.registrations.queue_after(session, None).take(depth as usize).collect();
        for (turn, waiting) in &first {
            last = Some(*turn);
            heads.push(Head { learner: waiting.learner, group: waiting.status.group() });
        }
        if world.sessions.is_held(session) {
            let is_cut = first.len() >= depth as usize;
            world.queues.know(session, last.filter(|_| is_cut).map_or(Known::Whole, Known::Until));
        }
    }
    heads
}

/// Of those it is about who wait beyond the part of their queue that is loaded: how many of the others come before them.
pub(super) fn put_unseen(world: &mut World, kept: &World, depths: &BTreeMap<SessionId, u32>, ask: &Ask) {
    let mut seen_before: Vec<(RegistrationId, u32)> = Vec::new();
    for registration in world.registrations.iter() {
        let (Status::Waitlisted { wait } | Status::Offered { wait, .. }) = &registration.status else {
            continue;
        };
        let is_asked =
            ask.registrations.contains(&registration.id) || ask.people.contains(&registration.learner);
        if !is_asked || !world.sessions.is_held(registration.session) {
            continue;
        }
        let seen = world.registrations.waiting_before(registration.session, (wait.turn(), registration.id));
        if seen >= depths.get(&registration.session).copied().unwrap_or(0) {
            seen_before.push((registration.id, seen));
        }
    }
    for (id, seen) in seen_before {
        let Some(known) = kept.registrations.get(id) else { continue };
        let (Status::Waitlisted { wait } | Status::Offered { wait, .. }) = &known.status else { continue };
        let before = kept.registrations.waiting_before(known.session, (wait.turn(), id));
        world.unseen_before.insert(id, before.saturating_sub(seen));
    }
}

/// Everybody who waits in one of these groups.
pub(super) fn members(world: &World, groups: &BTreeSet<GroupId>) -> Vec<PersonId> {
    let is_in = |group: GroupId| groups.contains(&group);
    let all = world.registrations.iter().filter(|it| it.status.group().is_some_and(is_in));
    all.map(|it| it.learner).collect()
}

/// Who has a live registration for one of these sessions.
pub(super) fn learners_of(world: &World, sessions: &BTreeSet<SessionId>) -> Vec<PersonId> {
    sessions.iter().flat_map(|id| world.registrations.of_session(*id)).map(|it| it.learner).collect()
}
