//! How often somebody may ask, and how answers say so.

use std::sync::Arc;

use ilt_core::testing::MemoryStore;
use ilt_engine::config::{Limits, PerMinute, Proxies};
use jiff::SignedDuration;

use crate::harness::{TestApp, ports};
use crate::town::{self, ADA, BOB, LATER};

/// A host behind a proxy on the same machine.
pub fn behind_a_proxy(per_minute: PerMinute) -> Limits {
    let proxies = Proxies::try_from(vec!["127.0.0.1".to_owned()]).expect("an address");
    Limits { per_minute, proxies, ..Limits::default() }
}

async fn limited(per_minute: PerMinute) -> TestApp {
    let store = Arc::new(MemoryStore::new());
    let ports = |clock| ports(store.clone(), store.clone(), store.clone(), store.clone(), clock);
    TestApp::with(ports, behind_a_proxy(per_minute)).await
}

#[tokio::test]
async fn from_one_address_strangers_may_ask_so_often_and_people_go_on() {
    let app = limited(PerMinute { unknown: 2, ..PerMinute::default() }).await;
    let from = |address: &str| app.stranger().with("x-forwarded-for", address);
    assert_eq!(from("10.0.0.9, 10.0.0.1").get("/v1/me").await.status, 401);
    let guesses = from("10.0.0.1").with("authorization", "Bearer guessed");
    assert_eq!(guesses.get("/v1/me").await.status, 401);
    assert_eq!(guesses.get("/v1/me").await.status, 429, "what the client says of itself counts for nothing");
    assert_eq!(from("10.0.0.1").get("/calendar/guessed.ics").await.status, 429);
    assert_eq!(from("10.0.0.2").get("/calendar/guessed.ics").await.status, 404);
    assert_eq!(app.client(ADA).with("x-forwarded-for", "10.0.0.1").get("/v1/me").await.status, 200);
    app.clock.set(town::now() + SignedDuration::from_mins(1));
    assert_eq!(from("10.0.0.1").get("/v1/me").await.status, 401);
}

#[tokio::test]
async fn a_person_may_ask_so_often_and_no_more() {
    let app = limited(PerMinute { person: 3, ..PerMinute::default() }).await;
    for _ in 0..3 {
        assert_eq!(app.client(ADA).get("/v1/me").await.status, 200);
    }
    insta::assert_snapshot!(app.client(ADA).get("/v1/me").await, @r#"
    429
    content-type: application/problem+json
    retry-after: 20
    cache-control: no-store

    {
      "code": "too-many-requests",
      "detail": "more than 3 requests a minute",
      "status": 429,
      "title": "Too many requests",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/too-many-requests"
    }
    "#);
    assert_eq!(app.client(BOB).get("/v1/me").await.status, 200, "others are not held up");
    app.clock.set(town::now() + SignedDuration::from_secs(20));
    assert_eq!(app.client(ADA).get("/v1/me").await.status, 200);
    assert_eq!(app.client(ADA).get("/v1/me").await.status, 429);
}

#[tokio::test]
async fn whoever_has_an_address_of_ipv6_has_its_whole_network() {
    let app = limited(PerMinute { unknown: 1, ..PerMinute::default() }).await;
    let from = |address: &str| app.stranger().with("x-forwarded-for", address);
    assert_eq!(from("2001:db8:1:2::1").get("/v1/me").await.status, 401);
    assert_eq!(from("2001:db8:1:2:ffff::9").get("/v1/me").await.status, 429);
    assert_eq!(from("2001:db8:1:3::1").get("/v1/me").await.status, 401);
}

/// What costs much has a limit of its own, and counts among all the rest as well.
#[tokio::test]
async fn looking_for_people_and_alternatives_is_counted_by_itself() {
    let app = limited(PerMinute { person: 6, people: 1, alternatives: 2, ..PerMinute::default() }).await;
    let (ada, alternatives) = (app.client(ADA), format!("/v1/sessions/{LATER}/alternatives"));
    let mut answered = Vec::new();
    for path in ["/v1/people", "/v1/people", &alternatives, &alternatives, &alternatives, "/v1/me", "/v1/me"]
    {
        answered.push(ada.get(path).await.status);
    }
    assert_eq!(answered, [200, 429, 200, 200, 429, 200, 429]);
    assert_eq!(app.client(BOB).get("/v1/people").await.status, 200, "others are not held up");
}

/// Whatever is answered before anybody asks who it is: pages, addresses that are none, questions that make no sense.
#[tokio::test]
async fn every_request_of_a_stranger_is_one() {
    for path in ["/openapi.json", "/docs", "/problems", "/nowhere", "/v1/me?x=1", "/v1/sessions/none"] {
        let app = limited(PerMinute { unknown: 2, ..PerMinute::default() }).await;
        let mut answered = Vec::new();
        for _ in 0..3 {
            answered.push(app.stranger().get(path).await.status);
        }
        assert!(
            answered[0] != 429 && answered[0] == answered[1] && answered[2] == 429,
            "{path}: {answered:?}"
        );
        assert_eq!(app.stranger().get("/health/live").await.status, 200, "whoever watches asks often");
        assert_eq!(app.client(ADA).get("/v1/me").await.status, 200, "others are not held up");
    }
}

#[tokio::test]
async fn answers_say_how_much_is_left() {
    let app = limited(PerMinute { person: 6, people: 3, unknown: 30, ..PerMinute::default() }).await;
    let said = |reply: &crate::reply::Reply| {
        [reply.header("ratelimit-policy"), reply.header("ratelimit")].map(str::to_owned)
    };
    let ada = app.client(ADA);
    assert_eq!(said(&ada.get("/v1/me").await), ["\"person\";q=6;w=60", "\"person\";r=5;t=10"]);
    assert_eq!(
        said(&ada.get("/v1/people").await),
        ["\"people\";q=3;w=60", "\"people\";r=2;t=20"],
        "the least of them"
    );
    assert_eq!(said(&app.stranger().get("/v1/me").await), ["\"address\";q=30;w=60", "\"address\";r=29;t=2"]);
    for _ in 0..4 {
        ada.get("/v1/me").await;
    }
    let refused = ada.get("/v1/me").await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "10"));
    assert_eq!(said(&refused)[1], "\"person\";r=0;t=60");
    assert_eq!(
        said(&app.stranger().get("/health/live").await),
        ["", ""],
        "nobody counts how often that is asked"
    );
}
