//! Saving a batch's changes: the rows that the SQL store's `save` writes, locked in its order; the journal's number last.
//!
//! What is written is kept aside until the commit. A row that is written is locked from then on, so nobody can have changed it
//! in between: to overwrite it at the commit is to overwrite it now.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use super::locks::{Held, Row};
use super::{ReadCommitted, Step};
use crate::desk::Changes;
use crate::ids::SessionId;
use crate::journal;
use crate::planted;
use crate::ports::StoreError;
use crate::registration::Registration;
use crate::session::{Seats, Session};

/// Whether something is changed that hosts keep in memory.
pub(super) fn changes_reference(changes: &Changes) -> bool {
    !(changes.dealers.is_empty()
        && changes.locations.is_empty()
        && changes.courses.is_empty()
        && changes.rules_set.is_empty()
        && changes.rules_cleared.is_empty()
        && changes.plugins.is_empty())
}

/// Locks every row of `changes`, and answers the journal's last number.
pub(super) async fn save(
    store: &ReadCommitted,
    held: &mut Held,
    before: &[Changes],
    changes: &Changes,
) -> Result<u64, StoreError> {
    if !planted::is_unguarded() {
        covers(held, changes)?;
    }
    store.step(Step::Write).await?;
    for id in changes.dealers.iter().map(|it| it.id.0).chain(changes.locations.iter().map(|it| it.id.0)) {
        held.lock(Row::Record(id)).await?;
    }
    for course in &changes.courses {
        held.lock(Row::Record(course.id.0)).await?;
    }
    if changes_reference(changes) {
        held.lock(Row::Reference).await?;
        let ours = before.iter().filter(|it| changes_reference(it)).count() as u64;
        let seen = held.reference.unwrap_or_default();
        compared(store.database.reference.load(Ordering::Relaxed) + ours == seen)?;
        held.reference = Some(seen + 1);
    }
    for person in &changes.people {
        held.lock(Row::Person(person.id)).await?;
        let known = store.read(|kept| kept.world.people.get(&person.id).map(|it| it.version));
        let ours = before.iter().flat_map(|it| &it.people).rfind(|it| it.id == person.id);
        compared(ours.map(|it| it.version).or(known).is_none_or(|known| known < person.version))?;
    }
    for session in &changes.sessions {
        held.lock(Row::Session(session.id)).await?;
        compare_session(store, held, before, session.id)?;
        adds_up(session.seats)?;
    }
    for session in &changes.sessions {
        move_registrations(store, held, session).await?;
    }
    for ledger in &changes.ledgers {
        held.lock(Row::Session(ledger.session)).await?;
        compare_session(store, held, before, ledger.session)?;
        adds_up(ledger.seats)?;
    }
    for session in written_sessions(changes) {
        *held.sessions.entry(session).or_default() += 1;
    }
    for registration in &changes.registrations {
        held.lock(Row::Registration(registration.id)).await?;
        if registration.status.is_live() {
            held.lock(Row::Live(registration.learner, registration.session)).await?;
            one_live(store, before, registration)?;
        }
    }
    let tallied: BTreeSet<_> = changes.registrations.iter().map(|it| it.session).collect();
    for session in tallied {
        held.lock(Row::Tally(session)).await?;
    }
    for shown in &changes.shown {
        held.lock(Row::Shown(shown.id)).await?;
    }
    for remembered in &changes.remembered {
        held.lock(Row::Answer(remembered.key.clone())).await?;
        let is_answered = store.read(|kept| kept.world.remembered.contains_key(&remembered.key));
        let is_ours = before.iter().flat_map(|it| &it.remembered).any(|it| it.key == remembered.key);
        if is_answered || is_ours {
            return Err(StoreError::Conflict("this request is answered already".into()));
        }
    }
    for (person, _) in &changes.feeds {
        held.lock(Row::Feed(*person)).await?;
    }
    for (kind, subject) in changes.timers.keys() {
        held.lock(Row::Timer(*kind, *subject)).await?;
    }
    if let Some(first) = changes.entries.first() {
        held.lock(Row::Head).await?;
        let last = before.iter().rev().find_map(|it| it.entries.last()).map(|entry| entry.at);
        let last = last.or_else(|| store.read(|kept| kept.entries.last().map(|entry| entry.at)));
        compared(journal::follows(last, first.at))?;
    }
    let ours: usize = before.iter().chain([changes]).map(|it| it.entries.len()).sum();
    Ok(store.read(|kept| kept.entries.len() + ours) as u64)
}

