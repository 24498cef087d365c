//! What people hold, wait for and have completed; what was shown to them and answered before.

use std::collections::BTreeSet;

use ilt_core::catalog::Completion;
use ilt_core::desk::{Ask, Key, Refusal, Remembered};
use ilt_core::ids::{CourseId, PersonId, SessionId};
use ilt_core::ports::StoreError;
use ilt_core::ranking::Shown;
use ilt_core::world::World;

use super::chunks;
use crate::rows;
use crate::seam::{Param, Record, Row, Tx, record};

/// Who has a live registration for one of these sessions.
pub(super) async fn learners_of(
    tx: &mut Tx,
    sessions: &BTreeSet<SessionId>,
) -> Result<Vec<PersonId>, StoreError> {
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    let text = "SELECT DISTINCT learner_id FROM registration
                 WHERE session_id {in $1} AND status IN ('confirmed', 'held', 'waitlisted', 'offered')";
    let ids = sessions.iter().map(|id| id.0).collect();
    tx.rows(text, vec![Param::Ids(ids)]).await?.iter().map(|row| row.id("learner_id")).collect()
}

/// The live registrations of these people, and the registrations that were named, live or over.
pub(super) async fn put_registrations(
    tx: &mut Tx,
    world: &mut World,
    people: &BTreeSet<PersonId>,
    ask: &Ask,
) -> Result<(), StoreError> {
    const LIVE: &str = "SELECT * FROM registration
                         WHERE learner_id {in $1} AND status IN ('confirmed', 'held', 'waitlisted', 'offered')";
    const NAMED: &str = "SELECT * FROM registration WHERE id {in $1}
                          UNION SELECT r.* FROM registration r JOIN shown s ON s.taken_id = r.id WHERE s.id {in $2}";
    let mut found = Vec::new();
    for chunk in chunks(people.iter().map(|id| id.0)) {
        found.extend(tx.rows(LIVE, vec![Param::Ids(chunk)]).await?);
    }
    if !ask.registrations.is_empty() || !ask.alternatives.is_empty() {
        let ids = ask.registrations.iter().map(|id| id.0).collect();
        let alternatives = ask.alternatives.iter().map(|id| id.0).collect();
        found.extend(tx.rows(NAMED, vec![Param::Ids(ids), Param::Ids(alternatives)]).await?);
    }
    for row in found {
        world.registrations.put(rows::registration(&row)?);
    }
    put_moved(tx, world).await
}

/// What became of seats that are to be given back and were moved since.
async fn put_moved(tx: &mut Tx, world: &mut World) -> Result<(), StoreError> {
    const MOVED: &str = "WITH RECURSIVE moved AS (
                             SELECT * FROM registration WHERE id {in $1}
                             UNION SELECT r.* FROM registration r JOIN moved m ON r.id = m.successor_id WHERE m.status = 'transferred'
                         ) SELECT * FROM moved";
    let named = world.registrations.iter().filter_map(|it| it.status.gives_back());
    let unknown: BTreeSet<_> = named.filter(|id| world.registrations.get(*id).is_none()).collect();
    for chunk in chunks(unknown.into_iter().map(|id| id.0)) {
        for row in tx.rows(MOVED, vec![Param::Ids(chunk)]).await? {
            world.registrations.put(rows::registration(&row)?);
        }
    }
    Ok(())
}

/// What these people have completed, as far as the sessions loaded require it; everything of those whose history is asked.
pub(super) async fn put_completions(
    tx: &mut Tx,
    world: &mut World,
    people: &BTreeSet<PersonId>,
    ask: &Ask,
) -> Result<(), StoreError> {
    for chunk in chunks(ask.histories.iter().map(|id| id.0)) {
        let text =
            "SELECT * FROM completion WHERE person_id {in $1} ORDER BY person_id, course_id, completed_at";
        put(world, &tx.rows(text, vec![Param::Ids(chunk)]).await?)?;
    }
    let mut courses = required(world);
    courses.extend(ask.attended.iter().filter_map(|id| world.sessions.get(id)).map(|session| session.course));
    if courses.is_empty() {
        return Ok(());
    }
    let others = people.difference(&ask.histories).map(|id| id.0);
    for chunk in chunks(others) {
        let text = "SELECT * FROM completion WHERE person_id {in $1} AND course_id {in $2}
                     ORDER BY person_id, course_id, completed_at";
        let courses = courses.iter().map(|id| id.0).collect();
        put(world, &tx.rows(text, vec![Param::Ids(chunk), Param::Ids(courses)]).await?)?;
    }
    Ok(())
}

/// The courses that meet a prerequisite of one of the sessions loaded.
fn required(world: &World) -> BTreeSet<CourseId> {
    let of_sessions = world.sessions.values().filter_map(|session| world.courses.get(&session.course));
    let needed: BTreeSet<_> = of_sessions.flat_map(|course| course.prerequisites.iter().copied()).collect();
    let equivalents =
        needed.iter().filter_map(|id| world.courses.get(id)).flat_map(|course| &course.equivalents);
    equivalents.copied().chain(needed.iter().copied()).collect()
}

fn put(world: &mut World, rows: &[Row]) -> Result<(), StoreError> {
    for row in rows {
        let completion = Completion {
            person: row.id("person_id")?,
            course: row.id("course_id")?,
            completed_at: row.instant("completed_at")?,
        };
        world.completions.entry(completion.person).or_default().push(completion);
    }
    Ok(())
}

pub(super) async fn put_shown(tx: &mut Tx, world: &mut World, ask: &Ask) -> Result<(), StoreError> {
    if ask.alternatives.is_empty() {
        return Ok(());
    }
    let ids = ask.alternatives.iter().map(|id| id.0).collect();
    for row in tx.rows("SELECT body, taken_id FROM shown WHERE id {in $1}", vec![Param::Ids(ids)]).await? {
        let mut shown: Shown = row.json("body")?;
        shown.taken = row.maybe_id("taken_id")?;
        world.shown.insert(shown.id, shown);
    }
    Ok(())
}

pub(super) async fn put_remembered(tx: &mut Tx, world: &mut World, ask: &Ask) -> Result<(), StoreError> {
    if ask.keys.is_empty() {
        return Ok(());
    }
    let keys: Vec<Record> =
        ask.keys.iter().map(|key| record! { person_id: key.person.0, key: &key.key }).collect();
    let text = "SELECT m.person_id, m.key, m.digest, m.answer, m.at
                  FROM {rows $1 k: person_id uuid, key text}
                  JOIN remembered m ON m.person_id = k.person_id AND m.key = k.key";
    for row in tx.rows(text, vec![Param::Records(keys)]).await? {
        let key = Key { person: row.id("person_id")?, key: row.text("key")? };
        // An answer that another version of this program wrote: what was done must not be done again, whatever it was.
        let answer = row.json("answer").unwrap_or_else(|error| {
            tracing::warn!(error = &error as &dyn std::error::Error, "a kept answer cannot be read");
            Err(Refusal::not_found("answer"))
        });
        let remembered =
            Remembered { key: key.clone(), digest: row.text("digest")?, answer, at: row.instant("at")? };
        world.remembered.insert(key, remembered);
    }
    Ok(())
}
