//! Requests that cannot be read: every parameter and field that is wrong, by name.

use axum::http::Method;
use serde_json::json;

use super::start;
use crate::town::{ADA, BASICS, ROOT};

#[tokio::test]
async fn every_parameter_that_is_wrong_is_named() {
    let app = start().await;
    let reply = app.client(ADA).get("/v1/courses?limit=1000&sort=title&q=b&cursor=x").await;
    insta::assert_snapshot!(reply, @r#"
    400
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "invalid-request",
      "detail": "2 fields of the request cannot be read",
      "fields": [
        {
          "detail": "must be a whole number from 1 to 200",
          "pointer": "?limit"
        },
        {
          "detail": "is not known; known are limit, cursor, q, programme_type",
          "pointer": "?sort"
        }
      ],
      "status": 400,
      "title": "The request is not valid",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/invalid-request"
    }
    "#);
}

#[tokio::test]
async fn a_parameter_that_comes_twice() {
    let app = start().await;
    insta::assert_snapshot!(app.client(ADA).get("/v1/courses?limit=2&limit=3").await, @r#"
    400
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "invalid-request",
      "detail": "`?limit` cannot be read: stands twice",
      "fields": [
        {
          "detail": "stands twice",
          "pointer": "?limit"
        }
      ],
      "status": 400,
      "title": "The request is not valid",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/invalid-request"
    }
    "#);
}

#[tokio::test]
async fn a_cursor_that_no_page_gave() {
    let app = start().await;
    insta::assert_snapshot!(app.client(ADA).get("/v1/people?cursor=nonsense").await, @r#"
    400
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "invalid-request",
      "detail": "`?cursor` cannot be read: this is not a cursor that a page answered",
      "fields": [
        {
          "detail": "this is not a cursor that a page answered",
          "pointer": "?cursor"
        }
      ],
      "status": 400,
      "title": "The request is not valid",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/invalid-request"
    }
    "#);
    // One of another list.
    let other = app.client(ROOT).get("/v1/registrations?cursor=WyJCYXNpY3MiLCJ4Il0").await;
    assert_eq!(other.problem(), (400, "invalid-request".to_owned()));
}

#[tokio::test]
async fn every_field_that_cannot_be_read_is_named() {
    let app = start().await;
    let body = json!({
        "title": 7,
        "summery": "a typing error",
        "programme_type": "compliance",
        "prerequisites": [BASICS, 8],
        "travel": "no",
    });
    insta::assert_snapshot!(app.client(ROOT).post("/v1/courses", body).await, @r#"
    400
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "invalid-request",
      "detail": "5 fields of the request cannot be read",
      "fields": [
        {
          "detail": "must be a text",
          "pointer": "/prerequisites/1"
        },
        {
          "detail": "is not known; known are equivalents, length, prerequisites, programme_type, summary, title, topics, track, travel, validity_months",
          "pointer": "/summery"
        },
        {
          "detail": "must be a text",
          "pointer": "/title"
        },
        {
          "detail": "must be true or false",
          "pointer": "/travel"
        },
        {
          "detail": "is missing",
          "pointer": "/length"
        }
      ],
      "status": 400,
      "title": "The request is not valid",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/invalid-request"
    }
    "#);
}

#[tokio::test]
async fn a_value_that_only_its_reader_understands() {
    let app = start().await;
    let body = json!({"title": "T", "programme_type": "party", "length": "PT6H"});
    insta::assert_snapshot!(app.client(ROOT).post("/v1/courses", body).await, @r#"
    400
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "invalid-request",
      "detail": "`/programme_type` cannot be read: must be one of onboarding, new-hire, compliance, employee-development, customer-partner",
      "fields": [
        {
          "detail": "must be one of onboarding, new-hire, compliance, employee-development, customer-partner",
          "pointer": "/programme_type"
        }
      ],
      "status": 400,
      "title": "The request is not valid",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/invalid-request"
    }
    "#);
    let body =
        json!({"title": "T", "programme_type": "compliance", "length": "six hours", "prerequisites": ["x"]});
    assert_eq!(
        app.client(ROOT).post("/v1/courses", body).await.problem(),
        (400, "invalid-request".to_owned())
    );
}

#[tokio::test]
async fn every_field_that_is_not_accepted_is_named() {
    let app = start().await;
    let body = json!({"title": " ", "programme_type": "compliance", "length": "PT1S", "topics": ["a", "A"]});
    insta::assert_snapshot!(app.client(ROOT).post("/v1/courses", body).await, @r#"
    422
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "invalid-request",
      "detail": "several fields of the request cannot be accepted",
      "fields": [
        {
          "detail": "must not be empty",
          "pointer": "/title"
        },
        {
          "detail": "must be between one minute and thirty days",
          "pointer": "/length"
        },
        {
          "detail": "must not name the same thing twice",
          "pointer": "/topics"
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
async fn a_body_that_is_no_json() {
    let app = start().await;
    let root = app.client(ROOT);
    insta::assert_snapshot!(root.send(Method::POST, "/v1/courses", Some("{\"title\": ".to_owned())).await, @r#"
    400
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "invalid-request",
      "detail": "the request cannot be read: it ends too early, at line 1, column 10",
      "fields": [
        {
          "detail": "it ends too early, at line 1, column 10",
          "pointer": ""
        }
      ],
      "status": 400,
      "title": "The request is not valid",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/invalid-request"
    }
    "#);
    let trailing = root.send(Method::POST, "/v1/courses", Some("{} {}".to_owned())).await;
    assert_eq!(trailing.problem(), (400, "invalid-request".to_owned()));
    let twice =
        root.send(Method::POST, "/v1/courses", Some(r#"{"title": "A", "title": "B"}"#.to_owned())).await;
    let named = twice.json(400)["fields"].as_array().cloned().unwrap_or_default();
    assert!(named.contains(&json!({ "pointer": "/title", "detail": "stands twice" })), "{twice}");
    let list = root.patch(format!("/v1/courses/{BASICS}"), json!([])).await;
    assert_eq!(list.problem(), (400, "invalid-request".to_owned()));
}

#[tokio::test]
async fn a_body_of_another_type() {
    let app = start().await;
    let form = app.client(ROOT).with("content-type", "application/x-www-form-urlencoded");
    insta::assert_snapshot!(form.send(Method::POST, "/v1/courses", Some("title=x".to_owned())).await, @r#"
    415
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "unsupported-media-type",
      "detail": "send Content-Type: application/json",
      "status": 415,
      "title": "JSON was expected",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/unsupported-media-type"
    }
    "#);
}

#[tokio::test]
async fn a_body_that_is_too_large() {
    let app = start().await;
    let huge = json!({ "title": "x".repeat(1 << 20) });
    insta::assert_snapshot!(app.client(ROOT).post("/v1/courses", huge).await, @r#"
    413
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "too-large",
      "detail": "at most 1048576 bytes are accepted",
      "status": 413,
      "title": "The request is too large",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/too-large"
    }
    "#);
}
