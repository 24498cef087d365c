//! A session's life over REST: moved, made smaller, double-booked, cancelled with proposals for everybody.

use serde_json::{Value, json};

use super::start;
use crate::asking::{hold, id_of, register, until};
use crate::harness::TestApp;
use crate::town::{ADA, BASICS, BOB, COLOGNE, INES, LATER, MIA, MUNICH, OTTO, ROOT, SESSION};

async fn told(app: &TestApp, person: &str, registration: &Value) -> Value {
    app.client(person).get(format!("/v1/registrations/{}", id_of(registration))).await.json(200)
}

#[tokio::test]
async fn whoever_has_a_seat_sees_the_move_and_may_leave_late() {
    let app = start().await;
    let mine = register(&app.client(ADA), SESSION).await.json(201);
    app.clock.set("2027-03-14T20:00:00Z".parse().expect("an instant"));
    let cancel = format!("/v1/registrations/{}/cancel", id_of(&mine));
    let late = app.client(ADA).post(&cancel, json!({})).await;
    assert_eq!(late.problem(), (409, "late-cancellation-needs-reason".to_owned()));
    let moved = json!({ "version": 1, "parts": [{ "starts": "2027-03-15T10:00", "length": "PT6H", "room": "1.01" }] });
    let session = app.client(ROOT).patch(format!("/v1/sessions/{SESSION}"), moved).await.json(200);
    assert_eq!(session["moved_at"], "2027-03-14T20:00:00Z");
    let news = told(&app, ADA, &mine).await;
    let news = news["history"].as_array().expect("a history").last().expect("an entry").clone();
    assert_eq!(news["what"], "registration.session-moved");
    assert_eq!(
        news["facts"],
        json!({ "from": "2027-03-15T08:00:00Z", "to": "2027-03-15T09:00:00Z", "other_times": true, "elsewhere": false, "other_room": true, "other_instructors": false, "unmarked": [] })
    );
    assert_eq!(app.client(ADA).post(&cancel, json!({})).await.json(200)["status"], "cancelled");
}

/// Moved onto another seat of hers, in Munich: she is told, may leave, and is shown where else she could go.
#[tokio::test]
async fn whoever_has_something_else_by_now_is_shown_what_to_take_instead() {
    let app = start().await;
    let other = hold(&app, "2027-03-29T09:00", 5).await;
    register(&app.client(ADA), SESSION).await.json(201);
    register(&app.client(ADA), LATER).await.json(201);
    let parts = json!([{ "starts": "2027-03-22T08:00", "length": "PT6H" }]);
    let moved = json!({ "version": 1, "parts": parts, "override_reason": "Ines teaches both in turn" });
    app.client(ROOT).patch(format!("/v1/sessions/{SESSION}"), moved).await.json(200);
    let shown = until(&app, ADA, "alternatives.shown").await;
    assert_eq!(shown["status"], "confirmed", "the seat is hers until she gives it back");
    assert_eq!(shown["alternatives"][0]["session"]["id"], other);
}

#[tokio::test]
async fn a_session_under_way_is_running() {
    let app = start().await;
    app.clock.set("2027-03-15T09:00:00Z".parse().expect("an instant"));
    let client = app.client(ADA);
    assert_eq!(client.get(format!("/v1/sessions/{SESSION}")).await.json(200)["status"], "running");
    let found = client.get("/v1/sessions?status=running").await.json(200);
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(found["items"][0]["id"], SESSION);
}

#[tokio::test]
async fn fewer_seats_when_it_is_said_who_goes_and_where_to() {
    let app = start().await;
    let mut registrations = Vec::new();
    for person in [ADA, BOB] {
        registrations.push(register(&app.client(person), SESSION).await.json(201));
    }
    let root = app.client(ROOT);
    let path = format!("/v1/sessions/{SESSION}/capacity");
    let refused = root.post(&path, json!({ "capacity": 1 })).await;
    assert_eq!(refused.problem(), (409, "capacity-below-taken".to_owned()));
    let displaced = json!([{ "registration": registrations[1]["id"], "to": LATER }]);
    let silent = root.post(&path, json!({ "capacity": 1, "displaced": displaced })).await;
    assert_eq!(silent.problem(), (422, "invalid-request".to_owned()));
    let body = json!({ "capacity": 1, "displaced": displaced, "reason": "the hall is closed" });
    assert_eq!(app.client(MIA).post(&path, body.clone()).await.problem(), (403, "forbidden".to_owned()));
    let session = root.post(&path, body).await.json(200);
    assert_eq!((&session["seats"]["capacity"], &session["seats"]["confirmed"]), (&json!(1), &json!(1)));
    let went = told(&app, BOB, &registrations[1]).await;
    assert_eq!(went["status"], "transferred");
    let there = app
        .client(BOB)
        .get(format!("/v1/registrations/{}", went["successor"].as_str().expect("an id")))
        .await;
    assert_eq!(there.json(200)["session"]["id"], LATER);
}

