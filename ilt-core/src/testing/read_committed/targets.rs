//! Which sessions and learners an [`Ask`] is about, beyond those it names.

use std::collections::{BTreeMap, BTreeSet};

use crate::desk::Ask;
use crate::ids::{GroupId, PersonId, SessionId};
use crate::world::World;

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

/// The first of each queue, as many as its depth says.
pub(super) fn heads(world: &World, depths: &BTreeMap<SessionId, u32>) -> Vec<Head> {
    let first = |(session, depth): (&SessionId, &u32)| {
        let queue = world.registrations.queue(*session).take(*depth as usize);
        queue.map(|it| Head { learner: it.learner, group: it.status.group() }).collect::<Vec<_>>()
    };
    depths.iter().flat_map(first).collect()
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
