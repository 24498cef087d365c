//! What counts of what people completed elsewhere: course 1 requires course 2, for which course 3 counts as well.

use std::collections::BTreeSet;
use std::sync::Arc;

use ilt_core::catalog::{Completion, Course, Person, Place, Role};
use ilt_core::desk::{Command, Key, OnFull, Refusal, RefusedOne, Reply, SessionPlan};
use ilt_core::fault::Fault as _;
use ilt_core::ids::{CourseId, PersonId, RegistrationId, SessionId};
use ilt_core::journal::{Actor, Event};
use ilt_core::ports::{Doubt, Elsewhere, Journal as _, NoRules};
use ilt_core::prerequisite::{Missing, Why};
use ilt_core::testing::plans::{course, dealer, id, in_role, location, now, published};
use ilt_core::testing::{Academy, CountingIds, FixedClock, MemoryStore};
use jiff::{SignedDuration, Timestamp, civil};
use rstest::rstest;
use uuid::Uuid;

use crate::engine::{Engine, Ports, Settings, Trouble};

const ADA: PersonId = PersonId(Uuid::from_u128(11));
const BEN: PersonId = PersonId(Uuid::from_u128(12));
const MIA: PersonId = PersonId(Uuid::from_u128(13));
/// Leads nobody.
const EVE: PersonId = PersonId(Uuid::from_u128(14));
const ADVANCED: SessionId = SessionId(Uuid::from_u128(101));
const ALSO_ADVANCED: SessionId = SessionId(Uuid::from_u128(102));
/// Of course 4, for which nothing has to be completed first.
const OPEN_TO_ALL: SessionId = SessionId(Uuid::from_u128(103));

struct House {
    engine: Engine,
    store: MemoryStore,
    academy: Academy,
}

fn days_ago(days: i64) -> Timestamp {
    now() - SignedDuration::from_hours(24 * days)
}

fn of(number: u32) -> CourseId {
    CourseId(id(number))
}

fn completed(person: PersonId, number: u32, completed_at: Timestamp) -> Elsewhere {
    let completion = Completion { person, course: of(number), completed_at };
    Elsewhere { completed: [completion].into(), unknown: BTreeSet::new() }
}

fn unknown(doubts: &[Doubt]) -> Elsewhere {
    Elsewhere { completed: BTreeSet::new(), unknown: doubts.iter().copied().collect() }
}

impl House {
    async fn new() -> Self {
        let (store, academy) = (MemoryStore::new(), Academy::default());
        let ports = Ports {
            store: Arc::new(store.clone()),
            journal: Arc::new(store.clone()),
            timers: Arc::new(store.clone()),
            reads: Arc::new(store.clone()),
            clock: Arc::new(FixedClock::at(now())),
            ids: Arc::new(CountingIds::default()),
            rules: Arc::new(NoRules),
            evidence: Arc::new(academy.clone()),
        };
        let (engine, desks) = Engine::assemble(ports, Settings::default()).await.expect("an engine");
        for desk in desks {
            tokio::spawn(desk.run());
        }
        let house = Self { engine, store, academy };
        let place = Place { lat: 50.94, lon: 6.96 };
        let basics =
            Course { equivalents: vec![of(3)], validity_months: Some(12), ..course(2, "Basics", None, &[]) };
        let advanced = Course { prerequisites: vec![of(2)], ..course(1, "Advanced", None, &[]) };
        let led = |person| Person { manager: Some(MIA), ..in_role(person, Role::Learner) };
        let on = |session: SessionId, number: u32, day: i8| SessionPlan {
            course: of(number),
            ..published(session, civil::date(2027, 4, day).at(9, 0, 0, 0), 2)
        };
        for command in [
            Command::SaveDealers(vec![dealer(place)]),
            Command::SaveLocations(vec![location(1, "Köln", place)]),
            Command::SaveCourses(vec![
                basics,
                course(3, "Old basics", None, &[]),
                course(4, "Fire", None, &[]),
            ]),
            Command::SaveCourses(vec![advanced]),
            Command::SavePeople(vec![
                in_role(MIA, Role::Manager),
                in_role(EVE, Role::Manager),
                led(ADA),
                led(BEN),
            ]),
            Command::SaveSessions {
                plans: vec![on(ADVANCED, 1, 5), on(ALSO_ADVANCED, 1, 12), on(OPEN_TO_ALL, 4, 19)],
                historic: false,
            },
        ] {
            let said = house.engine.ask(Actor::import(), command, None, Uuid::nil()).await;
            said.expect("the house is founded");
        }
        crate::engine::feed::catch_up(&house.engine).await.expect("the catalogue is current");
        house
    }

