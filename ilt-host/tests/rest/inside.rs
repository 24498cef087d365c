//! A host that is asked by the program around it: who is vouched for, and that nobody outside is.

use axum::body::Bytes;
use ilt_core::testing::MemoryStore;
use ilt_engine::config::{Limits, PerMinute};
use ilt_host::http::inside::{Answer, BadQuestion, Inside, Question, Said, Who};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::harness::{Store, TestApp, ports};
use crate::town::{ADA, BOB, GONE, HIGH_VOLTAGE, SESSION, id};

fn person(text: &str) -> Who {
    Who::Person(id(text))
}

async fn answered(inside: &Inside, question: Question<'_>) -> (u16, Value) {
    let Answer { status, body, .. } = inside.ask(question).await.expect("a question");
    let Said::Whole(body) = body else { panic!("a stream") };
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

fn get(target: &str, who: impl Into<Option<Who>>) -> Question<'_> {
    let (headers, body, who) = (Vec::new(), Bytes::new(), who.into());
    Question { method: "GET", target, headers, body, who, is_paced: false, from: None }
}

fn post<'a>(target: &'a str, who: impl Into<Option<Who>>, body: &Value) -> Question<'a> {
    let headers = vec![(b"content-type".as_slice(), b"application/json".as_slice())];
    Question { method: "POST", headers, body: body.to_string().into(), ..get(target, who) }
}

#[tokio::test]
async fn whoever_is_vouched_for_may_what_they_may_with_a_token() {
    let host = TestApp::on(Store::Memory).await;
    let inside = host.inside();
    let (status, me) = answered(&inside, get("/v1/me", person(ADA))).await;
    assert_eq!((status, me), (200, host.client(ADA).get("/v1/me").await.json(200)));
    let registering = format!("/v1/sessions/{SESSION}/registrations");
    let (status, _) = answered(&inside, post(&registering, person(ADA), &json!({}))).await;
    assert_eq!(status, 201);
    let (status, refused) =
        answered(&inside, post(&registering, person(ADA), &json!({ "learner": BOB }))).await;
    assert_eq!((status, &refused["code"]), (403, &json!("forbidden")));
    let adding = post("/v1/locations", person(ADA), &json!({}));
    assert_eq!(answered(&inside, adding).await.0, 403);
}

#[tokio::test]
async fn nobody_and_whoever_has_left_are_strangers() {
    let inside = TestApp::on(Store::Memory).await.inside();
    for who in [None, Some(person(GONE)), Some(person("00000000-0000-0000-0000-000000000000"))] {
        let (status, refused) = answered(&inside, get("/v1/me", who)).await;
        assert_eq!((status, &refused["code"]), (401, &json!("unauthenticated")), "{who:?}");
    }
}

#[tokio::test]
async fn a_token_counts_where_nobody_is_vouched_for() {
    let host = TestApp::on(Store::Memory).await;
    let token = host.auth.mint(id(BOB), jiff::SignedDuration::from_hours(1)).expect("a token");
    let value = format!("Bearer {token}");
    let headers = || vec![(b"authorization".as_slice(), value.as_bytes())];
    let inside = host.inside();
    let (_, me) = answered(&inside, Question { headers: headers(), ..get("/v1/me", None) }).await;
    assert_eq!(me["id"], BOB);
    let (_, me) = answered(&inside, Question { headers: headers(), ..get("/v1/me", person(ADA)) }).await;
    assert_eq!(me["id"], ADA, "who is vouched for is who asks, whatever a token says");
}

