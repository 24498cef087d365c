//! What is still to be shown in calendars, what is known to be there, and whose calendars they are.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::calendar::{Concern, Difference, Kept, Link, References, Settled, Showing, Spot};
use crate::ids::{PersonId, SessionId};
use crate::ports::StoreError;

/// The name under which the journal's follower keeps its checkpoint.
pub const CALENDAR: &str = "calendar";

/// A session that somebody looks after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Which.
    pub session: SessionId,
    /// How often it was wanted so far: whoever is done with it is done with so much.
    pub wanted: u64,
    /// Since when it has waited.
    pub since: Timestamp,
    /// How often it has failed since something went well.
    pub attempts: u32,
    /// Until when it is claimed. Whoever comes later than that changes nothing of what is due.
    pub leased_until: Timestamp,
}

/// How much waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Sessions.
    pub count: u64,
    /// Since when the first of them has.
    pub since: Option<Timestamp>,
}

/// A session that differs in a way that is somebody's to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differing {
    /// Which.
    pub session: SessionId,
    /// When it was looked at.
    pub at: Timestamp,
    /// How.
    pub how: Vec<Difference>,
}

/// What calendars are to show, and what is known of them. Sessions that are due are one worker's at a time.
#[async_trait]
pub trait Mirrors: Send + Sync {
    /// Makes due what is concerned, of what is not over at `now` where it is not named; those that are due already stay so, and are
    /// wanted once more. Moves the checkpoint of [`CALENDAR`] to `through` with it, never back. Answers how many are.
    async fn want(&self, concern: &Concern, now: Timestamp, through: Option<u64>) -> Result<u64, StoreError>;

    /// Makes due every published session that is not over at `now`, and every one that something is remembered of and is not over or
    /// will not take place. Answers how many.
    async fn want_all(&self, now: Timestamp) -> Result<u64, StoreError>;

    /// Claims sessions that are due at `now`, those that have waited longest first, at most `limit`, until `leased_until`. Nobody
    /// else gets them before that.
    async fn claim_due(
        &self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due>, StoreError>;

    /// Keeps a claim until a later instant, and answers which that is; nothing when it is somebody else's by now.
    async fn keep_claim(&self, due: &Due, until: Timestamp) -> Result<Option<Timestamp>, StoreError>;

    /// What is remembered of a session.
    async fn remembered(&self, session: SessionId) -> Result<Kept, StoreError>;

    /// How far a session is shown, as one consistent view.
    async fn showing(&self, session: SessionId) -> Result<Showing, StoreError>;

    /// By which names calendars know these sessions and the seats in them.
    async fn references(&self, sessions: &BTreeSet<SessionId>) -> Result<References, StoreError>;

    /// Writes down where something of a session may be from now on.
    async fn foresee(&self, session: SessionId, spots: &BTreeSet<Spot>) -> Result<(), StoreError>;

    /// Remembers what became of a session, instead of what was remembered; it is due no more, unless it was wanted again meanwhile.
    async fn settled(&self, due: &Due, settled: &Settled, at: Timestamp) -> Result<(), StoreError>;

    /// Lets a session wait until an instant, since it failed; `blame` says whether that is its own fault and counts as an attempt. One
    /// that was wanted again meanwhile waits all the same.
    async fn put_off(&self, due: &Due, until: Timestamp, blame: bool) -> Result<(), StoreError>;

    /// How much waits, those that were put off included.
    async fn waiting(&self) -> Result<Waiting, StoreError>;

    /// Sessions that differ and are not over at `now`, at most `limit`, those that were looked at first first.
    async fn differing(&self, now: Timestamp, limit: u32) -> Result<Vec<Differing>, StoreError>;

    /// Links an instructor's calendar, or another one than before.
    async fn link(&self, instructor: PersonId, link: &Link) -> Result<(), StoreError>;

    /// Links an instructor's calendar no more, and forgets what is there. Answers whether one was linked.
    async fn unlink(&self, instructor: PersonId) -> Result<bool, StoreError>;

    /// The calendars that are linked: those of these instructors, or all of them.
    async fn links(&self, of: Option<&BTreeSet<PersonId>>) -> Result<BTreeMap<PersonId, Link>, StoreError>;
}
