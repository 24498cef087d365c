//! One property over every operation that takes a key: the answer under it says what it said the first time, on any host, after any
//! later change; and what the asker may no longer see is refused instead.
//!
//! An operation that is new in the contract fails here until it is said how it is asked for.

use ilt_core::desk::Command;
use ilt_core::ids::SessionId;
use ilt_core::journal::Actor;
use ilt_engine::check_in::CheckInSecret;
use ilt_store::testing::{postgres, sqlite};
use serde_json::{Value, json};

use crate::asking::{id_of, register};
use crate::harness::{SECRET, Store, TestApp};
use crate::reply::Reply;
use crate::town::{
    ADA, BASICS, BOB, COLOGNE, DORA, DRAFT, FIRST, HIGH_VOLTAGE, INES, LATER, MIA, OTTO, ROOT, SESSION, id,
};

#[path = "of_plugins.rs"]
mod of_plugins;

/// A request that is ready to be sent.
struct Request {
    method: &'static str,
    person: &'static str,
    path: String,
    body: Value,
}

fn post(person: &'static str, path: impl Into<String>, body: Value) -> Request {
    Request { method: "post", person, path: path.into(), body }
}

impl Request {
    async fn send(&self, app: &TestApp) -> Reply {
        let client = app.client(self.person).with("idempotency-key", "once");
        match self.method {
            "post" => client.post(&self.path, self.body.clone()).await,
            _ => client.put(&self.path, self.body.clone()).await,
        }
    }
}

/// Operations that take a key, by the contract.
fn operations() -> Vec<String> {
    let contract = serde_json::to_value(ilt_host::http::openapi()).expect("JSON");
    let takes_key = |operation: &Value| {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        parameters.iter().any(|parameter| parameter["name"] == "Idempotency-Key")
    };
    let mut found = Vec::new();
    for (path, methods) in contract["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            if takes_key(operation) {
                found.push(format!("{method} {path}"));
            }
        }
    }
    found
}

async fn seat(app: &TestApp, person: &str, session: &str) -> String {
    id_of(&register(&app.client(person), session).await.json(201))
}

async fn waiting(app: &TestApp, person: &str) -> String {
    let path = format!("/v1/sessions/{SESSION}/registrations");
    id_of(&app.client(person).post(path, json!({ "on_full": "waitlist" })).await.json(201))
}

/// Ada and Bob have the two seats.
async fn full(app: &TestApp) -> String {
    seat(app, BOB, SESSION).await;
    seat(app, ADA, SESSION).await
}

/// Mia is offered the seat that Ada gives back; Otto waits behind her.
async fn offered(app: &TestApp) -> String {
    let ada = full(app).await;
    let mia = waiting(app, MIA).await;
    waiting(app, OTTO).await;
    app.client(ADA).post(format!("/v1/registrations/{ada}/cancel"), json!({})).await.json(200);
    mia
}

/// Ada's request, that waits for an approval.
async fn requested(app: &TestApp) -> String {
    let body = json!({ "rule": "approval", "value": 1, "course": BASICS });
    assert_eq!(app.client(ROOT).put("/v1/policy", body).await.status, 204);
    seat(app, ADA, SESSION).await
}

async fn marked(app: &TestApp) -> Vec<Value> {
    let registrations = [seat(app, ADA, SESSION).await, seat(app, BOB, SESSION).await];
    app.clock.set("2027-03-15T08:05:00Z".parse().expect("an instant"));
    let mark = |id: &String| json!({ "registration": id, "part": 1 });
    registrations.iter().map(mark).collect()
}