/// Refuses changes that would write what was not locked. A session that is new was nobody's.
fn covers(held: &Held, changes: &Changes) -> Result<(), StoreError> {
    let is_held = |session: &SessionId| held.sessions.contains_key(session);
    let is_new = |session: &SessionId| changes.sessions.iter().any(|it| it.id == *session);
    let ledgers = changes.ledgers.iter().map(|ledger| ledger.session).filter(|it| !is_held(it));
    let registrations = changes.registrations.iter().map(|it| it.session);
    let mut unheld = ledgers.chain(registrations.filter(|it| !is_held(it) && !is_new(it)));
    unheld.next().map_or(Ok(()), |session| Err(StoreError::NotHeld(session)))
}

/// Sessions of which a row is written.
pub(super) fn written_sessions(changes: &Changes) -> impl Iterator<Item = SessionId> {
    let whole = changes.sessions.iter().map(|session| session.id);
    whole.chain(changes.ledgers.iter().map(|ledger| ledger.session))
}

/// A session is written by whoever saw it as it is; one that is new was seen by nobody.
fn compare_session(
    store: &ReadCommitted,
    held: &Held,
    before: &[Changes],
    session: SessionId,
) -> Result<(), StoreError> {
    let ours = before.iter().flat_map(written_sessions).filter(|it| *it == session).count() as u64;
    let is_new = !store.read(|kept| kept.world.sessions.contains_key(&session)) && ours == 0;
    let seen = held.sessions.get(&session).copied();
    compared(is_new || seen == Some(store.revision(session) + ours))
}

fn compared(is_as_it_was_read: bool) -> Result<(), StoreError> {
    if is_as_it_was_read || planted::is_unguarded() {
        return Ok(());
    }
    Err(StoreError::Conflict("a row was not as it had been read".into()))
}

/// Registrations are found by the start of their session, so they move with it.
async fn move_registrations(
    store: &ReadCommitted,
    held: &mut Held,
    session: &Session,
) -> Result<(), StoreError> {
    let moved = store.read(|kept| {
        let known = kept.world.sessions.get(&session.id);
        let is_moved = known.is_some_and(|known| known.starts_at() != session.starts_at());
        let theirs = kept.world.registrations.of_session(session.id).filter(|_| is_moved);
        theirs.map(|it| it.id).collect::<Vec<_>>()
    });
    for id in moved {
        held.lock(Row::Registration(id)).await?;
    }
    Ok(())
}

/// The constraint that the database has; `open` is written as it is worked out.
fn adds_up(seats: Seats) -> Result<(), StoreError> {
    let sum = u64::from(seats.confirmed)
        + u64::from(seats.held)
        + u64::from(seats.offered)
        + u64::from(seats.reserved)
        + u64::from(seats.open());
    if sum == u64::from(seats.capacity) {
        Ok(())
    } else {
        Err(StoreError::Failed("violates check constraint five_numbers".into()))
    }
}

/// The unique index that the database has, on what was committed and on what this transaction has saved.
fn one_live(
    store: &ReadCommitted,
    before: &[Changes],
    registration: &Registration,
) -> Result<(), StoreError> {
    let is_other = |known: &Registration| {
        let same = (known.learner, known.session) == (registration.learner, registration.session);
        same && known.id != registration.id && known.status.is_live()
    };
    let committed = store.read(|kept| {
        let known = kept.world.registrations.live(registration.learner, registration.session);
        known.filter(|known| is_other(known)).map(|known| known.id)
    });
    let ended = |id| before.iter().flat_map(|it| &it.registrations).rfind(|it| it.id == id);
    let is_live = committed.is_some_and(|id| ended(id).is_none_or(|it| it.status.is_live()));
    let is_ours = before.iter().flat_map(|it| &it.registrations).any(is_other);
    if is_live || is_ours {
        return Err(StoreError::Conflict("violates unique index registration_live".into()));
    }
    Ok(())
}
