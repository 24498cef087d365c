//! Asking rules anew about those who wait already, by REST, with a real component.

use serde_json::{Value, json};

use crate::asking::{id_of, register};
use crate::harness::TestApp;
use crate::town::{ADA, BASICS, BOB, DORA, FIRST, MIA, OTTO, ROOT, SESSION};
use crate::uploading::{COMPONENTS, component, host};

/// Bob and Otto have the two seats; Mia waits, and then Ada, who holds a certificate.
async fn queue(app: &TestApp) -> [String; 2] {
    for person in [BOB, OTTO] {
        register(&app.client(person), SESSION).await.json(201);
    }
    let path = format!("/v1/sessions/{SESSION}/registrations");
    let mut waiting = Vec::new();
    for person in [MIA, ADA] {
        let answer = app.client(person).post(&path, json!({ "on_full": "waitlist" })).await;
        waiting.push(id_of(&answer.json(201)));
    }
    waiting.try_into().expect("two")
}

/// Their places, and why they have them.
async fn places(app: &TestApp, waiting: &[String; 2]) -> [(Value, Value); 2] {
    let [mia, ada] = waiting;
    let mut of = Vec::new();
    for (person, id) in [(MIA, mia), (ADA, ada)] {
        let seen = app.client(person).get(format!("/v1/registrations/{id}")).await.json(200);
        of.push((seen["position"].clone(), seen["priority"]["level"].clone()));
    }
    of.try_into().expect("two")
}

async fn anew(app: &TestApp, at: &str) -> Value {
    app.client(DORA).post(format!("{at}/ask-anew"), json!({})).await.json(200)
}

#[tokio::test]
async fn those_who_wait_are_moved_on_request_and_whom_a_person_moved_stays() {
    let Some(bytes) = component("ev_certified_first.wasm") else { return };
    let app = host().await;
    let waiting = queue(&app).await;
    let dora = app.client(DORA);
    let uploaded = dora.upload(COMPONENTS, bytes).await.json(201);
    let body =
        json!({ "component": uploaded["component"], "dealer": FIRST, "settings": { "certificate": BASICS } });
    let at = format!("/v1/plugins/{}", id_of(&dora.post("/v1/plugins", body).await.json(201)));
    let joined = [(json!(1), Value::Null), (json!(2), Value::Null)];
    let in_front = [(json!(2), Value::Null), (json!(1), json!(5))];
    let told = |moved: u32| json!({ "asked": 2, "moved": moved, "unanswered": 0, "next": null });

    assert_eq!(anew(&app, &at).await, told(0), "it is off");
    dora.post(format!("{at}/activate"), json!({ "reason": "Electric cars." })).await.json(200);
    assert_eq!(places(&app, &waiting).await, joined, "nobody who waits already is moved by itself");
    assert_eq!(anew(&app, &at).await, told(1));
    assert_eq!(places(&app, &waiting).await, in_front);
    assert_eq!(anew(&app, &at).await, told(0), "asking twice changes nothing");
    let seen = app.client(ADA).get(format!("/v1/registrations/{}", waiting[1])).await.json(200);
    let last = seen["history"].as_array().and_then(|it| it.last()).expect("a step");
    assert_eq!((&last["what"], &last["by"]), (&json!("registration.prioritised"), &json!("system:plugin")));
    assert_eq!(last["facts"]["plugin"]["plugin"], "ev-certified-first");

    dora.post(format!("{at}/switch-off"), json!({ "reason": "Summer." })).await.json(200);
    assert_eq!(anew(&app, &at).await, told(1), "nothing speaks for Ada any more");
    assert_eq!(places(&app, &waiting).await, joined);

    let by_hand = json!({ "level": 1, "reason": "hired last week" });
    app.client(ROOT).post(format!("/v1/registrations/{}/priority", waiting[1]), by_hand).await.json(200);
    dora.post(format!("{at}/activate"), json!({ "reason": "Autumn." })).await.json(200);
    assert_eq!(anew(&app, &at).await, told(0), "an admin has spoken");
    assert_eq!(places(&app, &waiting).await, [(json!(2), Value::Null), (json!(1), json!(1))]);
    let others = app.client(OTTO).post(format!("{at}/ask-anew"), json!({})).await;
    assert_eq!(others.problem(), (404, "not-found".to_owned()));
}

/// Switches on what misbehaves so.
async fn misbehaves(app: &TestApp, at: &str, component: &Value, what: &str) {
    let dora = app.client(DORA);
    let version = dora.get(at).await.json(200)["version"].clone();
    let edition = json!({ "component": component, "settings": { "do": what }, "version": version });
    dora.patch(at, edition).await.json(200);
    dora.post(format!("{at}/activate"), json!({ "reason": what })).await.json(200);
}

#[tokio::test]
async fn nobody_is_moved_since_a_rule_gave_no_answer_or_where_a_person_has_put_them() {
    let Some(bytes) = component("trouble.wasm") else { return };
    let app = host().await;
    let waiting = queue(&app).await;
    let dora = app.client(DORA);
    let component = dora.upload(COMPONENTS, bytes).await.json(201)["component"].clone();
    let body = json!({ "component": component, "dealer": FIRST, "settings": { "do": "to the front" } });
    let at = format!("/v1/plugins/{}", id_of(&dora.post("/v1/plugins", body).await.json(201)));
    dora.post(format!("{at}/activate"), json!({ "reason": "All of ours." })).await.json(200);
    let back = json!({ "level": 0, "reason": "in the order of joining" });
    app.client(ROOT).post(format!("/v1/registrations/{}/priority", waiting[0]), back).await.json(200);
    let told = |moved: u32, unanswered: u32| json!({ "asked": 2, "moved": moved, "unanswered": unanswered, "next": null });
    assert_eq!(anew(&app, &at).await, told(2, 0), "nobody had put Mia anywhere yet");
    let back = json!({ "level": 0, "reason": "in the order of joining" });
    app.client(ROOT).post(format!("/v1/registrations/{}/priority", waiting[0]), back).await.json(200);
    let by_now = [(json!(2), Value::Null), (json!(1), json!(7))];
    assert_eq!(places(&app, &waiting).await, by_now);
    assert_eq!(anew(&app, &at).await, told(0, 0), "an admin has spoken of Mia");

    misbehaves(&app, &at, &component, "panic").await;
    assert_eq!(anew(&app, &at).await, told(0, 1), "what it would say of Ada is not known");
    assert_eq!(places(&app, &waiting).await, by_now);

    misbehaves(&app, &at, &component, "nothing").await;
    assert_eq!(anew(&app, &at).await, told(1, 0), "it says now that she has no precedence");
}
