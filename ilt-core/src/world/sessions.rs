//! Sessions that are held, and sessions that are only looked at.
//!
//! # Invariants
//! Only a session that is held can be changed. One is held when the transaction that loaded it has locked its row, so that nobody
//! else decides on it at the same time; what is only looked at may be another's a moment later, and there is no way to change it.

use std::collections::BTreeMap;
use std::ops::Index;

use crate::ids::SessionId;
use crate::session::Session;

/// Sessions by id: those that are held, and those that are only looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sessions {
    held: BTreeMap<SessionId, Session>,
    seen: BTreeMap<SessionId, Session>,
}

/// A session that would have to be held, and is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotHeld(pub SessionId);

impl Sessions {
    /// Adds a session that nobody else can decide on, or puts it in the place of what was known of it.
    pub fn hold(&mut self, session: Session) {
        self.seen.remove(&session.id);
        self.held.insert(session.id, session);
    }

    /// Adds a session to look at. One that is held stays as it is.
    pub fn see(&mut self, session: Session) {
        if !self.held.contains_key(&session.id) {
            self.seen.insert(session.id, session);
        }
    }

    /// The session, to be changed.
    ///
    /// # Errors
    /// [`NotHeld`] when it is only looked at, or not known at all.
    pub fn change(&mut self, id: SessionId) -> Result<&mut Session, NotHeld> {
        self.held.get_mut(&id).ok_or(NotHeld(id))
    }

    /// Whether nobody else can decide on it.
    pub fn is_held(&self, id: SessionId) -> bool {
        self.held.contains_key(&id)
    }

    /// The session, as far as it is known.
    pub fn get(&self, id: &SessionId) -> Option<&Session> {
        self.held.get(id).or_else(|| self.seen.get(id))
    }

    /// Whether the session is known.
    pub fn contains_key(&self, id: &SessionId) -> bool {
        self.get(id).is_some()
    }

    /// All of them: those that are held first, each in order of id.
    pub fn values(&self) -> impl Iterator<Item = &Session> {
        self.held.values().chain(self.seen.values())
    }

    /// Those that are held, in order of id.
    pub fn held(&self) -> impl Iterator<Item = &Session> {
        self.held.values()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.held.len() + self.seen.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Keeps those of which `keep` says so.
    pub fn retain(&mut self, keep: impl Fn(&Session) -> bool) {
        self.held.retain(|_, session| keep(session));
        self.seen.retain(|_, session| keep(session));
    }

    /// Takes a session out.
    pub fn remove(&mut self, id: SessionId) -> Option<Session> {
        self.held.remove(&id).or_else(|| self.seen.remove(&id))
    }
}

impl Index<&SessionId> for Sessions {
    type Output = Session;

    fn index(&self, id: &SessionId) -> &Session {
        self.get(id).expect("the session is known")
    }
}

impl FromIterator<Session> for Sessions {
    fn from_iter<I: IntoIterator<Item = Session>>(sessions: I) -> Self {
        let held = sessions.into_iter().map(|session| (session.id, session)).collect();
        Self { held, seen: BTreeMap::new() }
    }
}
