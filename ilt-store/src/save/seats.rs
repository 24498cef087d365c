//! Saving sessions, their ledgers, registrations and what was shown.

use ilt_core::desk::{Changes, Ledger};
use ilt_core::ids::PersonId;
use ilt_core::journal::Event;
use ilt_core::ports::StoreError;
use ilt_core::session::{Session, SessionStatus};

use super::{put, put_compared};
use crate::load::{CHUNK, Held};
use crate::rows::{json_of, list_of, registration_record, seats_record};
use crate::seam::{IntoField, Param, Record, Tx, record};

pub(super) async fn save(tx: &mut Tx, held: &mut Held, changes: &Changes) -> Result<(), StoreError> {
    sessions(tx, held, &changes.sessions).await?;
    ledgers(tx, held, changes).await?;
    recounted(tx, changes).await?;
    let sessions = changes.sessions.iter().map(|session| session.id);
    held.wrote(sessions.chain(changes.ledgers.iter().map(|ledger| ledger.session)));
    let text = "INSERT INTO registration (id, session_id, learner_id, created_by, created_at, status, status_at, since,
                                          automatic, passed_at, lapses, skipped, paused, told_at, turn, priority_reason,
                                          approved, gives_back_id, group_id, until, warn_at, successor_id,
                                          attendance, outcome, sequence, starts_at)
                SELECT r.id, r.session_id, r.learner_id, r.created_by, r.created_at, r.status, r.status_at, r.since,
                       r.automatic, r.passed_at, r.lapses, r.skipped, r.paused, r.told_at, r.turn, r.priority_reason,
                       r.approved, r.gives_back_id, r.group_id, r.until, r.warn_at,
                       r.successor_id, r.attendance, r.outcome, r.sequence, s.starts_at
                  FROM {rows $1 r: id uuid, session_id uuid, learner_id uuid, created_by text, created_at instant,
                        status text, status_at instant, since instant, automatic bool, passed_at instant, lapses int,
                        skipped text, paused bool, told_at instant, turn int, priority_reason text, approved bool,
                        gives_back_id uuid, group_id uuid, until instant, warn_at instant, successor_id uuid, attendance json,
                        outcome text, sequence int}
                  JOIN session s ON s.id = r.session_id WHERE true
                ON CONFLICT (id) DO UPDATE SET status = excluded.status, status_at = excluded.status_at,
                   since = excluded.since, automatic = excluded.automatic, passed_at = excluded.passed_at,
                   lapses = excluded.lapses, skipped = excluded.skipped, paused = excluded.paused,
                   told_at = excluded.told_at, turn = excluded.turn, priority_reason = excluded.priority_reason,
                   approved = excluded.approved, gives_back_id = excluded.gives_back_id, group_id = excluded.group_id,
                   until = excluded.until, warn_at = excluded.warn_at,
                   successor_id = excluded.successor_id, attendance = excluded.attendance,
                   outcome = excluded.outcome, sequence = excluded.sequence";
    put(tx, text, changes.registrations.iter().map(registration_record).collect()).await?;
    shown(tx, changes).await
}

