//! What a decision lacked.

use std::collections::BTreeSet;

use crate::ids::SessionId;

/// What must be known beyond what the orders themselves say. [`crate::desk::Ask::also`] asks for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct More {
    /// Sessions that would change, so they must be held.
    pub sessions: BTreeSet<SessionId>,
    /// Sessions that must be held, and whose queue must be known deeper.
    pub queues: BTreeSet<SessionId>,
    /// Sessions that must be held, with everybody who is registered for them.
    pub whole: BTreeSet<SessionId>,
}

impl More {
    pub(super) fn session(session: SessionId) -> Self {
        Self { sessions: BTreeSet::from([session]), ..Self::default() }
    }

    pub(super) fn queue(session: SessionId) -> Self {
        Self { queues: BTreeSet::from([session]), ..Self::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sessions.is_empty() && self.queues.is_empty() && self.whole.is_empty()
    }
}
