//! What becomes of a registration: offers, cancelling, its history, one's own list.

use serde_json::{Value, json};

use super::start;
use crate::asking::{id_of, register, registrations};
use crate::harness::TestApp;
use crate::town::{ADA, BOB, LATER, MIA, OTTO, SESSION};

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
async fn cancelling_gives_the_seat_back_and_late_needs_a_reason() {
    let app = start().await;
    let id = id_of(&register(&app.client(ADA), SESSION).await.json(201));
    let cancel = format!("/v1/registrations/{id}/cancel");
    app.clock.set("2027-03-14T08:00:00Z".parse().expect("an instant"));
    let late = app.client(ADA).post(&cancel, json!({})).await;
    assert_eq!(late.problem(), (409, "late-cancellation-needs-reason".to_owned()));
    let done = app.client(ADA).post(&cancel, json!({ "reason": "ill" })).await.json(200);
    assert_eq!(done["status"], "late-cancelled");
    let again = app.client(ADA).post(&cancel, json!({ "reason": "ill" })).await;
    assert_eq!(again.problem(), (409, "already-cancelled".to_owned()));
    assert_eq!(seats(&app).await["open"], 2);
}

#[tokio::test]
async fn a_registration_tells_its_history() {
    let app = full().await;
    let body = json!({ "learner": ADA, "on_full": "waitlist" });
    let waiting = app.client(MIA).post(registrations(SESSION), body).await.json(201);
    let id = waiting["id"].as_str().expect("an id");
    let bobs = id_of(&register(&app.client(BOB), SESSION).await.json(200));
    app.client(BOB).post(format!("/v1/registrations/{bobs}/cancel"), json!({})).await.json(200);
    app.client(ADA).post(format!("/v1/registrations/{id}/accept"), json!({})).await.json(200);
    let told = app.client(ADA).get(format!("/v1/registrations/{id}")).await.json(200);
    insta::assert_snapshot!(format!("{:#}", told["history"]), @r#"
    [
      {
        "at": "2027-03-01T08:00:00Z",
        "by": "10000000-0000-4000-8000-0000000000c1",
        "facts": {
          "automatic": false
        },
        "what": "registration.waitlisted",
        "why": null
      },
      {
        "at": "2027-03-01T08:00:00Z",
        "by": "system:desk",
        "facts": {
          "until": "2027-03-02T08:00:00Z"
        },
        "what": "registration.offered",
        "why": null
      },
      {
        "at": "2027-03-01T08:00:00Z",
        "by": "you",
        "facts": {},
        "what": "registration.offer-taken",
        "why": null
      }
    ]
    "#);
    assert_eq!(
        app.client(OTTO).get(format!("/v1/registrations/{id}")).await.problem(),
        (404, "not-found".to_owned())
    );
}

#[tokio::test]
async fn an_offer_is_declined_or_runs_out() {
    let app = full().await;
    let body = json!({ "on_full": "waitlist" });
    let id = id_of(&app.client(ADA).post(registrations(SESSION), body).await.json(201));
    let accept = format!("/v1/registrations/{id}/accept");
    let none = app.client(ADA).post(&accept, json!({})).await;
    assert_eq!(none.problem(), (409, "offer-expired".to_owned()), "there is none yet");
    let bobs = id_of(&register(&app.client(BOB), SESSION).await.json(200));
    app.client(BOB).post(format!("/v1/registrations/{bobs}/cancel"), json!({})).await.json(200);
    let offered = app.client(ADA).get(format!("/v1/registrations/{id}")).await.json(200);
    assert_eq!(
        (&offered["status"], &offered["offer_until"]),
        (&json!("offered"), &json!("2027-03-02T08:00:00Z"))
    );
    let declined = app.client(ADA).post(format!("/v1/registrations/{id}/decline"), json!({})).await.json(200);
    assert_eq!(
        (&declined["status"], &declined["session"]["seats"]["open"]),
        (&json!("waitlisted"), &json!(1))
    );
    // The seat stayed open, so it can still be had.
    assert_eq!(register(&app.client(ADA), SESSION).await.json(200)["status"], "confirmed");
}

#[tokio::test]
async fn own_registrations_come_in_order_with_filters() {
    let app = start().await;
    let ada = app.client(ADA);
    register(&ada, LATER).await.json(201);
    let first = id_of(&register(&ada, SESSION).await.json(201));
    let list = async |query: &str| -> Vec<String> {
        let page = ada.get(format!("/v1/registrations?{query}")).await.json(200);
        let items = page["items"].as_array().expect("items");
        items.iter().map(|it| it["session"]["id"].as_str().expect("an id").to_owned()).collect()
    };
    assert_eq!(list("").await, [SESSION, LATER]);
    assert_eq!(list("from=2027-03-16T00:00:00Z").await, [LATER]);
    assert_eq!(list("to=2027-03-16T00:00:00Z").await, [SESSION]);
    ada.post(format!("/v1/registrations/{first}/cancel"), json!({})).await.json(200);
    assert_eq!(list("status=confirmed").await, [LATER]);
    assert_eq!(list("status=cancelled,waitlisted").await, [SESSION]);
    let wrong = ada.get("/v1/registrations?status=happy").await;
    assert_eq!(wrong.problem(), (400, "invalid-request".to_owned()));
    let page = ada.get("/v1/registrations?limit=1").await.json(200);
    let next = page["next"].as_str().expect("there is more");
    assert_eq!(list(&format!("limit=1&cursor={next}")).await, [LATER]);
}
