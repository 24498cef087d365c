//! Rules: reading them with their source, setting them, setting them back.

use serde_json::{Value, json};

use super::start;
use crate::harness::TestApp;
use crate::town::{ADA, BASICS, ROOT};

/// Value and source of the rule that says when registration closes.
async fn closes(app: &TestApp, query: &str) -> (Value, Value) {
    let rules = app.client(ADA).get(format!("/v1/policy?{query}")).await.json(200);
    let rule =
        rules["items"].as_array().expect("items").iter().find(|it| it["rule"] == "registration-closes");
    let rule = rule.expect("the rule");
    (rule["value"].clone(), rule["source"].clone())
}

#[tokio::test]
async fn the_narrowest_scope_wins() {
    let app = start().await;
    let root = app.client(ROOT);
    assert_eq!(closes(&app, "").await, (json!(2), json!("default")));
    for body in [
        json!({ "rule": "registration-closes", "value": 3 }),
        json!({ "rule": "registration-closes", "value": 4, "dealer_group": "north" }),
        json!({ "rule": "registration-closes", "value": 5, "course": BASICS }),
    ] {
        assert_eq!(root.put("/v1/policy", body).await.status, 204);
    }
    assert_eq!(closes(&app, "").await, (json!(3), json!("global")));
    assert_eq!(closes(&app, "dealer_group=north").await, (json!(4), json!("dealer-group")));
    assert_eq!(closes(&app, "dealer_group=south").await, (json!(3), json!("global")));
    let both = format!("dealer_group=north&course={BASICS}");
    assert_eq!(closes(&app, &both).await, (json!(5), json!("course")));
    let cleared = root.delete(format!("/v1/policy?rule=registration-closes&course={BASICS}")).await;
    assert_eq!(cleared.status, 204);
    assert_eq!(closes(&app, &both).await, (json!(4), json!("dealer-group")));
}

#[tokio::test]
async fn a_rule_that_makes_no_sense() {
    let app = start().await;
    let body = json!({
        "rule": "closing-time", "value": 1, "dealer_group": "nowhere", "course": "30000000-0000-4000-8000-00000000dead",
    });
    insta::assert_snapshot!(app.client(ROOT).put("/v1/policy", body).await, @r#"
    422
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "invalid-request",
      "detail": "several fields of the request cannot be accepted",
      "fields": [
        {
          "detail": "must be one of registration-closes, late-travel, late-local, waitlist, offer-far, offer-near, offer-soon, offer-everybody, offer-never, waitlist-pause, automatic-until, approval, approval-days, minimum-warn, minimum-decide, minimum-cancels, dealer-cap, block-naming, block-release, block-share, reminder-first, reminder-last, attendance-opens, walk-in-until, attended-share, no-show-share, unmarked-instructor, unmarked-admin, recertification-window, escalate-manager, escalate-dealer, escalate-region, travel-speed, travel-least",
          "pointer": "/rule"
        },
        {
          "detail": "name a course or a dealer group, not both",
          "pointer": "/course"
        },
        {
          "detail": "this course does not exist",
          "pointer": "/course"
        },
        {
          "detail": "no dealer belongs to this group",
          "pointer": "/dealer_group"
        }
      ],
      "status": 422,
      "title": "The request is not valid",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/invalid-request"
    }
    "#);
    let body = json!({ "rule": "registration-closes", "value": 1000 });
    insta::assert_snapshot!(app.client(ROOT).put("/v1/policy", body).await, @r#"
    422
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "invalid-request",
      "detail": "one field of the request cannot be accepted",
      "fields": [
        {
          "detail": "registration-closes must be between 0 and 60 business days, not 1000",
          "pointer": "/value"
        }
      ],
      "status": 422,
      "title": "The request is not valid",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/invalid-request"
    }
    "#);
}

#[tokio::test]
async fn only_admins_set_rules() {
    let app = start().await;
    let body = json!({ "rule": "registration-closes", "value": 3 });
    assert_eq!(app.client(ADA).put("/v1/policy", body).await.problem(), (403, "forbidden".to_owned()));
    let cleared = app.client(ADA).delete("/v1/policy?rule=registration-closes").await;
    assert_eq!(cleared.problem(), (403, "forbidden".to_owned()));
}
