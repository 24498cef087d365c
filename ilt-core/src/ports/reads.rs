//! Reading without deciding: pages, rosters, and the catalogue a host starts with.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use crate::access::Sight;
use crate::catalog::Person;
use crate::desk::Ask;
use crate::ids::{CourseId, DealerId, PersonId, RegistrationId, SessionId};
use crate::ports::StoreError;
use crate::registration::Registration;
use crate::session::Session;
use crate::world::World;

/// How many seats people of a dealer have in a session.
pub type SeatsOfDealers = BTreeMap<(DealerId, SessionId), u32>;

/// Where a page ended: the sort value and the id of its last line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor<T> {
    /// The sort value of the last line.
    pub value: T,
    /// Its id.
    pub id: Uuid,
}

/// Which people to list, by name.
#[derive(Debug, Clone)]
pub struct PeopleQuery {
    /// Whose records may be seen.
    pub sight: Sight,
    /// Part of a name or a mail address, in any case, with or without accents.
    pub text: Option<String>,
    /// Only people of this dealer.
    pub dealer: Option<Uuid>,
    /// Where the page before ended: the last name as [`folded`](crate::text::folded).
    pub after: Option<Cursor<String>>,
    /// At most this many.
    pub limit: u32,
}

/// Which registrations to list, by start of their session, earliest first.
#[derive(Debug, Clone)]
pub struct RegistrationQuery {
    /// Whose records may be seen.
    pub sight: Sight,
    /// Only this learner's.
    pub learner: Option<PersonId>,
    /// Only those with one of these status words; empty is all.
    pub statuses: Vec<String>,
    /// Only sessions that start at or after.
    pub from: Option<Timestamp>,
    /// Only sessions that start before.
    pub to: Option<Timestamp>,
    /// Where the page before ended.
    pub after: Option<Cursor<Timestamp>>,
    /// At most this many.
    pub limit: u32,
}

/// One line of a roster, with the place in the queue (from 1) of those who wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterLine {
    /// The registration.
    pub registration: Registration,
    /// The learner.
    pub person: Person,
    /// The place in the queue, counted from 1.
    pub position: Option<u32>,
}

/// Who comes to a session, and its seats at the same moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// The session.
    pub session: Session,
    /// Its live registrations that may be seen: seats by name, then the queue in its order.
    pub lines: Vec<RosterLine>,
}

/// Reading without deciding. What was committed before a call is seen by it.
#[async_trait]
pub trait Reads: Send + Sync {
    /// What [`crate::ports::Work::load`] would load, without locks, as one consistent view.
    async fn look(&self, ask: &Ask) -> Result<World, StoreError>;

    /// Courses, locations, dealers, rules, and every session that ends after `now`, whatever its status, as of the journal
    /// number answered beside them.
    async fn catalogue(&self, now: Timestamp) -> Result<(World, u64), StoreError>;

    /// Sessions by id, in no particular order; those that do not exist are left out.
    async fn sessions(&self, ids: &[SessionId]) -> Result<Vec<Session>, StoreError>;

    /// People, by name.
    async fn people(&self, query: &PeopleQuery) -> Result<Vec<Person>, StoreError>;

    /// Who has exactly this mail address, in small letters; of several who share it one who is still active, and always the same.
    async fn by_mail(&self, mail: &str) -> Result<Option<PersonId>, StoreError>;

    /// Registrations with their place in the queue, by start of their session.
    async fn registrations(
        &self,
        query: &RegistrationQuery,
    ) -> Result<Vec<(Registration, Session, Option<u32>)>, StoreError>;

    /// One registration with its place in the queue.
    async fn registration(
        &self,
        id: RegistrationId,
    ) -> Result<Option<(Registration, Option<u32>)>, StoreError>;

    /// Who comes to a session, as one consistent view; nothing when there is no such session.
    async fn roster(&self, session: SessionId, sight: &Sight) -> Result<Option<Roster>, StoreError>;

    /// Of the last sessions of a course that are over and behind which people waited, `limit` at most, latest first: how many of
    /// those who waited got a seat.
    async fn placed_from_queues(
        &self,
        course: CourseId,
        over_at: Timestamp,
        limit: u32,
    ) -> Result<Vec<u32>, StoreError>;

    /// Published sessions that end after `now` with a seat that somebody who waits could be given, `limit` at most.
    async fn queues_beside_seats(&self, now: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError>;

    /// Seats that the people of these dealers have in sessions that end after `now`, confirmed, held and offered ones, by dealer and
    /// session; nothing where they have none.
    async fn seats_of_dealers(
        &self,
        dealers: &[DealerId],
        now: Timestamp,
    ) -> Result<SeatsOfDealers, StoreError>;

    /// Sessions whose ledger says other seats than their people have, `limit` at most. It counts everybody, so it takes its time.
    async fn differing_ledgers(&self, limit: u32) -> Result<Vec<SessionId>, StoreError>;

    /// Whose secret calendar address has this digest.
    async fn feed_owner(&self, digest: &str) -> Result<Option<PersonId>, StoreError>;
}
