//! What is sent is taken as it is meant, or refused: nothing is ignored, and nothing is guessed.

use axum::http::Method;
use serde_json::{Value, json};

use super::start;
use crate::town::{ADA, BASICS, BOB, MUNICH, ROOT, SESSION};

/// An operation that takes no parameter takes none: `?learner=` beside a body would register the caller instead.
#[tokio::test]
async fn a_parameter_that_nobody_reads_is_refused() {
    let app = start().await;
    let path = format!("/v1/sessions/{SESSION}/registrations?learner={BOB}");
    let wish = app.client(ROOT).post(path, json!({})).await;
    insta::assert_snapshot!(wish, @r#"
    400
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "invalid-request",
      "detail": "`?learner` cannot be read: is not known; this address takes none",
      "fields": [
        {
          "detail": "is not known; this address takes none",
          "pointer": "?learner"
        }
      ],
      "status": 400,
      "title": "The request is not valid",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/invalid-request"
    }
    "#);
    let nobody = app.client(ROOT).get("/v1/registrations").await.json(200);
    assert_eq!(nobody["items"], json!([]), "nobody was registered");

    let contract = serde_json::to_value(ilt_host::http::openapi()).expect("JSON");
    for (path, methods) in contract["paths"].as_object().expect("paths") {
        let path = path.replace("{id}", BASICS).replace("{dealer}", BASICS).replace("{secret}", "x");
        for method in methods.as_object().expect("methods").keys() {
            let method: Method = method.to_uppercase().parse().expect("a method");
            let reply = app.client(ROOT).send(method.clone(), &format!("{path}?unheard-of=1"), None).await;
            assert_eq!(reply.problem(), (400, "invalid-request".to_owned()), "{method} {path}: {reply}");
        }
    }
    // Only courses have a programme type.
    let sought = app.client(ROOT).get("/v1/locations?programme_type=compliance").await;
    assert_eq!(sought.problem(), (400, "invalid-request".to_owned()));
}

/// Serde would take the fields of an object from a list, by their position.
#[tokio::test]
async fn a_list_is_no_object() {
    let app = start().await;
    let root = app.client(ROOT);
    let list = root.post(format!("/v1/sessions/{SESSION}/registrations"), json!([BOB])).await;
    assert_eq!(list.json(400)["fields"][0]["detail"], "must be an object");
    let plan = json!({
        "course": BASICS, "location": MUNICH, "capacity": 1, "parts": [["2027-06-01T09:00", null, "PT6H", ""]],
    });
    let reply = root.post("/v1/sessions", plan).await.json(400);
    assert_eq!(reply["fields"], json!([{ "pointer": "/parts/0", "detail": "must be an object" }]));
    let session = root.get(format!("/v1/sessions/{SESSION}")).await.json(200);
    let patch = json!({ "version": session["version"], "parts": [["2027-06-01T09:00", null, "PT6H", ""]] });
    let reply = root.patch(format!("/v1/sessions/{SESSION}"), patch).await.json(400);
    assert_eq!(reply["fields"][0]["pointer"], "/parts/0");
}

/// To JSON, 12.0 is a whole number.
#[tokio::test]
async fn a_whole_number_may_be_written_with_a_point() {
    let app = start().await;
    let capacity = async |number: &str| {
        let patch = format!("{{\"version\": 1, \"capacity\": {number}}}");
        app.client(ROOT).send(Method::PATCH, &format!("/v1/sessions/{SESSION}"), Some(patch)).await
    };
    let half = capacity("12.5").await.json(400);
    assert_eq!(half["fields"], json!([{ "pointer": "/capacity", "detail": "must be a whole number" }]));
    assert_eq!(capacity("12.0").await.json(200)["seats"]["capacity"], 12);
}

