//! Approval over REST: a request holds a seat until whoever leads the learner has said yes or no.

use serde_json::json;

use super::start;
use crate::asking::{id_of, register};
use crate::harness::TestApp;
use crate::town::{ADA, BASICS, BOB, DORA, MIA, OTTO, ROOT, SESSION};

async fn gated() -> TestApp {
    let app = start().await;
    let body = json!({ "rule": "approval", "value": 1, "course": BASICS });
    assert_eq!(app.client(ROOT).put("/v1/policy", body).await.status, 204);
    app
}

#[tokio::test]
async fn a_request_is_approved_by_whoever_leads_the_learner() {
    let app = gated().await;
    let asked = register(&app.client(ADA), SESSION).await.json(201);
    assert_eq!((&asked["status"], &asked["session"]["seats"]["held"]), (&json!("held"), &json!(1)));
    assert_eq!(asked["approval_until"], "2027-03-04T08:00:00Z");
    let path = format!("/v1/registrations/{}/approve", id_of(&asked));
    for (person, problem) in [(ADA, (403, "forbidden")), (OTTO, (404, "not-found"))] {
        let refused = app.client(person).post(&path, json!({})).await;
        assert_eq!(refused.problem(), (problem.0, problem.1.to_owned()));
    }
    let approved = app.client(MIA).post(&path, json!({})).await.json(200);
    assert_eq!(
        (&approved["status"], &approved["session"]["seats"]["held"]),
        (&json!("confirmed"), &json!(0))
    );
}

#[tokio::test]
async fn a_request_is_declined_with_a_reason() {
    let app = gated().await;
    let asked = register(&app.client(BOB), SESSION).await.json(201);
    let path = format!("/v1/registrations/{}/decline-request", id_of(&asked));
    let silent = app.client(DORA).post(&path, json!({ "reason": "" })).await;
    assert_eq!(silent.problem(), (422, "invalid-request".to_owned()));
    let declined = app.client(DORA).post(&path, json!({ "reason": "in spring" })).await.json(200);
    assert_eq!(declined["status"], "declined");
    let told = app.client(BOB).get(format!("/v1/registrations/{}", id_of(&asked))).await.json(200);
    assert_eq!(told["history"][1]["why"], "in spring");
    let again = register(&app.client(BOB), SESSION).await.json(201);
    let path = format!("/v1/registrations/{}", id_of(&again));
    app.client(MIA).post(format!("{path}/approve"), json!({})).await.problem();
    app.client(DORA).post(format!("{path}/approve"), json!({})).await.json(200);
    let late =
        app.client(DORA).post(format!("{path}/decline-request"), json!({ "reason": "in spring" })).await;
    assert_eq!(late.problem(), (409, "not-requested".to_owned()));
}

#[tokio::test]
async fn whoever_leads_the_learner_need_not_ask_themselves() {
    let app = gated().await;
    let path = format!("/v1/sessions/{SESSION}/registrations");
    let made = app.client(MIA).post(path, json!({ "learner": ADA })).await.json(201);
    assert_eq!(made["status"], "confirmed");
}

#[tokio::test]
async fn an_admin_lets_somebody_in_beyond_the_capacity() {
    let app = start().await;
    for person in [ADA, BOB] {
        register(&app.client(person), SESSION).await.json(201);
    }
    let path = format!("/v1/sessions/{SESSION}/registrations");
    let body = json!({ "learner": OTTO, "on_full": "beyond-capacity", "reason": "the works council asked" });
    let own = json!({ "on_full": "beyond-capacity", "reason": "please" });
    assert_eq!(app.client(OTTO).post(&path, own).await.problem(), (403, "forbidden".to_owned()));
    let made = app.client(ROOT).post(&path, body).await.json(201);
    let seats = &made["session"]["seats"];
    assert_eq!(
        (&made["status"], &seats["over_capacity"], &seats["open"]),
        (&json!("confirmed"), &json!(1), &json!(0))
    );
}

#[tokio::test]
async fn a_deputy_approves_while_the_manager_is_away() {
    let app = gated().await;
    let asked = register(&app.client(ADA), SESSION).await.json(201);
    let path = format!("/v1/registrations/{}", id_of(&asked));
    assert_eq!(app.client(BOB).get(&path).await.problem(), (404, "not-found".to_owned()));
    let root = app.client(ROOT);
    let bob = root.get(format!("/v1/people/{BOB}")).await.json(200);
    let mut roles = bob["roles"].clone();
    roles.as_array_mut().expect("roles").push(json!({ "role": "manager", "dealer": bob["dealer"] }));
    let deputy = json!({ "version": bob["version"], "roles": roles, "stands_in_for": [MIA] });
    root.patch(format!("/v1/people/{BOB}"), deputy).await.json(200);
    let team = app.client(BOB).get(format!("/v1/registrations?learner={ADA}")).await.json(200);
    assert_eq!(team["items"].as_array().map(Vec::len), Some(1), "the team is seen");
    let approved = app.client(BOB).post(format!("{path}/approve"), json!({})).await.json(200);
    assert_eq!(approved["status"], "confirmed");
}
