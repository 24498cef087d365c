//! Loading the slice of the world that a batch needs, in a handful of queries whatever its size.
//!
//! # Flow
//! [`targets`] finds which sessions and learners registrations and alternatives belong to (that never changes, so nothing
//! is locked yet) → sessions are locked in order of id → the heads of their queues are read → people are locked in order
//! of id → what these people hold and have completed.
//!
//! What is locked is written down in [`Held`]: nothing else may be saved.

mod facts;
mod held;
mod people;
mod targets;

use std::collections::BTreeSet;
use std::sync::Arc;

use ilt_core::desk::{Ask, Booking, Remembered};
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::policy::{Rule, Scope};
use ilt_core::ports::StoreError;
use ilt_core::session::Session;
use ilt_core::world::World;
use uuid::Uuid;

use crate::reference::ReferenceCache;
use crate::rows;
use crate::seam::{Param, Tx, record};
pub(crate) use held::Held;
use people::{PEOPLE, PEOPLE_LOCKED, put_people};
use targets::Targets;

const SESSIONS_LOCKED: &str = "SELECT * FROM session WHERE id {in $1} ORDER BY id {lock}";
const SESSIONS: &str = "SELECT * FROM session WHERE id {in $1}";

/// Loads what `ask` says, with rows locked where a decision depends on them, and what was locked.
pub(crate) async fn load(
    tx: &mut Tx,
    cache: &ReferenceCache,
    ask: &Ask,
    lock: bool,
) -> Result<(World, Held), StoreError> {
    // One at a time, so that two of them do not book the same room or take the same address; and whoever raises the version of all
    // this locks it before the journal, not after it.
    let reference = cache.load(tx, lock && ask.must_be_alone()).await?;
    let mut held = Held::with(reference.version);
    let mut world = World {
        courses: reference.courses,
        locations: reference.locations,
        dealers: reference.dealers,
        rules: reference.rules,
        plugins: reference.plugins,
        ..World::default()
    };
    let targets = Targets::of(tx, ask).await?;
    hold_sessions(tx, &mut world, &mut held, &targets.sessions, lock).await?;
    booked(tx, &mut world, &ask.bookings).await?;

    let heads = targets::heads(tx, &mut world, &targets.depths).await?;
    let mut people: BTreeSet<PersonId> = ask.people.union(&targets.learners).copied().collect();
    people.extend(heads.iter().map(|head| head.learner));
    let groups = heads.iter().filter_map(|head| head.group).chain(targets.groups.iter().copied()).collect();
    people.extend(targets::members(tx, &groups).await?);
    people.extend(facts::learners_of(tx, &ask.whole_sessions).await?);
    let whole = world.sessions.held().filter(|session| ask.whole_sessions.contains(&session.id));
    people.extend(whole.flat_map(|session| &session.instructors));
    put_people(tx, &mut world, &people, if lock { PEOPLE_LOCKED } else { PEOPLE }).await?;
    held.people.extend(world.people.keys());
    let mut named: BTreeSet<_> = ask.named.difference(&people).copied().collect();
    if ask.named_instructors {
        let teach = world.sessions.values().flat_map(|session| &session.instructors).copied();
        named.extend(teach.filter(|id| !people.contains(id)));
    }
    put_people(tx, &mut world, &named, PEOPLE).await?;
    people::put_holders(tx, &mut world, &ask.addresses).await?;
    people::put_leaders(tx, &mut world, &ask.leaders).await?;

    facts::put_registrations(tx, &mut world, &people, ask).await?;
    // What a learner holds elsewhere is only looked at, so it need not be locked.
    let elsewhere: BTreeSet<SessionId> = world.registrations.iter().map(|it| it.session).collect();
    let elsewhere: Vec<_> = elsewhere.into_iter().filter(|id| !world.sessions.contains_key(id)).collect();
    see_sessions(tx, &mut world, &elsewhere).await?;
    see_taught(tx, &mut world, &people).await?;
    if lock {
        targets::put_unseen(tx, &mut world, &targets.depths, ask).await?;
    }

    put_capped(tx, &mut world).await?;
    facts::put_completions(tx, &mut world, &people, ask).await?;
    facts::put_shown(tx, &mut world, ask).await?;
    facts::put_remembered(tx, &mut world, ask).await?;
    let told = world.remembered.values().flat_map(Remembered::people);
    let unknown = told.filter(|id| !world.people.contains_key(id)).collect();
    put_people(tx, &mut world, &unknown, PEOPLE).await?;
    Ok((world, held))
}

/// What these people teach: nobody learns at the same time.
async fn see_taught(tx: &mut Tx, world: &mut World, people: &BTreeSet<PersonId>) -> Result<(), StoreError> {
    let text = "SELECT s.* FROM session_instructor i JOIN session s ON s.id = i.session_id
                 WHERE i.person_id {in $1} AND s.status IN ('draft', 'published')";
    for chunk in chunks(people.iter().map(|id| id.0)) {
        for row in tx.rows(text, vec![Param::Ids(chunk)]).await? {
            world.sessions.see(rows::session(&row)?);
        }
    }
    Ok(())
}