async fn sessions(tx: &mut Tx, held: &Held, sessions: &[Session]) -> Result<(), StoreError> {
    let text = "INSERT INTO session (id, course_id, location_id, parts, instructors, starts_at, ends_at, status, status_at,
                                     status_reason, announced, waitlist, minimum, version, capacity, confirmed, held, offered,
                                     reserved, open, waitlisted, over_capacity, freed_at,
                                     moved_at, rescheduled_at, most_parts, reminded_at, blocks, revision)
                SELECT r.id, r.course_id, r.location_id, r.parts, r.instructors, r.starts_at, r.ends_at, r.status,
                       r.status_at, r.status_reason, r.announced, r.waitlist, r.minimum, r.version, r.capacity, r.confirmed, r.held,
                       r.offered, r.reserved, r.open, r.waitlisted, r.over_capacity, r.freed_at,
                       r.moved_at, r.rescheduled_at, r.most_parts, r.reminded_at, r.blocks, r.revision + 1
                  FROM {rows $1 r: id uuid, course_id uuid, location_id uuid, parts json, instructors json,
                        starts_at instant, ends_at instant, status text, status_at instant, status_reason text,
                        announced bool, waitlist bool, minimum int, version int, capacity int, confirmed int, held int, offered int,
                        reserved int, open int, waitlisted int, over_capacity int, freed_at instant, moved_at instant,
                        rescheduled_at instant, most_parts int, reminded_at instant, blocks json, revision int} WHERE true
                ON CONFLICT (id) DO UPDATE SET course_id = excluded.course_id, location_id = excluded.location_id,
                   parts = excluded.parts, instructors = excluded.instructors, starts_at = excluded.starts_at,
                   ends_at = excluded.ends_at, status = excluded.status, status_at = excluded.status_at,
                   status_reason = excluded.status_reason, announced = excluded.announced, waitlist = excluded.waitlist, minimum = excluded.minimum,
                   version = excluded.version, capacity = excluded.capacity, confirmed = excluded.confirmed,
                   held = excluded.held, offered = excluded.offered, reserved = excluded.reserved, open = excluded.open,
                   waitlisted = excluded.waitlisted, over_capacity = excluded.over_capacity,
                   freed_at = excluded.freed_at, moved_at = excluded.moved_at,
                   rescheduled_at = excluded.rescheduled_at, most_parts = excluded.most_parts,
                   reminded_at = excluded.reminded_at, blocks = excluded.blocks, revision = excluded.revision
                 WHERE session.revision + 1 = excluded.revision";
    let records = sessions.iter().map(|session| session_record(held, session));
    put_compared(tx, held, text, records.collect::<Result<_, _>>()?).await?;
    instructors(tx, sessions).await?;
    // Pages of registrations are in order of their session's start, so it moves with the session.
    let moved = "UPDATE registration SET starts_at = r.starts_at FROM {rows $1 r: id uuid, starts_at instant}
                  WHERE registration.session_id = r.id AND registration.starts_at <> r.starts_at";
    let starts = |session: &Session| record! { id: session.id.0, starts_at: session.starts_at() };
    put(tx, moved, sessions.iter().map(starts).collect()).await.map(drop)
}

/// Who teaches what, found by person.
async fn instructors(tx: &mut Tx, sessions: &[Session]) -> Result<(), StoreError> {
    let gone = "DELETE FROM session_instructor WHERE session_id {in $1}";
    for chunk in sessions.chunks(CHUNK) {
        tx.run(gone, vec![Param::Ids(chunk.iter().map(|session| session.id.0).collect())]).await?;
    }
    let teaches = |session: &Session| {
        let id = session.id.0;
        let record = move |person: &PersonId| record! { session_id: id, person_id: person.0 };
        session.instructors.iter().map(record).collect::<Vec<_>>()
    };
    let text = "INSERT INTO session_instructor (session_id, person_id) SELECT r.session_id, r.person_id
                  FROM {rows $1 r: session_id uuid, person_id uuid} WHERE true ON CONFLICT DO NOTHING";
    put(tx, text, sessions.iter().flat_map(teaches).collect()).await.map(drop)
}

fn session_record(held: &Held, session: &Session) -> Result<Record, StoreError> {
    let (at, reason) = match &session.status {
        SessionStatus::Draft => (None, None),
        SessionStatus::Published { at } | SessionStatus::Completed { at } => (Some(*at), None),
        SessionStatus::Cancelled { at, reason, .. } => (Some(*at), Some(reason)),
    };
    let is_given_up = matches!(session.status, SessionStatus::Cancelled { announced: false, .. });
    let mut record = record! {
        course_id: session.course.0,
        location_id: session.location.0,
        parts: json_of(&session.parts)?,
        instructors: list_of(&session.instructors),
        starts_at: session.starts_at(),
        ends_at: session.ends_at(),
        status: session.status.word(),
        announced: !is_given_up,
        status_at: at,
        status_reason: reason.map(IntoField::into_field),
        waitlist: session.waitlist,
        minimum: session.minimum,
        moved_at: session.moved_at,
        rescheduled_at: session.rescheduled_at,
        most_parts: session.most_parts,
        reminded_at: session.reminded_at,
        version: session.version,
    };
    record.extend(ledger_record(held, &Ledger::from(session)));
    Ok(record)
}