    async fn ask(&self, actor: PersonId, command: Command, key: Option<&str>) -> Result<Reply, Refusal> {
        let key = key.map(|key| (Key { person: actor, key: key.to_owned() }, "digest".to_owned()));
        match self.engine.ask(Actor::Person(actor), command, key, Uuid::nil()).await {
            Ok(reply) => Ok(reply),
            Err(Trouble::Refused(refusal)) => Err(refusal),
            Err(trouble) => panic!("{trouble}"),
        }
    }

    async fn register(&self, key: Option<&str>) -> Result<Reply, Refusal> {
        self.ask(ADA, register(ADA, ADVANCED), key).await
    }

    async fn seat_of(&self, learner: PersonId) -> RegistrationId {
        let entries = self.store.after(0, 1_000).await.expect("the journal");
        entries
            .iter()
            .filter(|it| it.learner == Some(learner))
            .find_map(|it| it.registration)
            .expect("a seat")
    }

    async fn recorded(&self) -> Vec<(Actor, Vec<Completion>)> {
        let entries = self.store.after(0, 1_000).await.expect("the journal");
        let of = |event| if let Event::CompletionsRecorded(all) = event { Some(all) } else { None };
        entries.into_iter().filter_map(|entry| Some((entry.actor, of(entry.event)?))).collect()
    }
}

fn register(learner: PersonId, session: SessionId) -> Command {
    Command::Register { session, learner, on_full: OnFull::Alternatives, automatic: false, reason: None }
}

fn why(refusal: &Refusal) -> Vec<Why> {
    let Refusal::PrerequisitesMissing { missing } = refusal else { panic!("{refusal}") };
    missing.iter().map(|one| one.why).collect()
}

#[rstest]
#[case::the_course_itself(2)]
#[case::one_that_counts_as_it(3)]
#[tokio::test]
async fn what_was_completed_elsewhere_is_recorded_and_counts_from_then_on(#[case] number: u32) {
    let house = House::new().await;
    house.academy.says(completed(ADA, number, days_ago(30)));
    house.register(None).await.expect("a seat");
    let completion = Completion { person: ADA, course: of(number), completed_at: days_ago(30) };
    assert_eq!(house.recorded().await, [(Actor::system("evidence"), vec![completion])]);
    house.ask(ADA, register(ADA, ALSO_ADVANCED), None).await.expect("another seat");
    assert_eq!(
        house.academy.asked(),
        [BTreeSet::from([(ADA, of(2)), (ADA, of(3))])],
        "asked once, about what would do"
    );
}

#[tokio::test]
async fn a_no_is_a_no_and_is_heard_again_under_its_key() {
    let house = House::new().await;
    let refusal = house.register(Some("a")).await.expect_err("never completed");
    assert_eq!((why(&refusal), refusal.code()), (vec![Why::NeverCompleted], "prerequisites-missing"));
    house.academy.says(completed(ADA, 2, days_ago(30)));
    assert_eq!(house.register(Some("a")).await, Err(refusal));
    assert_eq!(house.academy.asked().len(), 1, "nobody is asked again about what was answered");
    house.register(Some("b")).await.expect("a seat");
}

#[tokio::test]
async fn what_cannot_be_found_out_is_no_no_and_the_same_request_can_be_made_again() {
    let house = House::new().await;
    house.academy.says(unknown(&[(ADA, of(2)), (ADA, of(3))]));
    let refusal = house.register(Some("a")).await.expect_err("unknown");
    assert_eq!((why(&refusal), refusal.code()), (vec![Why::Unknown], "prerequisites-unknown"));
    assert!(refusal.to_string().contains("could not be found out just now: please try again"), "{refusal}");
    house.academy.says(completed(ADA, 2, days_ago(30)));
    house.register(Some("a")).await.expect("a seat");
}

#[rstest]
#[case::too_long_ago(days_ago(400), Why::Expired { at: days_ago(400).to_zoned(jiff::tz::TimeZone::UTC).saturating_add(jiff::Span::new().months(12)).timestamp() })]
#[case::in_the_future(days_ago(-1), Why::Unknown)]
#[case::before_anybody_was_born(Timestamp::MIN, Why::Unknown)]
#[tokio::test]
async fn what_was_completed_at_another_time(#[case] at: Timestamp, #[case] expected: Why) {
    let house = House::new().await;
    house.academy.says(completed(ADA, 2, at));
    assert_eq!(why(&house.register(None).await.expect_err("it does not count")), [expected]);
}

