//! What a transaction may write: the rows that it has locked, and those that were not there.

use std::collections::{BTreeMap, BTreeSet};

use ilt_core::desk::Changes;
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::ports::StoreError;

/// What a transaction has locked, and the revisions that it saw.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// Version of what everybody refers to; nothing when it was not looked at.
    pub reference: Option<i64>,
    /// Sessions with their revisions.
    pub sessions: BTreeMap<SessionId, i64>,
    /// People.
    pub people: BTreeSet<PersonId>,
    /// For tests only: what is written need not be as it was read.
    pub uncompared: bool,
}

impl Held {
    /// Nothing yet, with a version of what everybody refers to.
    pub(super) fn with(reference: i64) -> Self {
        Self { reference: Some(reference), ..Self::default() }
    }

    /// Says that these sessions were written once more.
    pub(crate) fn wrote(&mut self, sessions: impl Iterator<Item = SessionId>) {
        for session in sessions {
            *self.sessions.entry(session).or_default() += 1;
        }
    }

    /// Refuses changes that would write what was not locked. A session or person that is new was nobody's.
    pub(crate) fn covers(&self, changes: &Changes) -> Result<(), StoreError> {
        let new: BTreeSet<_> = changes.sessions.iter().map(|session| session.id).collect();
        let is_held = |session: &SessionId| self.sessions.contains_key(session);
        let of_registration = |session: &SessionId| is_held(session) || new.contains(session);
        let ledgers = changes.ledgers.iter().map(|ledger| ledger.session).filter(|it| !is_held(it));
        let registrations = changes.registrations.iter().map(|it| it.session);
        let mut unheld = ledgers.chain(registrations.filter(|it| !of_registration(it)));
        match unheld.next() {
            None => Ok(()),
            Some(session) => Err(StoreError::NotHeld(session)),
        }
    }
}
