//! Following the journal, and looking things up in it.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use crate::ids::{PersonId, RegistrationId, SessionId};
use crate::journal::{Actor, Entry};
use crate::ports::StoreError;

/// Which entries somebody wants to see, latest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryQuery {
    /// Only what was done by this one.
    pub actor: Option<Actor>,
    /// Only what happened to this person.
    pub learner: Option<PersonId>,
    /// Only what happened to this session.
    pub session: Option<SessionId>,
    /// Only what happened to this registration.
    pub registration: Option<RegistrationId>,
    /// Only what one request caused.
    pub correlation: Option<Uuid>,
    /// Only what is called so, such as `registration.confirmed`, or by the word before the dot.
    pub what: Option<String>,
    /// Only what happened then or later.
    pub from: Option<Timestamp>,
    /// Only what happened before that.
    pub to: Option<Timestamp>,
    /// Only entries below this number.
    pub before: Option<u64>,
    /// At most so many.
    pub limit: u32,
}

impl EntryQuery {
    /// Whether an entry is one of them, whatever the limit.
    pub fn asks_for(&self, entry: &Entry) -> bool {
        fn is<T: PartialEq>(wanted: Option<&T>, known: Option<&T>) -> bool {
            wanted.is_none_or(|wanted| known == Some(wanted))
        }
        let word = entry.event.word();
        let is_called =
            |what: &String| word == what || word.split_once('.').is_some_and(|(family, _)| family == what);
        is(self.actor.as_ref(), Some(&entry.actor))
            && is(self.learner.as_ref(), entry.learner.as_ref())
            && is(self.session.as_ref(), entry.session.as_ref())
            && is(self.registration.as_ref(), entry.registration.as_ref())
            && is(self.correlation.as_ref(), Some(&entry.correlation))
            && self.what.as_ref().is_none_or(is_called)
            && self.from.is_none_or(|from| entry.at >= from)
            && self.to.is_none_or(|to| entry.at < to)
            && self.before.is_none_or(|before| entry.sequence < before)
    }
}

/// The journal, to be read in commit order.
#[async_trait]
pub trait Journal: Send + Sync {
    /// The entries after number `after`, in order, at most `limit`. An entry whose number is lower than one that was
    /// answered before never appears later.
    async fn after(&self, after: u64, limit: u32) -> Result<Vec<Entry>, StoreError>;

    /// The last number given; 0 when nothing has happened yet.
    async fn head(&self) -> Result<u64, StoreError>;

    /// What happened to one registration, in order.
    async fn of_registration(&self, registration: RegistrationId) -> Result<Vec<Entry>, StoreError>;

    /// The entries that are asked for, latest first.
    async fn find(&self, query: &EntryQuery) -> Result<Vec<Entry>, StoreError>;

    /// How far a follower has come; 0 when it has not begun.
    async fn checkpoint(&self, follower: &str) -> Result<u64, StoreError>;

    /// Records how far a follower has come. It never goes back.
    async fn set_checkpoint(&self, follower: &str, sequence: u64) -> Result<(), StoreError>;
}
