//! What the engine answers when it does not answer yes.

use std::time::Duration;

use ilt_core::desk::Refusal;
use ilt_core::fault::{Fault, Kind};
use ilt_core::ports::StoreError;
use serde_json::{Map, Value};

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// A rule said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Too much at once; nothing has happened.
    #[error("too many requests are waiting; try again in {} s", retry_after.as_secs())]
    Busy {
        /// When it may be better.
        retry_after: Duration,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A fault of ours; the log knows more.
    #[error("a decision does not fit the state")]
    Ours,
    /// The engine is stopping; nothing has happened.
    #[error("this host is shutting down")]
    Stopping,
}

impl Trouble {
    /// Too much at once; try again in a second.
    pub(super) const BUSY: Self = Self::Busy { retry_after: Duration::from_secs(1) };
}

impl Fault for Trouble {
    fn kind(&self) -> Kind {
        match self {
            Self::Refused(refusal) => refusal.kind(),
            Self::Store(error) => error.kind(),
            Self::Busy { .. } | Self::Stopping => Kind::Busy,
            Self::Ours => Kind::Broken,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Store(error) => error.code(),
            Self::Busy { .. } | Self::Stopping => "busy",
            Self::Ours => "broken",
        }
    }

    fn facts(&self) -> Map<String, Value> {
        match self {
            Self::Refused(refusal) => refusal.facts(),
            Self::Store(_) | Self::Busy { .. } | Self::Stopping | Self::Ours => Map::new(),
        }
    }
}
