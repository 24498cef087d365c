//! How far the queues of sessions are known.
//!
//! Whoever waits may be known for another reason than their place: because they ask for something, or hold a seat elsewhere. Only
//! a queue that is known from its front tells whose turn it is.

use std::collections::BTreeMap;

use crate::ids::SessionId;
use crate::world::Turn;

/// How far one queue is known from its front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Everybody who waits.
    Whole,
    /// Everybody up to this turn.
    Until(Turn),
}

/// How far each queue is known; nothing of those that are not among them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Queues(BTreeMap<SessionId, Known>);

impl Queues {
    /// Says how far the queue of a session is known.
    pub fn know(&mut self, session: SessionId, known: Known) {
        self.0.insert(session, known);
    }

    /// Whether everybody who comes before `turn`, and whoever has it, is known.
    pub fn reaches(&self, session: SessionId, turn: Turn) -> bool {
        match self.0.get(&session) {
            Some(Known::Whole) => true,
            Some(Known::Until(last)) => turn <= *last,
            None => false,
        }
    }

    /// Whether everybody who waits is known.
    pub fn is_whole(&self, session: SessionId) -> bool {
        self.0.get(&session) == Some(&Known::Whole)
    }
}