/// Sessions that need a place or an instructor of these bookings at the time. Only looked at, so they are not locked.
async fn booked(tx: &mut Tx, world: &mut World, bookings: &[Booking]) -> Result<(), StoreError> {
    let place = |it: &Booking| record! { location_id: it.location.0, from_at: it.from, to_at: it.to };
    let person = |it: &Booking| {
        let (from, to) = (it.from, it.to);
        let record = move |id: &PersonId| record! { person_id: id.0, from_at: from, to_at: to };
        it.instructors.iter().map(record).collect::<Vec<_>>()
    };
    let text = "SELECT s.id FROM {rows $1 b: location_id uuid, from_at instant, to_at instant}
                  JOIN session s ON s.location_id = b.location_id AND s.ends_at > b.from_at AND s.starts_at < b.to_at
                 WHERE s.status IN ('draft', 'published')
                 UNION
                SELECT s.id FROM {rows $2 b: person_id uuid, from_at instant, to_at instant}
                  JOIN session_instructor i ON i.person_id = b.person_id
                  JOIN session s ON s.id = i.session_id AND s.ends_at > b.from_at AND s.starts_at < b.to_at
                 WHERE s.status IN ('draft', 'published')";
    for chunk in bookings.chunks(CHUNK) {
        let places = Param::Records(chunk.iter().map(place).collect());
        let people = Param::Records(chunk.iter().flat_map(person).collect());
        let found = tx.rows(text, vec![places, people]).await?;
        let ids = found.iter().map(|row| row.id("id")).collect::<Result<Vec<SessionId>, _>>()?;
        let others: Vec<_> = ids.into_iter().filter(|id| !world.sessions.contains_key(id)).collect();
        see_sessions(tx, world, &others).await?;
    }
    Ok(())
}

/// Of sessions of which one dealer may have so many seats only: who has one. The lock on the session keeps it so.
async fn put_capped(tx: &mut Tx, world: &mut World) -> Result<(), StoreError> {
    let is_capped = |session: &&Session| {
        let rules = world.rules.iter().filter(|set| set.rule == Rule::DealerCap && set.value > 0);
        let is_for = |scope: &Scope| !matches!(scope, Scope::Course(course) if *course != session.course);
        rules.into_iter().any(|set| is_for(&set.scope))
    };
    let capped: Vec<_> = world.sessions.held().filter(is_capped).map(|session| session.id.0).collect();
    if capped.is_empty() {
        return Ok(());
    }
    let text =
        "SELECT * FROM registration WHERE session_id {in $1} AND status IN ('confirmed', 'held', 'offered')";
    let mut holders = BTreeSet::new();
    for row in tx.rows(text, vec![Param::Ids(capped)]).await? {
        let registration = rows::registration(&row)?;
        holders.insert(registration.learner);
        world.registrations.put(registration);
    }
    let unknown = holders.into_iter().filter(|id| !world.people.contains_key(id)).collect();
    put_people(tx, world, &unknown, PEOPLE).await
}

/// Sessions to decide on, locked in order of id.
async fn hold_sessions(
    tx: &mut Tx,
    world: &mut World,
    held: &mut Held,
    ids: &BTreeSet<SessionId>,
    lock: bool,
) -> Result<(), StoreError> {
    let text = if lock { SESSIONS_LOCKED } else { SESSIONS };
    for chunk in chunks(ids.iter().map(|id| id.0)) {
        for row in tx.rows(text, vec![Param::Ids(chunk)]).await? {
            let session = rows::session(&row)?;
            held.sessions.insert(session.id, row.int("revision")?);
            world.sessions.hold(session);
        }
    }
    Ok(())
}

/// Sessions that are only looked at.
async fn see_sessions(tx: &mut Tx, world: &mut World, ids: &[SessionId]) -> Result<(), StoreError> {
    for chunk in chunks(ids.iter().map(|id| id.0)) {
        for row in tx.rows(SESSIONS, vec![Param::Ids(chunk)]).await? {
            world.sessions.see(rows::session(&row)?);
        }
    }
    Ok(())
}

/// Ids or records in one parameter at most.
pub(crate) const CHUNK: usize = 5_000;

/// Ids in pieces that one parameter takes, in order.
fn chunks(ids: impl Iterator<Item = Uuid>) -> Vec<Vec<Uuid>> {
    let ids: Vec<_> = ids.collect();
    ids.chunks(CHUNK).map(<[_]>::to_vec).collect()
}

/// For a host that starts: what its catalogue holds, and the journal number it is true for.
pub(crate) async fn catalogue(
    tx: &mut Tx,
    cache: &ReferenceCache,
    now: jiff::Timestamp,
) -> Result<(World, u64), StoreError> {
    let reference = cache.load(tx, false).await?;
    let head = tx.rows("SELECT last FROM journal_head", Vec::new()).await?;
    let head = head.first().map_or(Ok(0), |row| row.count("last"))?;
    let mut world = World {
        courses: reference.courses,
        locations: reference.locations,
        dealers: Arc::clone(&reference.dealers),
        rules: reference.rules,
        plugins: reference.plugins,
        ..World::default()
    };
    for row in tx.rows("SELECT * FROM session WHERE ends_at > $1", vec![Param::Instant(now)]).await? {
        world.sessions.hold(rows::session(&row)?);
    }
    Ok((world, head))
}