/// Brings about that the operation can be asked for, and answers how.
async fn request(app: &TestApp, operation: &str) -> Request {
    let at = |session: &str, what: &str| format!("/v1/sessions/{session}/{what}");
    let (_, path) = operation.split_once(' ').expect("a method and a path");
    match operation {
        "post /v1/courses" => {
            let body = json!({ "title": "New", "programme_type": "compliance", "length": "PT1H", "prerequisites": [BASICS] });
            post(ROOT, path, body)
        }
        "post /v1/locations" => {
            post(ROOT, path, json!({ "name": "N", "city": "C", "lat": 1, "lon": 1, "zone": "Europe/Berlin" }))
        }
        "post /v1/people" => {
            let body = json!({ "name": "Nia New", "email": "n@x.example", "zone": "Europe/Berlin", "dealer": FIRST });
            post(ROOT, path, body)
        }
        "post /v1/people/{id}/completions" => {
            let body = json!({ "course": HIGH_VOLTAGE, "completed_at": "2026-06-01T12:00:00Z" });
            post(ROOT, format!("/v1/people/{BOB}/completions"), body)
        }
        "post /v1/me/calendar-feed" => post(ADA, path, json!({})),
        "put /v1/policy" => Request {
            method: "put",
            ..post(ROOT, path, json!({ "rule": "block-share", "value": 40, "dealer_group": "north" }))
        },
        "post /v1/sessions" => {
            let part = json!({ "starts": "2027-06-01T09:00", "length": "PT6H" });
            let body = json!({ "course": BASICS, "location": COLOGNE, "parts": [part], "capacity": 4, "instructors": [INES] });
            post(ROOT, path, body)
        }
        "post /v1/sessions/{id}/registrations" => post(ADA, at(SESSION, "registrations"), json!({})),
        "post /v1/sessions/{id}/groups" => {
            full(app).await;
            post(DORA, at(SESSION, "groups"), json!({ "learners": [MIA], "on_full": "waitlist" }))
        }
        "post /v1/sessions/{id}/publish" => post(ROOT, at(DRAFT, "publish"), json!({})),
        "post /v1/sessions/{id}/cancel" => {
            full(app).await;
            post(ROOT, at(SESSION, "cancel"), json!({ "reason": "Storm" }))
        }
        "post /v1/sessions/{id}/capacity" => post(ROOT, at(SESSION, "capacity"), json!({ "capacity": 5 })),
        "put /v1/sessions/{id}/blocks/{dealer}" => Request {
            method: "put",
            ..post(
                ROOT,
                at(SESSION, &format!("blocks/{FIRST}")),
                json!({ "seats": 1, "name_by": "2027-03-05T08:00:00Z", "release_at": "2027-03-10T08:00:00Z" }),
            )
        },
        "post /v1/sessions/{id}/attendance" => {
            let marks = marked(app).await;
            post(INES, at(SESSION, "attendance"), json!({ "marks": marks }))
        }
        "post /v1/sessions/{id}/complete" => {
            let marks = marked(app).await;
            app.clock.set("2027-03-15T15:00:00Z".parse().expect("an instant"));
            app.client(INES).post(at(SESSION, "attendance"), json!({ "marks": marks })).await.json(200);
            post(INES, at(SESSION, "complete"), json!({}))
        }
        "post /v1/sessions/{id}/walk-ins" => {
            app.clock.set("2027-03-15T08:05:00Z".parse().expect("an instant"));
            post(INES, at(SESSION, "walk-ins"), json!({ "learner": BOB }))
        }
        "post /v1/sessions/{id}/check-in" => {
            marked(app).await;
            let session: SessionId = id(SESSION);
            let now = ilt_core::ports::Clock::now(&*app.clock);
            let code = CheckInSecret::from_secret(SECRET).session(session).code(session.0, now);
            post(ADA, at(SESSION, "check-in"), json!({ "code": code }))
        }
        "post /v1/alternatives/{id}/take" => {
            full(app).await;
            let shown = app.client(MIA).get(at(SESSION, "alternatives")).await.json(200);
            post(MIA, format!("/v1/alternatives/{}/take", id_of(&shown["items"][0])), json!({}))
        }
        other if other.starts_with("post /v1/plugins") => of_plugins::request(app, operation).await,
        other => request_of_registration(app, other).await,
    }
}

/// The same, of a registration.
async fn request_of_registration(app: &TestApp, operation: &str) -> Request {
    let of = |id: String, what: &str| format!("/v1/registrations/{id}/{what}");
    match operation {
        "post /v1/registrations/{id}/accept" => post(MIA, of(offered(app).await, "accept"), json!({})),
        "post /v1/registrations/{id}/decline" => post(MIA, of(offered(app).await, "decline"), json!({})),
        "post /v1/registrations/{id}/resume" => {
            full(app).await;
            post(OTTO, of(waiting(app, OTTO).await, "resume"), json!({}))
        }
        "post /v1/registrations/{id}/priority" => {
            full(app).await;
            waiting(app, MIA).await;
            let body = json!({ "level": 3, "reason": "needs it for Monday" });
            post(ROOT, of(waiting(app, OTTO).await, "priority"), body)
        }
        "post /v1/registrations/{id}/approve" => post(MIA, of(requested(app).await, "approve"), json!({})),
        "post /v1/registrations/{id}/decline-request" => {
            post(DORA, of(requested(app).await, "decline-request"), json!({ "reason": "in spring" }))
        }
        "post /v1/registrations/{id}/cancel" => {
            post(ADA, of(seat(app, ADA, SESSION).await, "cancel"), json!({ "reason": "ill" }))
        }
        "post /v1/registrations/{id}/substitute" => {
            post(DORA, of(seat(app, ADA, SESSION).await, "substitute"), json!({ "learner": BOB }))
        }
        "post /v1/registrations/{id}/swap" => {
            post(ADA, of(seat(app, ADA, SESSION).await, "swap"), json!({ "session": LATER }))
        }
        "post /v1/registrations/{id}/transfer" => {
            post(ADA, of(seat(app, ADA, SESSION).await, "transfer"), json!({ "session": LATER }))
        }
        other => panic!("say here how `{other}` is asked for, so that its repetition is tried"),
    }
}

