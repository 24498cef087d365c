//! Swaps and groups over REST.

use serde_json::json;

use super::start;
use crate::asking::{id_of, register};
use crate::harness::TestApp;
use crate::town::{ADA, BASICS, BOB, COLOGNE, DORA, LATER, MIA, OTTO, ROOT, SESSION};

#[tokio::test]
async fn a_better_seat_is_waited_for_and_the_old_one_given_back_with_it() {
    let app = start().await;
    let mine = register(&app.client(ADA), SESSION).await.json(201);
    let others = [
        register(&app.client(BOB), LATER).await.json(201),
        register(&app.client(OTTO), LATER).await.json(201),
    ];
    let path = format!("/v1/registrations/{}/swap", id_of(&mine));
    let body = json!({ "session": LATER, "automatic": true });
    let waits = app.client(ADA).post(&path, body.clone()).await.json(201);
    assert_eq!((&waits["status"], &waits["gives_back"]), (&json!("waitlisted"), &mine["id"]));
    app.client(ADA).post(&path, body).await.json(200);
    let given = format!("/v1/registrations/{}/cancel", id_of(&others[0]));
    app.client(BOB).post(given, json!({})).await.json(200);
    let now = |id: String| {
        let app = &app;
        async move { app.client(ADA).get(format!("/v1/registrations/{id}")).await.json(200) }
    };
    assert_eq!(now(id_of(&waits)).await["status"], "confirmed");
    let left = now(id_of(&mine)).await;
    assert_eq!((&left["status"], &left["successor"]), (&json!("transferred"), &waits["id"]));
    assert_eq!(left["session"]["seats"]["open"], 2, "the old seat is open again");
}

#[tokio::test]
async fn a_group_is_registered_whole_or_not_at_all() {
    let app = start().await;
    let path = format!("/v1/sessions/{SESSION}/groups");
    let dora = app.client(DORA);
    let stranger = dora.post(&path, json!({ "learners": [ADA, OTTO] })).await;
    assert_eq!(stranger.problem(), (404, "not-found".to_owned()));
    assert_eq!(
        dora.post(&path, json!({ "learners": [] })).await.problem(),
        (422, "invalid-request".to_owned())
    );
    let made = dora.post(&path, json!({ "learners": [ADA, BOB] })).await.json(201);
    let statuses = made["items"].as_array().expect("items").iter().map(|it| it["status"].clone());
    assert_eq!(statuses.collect::<Vec<_>>(), ["confirmed", "confirmed"]);
    assert_eq!(made["seats"]["open"], 0);
    assert_eq!(dora.post(&path, json!({ "learners": [ADA, BOB] })).await.json(200)["items"], made["items"]);
}

/// Bob has a seat elsewhere at the same time.
async fn engage_bob(app: &TestApp) {
    let body = json!({
        "course": BASICS, "location": COLOGNE, "capacity": 5,
        "parts": [{ "starts": "2027-03-15T10:00", "length": "PT2H" }],
    });
    let other = app.client(ROOT).post("/v1/sessions", body).await.json(201);
    let other = id_of(&other);
    app.client(ROOT).post(format!("/v1/sessions/{other}/publish"), json!({})).await.json(200);
    register(&app.client(BOB), &other).await.json(201);
}

/// Why Ada was passed over, as her history says.
async fn skips(app: &TestApp, registration: &str) -> Vec<serde_json::Value> {
    let told = app.client(ADA).get(format!("/v1/registrations/{registration}")).await.json(200);
    let history = told["history"].as_array().expect("a history");
    history
        .iter()
        .filter(|it| it["what"] == "registration.skipped")
        .map(|it| it["facts"]["code"].clone())
        .collect()
}

#[tokio::test]
async fn a_group_is_passed_over_with_a_reason() {
    let app = start().await;
    let mut seated = Vec::new();
    for person in [OTTO, MIA] {
        seated.push(id_of(&register(&app.client(person), SESSION).await.json(201)));
    }
    let body = json!({ "learners": [ADA, BOB], "on_full": "waitlist" });
    let waits = app.client(DORA).post(format!("/v1/sessions/{SESSION}/groups"), body).await.json(201);
    let adas = id_of(&waits["items"][0]);
    let give = |person, id: &str| {
        let (app, path) = (&app, format!("/v1/registrations/{id}/cancel"));
        async move { app.client(person).post(path, json!({})).await.json(200) }
    };
    give(OTTO, &seated[0]).await;
    assert_eq!(skips(&app, &adas).await, ["group-too-large"]);
    engage_bob(&app).await;
    give(MIA, &seated[1]).await;
    assert_eq!(skips(&app, &adas).await, ["group-too-large", "group-held-up"]);
}

#[tokio::test]
async fn who_cannot_is_named_and_nobody_is_registered() {
    let app = start().await;
    engage_bob(&app).await;
    let path = format!("/v1/sessions/{SESSION}/groups");
    let refused = app.client(DORA).post(&path, json!({ "learners": [ADA, BOB] })).await;
    assert_eq!(refused.problem(), (409, "group-refused".to_owned()));
    let refused = refused.json(409);
    assert_eq!(
        (&refused["refused"][0]["learner"], &refused["refused"][0]["code"]),
        (&json!(BOB), &json!("clash"))
    );
    let seats = app.client(ROOT).get(format!("/v1/sessions/{SESSION}")).await.json(200);
    assert_eq!(seats["seats"]["confirmed"], 0);
}

#[tokio::test]
async fn a_group_waits_together_and_answers_together() {
    let app = start().await;
    let seated = register(&app.client(OTTO), SESSION).await.json(201);
    let path = format!("/v1/sessions/{SESSION}/groups");
    let full = app.client(DORA).post(&path, json!({ "learners": [ADA, BOB] })).await;
    assert_eq!(full.problem(), (409, "session-full".to_owned()));
    assert_eq!(full.json(409)["alternatives"][0]["session"]["id"], LATER);
    let body = json!({ "learners": [ADA, BOB], "on_full": "waitlist" });
    let waits = app.client(DORA).post(&path, body.clone()).await.json(201);
    let [one, other] = [&waits["items"][0], &waits["items"][1]];
    assert_eq!((&one["status"], &one["group"]), (&json!("waitlisted"), &other["group"]));
    assert_eq!((&one["position"], &other["position"]), (&json!(1), &json!(2)));
    let stranger = app.client(OTTO).post(&path, body).await;
    assert_eq!(
        stranger.problem(),
        (404, "not-found".to_owned()),
        "they are registered, which is none of his business"
    );
    app.client(OTTO).post(format!("/v1/registrations/{}/cancel", id_of(&seated)), json!({})).await.json(200);
    let accept = format!("/v1/registrations/{}/accept", id_of(one));
    assert_eq!(
        app.client(ADA).post(&accept, json!({})).await.problem(),
        (403, "forbidden".to_owned()),
        "the seat is hers, and she may not answer for Bob, of whom she is not told"
    );
    app.client(DORA).post(&accept, json!({})).await.json(200);
    let roster = app.client(ROOT).get(format!("/v1/sessions/{SESSION}/roster")).await.json(200);
    let statuses = roster["items"].as_array().expect("lines").iter().map(|line| line["status"].clone());
    assert_eq!(statuses.collect::<Vec<_>>(), ["confirmed", "confirmed"]);
}
