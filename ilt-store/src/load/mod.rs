//! Loading the slice of the world that a batch needs, in a handful of queries whatever its size.
//!
//! # Flow
//! [`targets`] finds which sessions and learners registrations and alternatives belong to (that never changes, so nothing
//! is locked yet) → sessions are locked in order of id → the heads of their queues are read → people are locked in order
//! of id → what these people hold and have completed.

mod facts;
mod targets;

use std::collections::BTreeSet;
use std::sync::Arc;

use ilt_core::catalog::Person;
use ilt_core::desk::Ask;
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::ports::StoreError;
use ilt_core::session::Session;
use ilt_core::world::World;
use uuid::Uuid;

use crate::reference::ReferenceCache;
use crate::rows;
use crate::seam::{Param, Tx};
use targets::Targets;

const SESSIONS_LOCKED: &str = "SELECT * FROM session WHERE id {in $1} ORDER BY id {lock}";
const SESSIONS: &str = "SELECT * FROM session WHERE id {in $1}";
const PEOPLE_LOCKED: &str = "SELECT * FROM person WHERE id {in $1} ORDER BY id {lock}";
const PEOPLE: &str = "SELECT * FROM person WHERE id {in $1}";

/// Loads what `ask` says, with rows locked where a decision depends on them.
pub(crate) async fn load(
    tx: &mut Tx,
    cache: &ReferenceCache,
    ask: &Ask,
    lock: bool,
) -> Result<World, StoreError> {
    let reference = cache.load(tx, lock && ask.all_courses).await?;
    let mut world = World {
        courses: reference.courses,
        locations: reference.locations,
        dealers: reference.dealers,
        rules: reference.rules,
        ..World::default()
    };
    let targets = Targets::of(tx, ask).await?;
    let locked = targets.sessions.iter().copied().collect::<Vec<_>>();
    put_sessions(tx, &mut world, &locked, if lock { SESSIONS_LOCKED } else { SESSIONS }).await?;

    let heads = targets::heads(tx, &targets.depths).await?;
    let mut people: BTreeSet<PersonId> = ask.people.union(&targets.learners).copied().collect();
    people.extend(heads.iter().map(|head| head.learner));
    let groups = heads.iter().filter_map(|head| head.group).chain(targets.groups.iter().copied()).collect();
    people.extend(targets::members(tx, &groups).await?);
    people.extend(facts::learners_of(tx, &ask.whole_sessions).await?);
    put_people(tx, &mut world, &people, if lock { PEOPLE_LOCKED } else { PEOPLE }).await?;
    let named = ask.named.difference(&people).copied().collect();
    put_people(tx, &mut world, &named, PEOPLE).await?;

    facts::put_registrations(tx, &mut world, &people, ask).await?;
    // What a learner holds elsewhere is only looked at, so it need not be locked.
    let elsewhere: BTreeSet<SessionId> = world.registrations.iter().map(|it| it.session).collect();
    let elsewhere: Vec<_> = elsewhere.into_iter().filter(|id| !world.sessions.contains_key(id)).collect();
    put_sessions(tx, &mut world, &elsewhere, SESSIONS).await?;
    world.unlocked.extend(elsewhere);

    facts::put_completions(tx, &mut world, &people, ask).await?;
    facts::put_shown(tx, &mut world, ask).await?;
    facts::put_remembered(tx, &mut world, ask).await?;
    Ok(world)
}

async fn put_sessions(
    tx: &mut Tx,
    world: &mut World,
    ids: &[SessionId],
    text: &'static str,
) -> Result<(), StoreError> {
    for chunk in ids.chunks(CHUNK) {
        let ids = Param::Ids(chunk.iter().map(|id| id.0).collect());
        for row in tx.rows(text, vec![ids]).await? {
            let session: Session = rows::session(&row)?;
            world.sessions.insert(session.id, session);
        }
    }
    Ok(())
}

async fn put_people(
    tx: &mut Tx,
    world: &mut World,
    ids: &BTreeSet<PersonId>,
    text: &'static str,
) -> Result<(), StoreError> {
    for chunk in chunks(ids.iter().map(|id| id.0)) {
        for row in tx.rows(text, vec![Param::Ids(chunk)]).await? {
            let person: Person = rows::person(&row)?;
            world.people.insert(person.id, person);
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
        ..World::default()
    };
    for row in tx.rows("SELECT * FROM session WHERE ends_at > $1", vec![Param::Instant(now)]).await? {
        let session = rows::session(&row)?;
        world.sessions.insert(session.id, session);
    }
    Ok((world, head))
}
