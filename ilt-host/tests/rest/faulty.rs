//! Machinery that fails, and what clients get to see of it: nothing but a code and a trace id.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ilt_core::access::Sight;
use ilt_core::catalog::Person;
use ilt_core::desk::Ask;
use ilt_core::ids::{CourseId, DealerId, PersonId, RegistrationId, SessionId};
use ilt_core::ports::{PeopleQuery, Reads, RegistrationQuery, Roster, SeatsOfDealers, StoreError};
use ilt_core::registration::Registration;
use ilt_core::session::Session;
use ilt_core::testing::MemoryStore;
use ilt_core::world::World;
use ilt_engine::config::Limits;
use jiff::Timestamp;

use crate::harness::{TestApp, ports};
use crate::reply::Reply;
use crate::town::ROOT;

#[derive(Clone, Copy)]
enum Fault {
    Away,
    Corrupt,
    Hangs,
    Panics,
}

/// Reads as always, but people cannot be listed.
struct Faulty(Arc<MemoryStore>, Fault);

#[async_trait]
impl Reads for Faulty {
    async fn people(&self, _query: &PeopleQuery) -> Result<Vec<Person>, StoreError> {
        match self.1 {
            Fault::Away => Err(StoreError::Away("connection refused: 10.1.2.3".into())),
            Fault::Corrupt => Err(StoreError::Corrupt("person 7 has the zone Mars/Olympus".to_owned())),
            Fault::Hangs => std::future::pending().await,
            Fault::Panics => panic!("this one is meant to panic"),
        }
    }

    async fn by_mail(&self, mail: &str) -> Result<Option<PersonId>, StoreError> {
        self.0.by_mail(mail).await
    }

    async fn look(&self, ask: &Ask) -> Result<World, StoreError> {
        self.0.look(ask).await
    }

    async fn catalogue(&self, now: Timestamp) -> Result<(World, u64), StoreError> {
        self.0.catalogue(now).await
    }

    async fn sessions(&self, ids: &[SessionId]) -> Result<Vec<Session>, StoreError> {
        self.0.sessions(ids).await
    }

    async fn registrations(
        &self,
        query: &RegistrationQuery,
    ) -> Result<Vec<(Registration, Session, Option<u32>)>, StoreError> {
        self.0.registrations(query).await
    }

    async fn registration(
        &self,
        id: RegistrationId,
    ) -> Result<Option<(Registration, Option<u32>)>, StoreError> {
        self.0.registration(id).await
    }

    async fn roster(&self, session: SessionId, sight: &Sight) -> Result<Option<Roster>, StoreError> {
        self.0.roster(session, sight).await
    }

    async fn placed_from_queues(
        &self,
        course: CourseId,
        over_at: Timestamp,
        limit: u32,
    ) -> Result<Vec<u32>, StoreError> {
        self.0.placed_from_queues(course, over_at, limit).await
    }

    async fn queues_beside_seats(&self, now: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.0.queues_beside_seats(now, limit).await
    }

    async fn seats_of_dealers(
        &self,
        dealers: &[DealerId],
        now: Timestamp,
    ) -> Result<SeatsOfDealers, StoreError> {
        self.0.seats_of_dealers(dealers, now).await
    }

    async fn differing_ledgers(&self, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.0.differing_ledgers(limit).await
    }

    async fn feed_owner(&self, digest: &str) -> Result<Option<PersonId>, StoreError> {
        self.0.feed_owner(digest).await
    }
}

async fn people_with(fault: Fault) -> Reply {
    let store = Arc::new(MemoryStore::new());
    let reads = Arc::new(Faulty(store.clone(), fault));
    let limits = Limits { request: Duration::from_millis(50), ..Limits::default() };
    let app = TestApp::with(|clock| ports(store.clone(), store.clone(), store, reads, clock), limits).await;
    app.client(ROOT).get("/v1/people").await
}

#[tokio::test]
async fn a_database_that_is_away_is_busy() {
    insta::assert_snapshot!(people_with(Fault::Away).await, @r#"
    503
    content-type: application/problem+json
    retry-after: 1
    cache-control: no-store

    {
      "code": "busy",
      "detail": "too much is going on just now; nothing is lost",
      "status": 503,
      "title": "Try again shortly",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/busy"
    }
    "#);
}

#[tokio::test]
async fn a_row_that_makes_no_sense_is_broken_and_says_nothing_more() {
    insta::assert_snapshot!(people_with(Fault::Corrupt).await, @r#"
    500
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "broken",
      "status": 500,
      "title": "Something broke on our side",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/broken"
    }
    "#);
}

#[tokio::test]
async fn a_panic_is_broken() {
    insta::assert_snapshot!(people_with(Fault::Panics).await, @r#"
    500
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "broken",
      "status": 500,
      "title": "Something broke on our side",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/broken"
    }
    "#);
}

#[tokio::test]
async fn what_takes_too_long_is_busy() {
    insta::assert_snapshot!(people_with(Fault::Hangs).await, @r#"
    503
    content-type: application/problem+json
    retry-after: 1
    cache-control: no-store

    {
      "code": "busy",
      "detail": "it took too long",
      "status": 503,
      "title": "Try again shortly",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/busy"
    }
    "#);
}
