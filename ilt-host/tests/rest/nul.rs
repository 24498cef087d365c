//! The character NUL, and halves of characters: told by name where they stand, and nobody else's request fails with them.

use ilt_store::testing::postgres;
use serde_json::json;

use crate::harness::{Store, TestApp};
use crate::town::{ADA, BOB, ROOT, SESSION};

async fn hosts() -> Vec<TestApp> {
    let mut hosts = vec![TestApp::on(Store::Memory).await, TestApp::on(Store::Sqlite).await];
    if let Some(database) = postgres("nul") {
        hosts.push(TestApp::on_database(database).await);
    }
    hosts
}

#[tokio::test]
async fn a_text_with_nul_is_refused_where_it_stands() {
    for app in hosts().await {
        let root = app.client(ROOT);
        let body = json!({ "title": "a\0b", "programme_type": "compliance", "length": "PT1H", "topics": ["x", "\0"] });
        let refused = root.post("/v1/courses", body).await;
        let said = refused.json(422);
        assert_eq!(said["code"], "invalid-request");
        assert_eq!(
            (&said["fields"][0]["pointer"], &said["fields"][1]["pointer"]),
            (&json!("/title"), &json!("/topics/1"))
        );
        let path = format!("/v1/sessions/{SESSION}/registrations");
        let odd = app.client(BOB).post(&path, json!({ "reason": "\0" })).await;
        assert_eq!(odd.json(422)["fields"][0]["pointer"], "/reason");
        app.client(ADA).post(&path, json!({ "reason": "fine: \\u0000" })).await.json(201);
        let version = root.get(format!("/v1/sessions/{SESSION}")).await.header("etag").to_owned();
        let plan = json!({ "parts": [{ "starts": "2027-03-15T09:00", "length": "PT6H", "room": "\0" }] });
        let patched = root.with("if-match", version).patch(format!("/v1/sessions/{SESSION}"), plan).await;
        assert_eq!(patched.json(422)["fields"][0]["pointer"], "/parts/0/room");
    }
}

#[tokio::test]
async fn a_query_with_nul_is_refused_by_name() {
    for app in hosts().await {
        let root = app.client(ROOT);
        for path in ["/v1/people", "/v1/courses", "/v1/sessions"] {
            let refused = root.get(format!("{path}?limit=5&q=a%00b")).await;
            assert_eq!(refused.json(422)["fields"][0]["pointer"], "?q", "{path}");
        }
        // What a page could have answered, had somebody such a name.
        let cursor = "WyJhXHUwMDAwIiwiMTAwMDAwMDAtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAwIl0";
        assert_eq!(root.get(format!("/v1/people?cursor={cursor}")).await.status, 400);
    }
}

#[tokio::test]
async fn half_a_character_is_no_json() {
    let app = TestApp::on(Store::Memory).await;
    let body = r#"{"title": "\ud800", "programme_type": "compliance", "length": "PT1H"}"#;
    let refused = app.client(ROOT).send(axum::http::Method::POST, "/v1/courses", Some(body.to_owned())).await;
    assert_eq!(refused.problem(), (400, "invalid-request".to_owned()));
}
