//! Reminders as people find them in the history of their registrations: from the state as it is when they are due.

use serde_json::json;

use super::start;
use crate::asking::{happened, id_of, register, registration, until};
use crate::harness::TestApp;
use crate::town::{ADA, BOB, OTTO, ROOT, SESSION};

fn set(app: &TestApp, now: &str) {
    app.clock.set(now.parse().expect("an instant"));
}

/// How often somebody was reminded.
async fn reminders(app: &TestApp, person: &str) -> usize {
    happened(&registration(app, person).await).iter().filter(|it| **it == "registration.reminded").count()
}

#[tokio::test]
async fn whoever_gave_the_seat_back_is_not_reminded_and_whoever_has_it_now_is() {
    let app = start().await;
    let adas = id_of(&register(&app.client(ADA), SESSION).await.json(201));
    let bobs = id_of(&register(&app.client(BOB), SESSION).await.json(201));
    app.client(ADA).post(format!("/v1/registrations/{adas}/cancel"), json!({})).await.json(200);
    set(&app, "2027-03-08T08:00:00Z");
    until(&app, BOB, "registration.reminded").await;
    assert_eq!((reminders(&app, BOB).await, reminders(&app, ADA).await), (1, 0));
    let instead = json!({ "learner": OTTO });
    app.client(ROOT).post(format!("/v1/registrations/{bobs}/substitute"), instead).await.json(201);
    set(&app, "2027-03-14T08:00:00Z");
    until(&app, OTTO, "registration.reminded").await;
    let all = (reminders(&app, OTTO).await, reminders(&app, BOB).await, reminders(&app, ADA).await);
    assert_eq!(all, (1, 1, 0), "the day before, it is Otto's");
}
