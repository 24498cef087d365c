//! The journal over REST, on each store.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::start;
use crate::town::{self, ADA, BOB, DORA, ROOT, SESSION};

fn numbers(page: &Value) -> Vec<u64> {
    page["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|it| it["number"].as_u64().expect("a number"))
        .collect()
}

#[tokio::test]
async fn who_did_what_to_whom_and_why_is_told_latest_first() {
    let app = start().await;
    let registered =
        app.client(ADA).post(format!("/v1/sessions/{SESSION}/registrations"), json!({})).await.json(201);
    let id = registered["id"].as_str().expect("an id");
    app.clock.set(town::now() + SignedDuration::from_mins(1));
    let cancelled =
        app.client(DORA).post(format!("/v1/registrations/{id}/cancel"), json!({ "reason": "ill" })).await;
    cancelled.json(200);
    let root = app.client(ROOT);
    let page = root.get(format!("/v1/journal?registration={id}")).await.json(200);
    let [last, first] = &page["items"].as_array().expect("items")[..] else { panic!("{page:#}") };
    assert_eq!((&last["what"], &last["why"]), (&json!("registration.cancelled"), &json!("ill")));
    assert_eq!((&last["by"]["id"], &last["learner"]["id"]), (&json!(DORA), &json!(ADA)));
    assert_eq!((&last["facts"], &last["seats"]["confirmed"]), (&json!({ "late": false }), &json!(0)));
    assert_eq!((&last["request"], last["by_system"].is_null()), (&json!(crate::harness::TRACE), true));
    assert_eq!((&first["what"], &first["session"]), (&json!("registration.confirmed"), &json!(SESSION)));
    assert!(page["next"].is_null() && last["by"]["name"] != "", "{page:#}");

    let asked = async |query: String| numbers(&root.get(format!("/v1/journal?{query}")).await.json(200));
    let (last, first) =
        (last["number"].as_u64().expect("a number"), first["number"].as_u64().expect("a number"));
    assert_eq!(asked(format!("by={DORA}")).await, [last]);
    assert_eq!(asked(format!("learner={ADA}&what=registration")).await, [last, first]);
    assert_eq!(asked(format!("learner={BOB}")).await, [0_u64; 0]);
    assert_eq!(asked(format!("session={SESSION}&what=registration.confirmed")).await, [first]);
    let minute = town::now() + SignedDuration::from_mins(1);
    assert_eq!(asked(format!("session={SESSION}&from={minute}")).await, [last]);
    assert_eq!(asked(format!("registration={id}&to={minute}")).await, [first]);
    let all = asked("limit=200".to_owned()).await;
    assert!(all.is_sorted_by(|one, other| one > other) && all.last() == Some(&1), "{all:?}");
}

#[tokio::test]
async fn pages_follow_each_other_while_more_happens() {
    let app = start().await;
    let root = app.client(ROOT);
    let all = numbers(&root.get("/v1/journal?limit=200").await.json(200));
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let page = root.get(format!("/v1/journal?limit=2&cursor={next}")).await.json(200);
        seen.extend(numbers(&page));
        root.post("/v1/me/calendar-feed", json!({})).await.json(200);
        let Some(cursor) = page["next"].as_str() else { break };
        cursor.clone_into(&mut next);
    }
    assert_eq!(seen, all, "what happened since stands before the first page");
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_told_by_name() {
    let app = start().await;
    for (query, name) in [
        ("by=somebody", "?by"),
        ("cursor=x", "?cursor"),
        ("limit=0", "limit"),
        ("actor=x", "actor"),
        ("from=soon", "from"),
    ] {
        let refused = app.client(ROOT).get(format!("/v1/journal?{query}")).await;
        assert_eq!(refused.problem(), (400, "invalid-request".to_owned()), "{query}");
        assert!(refused.text().contains(name), "{query}: {refused}");
    }
    assert_eq!(app.client(DORA).get("/v1/journal").await.status, 403);
}