/// A refusal that comes with what would help.
async fn refusal(app: &TestApp, which: &str) -> Request {
    let path = |session: &str| format!("/v1/sessions/{session}/registrations");
    match which {
        "session-full" => {
            full(app).await;
            post(MIA, path(SESSION), json!({}))
        }
        "prerequisites-missing" => {
            app.client(ROOT).post(format!("/v1/sessions/{DRAFT}/publish"), json!({})).await.json(200);
            post(BOB, path(DRAFT), json!({}))
        }
        "clash" => {
            seat(app, ADA, SESSION).await;
            let part = json!({ "starts": "2027-03-15T10:00", "length": "PT2H" });
            let body = json!({ "course": BASICS, "location": COLOGNE, "parts": [part], "capacity": 4 });
            let other = id_of(&app.client(ROOT).post("/v1/sessions", body).await.json(201));
            app.client(ROOT).post(format!("/v1/sessions/{other}/publish"), json!({})).await.json(200);
            post(ADA, path(&other), json!({}))
        }
        _ => {
            full(app).await;
            let shown = app.client(MIA).get(format!("/v1/sessions/{SESSION}/alternatives")).await.json(200);
            app.clock.set("2027-03-01T09:30:00Z".parse().expect("an instant"));
            post(MIA, format!("/v1/alternatives/{}/take", id_of(&shown["items"][0])), json!({}))
        }
    }
}

/// Whatever the answer may have shown is different afterwards.
async fn everything_changes(app: &TestApp, first: &Reply) {
    let root = app.client(ROOT);
    let later = ilt_core::ports::Clock::now(&*app.clock) + jiff::SignedDuration::from_mins(3);
    app.clock.set(later);
    let mut edits = vec![
        (format!("/v1/courses/{BASICS}"), json!({ "title": "Renamed", "prerequisites": [] })),
        (format!("/v1/locations/{COLOGNE}"), json!({ "name": "Moved", "city": "Bonn" })),
        (format!("/v1/sessions/{LATER}"), json!({ "minimum": 1 })),
    ];
    for person in [ADA, BOB, MIA, INES, OTTO] {
        edits.push((format!("/v1/people/{person}"), json!({ "name": "Somebody Else" })));
    }
    let made = first.header("location").to_owned();
    for change in [json!({ "title": "Other" }), json!({ "name": "Other" }), json!({ "capacity": 9 })] {
        edits.push((made.clone(), change));
    }
    for (path, change) in edits.into_iter().filter(|(path, _)| !path.is_empty()) {
        let found = root.get(&path).await;
        let version = found.header("etag").to_owned();
        let _not_all_can_be_edited = root.with("if-match", version).patch(&path, change).await;
    }
    let rule = json!({ "rule": "registration-closes", "value": 5 });
    assert_eq!(root.put("/v1/policy", rule).await.status, 204);
    for session in [SESSION, LATER, DRAFT] {
        let path = format!("/v1/sessions/{session}");
        let _may_be_over = root.post(format!("{path}/capacity"), json!({ "capacity": 12 })).await;
        let _may_be_over = root.post(format!("{path}/cancel"), json!({ "reason": "Everything else" })).await;
    }
    app.client(ADA).post("/v1/me/calendar-feed", json!({})).await.json(200);
    app.settled().await;
}

async fn is_repeated(app: &TestApp, request: &Request, what: &str) -> Reply {
    // The other host knows nothing yet but what it read when it started.
    let other = app.beside().await;
    let first = request.send(app).await;
    let at_once = request.send(&other).await;
    assert_eq!(at_once.to_string(), first.to_string(), "{what}: at once, on the other host");
    everything_changes(app, &first).await;
    for (host, name) in [(app, "the same host"), (&other, "the other host")] {
        let again = request.send(host).await;
        assert_eq!(again.to_string(), first.to_string(), "{what}: after everything has changed, on {name}");
    }
    first
}