#[tokio::test]
async fn the_program_itself_may_what_an_admin_may_and_the_journal_says_so() {
    let inside = TestApp::on(Store::Memory).await.inside();
    let registering = format!("/v1/sessions/{SESSION}/registrations");
    let order = post(&registering, Who::Application, &json!({ "learner": ADA }));
    let (status, registration) = answered(&inside, order).await;
    assert_eq!((status, &registration["learner"]["id"]), (201, &json!(ADA)));
    let address = format!("/v1/registrations/{}", registration["id"].as_str().expect("an id"));
    let (_, seen) = answered(&inside, get(&address, Who::Application)).await;
    assert_eq!(seen["history"][0]["by"], "system:application");
    let place = json!({ "name": "C", "city": "Ulm", "lat": 48.4, "lon": 10.0, "zone": "Europe/Berlin" });
    let (status, added) = answered(&inside, post("/v1/locations", Who::Application, &place)).await;
    assert_eq!((status, &added["city"]), (201, &json!("Ulm")));
    let course = format!("/v1/courses/{HIGH_VOLTAGE}");
    let (status, course) = answered(&inside, get(&course, Who::Application)).await;
    assert_eq!((status, &course["missing"]), (200, &json!([])));
}

#[tokio::test]
async fn whoever_is_asked_for_from_outside_is_counted() {
    let store = Arc::new(MemoryStore::new());
    let ports = |clock| ports(store.clone(), store.clone(), store.clone(), store.clone(), clock);
    let per_minute = PerMinute { person: 2, ..PerMinute::default() };
    let limits = Limits { per_minute, ..Limits::default() };
    let inside = TestApp::with(ports, limits).await.inside();
    for _ in 0..5 {
        assert_eq!(answered(&inside, get("/v1/me", person(ADA))).await.0, 200);
    }
    let paced = || Question { is_paced: true, ..get("/v1/me", person(BOB)) };
    for expected in [200, 200, 429] {
        assert_eq!(answered(&inside, paced()).await.0, expected);
    }
}

/// Whatever a header is called, it is a header.
#[tokio::test]
async fn nothing_that_comes_over_a_network_vouches_for_anybody() {
    let host = TestApp::on(Store::Memory).await;
    let at = host.listens().await;
    let client = reqwest::Client::new();
    let names = [
        "vouched",
        "actor",
        "x-actor",
        "x-ilt-actor",
        "x-vouched",
        "who",
        "x-user-id",
        "x-remote-user",
        "remote-user",
    ];
    let values = [ADA, "application", "system:application", "{\"who\":\"Application\"}"];
    for name in names {
        for value in values {
            let request = client.get(format!("http://{at}/v1/me")).header(name, value);
            assert_eq!(request.send().await.expect("an answer").status(), 401, "{name}: {value}");
        }
    }
    let inside = host.inside();
    for name in names {
        let headers = vec![(name.as_bytes(), b"application".as_slice())];
        let (status, _) = answered(&inside, Question { headers, ..get("/v1/me", None) }).await;
        assert_eq!(status, 401, "{name}");
    }
}

#[tokio::test]
async fn a_stream_goes_on_and_anything_else_is_whole() {
    let host = TestApp::on(Store::Memory).await;
    let inside = host.inside();
    let live = inside.ask(get("/v1/live", person(ADA))).await.expect("a question");
    let Said::Stream(mut pieces) = live.body else { panic!("no stream") };
    let registering = format!("/v1/sessions/{SESSION}/registrations");
    let (status, _) = answered(&inside, post(&registering, person(ADA), &json!({}))).await;
    assert_eq!(status, 201);
    let piece = pieces.next().await.expect("an event");
    assert!(std::str::from_utf8(&piece).expect("text").contains("registration.confirmed"));
}

#[tokio::test]
async fn what_could_not_stand_in_a_request_is_no_question() {
    let inside = TestApp::on(Store::Memory).await.inside();
    let asked = |question| async { inside.ask(question).await.err() };
    assert!(matches!(asked(Question { method: "G T", ..get("/", None) }).await, Some(BadQuestion::Method)));
    assert!(matches!(asked(get("/a b", None)).await, Some(BadQuestion::Target)));
    let headers = vec![(b"a".as_slice(), b"b\nc".as_slice())];
    assert!(matches!(asked(Question { headers, ..get("/", None) }).await, Some(BadQuestion::Header)));
}
