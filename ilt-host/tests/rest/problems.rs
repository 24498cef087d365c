//! What is refused before any rule is asked, and how every refusal looks.

use serde_json::json;

use super::start;
use crate::town::{ADA, GONE, ROOT, SESSION};

#[tokio::test]
async fn nobody_gets_in_without_a_token() {
    let app = start().await;
    insta::assert_snapshot!(app.stranger().get("/v1/me").await, @r#"
    401
    content-type: application/problem+json
    www-authenticate: Bearer
    cache-control: no-store

    {
      "code": "unauthenticated",
      "detail": "the request came without a token",
      "status": 401,
      "title": "Who are you?",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/unauthenticated"
    }
    "#);
    let basic = app.stranger().with("authorization", "Basic YWRhOnNlY3JldA==").get("/v1/me").await;
    assert_eq!(basic.problem(), (401, "unauthenticated".to_owned()));
}

#[tokio::test]
async fn whoever_has_left_gets_in_no_more() {
    let app = start().await;
    insta::assert_snapshot!(app.client(GONE).get("/v1/me").await, @r#"
    401
    content-type: application/problem+json
    www-authenticate: Bearer
    cache-control: no-store

    {
      "code": "unauthenticated",
      "detail": "the token's person is not known here, or their account is not active",
      "status": 401,
      "title": "Who are you?",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/unauthenticated"
    }
    "#);
    let unheard_of = app.client("10000000-0000-4000-8000-00000000dead").get("/v1/me").await;
    assert_eq!(unheard_of.problem(), (401, "unauthenticated".to_owned()));
}

#[tokio::test]
async fn a_role_that_is_missing_is_named() {
    let app = start().await;
    insta::assert_snapshot!(app.client(ADA).post("/v1/courses", json!({})).await, @r#"
    403
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "forbidden",
      "detail": "this needs the role admin",
      "needed": "the role admin",
      "status": 403,
      "title": "Not allowed",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/forbidden"
    }
    "#);
}

#[tokio::test]
async fn an_address_that_leads_nowhere() {
    let app = start().await;
    insta::assert_snapshot!(app.client(ADA).get("/v1/nowhere").await, @r#"
    404
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "not-found",
      "detail": "there is nothing at this address",
      "status": 404,
      "title": "Not found",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/not-found"
    }
    "#);
    for path in ["/", "/v1", "/v1/courses/", "/v1/courses/../people"] {
        assert_eq!(app.client(ADA).get(path).await.problem(), (404, "not-found".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_method_that_does_not_fit() {
    let app = start().await;
    insta::assert_snapshot!(app.client(ADA).delete("/v1/courses").await, @r#"
    405
    content-type: application/problem+json
    allow: GET,HEAD,POST
    cache-control: no-store

    {
      "code": "method-not-allowed",
      "detail": "this address does not answer to this method",
      "status": 405,
      "title": "This cannot be done here",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/method-not-allowed"
    }
    "#);
}

#[tokio::test]
async fn something_that_does_not_exist() {
    let app = start().await;
    insta::assert_snapshot!(app.client(ADA).get("/v1/courses/30000000-0000-4000-8000-00000000dead").await, @r#"
    404
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "not-found",
      "detail": "this course does not exist, or you may not see it",
      "status": 404,
      "title": "Not found",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/not-found"
    }
    "#);
}

#[tokio::test]
async fn an_id_that_is_none() {
    let app = start().await;
    insta::assert_snapshot!(app.client(ADA).get("/v1/courses/seven").await, @r#"
    400
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "invalid-request",
      "detail": "the request cannot be read: `seven` is not a course id: a UUID such as 018f3c6e-7a10-7cc2-9d2e-3f6f0c1b2a4d was expected",
      "fields": [
        {
          "detail": "`seven` is not a course id: a UUID such as 018f3c6e-7a10-7cc2-9d2e-3f6f0c1b2a4d was expected",
          "pointer": ""
        }
      ],
      "status": 400,
      "title": "The request is not valid",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/invalid-request"
    }
    "#);
    for path in
        ["/v1/locations/7", "/v1/people/ada", "/v1/sessions/x", "/v1/registrations/x.ics", "/v1/people/%ff"]
    {
        assert_eq!(app.client(ADA).get(path).await.problem(), (400, "invalid-request".to_owned()), "{path}");
    }
}

/// A megabyte of mistakes is told of in some thousand bytes, and soon.
#[tokio::test]
async fn so_many_mistakes_are_told_of_and_no_more() {
    let app = start().await;
    let names = (0..80_000).map(|number| format!("\"{number}\":0")).collect::<Vec<_>>().join(",");
    let nuls = vec!["\"\\u0000\""; 100_000].join(",");
    let marks = vec!["{\"part\":\"x\"}"; 60_000].join(",");
    for (path, body) in [
        ("/v1/courses".to_owned(), format!("{{{names}}}")),
        ("/v1/courses".to_owned(), format!("{{\"topics\":[{nuls}]}}")),
        (format!("/v1/sessions/{SESSION}/attendance"), format!("{{\"marks\":[{marks}]}}")),
    ] {
        assert!(body.len() > 700_000, "{}", body.len());
        let reply = app.client(ROOT).send(axum::http::Method::POST, &path, Some(body)).await;
        assert_eq!(reply.problem().1, "invalid-request");
        assert!(reply.text().len() < 50_000, "{} bytes", reply.text().len());
    }
    let query = vec!["a=1"; 10_000].join("&");
    let reply = app.client(ADA).get(format!("/v1/courses?{query}")).await;
    let problem = reply.json(400);
    assert_eq!(problem["detail"], "more than 50 fields of the request cannot be read");
    assert_eq!(problem["fields"].as_array().map(Vec::len), Some(50));
}

#[tokio::test]
async fn a_mail_address_in_the_wrong_place_is_not_repeated() {
    let app = start().await;
    let (root, mail) = (app.client(ROOT), "ada@dealer.example");
    for path in [format!("/v1/registrations?learner={mail}"), format!("/v1/people/{mail}")] {
        let reply = root.get(&path).await;
        assert_eq!(reply.problem(), (400, "invalid-request".to_owned()));
        assert!(!reply.text().contains(mail), "{reply}");
    }
    let body =
        json!({ "name": "N", "email": "x", "zone": mail, "manager": mail, "roles": [{ "role": mail }] });
    let reply = root.post("/v1/people", body).await;
    assert!(reply.status == 400 && !reply.text().contains(mail), "{reply}");
}

#[tokio::test]
async fn every_code_has_a_page() {
    let app = start().await;
    let index = app.stranger().get("/problems").await;
    assert!(index.header("content-type").starts_with("text/html"), "{index}");
    for (code, _, title, _) in ilt_host::http::wire::problem::TABLE {
        assert!(index.text().contains(code), "{code} is not in the index");
        let page = app.stranger().get(format!("/problems/{code}")).await;
        assert!(page.status == 200 && page.text().contains(title), "{code}: {page}");
    }
    assert_eq!(app.stranger().get("/problems/none").await.problem(), (404, "not-found".to_owned()));
}

#[tokio::test]
async fn every_answer_is_hardened() {
    let app = start().await;
    for reply in [app.client(ADA).get("/v1/me").await, app.stranger().get("/v1/me").await] {
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("cache-control"), "no-store");
        assert_eq!(reply.header("x-request-id"), crate::harness::TRACE);
    }
    let page = app.stranger().get("/docs").await;
    assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"), "{:?}", page.headers);
}

#[tokio::test]
async fn the_health_of_each_part_is_told() {
    let app = start().await;
    insta::assert_snapshot!(app.stranger().get("/health/ready").await, @r#"
    200
    content-type: application/json
    cache-control: no-store

    {
      "desk": {
        "detail": "0 of 4096 orders waiting",
        "ok": true
      },
      "feed": {
        "detail": "0 entries behind the journal",
        "ok": true
      },
      "followers": [],
      "status": "ok",
      "store": {
        "detail": "answers",
        "ok": true
      }
    }
    "#);
    assert_eq!(app.stranger().get("/health/live").await.json(200)["status"], "ok");
}