async fn every_answer_is_repeated(start: impl AsyncFn() -> Option<TestApp>) {
    for operation in operations() {
        let Some(app) = start().await else { return };
        let request = request(&app, &operation).await;
        let first = is_repeated(&app, &request, &operation).await;
        assert!(first.status < 300, "{operation}: {first}");
    }
    for which in ["session-full", "prerequisites-missing", "clash", "alternative-expired"] {
        let Some(app) = start().await else { return };
        let request = refusal(&app, which).await;
        let first = is_repeated(&app, &request, which).await;
        assert_eq!(first.problem(), (409, which.to_owned()));
    }
}

#[tokio::test]
async fn every_answer_is_repeated_in_memory() {
    every_answer_is_repeated(async || Some(TestApp::on(Store::Memory).await)).await;
}

#[tokio::test]
async fn every_answer_is_repeated_on_sqlite() {
    every_answer_is_repeated(async || Some(TestApp::on_database(sqlite()).await)).await;
}

#[tokio::test]
async fn every_answer_is_repeated_on_postgres() {
    every_answer_is_repeated(async || Some(TestApp::on_database(postgres("again")?).await)).await;
}

/// What was done under a key is done once, whatever it was.
#[tokio::test]
async fn a_repetition_leaves_no_trace() {
    for operation in operations() {
        let app = TestApp::on(Store::Memory).await;
        let request = request(&app, &operation).await;
        request.send(&app).await;
        let head = app.head().await;
        request.send(&app).await;
        assert_eq!(app.head().await, head, "{operation}");
    }
    let app = TestApp::on(Store::Memory).await;
    let request = refusal(&app, "session-full").await;
    let first = request.send(&app).await.json(409);
    assert_eq!(first["alternatives"].as_array().map(Vec::len), Some(1));
    let head = app.head().await;
    assert_eq!(request.send(&app).await.json(409), first);
    assert_eq!(app.head().await, head, "alternatives are shown once");
}

/// Whoever leads a learner no more hears nothing of them, under no key.
#[tokio::test]
async fn what_may_no_longer_be_seen_is_refused() {
    for (operation, person, roles) in [
        ("post /v1/registrations/{id}/approve", MIA, json!([{ "role": "learner", "dealer": FIRST }])),
        ("post /v1/registrations/{id}/substitute", DORA, json!([])),
        ("post /v1/sessions/{id}/groups", DORA, json!([])),
    ] {
        let app = TestApp::on(Store::Memory).await;
        let request = request(&app, operation).await;
        request.send(&app).await;
        edit(&app, &format!("/v1/people/{person}"), json!({ "roles": roles })).await;
        assert_eq!(request.send(&app).await.problem(), (404, "not-found".to_owned()), "{operation}");
    }
    for operation in ["post /v1/sessions/{id}/walk-ins", "post /v1/sessions/{id}/attendance"] {
        let app = TestApp::on(Store::Memory).await;
        let request = request(&app, operation).await;
        assert!(request.send(&app).await.status < 300);
        let mut plan = ilt_core::desk::SessionPlan::from(&app.session(id(SESSION)).await);
        plan.instructors = Vec::new();
        app.ask(Actor::system("test"), Command::SaveSessions { plans: vec![plan], historic: true }).await;
        assert_eq!(request.send(&app).await.problem(), (404, "not-found".to_owned()), "{operation}");
    }
}

async fn edit(app: &TestApp, path: &str, change: Value) {
    let root = app.client(ROOT);
    let version = root.get(path).await.header("etag").to_owned();
    root.with("if-match", version).patch(path, change).await.json(200);
    app.settled().await;
}

/// The address that was told under a key is told again, and it is the one that works.
#[tokio::test]
async fn a_secret_address_can_be_told_again() {
    let app = TestApp::on(Store::Memory).await;
    let ask = async |key: &'static str| {
        let client = app.client(ADA).with("idempotency-key", key);
        let url = client.post("/v1/me/calendar-feed", json!({})).await.json(200)["url"].clone();
        url.as_str().expect("an url").to_owned()
    };
    let first = ask("a").await;
    assert_eq!(ask("a").await, first);
    assert_eq!(app.stranger().get(&first).await.status, 200);
    let second = ask("b").await;
    assert_ne!(second, first);
    assert_eq!(
        (app.stranger().get(&first).await.status, app.stranger().get(&second).await.status),
        (404, 200)
    );
}
