//! Prerequisites that were completed elsewhere, as the learner hears of them.

use std::sync::Arc;

use ilt_core::catalog::Completion;
use ilt_core::ports::Elsewhere;
use ilt_core::testing::{Academy, MemoryStore};
use ilt_engine::Ports;
use ilt_engine::config::Limits;
use serde_json::json;

use crate::asking::registrations;
use crate::harness::{TestApp, ports};
use crate::town::{BASICS, BOB, DRAFT, HIGH_VOLTAGE, ROOT};

/// A host beside an academy; the session [`DRAFT`] of [`HIGH_VOLTAGE`] is published.
async fn beside(academy: &Academy) -> TestApp {
    let store = Arc::new(MemoryStore::new());
    let evidence = Arc::new(academy.clone());
    let ports = |clock| Ports {
        evidence,
        ..ports(store.clone(), store.clone(), store.clone(), store.clone(), clock)
    };
    let app = TestApp::with(ports, Limits::default()).await;
    app.client(ROOT).post(format!("/v1/sessions/{DRAFT}/publish"), json!({})).await.json(200);
    app
}

#[tokio::test]
async fn what_cannot_be_found_out_is_said_to_be_that_and_may_be_asked_again_with_the_same_key() {
    let academy = Academy::default();
    let app = beside(&academy).await;
    let (bob, basics) = (BOB.parse().expect("an id"), BASICS.parse().expect("an id"));
    academy.says(Elsewhere { unknown: [(bob, basics)].into(), ..Elsewhere::default() });
    let bob_asks = || async {
        let client = app.client(BOB).with("idempotency-key", "a");
        client.post(registrations(DRAFT), json!({})).await
    };
    let refused = bob_asks().await;
    assert_eq!(refused.problem(), (409, "prerequisites-unknown".to_owned()));
    let body = refused.json(409);
    let sentence = "whether `Basics` was completed elsewhere could not be found out just now: please try again in a minute";
    assert_eq!(body["detail"], sentence);
    assert_eq!(body["missing"][0]["why"], "could not be found out");

    let completed_at = "2027-01-15T08:00:00Z".parse().expect("an instant");
    let completion = Completion { person: bob, course: basics, completed_at };
    academy.says(Elsewhere { completed: [completion].into(), ..Elsewhere::default() });
    assert_eq!(bob_asks().await.json(201)["status"], "confirmed");
    let shown = app.client(BOB).get(format!("/v1/people/{BOB}/completions")).await.json(200);
    assert_eq!(shown["items"][0]["completed_at"], "2027-01-15T08:00:00Z");
    let course = app.client(BOB).get(format!("/v1/courses/{HIGH_VOLTAGE}")).await.json(200);
    assert_eq!(course["missing"], json!([]), "it counts from then on");
}
