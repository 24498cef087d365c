//! Keys with which other systems ask in somebody's name, on each store.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::start;
use crate::harness::TestApp;
use crate::town::{self, ADA, BOB, DORA, OTTO, ROOT, SESSION};

/// How long a host may answer from memory.
const KNOWN_FOR: std::time::Duration = std::time::Duration::from_millis(3_100);

async fn made(app: &TestApp, owner: &str, scopes: Value) -> (String, String) {
    let body = json!({ "name": "the shop’s calendar", "scopes": scopes });
    let made = app.client(owner).post(format!("/v1/people/{owner}/keys"), body).await.json(201);
    let text = |name: &str| made[name].as_str().expect("text").to_owned();
    (text("key"), text("id"))
}

#[tokio::test]
async fn a_key_asks_in_its_owners_name_within_its_scopes() {
    let app = start().await;
    let (key, id) = made(&app, ADA, json!(["sessions:read", "registrations"])).await;
    let shop = app.holder(&key);
    assert_eq!(shop.get(format!("/v1/sessions/{SESSION}")).await.status, 200);
    let registered = shop.post(format!("/v1/sessions/{SESSION}/registrations"), json!({})).await.json(201);
    assert_eq!(registered["learner"]["id"], ADA);
    let others = json!({ "learner": BOB });
    assert_eq!(
        shop.post(format!("/v1/sessions/{SESSION}/registrations"), others).await.status,
        403,
        "Ada may not"
    );
    for (path, scope) in [("/v1/people", "people"), ("/v1/me", "people"), ("/v1/journal", "journal")] {
        let refused = shop.get(path).await;
        assert_eq!(refused.problem(), (403, "forbidden".to_owned()), "{path}");
        assert!(refused.text().contains(&format!("a key with the scope {scope}")), "{refused}");
    }
    let live = shop.begin(Method::GET, "/v1/live", None).await;
    assert_eq!(live.status(), 200, "it follows sessions");

    let keys = format!("/v1/people/{ADA}/keys");
    let all = app.client(ADA).get(&keys).await.json(200);
    let [listed] = &all["items"].as_array().expect("items")[..] else { panic!("one key: {all}") };
    assert_eq!((&listed["id"], &listed["used_at"]), (&json!(id), &json!(town::now())));
    assert!(!listed.to_string().contains(&key), "it is shown once");
    assert_eq!(app.client(ADA).delete(format!("{keys}/{id}")).await.status, 204);
    assert_eq!(shop.get(format!("/v1/sessions/{SESSION}")).await.problem().0, 401);
}

#[tokio::test]
async fn no_key_makes_another_or_ends_what_its_owner_does() {
    let app = start().await;
    let groups = json!(["sessions", "registrations", "people"]);
    let (key, id) = made(&app, ROOT, groups).await;
    let shop = app.holder(&key);
    assert_eq!(shop.get("/v1/people").await.status, 200);
    let keys = format!("/v1/people/{ROOT}/keys");
    assert_eq!(shop.get(&keys).await.status, 403);
    assert_eq!(shop.post(&keys, json!({ "name": "more", "scopes": ["people"] })).await.status, 403);
    assert_eq!(shop.delete(format!("{keys}/{id}")).await.status, 403);
    assert_eq!(shop.delete(format!("/v1/people/{ADA}/sign-ins")).await.status, 403);
    assert_eq!(shop.post("/v1/sign-out", json!({})).await.status, 403);
}

#[tokio::test]
async fn what_cannot_be_a_key_is_told_all_at_once() {
    let app = start().await;
    let keys = format!("/v1/people/{ADA}/keys");
    let ada = app.client(ADA);
    let body = json!({ "name": " \u{200b} ", "scopes": ["sessions", "keys", "sessions:write"], "days": 366 });
    let refused = ada.post(&keys, body).await.json(422);
    let pointers: Vec<_> =
        refused["fields"].as_array().expect("fields").iter().map(|it| it["pointer"].clone()).collect();
    assert_eq!(pointers, ["/name", "/days", "/scopes/1", "/scopes/2"]);
    assert!(refused.to_string().contains("registrations"), "it says which there are: {refused}");
    assert_eq!(ada.post(&keys, json!({ "name": "none", "scopes": [] })).await.status, 422);
    for _ in 0..20 {
        made(&app, ADA, json!(["sessions"])).await;
    }
    let many = ada.post(&keys, json!({ "name": "one more", "scopes": ["sessions"] })).await;
    assert!(many.status == 422 && many.text().contains("20 keys"), "{many}");
    for (client, status) in [(app.client(BOB), 403), (app.client(DORA), 403), (app.client(OTTO), 404)] {
        assert_eq!(
            client.post(&keys, json!({ "name": "theirs", "scopes": ["sessions"] })).await.status,
            status
        );
    }
}

#[tokio::test]
async fn a_key_ends_with_its_time_and_with_its_owner() {
    let app = start().await;
    let (key, _) = made(&app, ADA, json!(["sessions"])).await;
    let path = format!("/v1/sessions/{SESSION}");
    let status = async || app.holder(&key).get(&path).await.status;
    assert_eq!(status().await, 200);
    let root = app.client(ROOT);
    for (active, version, expected) in [(false, 1, 401), (true, 2, 200)] {
        let change = json!({ "active": active, "version": version });
        root.patch(format!("/v1/people/{ADA}"), change).await.json(200);
        app.settled().await;
        assert_eq!(status().await, expected, "{active}");
    }
    app.clock.set(town::now() + SignedDuration::from_hours(90 * 24));
    assert_eq!(status().await, 401);
    for bad in [&key[..40], &format!("{key}x"), "ilt_", &key.replace("ilt_", "ilt-")] {
        assert_eq!(app.holder(bad).get(&path).await.problem(), (401, "unauthenticated".to_owned()), "{bad}");
    }
}

/// What has ended on one host opens nothing on another, a moment later.
#[tokio::test]
async fn a_key_that_ends_here_ends_there() {
    let app = start().await;
    let (key, id) = made(&app, ADA, json!(["sessions"])).await;
    let path = format!("/v1/sessions/{SESSION}");
    let beside = app.beside().await;
    assert_eq!(beside.holder(&key).get(&path).await.status, 200);
    app.client(ADA).delete(format!("/v1/people/{ADA}/keys/{id}")).await;
    tokio::time::sleep(KNOWN_FOR).await;
    assert_eq!(beside.holder(&key).get(&path).await.status, 401);
}
