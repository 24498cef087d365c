//! Saving a batch's changes, in a handful of statements whatever its size.
//!
//! The journal comes last: the lock on its number is held by one transaction at a time, from here to the commit.

mod catalogue;
mod seats;

use ilt_core::desk::Changes;
use ilt_core::journal::MOST_AHEAD;
use ilt_core::ports::StoreError;
use jiff::Timestamp;

use crate::load::{CHUNK, Held};
use crate::rows::json_of;
use crate::seam::{Param, Record, Tx, record};

/// Saves the changes, and answers the journal's last number. Nothing is written that is not held, or that somebody else has
/// written since it was read.
pub(crate) async fn save(tx: &mut Tx, held: &mut Held, changes: &Changes) -> Result<u64, StoreError> {
    held.covers(changes)?;
    catalogue::save(tx, held, changes).await?;
    seats::save(tx, held, changes).await?;
    remembered(tx, changes).await?;
    feeds(tx, changes).await?;
    timers(tx, changes).await?;
    journal(tx, changes).await
}

/// Runs a statement on records, a bounded number at a time; how many rows it has written.
async fn put(tx: &mut Tx, text: &'static str, records: Vec<Record>) -> Result<u64, StoreError> {
    let mut written = 0;
    let mut records = records.into_iter().peekable();
    while records.peek().is_some() {
        let chunk = records.by_ref().take(CHUNK).collect();
        written += tx.run(text, vec![Param::Records(chunk)]).await?;
    }
    Ok(written)
}

/// Runs a statement that compares before it writes: every record must be written.
async fn put_compared(
    tx: &mut Tx,
    held: &Held,
    text: &'static str,
    records: Vec<Record>,
) -> Result<(), StoreError> {
    let count = records.len() as u64;
    must_all_be_written(held, count, put(tx, text, records).await?)
}

fn must_all_be_written(held: &Held, asked: u64, written: u64) -> Result<(), StoreError> {
    if written == asked || held.uncompared {
        return Ok(());
    }
    Err(StoreError::Conflict(format!("{written} of {asked} rows were as they had been read").into()))
}

async fn remembered(tx: &mut Tx, changes: &Changes) -> Result<(), StoreError> {
    let mut records = Vec::with_capacity(changes.remembered.len());
    for it in &changes.remembered {
        let answer = json_of(&it.answer)?;
        records.push(record! { person_id: it.key.person.0, key: &it.key.key, digest: &it.digest, answer: answer, at: it.at });
    }
    // Not an upsert: two hosts that answer the same request at once must not both have done it.
    let text = "INSERT INTO remembered (person_id, key, digest, answer, at)
                SELECT r.person_id, r.key, r.digest, r.answer, r.at
                  FROM {rows $1 r: person_id uuid, key text, digest text, answer json, at instant}";
    put(tx, text, records).await.map(drop)
}

async fn feeds(tx: &mut Tx, changes: &Changes) -> Result<(), StoreError> {
    let records =
        changes.feeds.iter().map(|(person, digest)| record! { person_id: person.0, digest: digest });
    let text = "INSERT INTO feed (person_id, digest) SELECT r.person_id, r.digest
                  FROM {rows $1 r: person_id uuid, digest text} WHERE true
                ON CONFLICT (person_id) DO UPDATE SET digest = excluded.digest";
    put(tx, text, records.collect()).await.map(drop)
}

async fn timers(tx: &mut Tx, changes: &Changes) -> Result<(), StoreError> {
    let cleared = changes.timers.iter().filter(|(_, due)| due.is_none());
    let records = cleared.map(|((kind, id), _)| record! { kind: kind.word(), subject_id: *id }).collect();
    let text = "DELETE FROM timer WHERE EXISTS (
                    SELECT 1 FROM {rows $1 r: kind text, subject_id uuid}
                     WHERE r.kind = timer.kind AND r.subject_id = timer.subject_id)";
    put(tx, text, records).await?;
    let set = changes.timers.iter().filter_map(|(timer, due)| due.map(|due| (timer, due)));
    let records =
        set.map(|((kind, id), due)| record! { kind: kind.word(), subject_id: *id, due: due }).collect();
    // A timer that is set is nobody's: it is free to be claimed from the moment it is due.
    let text = "INSERT INTO timer (kind, subject_id, due, free_at)
                SELECT r.kind, r.subject_id, r.due, r.due
                  FROM {rows $1 r: kind text, subject_id uuid, due instant} WHERE true
                ON CONFLICT (kind, subject_id) DO UPDATE SET due = excluded.due, free_at = excluded.due";
    put(tx, text, records).await.map(drop)
}

async fn journal(tx: &mut Tx, changes: &Changes) -> Result<u64, StoreError> {
    let (Some(first_entry), Some(last_entry)) = (changes.entries.first(), changes.entries.last()) else {
        let head = tx.rows("SELECT last FROM journal_head", Vec::new()).await?;
        return head.first().map_or(Ok(0), |row| row.count("last"));
    };
    let count = i64::try_from(changes.entries.len()).unwrap_or(i64::MAX);
    // The condition is what `journal::follows` says.
    let text = "UPDATE journal_head SET last = last + $1, last_at = $2
                 WHERE last_at IS NULL OR last_at <= $3 OR last_at > $4 RETURNING last";
    let beyond_belief = first_entry.at.saturating_add(MOST_AHEAD).unwrap_or(Timestamp::MAX);
    let times = [last_entry.at, first_entry.at, beyond_belief].map(Param::Instant);
    let head = tx.rows(text, [Param::Int(count)].into_iter().chain(times).collect()).await?;
    let Some(head) = head.first() else {
        return Err(StoreError::Conflict("somebody else has recorded something that happened later".into()));
    };
    let last: u64 = head.count("last")?;
    let first = last + 1 - changes.entries.len() as u64;
    let mut records = Vec::with_capacity(changes.entries.len());
    for (entry, sequence) in changes.entries.iter().zip(first..) {
        records.push(record! {
            sequence: sequence,
            id: entry.id.0,
            at: entry.at,
            kind: entry.event.word(),
            actor: entry.actor.to_string(),
            session_id: entry.session.map(|id| id.0),
            learner_id: entry.learner.map(|id| id.0),
            registration_id: entry.registration.map(|id| id.0),
            reason: entry.reason.as_ref(),
            correlation: entry.correlation,
            event: json_of(&entry.event)?,
            seats: entry.seats.map(|seats| json_of(&seats)).transpose()?,
        });
    }
    let text = "INSERT INTO journal (sequence, id, at, kind, actor, session_id, learner_id, registration_id, reason,
                                     correlation, event, seats)
                SELECT r.sequence, r.id, r.at, r.kind, r.actor, r.session_id, r.learner_id, r.registration_id, r.reason,
                       r.correlation, r.event, r.seats
                  FROM {rows $1 r: sequence int, id uuid, at instant, kind text, actor text, session_id uuid,
                        learner_id uuid, registration_id uuid, reason text, correlation uuid, event json, seats json}";
    put(tx, text, records).await?;
    Ok(last)
}
