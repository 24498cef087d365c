//! A request that is repeated under its key is answered as it was the first time.

use serde_json::{Value, json};

use super::start;
use crate::town::{ADA, BOB, ROOT, SESSION};

fn course(title: &str) -> Value {
    json!({ "title": title, "programme_type": "compliance", "length": "PT1H" })
}

#[tokio::test]
async fn a_course_is_added_once() {
    let app = start().await;
    let root = app.client(ROOT).with("idempotency-key", "a-1");
    let first = root.post("/v1/courses", course("Twice")).await;
    let second = root.post("/v1/courses", course("Twice")).await;
    assert_eq!(first.json(201), second.json(201));
    assert_eq!(first.header("location"), second.header("location"));
    let found = app.client(ROOT).get("/v1/courses?q=twice").await.json(200);
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    let app = start().await;
    let root = app.client(ROOT).with("idempotency-key", "a-1");
    root.post("/v1/courses", course("One")).await.json(201);
    insta::assert_snapshot!(root.post("/v1/courses", course("Another")).await, @r#"
    422
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "idempotency-key-reused",
      "detail": "this idempotency key was used for another request",
      "status": 422,
      "title": "The key was used for another request",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/idempotency-key-reused"
    }
    "#);
    let location = json!({ "name": "N", "city": "C", "lat": 1, "lon": 1, "zone": "Europe/Berlin" });
    let elsewhere = root.post("/v1/locations", location).await;
    assert_eq!(elsewhere.problem(), (422, "idempotency-key-reused".to_owned()));
}

/// Members of an object have no order, and blanks no meaning: some clients write them anew when they repeat a request.
#[tokio::test]
async fn the_same_in_another_order_is_the_same_request() {
    let app = start().await;
    let root = app.client(ROOT).with("idempotency-key", "a-1");
    let first = root.post("/v1/courses", course("Ordered")).await.json(201);
    let again = r#"{ "title": "Ordered",  "length": "PT1H", "programme_type": "compliance" }"#;
    let again = root.send(axum::http::Method::POST, "/v1/courses", Some(again.to_owned())).await;
    assert_eq!(again.json(201), first);
}

#[tokio::test]
async fn a_key_is_its_owners() {
    let app = start().await;
    let path = format!("/v1/sessions/{SESSION}/registrations");
    let register = async |person: &str| {
        let client = app.client(person).with("idempotency-key", "mine");
        client.post(&path, json!({})).await.json(201)["id"].clone()
    };
    let ada = register(ADA).await;
    assert_ne!(ada, register(BOB).await);
    assert_eq!(ada, register(ADA).await);
}

#[tokio::test]
async fn a_refusal_is_repeated_too() {
    let app = start().await;
    let root = app.client(ROOT).with("idempotency-key", "no");
    let first = root.post("/v1/courses", course(" ")).await;
    let second = root.post("/v1/courses", course(" ")).await;
    assert_eq!(first.json(422), second.json(422));
}

#[tokio::test]
async fn a_key_is_visible_and_not_too_long() {
    let app = start().await;
    for key in ["", "two words", &"x".repeat(201)] {
        let reply = app.client(ROOT).with("idempotency-key", key).post("/v1/courses", course("T")).await;
        assert_eq!(reply.problem(), (400, "invalid-request".to_owned()), "{key}");
    }
    let longest =
        app.client(ROOT).with("idempotency-key", "x".repeat(200)).post("/v1/courses", course("T")).await;
    assert_eq!(longest.status, 201);
}