#[tokio::test]
async fn an_instructor_or_a_room_is_booked_once_unless_somebody_says_why() {
    let app = start().await;
    let root = app.client(ROOT);
    let mut body = json!({
        "course": BASICS, "location": MUNICH, "capacity": 5, "instructors": [INES],
        "parts": [{ "starts": "2027-03-15T14:00", "length": "PT2H" }],
    });
    let busy = root.post("/v1/sessions", body.clone()).await;
    assert_eq!(busy.problem(), (409, "double-booked".to_owned()));
    assert_eq!(busy.json(409)["conflicts"][0]["instructors"], json!([INES]));
    body["instructors"] = json!([]);
    body["location"] = json!(COLOGNE);
    body["parts"][0]["room"] = json!("2.04");
    let taken = root.post("/v1/sessions", body.clone()).await.json(409);
    assert_eq!(
        (&taken["conflicts"][0]["session"], &taken["conflicts"][0]["room"]),
        (&json!(SESSION), &json!("2.04"))
    );
    body["override_reason"] = json!("two groups share the hall");
    root.post("/v1/sessions", body).await.json(201);
}

#[tokio::test]
async fn a_cancelled_session_carries_a_proposal_for_everybody_and_promises_no_seat_twice() {
    let app = start().await;
    let other = hold(&app, "2027-03-17T09:00", 1).await;
    let mut registrations = Vec::new();
    for person in [ADA, BOB] {
        registrations.push((person, register(&app.client(person), SESSION).await.json(201)));
    }
    let body = json!({ "on_full": "waitlist" });
    let path = format!("/v1/sessions/{SESSION}/registrations");
    registrations.push((OTTO, app.client(OTTO).post(path, body).await.json(201)));
    let cancel = json!({ "reason": "the instructor is ill" });
    app.client(ROOT).post(format!("/v1/sessions/{SESSION}/cancel"), cancel).await.json(200);
    let mut promised = Vec::new();
    for (person, registration) in &registrations {
        let told = told(&app, person, registration).await;
        assert_eq!(told["status"], "session-cancelled");
        let alternatives = told["alternatives"].as_array().expect("proposals").clone();
        assert!(!alternatives.is_empty(), "everybody has one");
        promised
            .extend(alternatives.iter().map(|it| it["session"]["id"].as_str().expect("an id").to_owned()));
    }
    let count = |session: &str| promised.iter().filter(|it| **it == session).count();
    assert_eq!((count(&other), count(LATER)), (1, 2), "as many as there are seats");
    for (person, registration) in &registrations {
        let id = told(&app, person, registration).await["alternatives"][0]["id"].clone();
        let take = format!("/v1/alternatives/{}/take", id.as_str().expect("an id"));
        assert_eq!(app.client(person).post(take, json!({})).await.json(201)["status"], "confirmed");
    }
}

#[tokio::test]
async fn a_session_that_is_cancelled_by_itself_carries_proposals_as_well() {
    let app = start().await;
    let root = app.client(ROOT);
    let rule = json!({ "rule": "minimum-cancels", "value": 1 });
    assert_eq!(root.put("/v1/policy", rule).await.status, 204);
    root.patch(format!("/v1/sessions/{SESSION}"), json!({ "version": 1, "minimum": 2 })).await.json(200);
    register(&app.client(ADA), SESSION).await.json(201);
    app.settled().await;
    app.clock.set("2027-03-08T08:00:00Z".parse().expect("an instant"));
    let ended = until(&app, ADA, "registration.session-cancelled").await;
    assert_eq!(ended["session"]["cancelled_because"], "1 people are registered, and 2 are needed");
    assert_eq!(ended["alternatives"][0]["session"]["id"], LATER);
    let path = format!("/v1/alternatives/{}/take", id_of(&ended["alternatives"][0]));
    assert_eq!(app.client(ADA).post(path, json!({})).await.json(201)["status"], "confirmed");
}
