//! What many cases ask for.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Client, TestApp};
use crate::reply::Reply;
use crate::town::{BASICS, COLOGNE, ROOT};

/// Where seats of a session are asked for.
pub fn registrations(session: &str) -> String {
    format!("/v1/sessions/{session}/registrations")
}

/// Asks for a seat of a session, for oneself.
pub async fn register(client: &Client<'_>, session: &str) -> Reply {
    client.post(registrations(session), json!({})).await
}

/// The id of what was answered.
pub fn id_of(body: &Value) -> String {
    body["id"].as_str().expect("an id").to_owned()
}

/// The first registration of somebody, with its history.
pub async fn registration(app: &TestApp, person: &str) -> Value {
    let page = app.client(person).get("/v1/registrations").await.json(200);
    let id = id_of(&page["items"][0]);
    app.client(person).get(format!("/v1/registrations/{id}")).await.json(200)
}

/// What has happened to a registration, in order.
pub fn happened(registration: &Value) -> Vec<&str> {
    let history = registration["history"].as_array().expect("a history");
    history.iter().map(|entry| entry["what"].as_str().expect("a word")).collect()
}

/// Waits for the timers to bring somebody's registration there.
pub async fn until(app: &TestApp, person: &str, what: &str) -> Value {
    for _ in 0..200 {
        let known = registration(app, person).await;
        if happened(&known).contains(&what) {
            return known;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{what} did not happen to {person}");
}

/// Plans and publishes another session of the same course, with so many seats.
pub async fn hold(app: &TestApp, starts: &str, capacity: u32) -> String {
    let body = json!({
        "course": BASICS, "location": COLOGNE, "capacity": capacity,
        "parts": [{ "starts": starts, "length": "PT6H" }],
    });
    let made = app.client(ROOT).post("/v1/sessions", body).await.json(201);
    app.client(ROOT).post(format!("/v1/sessions/{}/publish", id_of(&made)), json!({})).await.json(200);
    id_of(&made)
}