#[tokio::test]
async fn what_nobody_asked_about_is_not_recorded() {
    let house = House::new().await;
    house.academy.says(completed(BEN, 2, days_ago(30)));
    assert_eq!(why(&house.register(None).await.expect_err("Ben's is not Ada's")), [Why::NeverCompleted]);
    assert_eq!(house.recorded().await, []);
}

#[tokio::test]
async fn nobody_is_asked_about_whoever_lacks_nothing_or_may_not_be_registered() {
    let house = House::new().await;
    house.ask(ADA, register(ADA, OPEN_TO_ALL), None).await.expect("a seat");
    let foreign = house.ask(EVE, register(ADA, ADVANCED), None).await.expect_err("Eve does not lead Ada");
    assert!(!matches!(foreign, Refusal::PrerequisitesMissing { .. }), "{foreign}");
    assert_eq!(house.academy.asked(), []);
}

#[tokio::test]
async fn a_group_is_asked_about_at_once() {
    let house = House::new().await;
    let all = || Command::RegisterGroup {
        session: ADVANCED,
        learners: vec![ADA, BEN],
        on_full: OnFull::Alternatives,
        automatic: false,
    };
    house.academy.says(Elsewhere { unknown: [(BEN, of(2))].into(), ..completed(ADA, 2, days_ago(30)) });
    let refusal = house.ask(MIA, all(), Some("a")).await.expect_err("nothing is known of Ben");
    let missing = Missing { course: of(2), title: "Basics".to_owned(), why: Why::Unknown };
    let why = Box::new(Refusal::PrerequisitesMissing { missing: vec![missing] });
    assert_eq!(refusal, Refusal::GroupRefused { refused: vec![RefusedOne { learner: BEN, why }] });
    let doubts = [(ADA, of(2)), (ADA, of(3)), (BEN, of(2)), (BEN, of(3))];
    assert_eq!(house.academy.asked(), [BTreeSet::from(doubts)]);
    house.academy.says(completed(BEN, 3, days_ago(30)));
    house.ask(MIA, all(), Some("a")).await.expect("seats for both");
}

#[tokio::test]
async fn what_is_required_while_somebody_is_asked_is_asked_about_too() {
    let house = House::new().await;
    let more = Course { prerequisites: vec![of(2), of(4)], ..course(1, "Advanced", None, &[]) };
    house.academy.says(Elsewhere {
        completed: [2, 4]
            .map(|number| Completion { person: ADA, course: of(number), completed_at: days_ago(30) })
            .into(),
        unknown: BTreeSet::new(),
    });
    let engine = house.engine.clone();
    house.academy.meanwhile(async move {
        let edit = Command::SaveCourses(vec![more]);
        engine.ask(Actor::import(), edit, None, Uuid::nil()).await.expect("the course is edited");
        crate::engine::feed::catch_up(&engine).await.expect("the catalogue is current");
    });
    house.register(Some("a")).await.expect("she has completed both");
    assert_eq!(
        house.academy.asked(),
        [BTreeSet::from([(ADA, of(2)), (ADA, of(3))]), BTreeSet::from([(ADA, of(4))])]
    );
}

#[rstest]
#[case::moves_to_it(|own| Command::Transfer { registration: own, session: ADVANCED, reason: None })]
#[case::waits_for_it(|own| Command::Swap { registration: own, session: ADVANCED, automatic: false, reason: None })]
#[tokio::test]
async fn whoever_has_a_seat_elsewhere(#[case] then: fn(RegistrationId) -> Command) {
    let house = House::new().await;
    house.ask(ADA, register(ADA, OPEN_TO_ALL), None).await.expect("a seat");
    let own = house.seat_of(ADA).await;
    assert_eq!(why(&house.ask(ADA, then(own), None).await.expect_err("not yet")), [Why::NeverCompleted]);
    house.academy.says(completed(ADA, 2, days_ago(30)));
    house.ask(ADA, then(own), None).await.expect("it counts");
}

#[tokio::test]
async fn whoever_comes_instead_of_another() {
    let house = House::new().await;
    house.academy.says(completed(ADA, 2, days_ago(30)));
    house.register(None).await.expect("a seat");
    let registration = house.seat_of(ADA).await;
    let instead = || Command::Substitute { registration, learner: BEN, reason: None };
    assert_eq!(why(&house.ask(MIA, instead(), None).await.expect_err("not yet")), [Why::NeverCompleted]);
    house.academy.says(completed(BEN, 2, days_ago(30)));
    house.ask(MIA, instead(), None).await.expect("it counts");
}
