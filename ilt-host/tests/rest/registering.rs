//! Claiming a seat, and everything that can stand in the way.

use serde_json::{Value, json};

use super::start;
use crate::asking::{id_of, register, registrations};
use crate::harness::TestApp;
use crate::town::{ADA, BOB, COLOGNE, DORA, DRAFT, HIGH_VOLTAGE, LATER, MIA, OTTO, ROOT, SESSION};

/// Bob and Mia have the two seats.
async fn full() -> TestApp {
    let app = start().await;
    register(&app.client(BOB), SESSION).await.json(201);
    register(&app.client(MIA), SESSION).await.json(201);
    app
}

async fn seats(app: &TestApp) -> Value {
    app.client(ADA).get(format!("/v1/sessions/{SESSION}")).await.json(200)["seats"].clone()
}

#[tokio::test]
async fn an_open_seat_is_confirmed_with_everything_one_needs_to_know() {
    let app = start().await;
    insta::assert_snapshot!(register(&app.client(ADA), SESSION).await, @r#"
    201
    content-type: application/json
    location: /v1/registrations/00000000-0000-7000-8000-000000000009
    cache-control: no-store

    {
      "approval_until": null,
      "approved": null,
      "attendance": null,
      "automatic": null,
      "created_at": "2027-03-01T08:00:00Z",
      "gives_back": null,
      "group": null,
      "id": "00000000-0000-7000-8000-000000000009",
      "learner": {
        "id": "10000000-0000-4000-8000-0000000000a1",
        "name": "Ada Ahrens"
      },
      "marks": [],
      "offer_until": null,
      "paused": null,
      "position": null,
      "priority": null,
      "seat_announced_at": null,
      "session": {
        "course": {
          "id": "30000000-0000-4000-8000-000000000001",
          "programme_type": "onboarding",
          "title": "Basics"
        },
        "id": "50000000-0000-4000-8000-000000000001",
        "instructors": [
          {
            "id": "10000000-0000-4000-8000-0000000000f0",
            "name": "Ines Imhof"
          }
        ],
        "location": {
          "city": "Köln",
          "id": "40000000-0000-4000-8000-000000000001",
          "lat": 50.94,
          "lon": 6.96,
          "name": "Training centre Köln",
          "zone": "Europe/Berlin"
        },
        "mine": {
          "registration": "00000000-0000-7000-8000-000000000009",
          "status": "confirmed"
        },
        "minimum": 0,
        "parts": [
          {
            "length": "PT6H",
            "room": "2.04",
            "starts": "2027-03-15T09:00",
            "starts_at": "2027-03-15T08:00:00Z",
            "zone": "Europe/Berlin"
          }
        ],
        "registration": {
          "closes_at": "2027-03-11T08:00:00Z",
          "opens_at": "2027-03-01T08:00:00Z"
        },
        "seats": {
          "capacity": 2,
          "confirmed": 1,
          "held": 0,
          "offered": 0,
          "open": 1,
          "over_capacity": 0,
          "reserved": 0,
          "waitlisted": 0
        },
        "status": "published",
        "version": 1,
        "waitlist": true
      },
      "status": "confirmed",
      "successor": null
    }
    "#);
}

#[tokio::test]
async fn registering_twice_is_one_registration() {
    let app = start().await;
    let first = register(&app.client(ADA), SESSION).await.json(201);
    let again = register(&app.client(ADA), SESSION).await;
    assert_eq!(again.json(200)["id"], first["id"]);
    assert_eq!(seats(&app).await["confirmed"], 1);
}

#[tokio::test]
async fn a_full_session_answers_with_alternatives_and_the_length_of_its_queue() {
    let app = full().await;
    insta::assert_snapshot!(register(&app.client(ADA), SESSION).await, @r#"
    409
    content-type: application/problem+json
    cache-control: no-store

    {
      "alternatives": [
        {
          "adjustments": [],
          "days_later": 7,
          "distance_km": 456.0,
          "expires_at": "2027-03-01T08:30:00Z",
          "id": "00000000-0000-7000-8000-00000000000d",
          "parts": {
            "availability": 0.87,
            "proximity": 0.04,
            "relevance": 1.0
          },
          "reason": "Seven days later, 456 km from you, 2 seats open.",
          "score": 0.57,
          "session": {
            "course": {
              "id": "30000000-0000-4000-8000-000000000001",
              "programme_type": "onboarding",
              "title": "Basics"
            },
            "id": "50000000-0000-4000-8000-000000000002",
            "instructors": [
              {
                "id": "10000000-0000-4000-8000-0000000000f0",
                "name": "Ines Imhof"
              }
            ],
            "location": {
              "city": "München",
              "id": "40000000-0000-4000-8000-000000000002",
              "lat": 48.14,
              "lon": 11.58,
              "name": "Training centre München",
              "zone": "Europe/Berlin"
            },
            "mine": null,
            "minimum": 0,
            "parts": [
              {
                "length": "PT6H",
                "room": "2.04",
                "starts": "2027-03-22T09:00",
                "starts_at": "2027-03-22T08:00:00Z",
                "zone": "Europe/Berlin"
              }
            ],
            "registration": {
              "closes_at": "2027-03-18T08:00:00Z",
              "opens_at": "2027-03-01T08:00:00Z"
            },
            "seats": {
              "capacity": 2,
              "confirmed": 0,
              "held": 0,
              "offered": 0,
              "open": 2,
              "over_capacity": 0,
              "reserved": 0,
              "waitlisted": 0
            },
            "status": "published",
            "version": 1,
            "waitlist": true
          },
          "weights": {
            "availability": 0.35,
            "proximity": 0.4,
            "relevance": 0.25
          },
          "would_change": null
        }
      ],
      "code": "session-full",
      "detail": "all seats of this session are taken; you can join the waitlist",
      "session": "50000000-0000-4000-8000-000000000001",
      "status": 409,
      "title": "The session is full",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/session-full",
      "waitlist": {
        "length": 0,
        "open": true
      }
    }
    "#);
    assert_eq!(seats(&app).await["open"], 0);
}

#[tokio::test]
async fn whoever_would_rather_wait_gets_a_place_in_the_queue() {
    let app = full().await;
    let body = json!({ "on_full": "waitlist", "automatic": true });
    let waiting = app.client(ADA).post(registrations(SESSION), body).await.json(201);
    assert_eq!(
        (&waiting["status"], &waiting["position"], &waiting["automatic"]),
        (&json!("waitlisted"), &json!(1), &json!(true))
    );
    assert_eq!(seats(&app).await["waitlisted"], 1);
}

#[tokio::test]
async fn a_shown_alternative_is_taken_by_its_id_and_again_is_the_same() {
    let app = full().await;
    let refused = register(&app.client(ADA), SESSION).await.json(409);
    let take = format!("/v1/alternatives/{}/take", refused["alternatives"][0]["id"].as_str().expect("an id"));
    let taken = app.client(ADA).post(&take, json!({})).await.json(201);
    assert_eq!((&taken["status"], &taken["session"]["id"]), (&json!("confirmed"), &json!(LATER)));
    assert_eq!(app.client(ADA).post(&take, json!({})).await.json(200)["id"], taken["id"]);
    assert_eq!(app.client(OTTO).post(&take, json!({})).await.problem(), (404, "not-found".to_owned()));
}

#[tokio::test]
async fn an_alternative_that_went_stale_comes_with_fresh_ones() {
    let app = full().await;
    let refused = register(&app.client(ADA), SESSION).await.json(409);
    let take = format!("/v1/alternatives/{}/take", refused["alternatives"][0]["id"].as_str().expect("an id"));
    register(&app.client(BOB), LATER).await.json(201);
    register(&app.client(MIA), LATER).await.json(201);
    app.settled().await;
    let stale = app.client(ADA).post(&take, json!({})).await;
    assert_eq!(stale.problem(), (409, "alternative-expired".to_owned()));
    let fresh = &stale.json(409)["alternatives"][0];
    assert_eq!((&fresh["session"]["id"], &fresh["session"]["seats"]["open"]), (&json!(LATER), &json!(0)));
    // A fresh one leads to the queue, as it says.
    let take = format!("/v1/alternatives/{}/take", fresh["id"].as_str().expect("an id"));
    assert_eq!(app.client(ADA).post(&take, json!({})).await.json(201)["status"], "waitlisted");
}

#[tokio::test]
async fn alternatives_can_be_asked_for_at_any_time() {
    let app = start().await;
    let path = format!("/v1/sessions/{SESSION}/alternatives");
    let found = app.client(ADA).get(&path).await.json(200);
    assert_eq!(found["items"][0]["session"]["id"], LATER);
    let for_team = format!("{path}?learner={ADA}");
    assert_eq!(app.client(MIA).get(&for_team).await.json(200)["items"][0]["session"]["id"], LATER);
    assert_eq!(app.client(BOB).get(&for_team).await.problem(), (403, "forbidden".to_owned()));
    assert_eq!(app.client(OTTO).get(&for_team).await.problem(), (404, "not-found".to_owned()));
}

#[tokio::test]
async fn a_missing_prerequisite_is_named_with_sessions_that_would_help() {
    let app = start().await;
    app.client(ROOT).post(format!("/v1/sessions/{DRAFT}/publish"), json!({})).await.json(200);
    let refused = register(&app.client(BOB), DRAFT).await;
    assert_eq!(refused.problem(), (409, "prerequisites-missing".to_owned()));
    let body = refused.json(409);
    assert_eq!(body["detail"], "first complete `Basics`");
    let helpful: Vec<_> = body["sessions"].as_array().expect("sessions").iter().map(|it| &it["id"]).collect();
    assert_eq!(helpful, [&json!(SESSION), &json!(LATER)]);
    assert_eq!(register(&app.client(ADA), DRAFT).await.status, 201, "Ada has the basics");
}

/// Another session at the same hour as [`SESSION`].
async fn same_hour(app: &TestApp) -> String {
    let body = json!({
        "course": HIGH_VOLTAGE, "location": COLOGNE, "capacity": 5,
        "parts": [{ "starts": "2027-03-15T10:00", "length": "PT2H" }],
    });
    let made = app.client(ROOT).post("/v1/sessions", body).await.json(201);
    let id = id_of(&made);
    app.client(ROOT).post(format!("/v1/sessions/{id}/publish"), json!({ "version": 1 })).await.json(200);
    id
}

#[tokio::test]
async fn a_clash_says_with_what_and_an_admin_overrides_it_with_a_reason() {
    let app = start().await;
    let other = same_hour(&app).await;
    let first = register(&app.client(ADA), SESSION).await.json(201);
    let refused = register(&app.client(ADA), &other).await;
    assert_eq!(refused.problem(), (409, "clash".to_owned()));
    let body = refused.json(409);
    assert_eq!(body["with"][0]["registration"], first["id"]);
    assert_eq!(body["sessions"][0]["id"], SESSION);
    let by_manager = json!({ "learner": ADA, "reason": "she can do both" });
    let refused = app.client(MIA).post(registrations(&other), by_manager.clone()).await;
    assert_eq!(refused.problem(), (409, "clash".to_owned()), "only an admin overrides");
    assert_eq!(
        app.client(ROOT).post(registrations(&other), by_manager).await.json(201)["status"],
        "confirmed"
    );
}

#[tokio::test]
async fn what_cannot_be_taken_by_anybody_says_why() {
    let app = start().await;
    let root = app.client(ROOT);
    let not_open = root.post(registrations(DRAFT), json!({ "learner": ADA })).await;
    assert_eq!(not_open.problem(), (409, "registration-not-open".to_owned()));
    assert_eq!(
        register(&app.client(ADA), DRAFT).await.problem(),
        (404, "not-found".to_owned()),
        "a draft is hidden"
    );
    root.post(format!("/v1/sessions/{LATER}/cancel"), json!({ "reason": "storm" })).await.json(200);
    let cancelled = register(&app.client(ADA), LATER).await;
    assert_eq!(cancelled.problem(), (409, "session-cancelled".to_owned()));
    assert_eq!(cancelled.json(409)["detail"], "this session has been cancelled: storm");
    app.clock.set("2027-03-11T08:00:00Z".parse().expect("an instant"));
    let closed = register(&app.client(ADA), SESSION).await;
    assert_eq!(closed.problem(), (409, "registration-closed".to_owned()));
    assert_eq!(closed.json(409)["closed_at"], "2027-03-11T08:00:00Z");
}

#[tokio::test]
async fn others_are_registered_by_those_who_lead_them() {
    let app = start().await;
    let as_learner = |learner: &str| json!({ "learner": learner });
    for (actor, learner, expected) in [
        (MIA, ADA, 201),
        (DORA, BOB, 201),
        (MIA, BOB, 403),
        (ADA, BOB, 403),
        (OTTO, ADA, 404),
        (ROOT, OTTO, 201),
    ] {
        let reply = app.client(actor).post(registrations(LATER), as_learner(learner)).await;
        let got = if reply.status == 409 { 201 } else { reply.status };
        assert_eq!(got, expected, "{actor} for {learner}: {reply}");
    }
}

#[tokio::test]
async fn a_request_that_is_repeated_gets_the_first_answer() {
    let app = start().await;
    let ada = app.client(ADA).with("idempotency-key", "double-click");
    let first = register(&ada, SESSION).await.json(201);
    app.client(ADA)
        .post(format!("/v1/registrations/{}/cancel", first["id"].as_str().expect("an id")), json!({}))
        .await
        .json(200);
    assert_eq!(register(&ada, SESSION).await.json(201)["id"], first["id"]);
    let other = register(&ada, LATER).await;
    assert_eq!(other.problem(), (422, "idempotency-key-reused".to_owned()));
    assert_eq!(seats(&app).await["confirmed"], 0);
}
