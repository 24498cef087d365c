//! Sessions that another system schedules: planned by the same rules, each once; what is wrong, wild or put back for others changes
//! nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use ilt_core::catalog::{Person, Role};
use ilt_core::desk::Command;
use ilt_core::ids::{LocationId, PersonId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::ports::{Clock as _, Reads as _, Store, StoreError, Work};
use ilt_core::statement::Topic;
use ilt_core::testing::plans::{id, in_role};
use ilt_engine::consumers::failures::Failures;
use ilt_engine::consumers::others::Others;
use ilt_engine::consumers::sessions::Sessions;
use ilt_engine::followers::Followers;
use ilt_engine::open::ports_on;
use ilt_engine::system::SystemClock;
use ilt_engine::{Engine, Ports, Settings};
use ilt_kafka::Publisher;
use ilt_kafka::consume::{Handler as _, Record};
use ilt_kafka::testing::{everything, send, settings, shared};
use ilt_store::testing::{Database, postgres, sqlite};
use ilt_store::{Options, SqlStore};
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{take, until};
use crate::served::{found, session};

pub const SCHEDULED: &str = "nlj.training.scheduled.scheduled.v1";
const RESCHEDULED: &str = "nlj.training.scheduled.rescheduled.v1";

/// A session as the customer's platform tells of it.
pub fn scheduled(session: SessionId, extensions: &Value) -> String {
    let named =
        |(name, value): (&String, &Value)| (format!("http://nlj.platform/extensions/{name}"), value.clone());
    let extensions: BTreeMap<_, _> = extensions.as_object().expect("an object").iter().map(named).collect();
    json!({
        "actor": {"name": "ina@dealer.example", "mbox": "mailto:ina@dealer.example"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/scheduled", "display": {"en": "scheduled"}},
        "object": {"id": session.to_string(), "definition": {"name": {"en": "High voltage"}}},
        "context": {"extensions": extensions},
        "timestamp": "2027-01-15T10:00:00Z",
    })
    .to_string()
}

fn sessions(engine: &Engine, store: &SqlStore, source: &str, group: String) -> Sessions {
    let (engine, source, told) = (engine.clone(), source.to_owned(), Arc::new(store.clone()));
    let extension_base = "http://nlj.platform/extensions".to_owned();
    let (failures, others) = (Failures::default(), Others::default());
    Sessions { engine, source, told, extension_base, group, failures, others }
}

pub async fn planning(database: &Database, kafka: &ilt_kafka::Settings) -> (SqlStore, Engine, Followers) {
    let store = database.store(Options::default()).await;
    found(&ports_on(store.clone()), 3, &[5]).await;
    let engine = Engine::start(ports_on(store.clone()), Settings::default()).await.expect("it starts");
    let group = format!("{}-sessions", kafka.topics.prefix);
    let handler = Arc::new(sessions(&engine, &store, &kafka.source, group));
    let topics = vec![kafka.topics.name(Topic::Scheduled)];
    let taking = take(kafka, "sessions", topics, handler);
    (store, engine, taking)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_system_schedules_is_planned_by_the_same_rules() {
    let Some(brokers) = shared() else { return };
    for (number, database) in [Some(sqlite()), postgres("planned")].into_iter().flatten().enumerate() {
        let kafka = settings(&brokers, &format!("planned-{number}"));
        let (topic, dlq) = (kafka.topics.name(Topic::Scheduled), kafka.topics.dead(Topic::Scheduled));
        Publisher::new(kafka.clone()).publish(&[]).await.expect("topics are made");
        let (store, engine, taking) = planning(&database, &kafka).await;
        let planned = async |id: SessionId| store.sessions(&[id]).await.expect("read").pop();
        let year = SystemClock.now().to_zoned(jiff::tz::TimeZone::UTC).year() + 1;
        let time = |rest: &str| format!("{year}-{rest}");
        let plan = json!({"capacity": 20, "location": "Training centre Köln", "scheduled_time": time("06-15T07:00:00Z"), "duration": "PT3H", "room": "2.04"});
        let event = |id: &'static str, kind: &'static str| {
            [("ce_id", id), ("ce_source", "http://platform.example"), ("ce_type", kind)]
        };

        // Planned, and told of once more; then moved, by the wall clock of its location.
        let first = scheduled(session(50), &plan);
        send(&brokers, &topic, "50", &first, &event("a", SCHEDULED)).await;
        until("planned", async || planned(session(50)).await.is_some()).await;
        let found = planned(session(50)).await.expect("planned");
        assert_eq!((found.seats.capacity, found.status.word(), found.parts.len()), (20, "published", 1));
        assert_eq!(
            (found.starts_at().to_string(), found.parts[0].room.as_str()),
            (time("06-15T07:00:00Z"), "2.04")
        );
        assert_eq!(found.location, LocationId(id(1)));
        let mut moved = plan.clone();
        moved["scheduled_time"] = time("06-16T09:00").into();
        send(&brokers, &topic, "50", &scheduled(session(50), &moved), &event("b", RESCHEDULED)).await;
        send(&brokers, &topic, "50", &first, &event("a", SCHEDULED)).await;
        let is_moved = async || {
            planned(session(50)).await.is_some_and(|it| it.starts_at().to_string() == time("06-16T07:00:00Z"))
        };
        until("moved", is_moved).await;

        // What is ours, unknown, wrong, or another under a known id does not stop what comes after.
        send(
            &brokers,
            &topic,
            "51",
            &scheduled(session(51), &plan),
            &[("ce_source", &kafka.source), ("ce_type", SCHEDULED)],
        )
        .await;
        send(&brokers, &topic, "51", "{}", &event("c", "nlj.training.scheduled.imagined.v1")).await;
        send(&brokers, &topic, "51", "no JSON", &event("d", SCHEDULED)).await;
        send(
            &brokers,
            &topic,
            "51",
            &scheduled(session(51), &json!({"capacity": -1, "location": "Atlantis"})),
            &event("e", SCHEDULED),
        )
        .await;
        send(&brokers, &topic, "51", &scheduled(session(51), &plan), &event("a", SCHEDULED)).await;
        let past = json!({"capacity": 5, "location": "Training centre Köln", "scheduled_time": "2020-06-15T07:00:00Z"});
        send(&brokers, &topic, "51", &scheduled(session(51), &past), &event("f", SCHEDULED)).await;
        send(&brokers, &topic, "52", &scheduled(session(52), &plan), &event("g", SCHEDULED)).await;
        until("planned", async || planned(session(52)).await.is_some()).await;
        until("buried", async || everything(&brokers, &dlq).len() >= 4).await;
        assert!(planned(session(51)).await.is_none());
        let letters = everything(&brokers, &dlq);
        let reasons: BTreeMap<_, _> = letters
            .iter()
            .map(|it| (it.header("ce_id"), (it.header("dlq.reason"), it.header("dlq.error"))))
            .collect();
        assert_eq!(reasons.keys().copied().collect::<Vec<_>>(), ["a", "d", "e", "f"]);
        assert_eq!((reasons["a"].0, reasons["d"].0), ("conflict", "undecodable"));
        assert_eq!(
            reasons["e"],
            (
                "invalid",
                "the extension location must be the name or the UUID of a known one; the extension capacity must be a number of seats; the extension scheduled_time must be an instant such as 2027-03-15T08:00:00Z or a wall clock such as 2027-03-15T09:00"
            )
        );
        assert!(reasons["f"].1.starts_with("invalid-request: /parts"), "{:?}", reasons["f"]);

        // Called off, as the plan's verb says.
        let off = scheduled(session(52), &json!({"reason": "the trainer is ill"}))
            .replace("http://adlnet.gov/expapi/verbs/scheduled", "http://activitystrea.ms/cancel");
        send(&brokers, &topic, "52", &off, &[]).await;
        until("called off", async || {
            planned(session(52)).await.is_some_and(|it| it.status.word() == "cancelled")
        })
        .await;
        // What was told of first is not done again.
        assert_eq!(
            planned(session(50)).await.expect("planned").starts_at().to_string(),
            time("06-16T07:00:00Z")
        );
        taking.stop().await;
        engine.stop().await;
    }
}

/// What PostgreSQL cannot keep is buried with a reason, and not tried for ever.
#[tokio::test(flavor = "multi_thread")]
async fn what_no_database_can_keep_is_in_nobodys_way() {
    let Some(brokers) = shared() else { return };
    for (number, database) in [Some(sqlite()), postgres("wild")].into_iter().flatten().enumerate() {
        let kafka = settings(&brokers, &format!("wild-{number}"));
        let (topic, dlq) = (kafka.topics.name(Topic::Scheduled), kafka.topics.dead(Topic::Scheduled));
        Publisher::new(kafka.clone()).publish(&[]).await.expect("topics are made");
        let (store, engine, taking) = planning(&database, &kafka).await;
        let year = SystemClock.now().to_zoned(jiff::tz::TimeZone::UTC).year() + 1;
        let mut plan = json!({"capacity": 20, "location": "Training centre Köln", "scheduled_time": format!("{year}-06-15T07:00:00Z"), "duration": "PT3H"});
        let sound = scheduled(session(50), &plan);
        let sent = async |id: &str, value: &str| {
            send(&brokers, &topic, "50", value, &[("ce_id", id), ("ce_type", SCHEDULED)]).await;
        };
        sent("an\0id", &sound).await;
        sent(&"1".repeat(201), &sound).await;
        let off =
            scheduled(session(50), &json!({"reason": "ill\0"})).replace("verbs/scheduled", "verbs/cancelled");
        send(&brokers, &topic, "50", &off, &[]).await;
        plan["room"] = "\0".into();
        sent("room", &scheduled(session(50), &plan)).await;
        let taught = r#""context":{"instructor":{"mbox":"mailto:a\u0000@dealer.example"},"#;
        sent("mail", &sound.replace(r#""context":{"#, taught)).await;
        sent("sound", &sound).await;
        until("planned", async || store.sessions(&[session(50)]).await.expect("read").pop().is_some()).await;
        taking.stop().await;
        engine.stop().await;
        let letters = everything(&brokers, &dlq);
        let said: Vec<_> =
            letters.iter().map(|it| (it.header("dlq.reason"), it.header("dlq.error"))).collect();
        let expected = [
            "ce_id must be 1 to 200 visible characters",
            "ce_id must be 1 to 200 visible characters",
            "the extension reason must be without control characters",
            "the extension room must be without control characters",
            "/context/instructor/mbox must be without control characters",
        ];
        assert_eq!(said, expected.map(|error| ("invalid", error)));
    }
}

/// Whoever teaches is found by the whole address, however many are called something like it.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_teaches_is_found_by_their_mail_address() {
    let Some(brokers) = shared() else { return };
    for (number, database) in [Some(sqlite()), postgres("taught")].into_iter().flatten().enumerate() {
        let kafka = settings(&brokers, &format!("taught-{number}"));
        Publisher::new(kafka.clone()).publish(&[]).await.expect("topics are made");
        let (store, engine, taking) = planning(&database, &kafka).await;
        let person = |number: u32, role: Role, name: &str, email: String| Person {
            name: name.to_owned(),
            email,
            ..in_role(PersonId(id(number)), role)
        };
        let mut people: Vec<_> = (9_000..9_030)
            .map(|it| person(it, Role::Learner, "a@b.example", format!("{it}a@b.example")))
            .collect();
        people.push(person(9_030, Role::Instructor, "Zoë", "a@b.example".to_owned()));
        let saved = engine.ask(Actor::system("import"), Command::SavePeople(people), None, Uuid::nil());
        saved.await.expect("saved");
        let year = SystemClock.now().to_zoned(jiff::tz::TimeZone::UTC).year() + 1;
        let plan = json!({"capacity": 20, "location": "Training centre Köln", "scheduled_time": format!("{year}-06-15T07:00:00Z"), "duration": "PT3H"});
        let taught = r#""context":{"instructor":{"mbox":"mailto:A@b.example"},"#;
        let taught = scheduled(session(50), &plan).replace(r#""context":{"#, taught);
        send(&brokers, &kafka.topics.name(Topic::Scheduled), "50", &taught, &[("ce_type", SCHEDULED)]).await;
        let planned = async || store.sessions(&[session(50)]).await.expect("read").pop();
        until("planned", async || planned().await.is_some()).await;
        assert_eq!(planned().await.expect("planned").instructors, [PersonId(id(9_030))]);
        taking.stop().await;
        engine.stop().await;
    }
}

/// A database that begins no transaction, for one reason or another.
struct Broken(SqlStore, AtomicBool);

#[async_trait]
impl Store for Broken {
    async fn begin(&self) -> Result<Box<dyn Work>, StoreError> {
        if self.1.load(Ordering::SeqCst) {
            return Err(StoreError::Away("nobody is there".into()));
        }
        Err(StoreError::Failed("invalid byte sequence".into()))
    }

    async fn forget_answers(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.0.forget_answers(before, limit).await
    }
}

/// A record at which we fail is given up after a while, one that comes while the database is away never is.
#[tokio::test]
async fn a_record_at_which_we_fail_again_and_again_is_given_up() {
    let database = sqlite();
    let store = database.store(Options::default()).await;
    found(&ports_on(store.clone()), 1, &[5]).await;
    let broken = Arc::new(Broken(store.clone(), AtomicBool::new(true)));
    let ports = Ports { store: broken.clone(), ..ports_on(store.clone()) };
    let engine = Engine::start(ports, Settings::default()).await.expect("it starts");
    let sessions = sessions(&engine, &store, "us", "us".to_owned());
    let year = SystemClock.now().to_zoned(jiff::tz::TimeZone::UTC).year() + 1;
    let plan = json!({"capacity": 20, "location": "Training centre Köln", "scheduled_time": format!("{year}-06-15T07:00:00Z"), "duration": "PT3H"});
    let record = |offset: i64| Record {
        topic: "elsewhere".to_owned(),
        partition: 0,
        offset,
        at: None,
        key: None,
        value: Some(scheduled(session(50), &plan).into_bytes()),
        headers: Vec::new(),
    };
    let records = [record(0), record(1)];
    for _ in 0..12 {
        sessions.settle(&records).await.expect_err("it is waited for");
    }
    broken.1.store(false, Ordering::SeqCst);
    for _ in 0..18 {
        sessions.settle(&records).await.expect_err("it is tried again");
    }
    let dead = sessions.settle(&records).await.expect("settled");
    let reasons: Vec<_> = dead.iter().map(|(place, poison)| (*place, poison.reason.word())).collect();
    assert_eq!(reasons, [(0, "server_error"), (1, "server_error")]);
    engine.stop().await;
}

/// However it is wrapped, what is ours to take is done or has a letter; what is somebody else's is left alone.
#[tokio::test]
async fn nothing_that_comes_in_vanishes() {
    let database = sqlite();
    let store = database.store(Options::default()).await;
    found(&ports_on(store.clone()), 1, &[5]).await;
    let engine = Engine::start(ports_on(store.clone()), Settings::default()).await.expect("it starts");
    let sessions = sessions(&engine, &store, "us", "us".to_owned());
    let year = SystemClock.now().to_zoned(jiff::tz::TimeZone::UTC).year() + 1;
    let plan = |number: u128, hour: u32, capacity: Value| -> Value {
        let time = format!("{year}-06-15T{hour:02}:00:00Z");
        let said = json!({"capacity": capacity, "location": "Training centre Köln", "scheduled_time": time, "duration": "PT1H"});
        serde_json::from_str(&scheduled(session(number), &said)).expect("JSON")
    };
    let mut schedule = plan(52, 9, 20.into());
    schedule["verb"]["id"] = "http://activitystrea.ms/schema/1.0/schedule".into();
    let wrapped = json!({"specversion": "1.0", "id": "a", "source": "http://platform.example", "type": "com.example.planned", "data": plan(50, 7, json!(20.0))});
    let mut nameless = plan(53, 10, 5.into());
    nameless.as_object_mut().expect("an object").remove("verb");
    let mut elses = plan(54, 11, 5.into());
    elses["verb"]["id"] = "http://adlnet.gov/expapi/verbs/answered".into();
    let values = [
        wrapped,
        json!([plan(51, 8, 20.into()), plan(55, 12, "many".into()), schedule]),
        Value::Null,
        nameless,
        elses,
        json!([]),
        json!("scheduled"),
    ];
    let record = |(offset, value): (i64, &Value)| Record {
        topic: "elsewhere".to_owned(),
        partition: 0,
        offset,
        at: None,
        key: None,
        value: Some(value.to_string().into_bytes()),
        headers: Vec::new(),
    };
    let records: Vec<_> = (0..).zip(&values).map(record).collect();
    for _ in 0..2 {
        let dead = sessions.settle(&records).await.expect("settled");
        let said: Vec<_> = dead.iter().map(|(place, poison)| (*place, poison.said.as_str())).collect();
        let expected = [
            (1, "/1: the extension capacity must be a number of seats"),
            (2, "it is no statement"),
            (3, "/verb/id must say what it is about, unless the header ce_type does"),
            (5, "it is an empty list"),
            (6, "it is no statement"),
        ];
        assert_eq!(said, expected);
    }
    let planned = store.sessions(&[50, 51, 52, 53, 54, 55].map(session)).await.expect("read");
    let mut planned: Vec<_> = planned.iter().map(|it| (it.id, it.seats.capacity, it.version)).collect();
    planned.sort_unstable();
    assert_eq!(planned, [50, 51, 52].map(|it| (session(it), 20, 1)), "each once");
    // What says the same without an id is the same, wherever it stands.
    let again = format!(" {}", values[1][0]).into_bytes();
    let again = Record { offset: 70, partition: 3, value: Some(again), ..record((0, &values[1][0])) };
    let dead = sessions.settle(&[again]).await.expect("settled");
    assert_eq!((dead, store.sessions(&[session(51)]).await.expect("read")[0].version), (Vec::new(), 1));
    engine.stop().await;
}