/// A ledger with the revision of its session that was seen; none of one that is new.
fn ledger_record(held: &Held, ledger: &Ledger) -> Record {
    let mut record = record! { revision: held.sessions.get(&ledger.session).copied().unwrap_or_default() };
    record.extend(seats_record(ledger));
    record
}

async fn ledgers(tx: &mut Tx, held: &Held, changes: &Changes) -> Result<(), StoreError> {
    let text = "UPDATE session SET capacity = r.capacity, confirmed = r.confirmed, held = r.held, offered = r.offered,
                       reserved = r.reserved, open = r.open, waitlisted = r.waitlisted,
                       over_capacity = r.over_capacity, blocks = r.blocks, freed_at = r.freed_at,
                       revision = r.revision + 1
                  FROM {rows $1 r: id uuid, capacity int, confirmed int, held int, offered int, reserved int, open int,
                        waitlisted int, over_capacity int, blocks json, freed_at instant, revision int}
                 WHERE session.id = r.id AND session.revision = r.revision";
    let records = changes.ledgers.iter().map(|ledger| ledger_record(held, ledger));
    put_compared(tx, held, text, records.collect()).await
}

/// Sessions that were put right are counted anew by the database as well.
async fn recounted(tx: &mut Tx, changes: &Changes) -> Result<(), StoreError> {
    let recounted = changes.entries.iter().filter(|it| matches!(it.event, Event::SeatsRecounted(_)));
    let ids: Vec<_> = recounted.filter_map(|it| it.session).map(|id| id.0).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let text = "INSERT INTO tally (session_id, seated, held, offered, waitlisted)
                SELECT s.id, count(*) FILTER (WHERE r.status = 'confirmed'), count(*) FILTER (WHERE r.status = 'held'),
                       count(*) FILTER (WHERE r.status = 'offered'), count(*) FILTER (WHERE r.status = 'waitlisted')
                  FROM session s LEFT JOIN registration r ON r.session_id = s.id WHERE s.id {in $1} GROUP BY s.id
                ON CONFLICT (session_id) DO UPDATE SET seated = excluded.seated, held = excluded.held,
                   offered = excluded.offered, waitlisted = excluded.waitlisted";
    tx.run(text, vec![Param::Ids(ids)]).await.map(drop)
}

async fn shown(tx: &mut Tx, changes: &Changes) -> Result<(), StoreError> {
    let mut records = Vec::with_capacity(changes.shown.len());
    for it in &changes.shown {
        records.push(record! {
            id: it.id.0, learner_id: it.learner.0, wanted_id: it.wanted.0, session_id: it.session.0, rank: it.rank,
            score: it.score, shown_at: it.shown_at, expires_at: it.expires_at, taken_id: it.taken.map(|id| id.0),
            body: json_of(it)?,
        });
    }
    let text = "INSERT INTO shown (id, learner_id, wanted_id, session_id, rank, score, shown_at, expires_at, taken_id, body)
                SELECT r.id, r.learner_id, r.wanted_id, r.session_id, r.rank, r.score, r.shown_at, r.expires_at,
                       r.taken_id, r.body
                  FROM {rows $1 r: id uuid, learner_id uuid, wanted_id uuid, session_id uuid, rank int, score float,
                        shown_at instant, expires_at instant, taken_id uuid, body json} WHERE true
                ON CONFLICT (id) DO UPDATE SET taken_id = excluded.taken_id";
    put(tx, text, records).await.map(drop)
}
