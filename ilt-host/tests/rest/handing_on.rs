//! Moving a seat to another session, and giving it to somebody else.

use serde_json::{Value, json};

use super::start;
use crate::asking::{id_of, register, registrations};
use crate::harness::TestApp;
use crate::town::{ADA, BOB, DORA, LATER, MIA, OTTO, SESSION};

async fn open(app: &TestApp, session: &str) -> Value {
    app.client(ADA).get(format!("/v1/sessions/{session}")).await.json(200)["seats"]["open"].clone()
}

#[tokio::test]
async fn a_seat_is_moved_and_both_registrations_tell_it() {
    let app = start().await;
    let ada = app.client(ADA);
    let id = id_of(&register(&ada, SESSION).await.json(201));
    let path = format!("/v1/registrations/{id}/transfer");
    let moved = ada.post(&path, json!({ "session": LATER })).await;
    let there = moved.json(201);
    assert_eq!((&there["status"], &there["session"]["id"]), (&json!("confirmed"), &json!(LATER)));
    assert_eq!(
        moved.header("location"),
        format!("/v1/registrations/{}", there["id"].as_str().expect("an id"))
    );
    let left = ada.get(format!("/v1/registrations/{id}")).await.json(200);
    assert_eq!((&left["status"], &left["successor"]), (&json!("transferred"), &there["id"]));
    assert_eq!(left["history"][1]["facts"], json!({ "to": there["id"], "late": false }));
    assert_eq!((open(&app, SESSION).await, open(&app, LATER).await), (json!(2), json!(1)));
    assert_eq!(ada.post(&path, json!({ "session": LATER })).await.json(200)["id"], there["id"]);
}

#[tokio::test]
async fn a_move_that_fails_keeps_the_seat_and_shows_alternatives() {
    let app = start().await;
    for person in [BOB, MIA] {
        register(&app.client(person), LATER).await.json(201);
    }
    let ada = app.client(ADA);
    let id = id_of(&register(&ada, SESSION).await.json(201));
    let path = format!("/v1/registrations/{id}/transfer");
    let full = ada.post(&path, json!({ "session": LATER })).await;
    assert_eq!(full.problem(), (409, "session-full".to_owned()));
    assert!(full.json(409)["alternatives"].is_array());
    let nowhere = json!({ "session": "50000000-0000-4000-8000-0000000000ff" });
    assert_eq!(ada.post(&path, nowhere).await.problem(), (404, "not-found".to_owned()));
    assert_eq!(ada.post(&path, json!({})).await.problem(), (400, "invalid-request".to_owned()));
    assert_eq!(ada.get(format!("/v1/registrations/{id}")).await.json(200)["status"], "confirmed");
    let stranger = app.client(OTTO).post(&path, json!({ "session": LATER })).await;
    assert_eq!(stranger.problem(), (404, "not-found".to_owned()));
}

#[tokio::test]
async fn whoever_looks_after_both_sends_somebody_else() {
    let app = start().await;
    let id = id_of(&register(&app.client(ADA), SESSION).await.json(201));
    let path = format!("/v1/registrations/{id}/substitute");
    let alone = app.client(ADA).post(&path, json!({ "learner": BOB })).await;
    assert_eq!(alone.problem(), (403, "forbidden".to_owned()));
    let beyond = app.client(DORA).post(&path, json!({ "learner": OTTO })).await;
    assert_eq!(beyond.problem(), (404, "not-found".to_owned()));
    let body = json!({ "learner": BOB, "reason": "Ada is ill" });
    let came = app.client(DORA).post(&path, body.clone()).await.json(201);
    assert_eq!((&came["status"], &came["learner"]["id"]), (&json!("confirmed"), &json!(BOB)));
    let left = app.client(ADA).get(format!("/v1/registrations/{id}")).await.json(200);
    assert_eq!((&left["status"], &left["successor"]), (&json!("substituted"), &came["id"]));
    assert_eq!(left["history"][1]["why"], "Ada is ill");
    assert_eq!(open(&app, SESSION).await, json!(1));
    assert_eq!(app.client(DORA).post(&path, body.clone()).await.json(200)["id"], came["id"]);
}

#[tokio::test]
async fn a_place_in_the_queue_is_no_seat_to_hand_on() {
    let app = start().await;
    for person in [BOB, MIA] {
        register(&app.client(person), SESSION).await.json(201);
    }
    let body = json!({ "on_full": "waitlist" });
    let waiting = app.client(ADA).post(registrations(SESSION), body).await.json(201);
    let id = id_of(&waiting);
    let path = format!("/v1/registrations/{id}/transfer");
    let refused = app.client(ADA).post(&path, json!({ "session": LATER })).await;
    assert_eq!(refused.problem(), (409, "not-confirmed".to_owned()));
}
