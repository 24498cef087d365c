//! How often the store is asked: a page takes the same number of questions however many lines it has.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use ilt_core::access::Sight;
use ilt_core::catalog::{Grant, Person, Role};
use ilt_core::desk::{Ask, Command, OnFull, SessionPlan};
use ilt_core::ids::{CourseId, DealerId, PersonId, RegistrationId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::ports::{PeopleQuery, Reads, RegistrationQuery, Roster, SeatsOfDealers, StoreError};
use ilt_core::registration::Registration;
use ilt_core::session::Session;
use ilt_core::testing::MemoryStore;
use ilt_core::testing::plans::{in_role, published};
use ilt_core::world::World;
use ilt_engine::config::Limits;
use jiff::Timestamp;
use uuid::Uuid;

use crate::harness::{TestApp, ports};
use crate::town::{BASICS, FIRST, MIA, MUNICH};

/// Reads as always, and counts. Each question is a fixed number of statements.
struct Counting(Arc<MemoryStore>, Arc<AtomicUsize>);

#[async_trait]
impl Reads for Counting {
    async fn people(&self, query: &PeopleQuery) -> Result<Vec<Person>, StoreError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.people(query).await
    }

    async fn by_mail(&self, mail: &str) -> Result<Option<PersonId>, StoreError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.by_mail(mail).await
    }

    async fn look(&self, ask: &Ask) -> Result<World, StoreError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.look(ask).await
    }

    async fn catalogue(&self, now: Timestamp) -> Result<(World, u64), StoreError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.catalogue(now).await
    }

    async fn sessions(&self, ids: &[SessionId]) -> Result<Vec<Session>, StoreError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.sessions(ids).await
    }

    async fn registrations(
        &self,
        query: &RegistrationQuery,
    ) -> Result<Vec<(Registration, Session, Option<u32>)>, StoreError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.registrations(query).await
    }

    async fn registration(
        &self,
        id: RegistrationId,
    ) -> Result<Option<(Registration, Option<u32>)>, StoreError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.registration(id).await
    }

    async fn roster(&self, session: SessionId, sight: &Sight) -> Result<Option<Roster>, StoreError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.roster(session, sight).await
    }

    async fn placed_from_queues(
        &self,
        course: CourseId,
        over_at: Timestamp,
        limit: u32,
    ) -> Result<Vec<u32>, StoreError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.placed_from_queues(course, over_at, limit).await
    }

    async fn queues_beside_seats(&self, now: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.queues_beside_seats(now, limit).await
    }

    async fn seats_of_dealers(
        &self,
        dealers: &[DealerId],
        now: Timestamp,
    ) -> Result<SeatsOfDealers, StoreError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.seats_of_dealers(dealers, now).await
    }

    async fn differing_ledgers(&self, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.differing_ledgers(limit).await
    }

    async fn feed_owner(&self, digest: &str) -> Result<Option<PersonId>, StoreError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.feed_owner(digest).await
    }
}

const TEAM: u128 = 200;

fn member(number: u128) -> PersonId {
    PersonId(Uuid::from_u128((9 << 64) + number))
}

fn class(number: u128) -> SessionId {
    SessionId(Uuid::from_u128((8 << 64) + number))
}

/// Mia leads two hundred people; each is registered for a class of their own, taught by somebody else.
async fn lead(app: &TestApp) {
    let dealer = Some(FIRST.parse().expect("an id"));
    let person = |id, role: Role, manager| {
        let roles = vec![Grant { role, dealer: dealer.filter(|_| role.is_at_a_dealer()) }];
        Person { dealer, roles, manager, ..in_role(id, role) }
    };
    let teacher = |number| member(10_000 + number);
    let mia = Some(MIA.parse().expect("an id"));
    let learners = (0..TEAM).map(|number| person(member(number), Role::Learner, mia));
    let teachers = (0..TEAM).map(|number| person(teacher(number), Role::Instructor, None));
    let people = learners.chain(teachers).collect();
    let plan = |number| SessionPlan {
        course: BASICS.parse().expect("an id"),
        location: MUNICH.parse().expect("an id"),
        instructors: vec![teacher(number)],
        ..published(class(number), jiff::civil::date(2027, 5, 3).at(9, 0, 0, 0), 5)
    };
    let plans = (0..TEAM).map(plan).collect();
    let register = |number| Command::Register {
        session: class(number),
        learner: member(number),
        on_full: OnFull::Alternatives,
        automatic: false,
        reason: None,
    };
    let founding = [Command::SavePeople(people), Command::SaveSessions { plans, historic: false }];
    for command in founding.into_iter().chain((0..TEAM).map(register)) {
        app.ask(Actor::system("test"), command).await;
    }
    app.settled().await;
}

#[tokio::test]
async fn a_managers_page_of_two_hundred_people_takes_as_many_questions_as_one_of_two() {
    let (store, count) = (Arc::new(MemoryStore::new()), Arc::new(AtomicUsize::new(0)));
    let reads = Arc::new(Counting(store.clone(), count.clone()));
    let app = TestApp::with(
        |clock| ports(store.clone(), store.clone(), store.clone(), reads, clock),
        Limits::default(),
    )
    .await;
    lead(&app).await;
    let mut asked = Vec::new();
    // The first of each is for whatever is kept from then on, such as who asks.
    for (limit, lines) in [(1, 1), (2, 2), (200, 200)] {
        let before = count.load(Ordering::SeqCst);
        let page = app.client(MIA).get(format!("/v1/registrations?limit={limit}")).await.json(200);
        assert_eq!(page["items"].as_array().map(Vec::len), Some(lines));
        asked.push(count.load(Ordering::SeqCst) - before);
    }
    assert_eq!(asked[1], asked[2], "{asked:?}");
    assert!(asked[2] <= 4, "{asked:?}");
}
