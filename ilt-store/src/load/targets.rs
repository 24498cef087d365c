//! Which sessions and learners an [`Ask`] is about, beyond those it names.

use std::collections::{BTreeMap, BTreeSet};

use ilt_core::desk::Ask;
use ilt_core::ids::{GroupId, PersonId, RegistrationId, SessionId};
use ilt_core::ports::StoreError;
use ilt_core::registration::Status;
use ilt_core::world::{Known, Turn, World};

use crate::seam::{Param, Record, Tx, record};

/// Sessions to lock, learners to lock, and how deep each queue must be known.
#[derive(Debug, Default)]
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
    pub(super) async fn of(tx: &mut Tx, ask: &Ask) -> Result<Self, StoreError> {
        let mut targets =
            Self { sessions: ask.sessions.clone(), depths: ask.queues.clone(), ..Self::default() };
        if !ask.registrations.is_empty() {
            let ids = ask.registrations.iter().map(|id| id.0).collect();
            let text = "SELECT id, session_id, learner_id, group_id FROM registration WHERE id {in $1}";
            for row in tx.rows(text, vec![Param::Ids(ids)]).await? {
                let (id, session): (RegistrationId, SessionId) = (row.id("id")?, row.id("session_id")?);
                targets.sessions.insert(session);
                targets.learners.insert(row.id("learner_id")?);
                targets.groups.extend(row.maybe_id::<GroupId>("group_id")?);
                if let Some(depth) = ask.freeing.get(&id) {
                    *targets.depths.entry(session).or_default() += depth;
                }
            }
        }
        if !ask.alternatives.is_empty() {
            let ids = ask.alternatives.iter().map(|id| id.0).collect();
            let text = "SELECT session_id, learner_id FROM shown WHERE id {in $1}";
            for row in tx.rows(text, vec![Param::Ids(ids)]).await? {
                targets.sessions.insert(row.id("session_id")?);
                targets.learners.insert(row.id("learner_id")?);
            }
        }
        Ok(targets)
    }
}

/// The first of each queue, as many as its depth says. Read after the sessions are locked, so that they stay the first. Where a
/// seat is open beside a queue, its first are always among them.
pub(super) async fn heads(
    tx: &mut Tx,
    world: &mut World,
    depths: &BTreeMap<SessionId, u32>,
) -> Result<Vec<Head>, StoreError> {
    let mut depths = depths.clone();
    let beside_a_seat = world.sessions.held().filter(|it| it.seats.waitlisted > 0 && it.has_seats());
    for session in beside_a_seat {
        depths.entry(session.id).or_insert(Ask::FIRST_DEPTH);
    }
    if depths.is_empty() {
        return Ok(Vec::new());
    }
    let records: Vec<Record> =
        depths.iter().map(|(session, depth)| record! { session_id: session.0, depth: *depth }).collect();
    // Each queue is read by its own index, from its front.
    let text = "
        SELECT id, session_id, learner_id, group_id, turn, since FROM (
            SELECT w.id, w.session_id, w.learner_id, w.group_id, w.turn, w.since, q.depth,
                   row_number() OVER (PARTITION BY w.session_id ORDER BY w.turn, w.since, w.id) AS place
              FROM {rows $1 q: session_id uuid, depth int}
              JOIN registration w ON w.session_id = q.session_id AND w.status = 'waitlisted') AS queue
         WHERE place <= depth
         ORDER BY session_id, place";
    let mut heads = Vec::new();
    let mut found = BTreeMap::<SessionId, (u32, Turn)>::new();
    for row in tx.rows(text, vec![Param::Records(records)]).await? {
        let turn = ((row.count("turn")?, row.instant("since")?), row.id("id")?);
        let known = found.entry(row.id("session_id")?).or_insert((0, turn));
        *known = (known.0 + 1, turn);
        heads.push(Head { learner: row.id("learner_id")?, group: row.maybe_id("group_id")? });
    }
    for (session, depth) in depths.into_iter().filter(|(id, _)| world.sessions.is_held(*id)) {
        let known = match found.get(&session) {
            Some((count, last)) if *count >= depth => Known::Until(*last),
            _ => Known::Whole,
        };
        world.queues.know(session, known);
    }
    Ok(heads)
}

/// Everybody who waits in one of these groups.
pub(super) async fn members(tx: &mut Tx, groups: &BTreeSet<GroupId>) -> Result<Vec<PersonId>, StoreError> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let ids = groups.iter().map(|id| id.0).collect();
    let text = "SELECT DISTINCT learner_id FROM registration WHERE group_id {in $1}";
    tx.rows(text, vec![Param::Ids(ids)]).await?.iter().map(|row| row.id("learner_id")).collect()
}

/// Of those it is about who wait beyond the part of their queue that is loaded: how many of the others come before them. The lock on
/// the session keeps it so.
pub(super) async fn put_unseen(
    tx: &mut Tx,
    world: &mut World,
    depths: &BTreeMap<SessionId, u32>,
    ask: &Ask,
) -> Result<(), StoreError> {
    let mut seen_before = BTreeMap::new();
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
            seen_before.insert(registration.id, seen);
        }
    }
    if seen_before.is_empty() {
        return Ok(());
    }
    let text = "SELECT r.id, (SELECT count(*) FROM registration w
                               WHERE w.session_id = r.session_id AND w.status = 'waitlisted'
                                 AND (w.turn, w.since, w.id) < (r.turn, r.since, r.id)) AS before
                  FROM registration r WHERE r.id {in $1}";
    let ids = Param::Ids(seen_before.keys().map(|id: &RegistrationId| id.0).collect());
    for row in tx.rows(text, vec![ids]).await? {
        let (id, before): (RegistrationId, u32) = (row.id("id")?, row.count("before")?);
        let unseen = before.saturating_sub(seen_before.get(&id).copied().unwrap_or(0));
        world.unseen_before.insert(id, unseen);
    }
    Ok(())
}