#[tokio::test]
async fn a_media_type_may_be_written_in_any_case() {
    let app = start().await;
    let root = app.client(ROOT).with("content-type", "Application/JSON; charset=UTF-8");
    root.post(format!("/v1/sessions/{SESSION}/registrations"), json!({ "learner": BOB })).await.json(201);
    for (accept, kind) in [
        ("TEXT/CSV", "text/csv; charset=utf-8"),
        ("*/*;q=0.1, text/csv", "text/csv; charset=utf-8"),
        ("text/csv;q=0.1, application/json", "application/json"),
    ] {
        for path in [format!("/v1/sessions/{SESSION}/roster"), "/v1/analytics/monthly".to_owned()] {
            let reply = app.client(ROOT).with("accept", accept).get(&path).await;
            assert_eq!(reply.header("content-type"), kind, "{path}, {accept}");
            assert!(
                reply.headers.get_all("vary").iter().any(|it| it == "accept"),
                "{path} depends on what is accepted"
            );
        }
    }
}

/// What a library says changes with its version, and is not for whoever reads answers.
#[tokio::test]
async fn answers_are_in_our_words() {
    let app = start().await;
    let root = app.client(ROOT);
    let course = |field: &str, value: Value| {
        let mut body = json!({ "title": "T", "programme_type": "compliance", "length": "PT6H" });
        body[field] = value;
        body
    };
    let person = |field: &str, value: Value| {
        let mut body = json!({ "name": "N", "email": "n@dealer.example", "zone": "Europe/Berlin" });
        body[field] = value;
        body
    };
    let id = "must be an id, such as 01890a5d-ac96-774b-bcce-b302099a8057";
    let instant = "must be an instant, such as 2027-03-28T09:00:00Z";
    for (path, body, pointer, detail) in [
        (
            "/v1/courses",
            course("length", json!("six hours")),
            "/length",
            "must be a length of time: hours, minutes and seconds (ISO 8601), such as PT6H",
        ),
        ("/v1/courses", course("prerequisites", json!([BASICS, "x"])), "/prerequisites/1", id),
        (
            "/v1/courses",
            course("validity_months", json!(-1)),
            "/validity_months",
            "must be a whole number from 0 to 4294967295",
        ),
        (
            "/v1/people",
            person("zone", json!("Mars/Olympus")),
            "/zone",
            "must be a time zone, by its name in the IANA database, such as Europe/Berlin",
        ),
        (
            "/v1/people",
            person("preferred_times", json!(["soon"])),
            "/preferred_times/0",
            "must be a weekday, or a part of one, such as friday 08:00-13:00",
        ),
        (
            "/v1/people",
            person("notify_by", json!(["pigeon"])),
            "/notify_by/0",
            "must be one of mail, sms, push",
        ),
        ("/v1/people", person("manager", json!("x")), "/manager", id),
        (
            "/v1/people",
            person("roles", json!([{ "role": "king" }])),
            "/roles/0/role",
            "must be one of learner, instructor, manager, dealer-admin, admin",
        ),
        (
            &format!("/v1/people/{BOB}/completions"),
            json!({ "course": BASICS, "completed_at": "yesterday" }),
            "/completed_at",
            instant,
        ),
    ] {
        let reply = root.post(path, body).await.json(400);
        assert_eq!(reply["fields"], json!([{ "pointer": pointer, "detail": detail }]), "{path}");
    }
    for (query, detail) in [
        ("from=yesterday", instant),
        ("course=x", id),
        ("open_seats=maybe", "must be true or false"),
        ("limit=1000", "must be a whole number from 1 to 200"),
        ("radius_km=far", "must be a number from 0 to 20100"),
        ("sort=price", "must be one of start, distance"),
        ("limit=1&limit=2", "stands twice"),
    ] {
        let reply = app.client(ADA).get(format!("/v1/sessions?{query}")).await.json(400);
        let pointer = format!("?{}", query.split('=').next().expect("a name"));
        assert_eq!(reply["fields"], json!([{ "pointer": pointer, "detail": detail }]), "{query}");
    }
    for (body, detail) in [
        ("{\"title\": ", "it ends too early, at line 1, column 10"),
        ("{} {}", "it is no JSON at line 1, column 4"),
        ("{\"title\": \"\\ud800\"}", "it is no JSON at line 1, column 18"),
        ("7", "must be an object"),
    ] {
        let reply = root.send(Method::POST, "/v1/courses", Some(body.to_owned())).await.json(400);
        assert_eq!(reply["fields"][0]["detail"], detail, "{body}");
    }
}
