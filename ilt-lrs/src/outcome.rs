//! What becomes of statements.

use std::time::Duration;

use uuid::Uuid;

/// A statement that the record store never takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dead {
    /// Its id.
    pub id: Uuid,
    /// `invalid`, `conflict`, `too_large` or `server_error`.
    pub reason: &'static str,
    /// What the record store answered, when it did.
    pub status: Option<u16>,
    /// The same in its own words, without anybody's name or address; empty when it said nothing.
    pub said: String,
}

/// Why statements could not be settled; all of them are to be sent again.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// Nobody answers, or not in time.
    #[error("the record store cannot be reached")]
    Away(#[source] reqwest::Error),
    /// It does not answer in time to a statement alone, which may be why.
    #[error("the record store does not answer in time")]
    Silent(#[source] reqwest::Error),
    /// Whoever sends may not. Somebody has to mend the credentials.
    #[error("the record store answers {0}: its credentials must be mended")]
    Unauthorised(u16),
    /// Who answers there is no record store, or none that takes statements at this address.
    #[error(
        "the address answers {0} and takes no statements: is it the record store's, without /statements at its end?"
    )]
    Elsewhere(u16),
    /// It finds everything invalid, a plain question too.
    #[error(
        "the record store answers {0} to everything, also to a question: does it know the version that lrs.version says?"
    )]
    NotUnderstood(u16),
    /// Somebody says yes who does not have what was sent.
    #[error(
        "the address answers {0} without saying what it stored, and does not have it when asked: does somebody else answer there, such as a sign-in page?"
    )]
    Unconfirmed(u16),
    /// It wants to be left alone for a while.
    #[error("the record store wants to be left alone")]
    Later(Option<Duration>),
    /// It refuses whatever it is sent, or fails at it.
    #[error("the record store answers {0} to everything")]
    Failing(u16),
    /// The settings make no sense.
    #[error("the record store's settings cannot be used")]
    Settings(#[source] reqwest::Error),
}

impl Trouble {
    /// Whether more statements at once could tell whose fault it is, theirs or the record store's.
    pub const fn wants_more(&self) -> bool {
        matches!(self, Self::Silent(_) | Self::Failing(_))
    }
}
