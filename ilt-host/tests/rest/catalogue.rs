//! Courses and locations: reading, adding, changing.

use serde_json::json;

use super::start;
use crate::asking::id_of;
use crate::town::{ADA, BASICS, BOB, COLOGNE, HIGH_VOLTAGE, ROOT};

#[tokio::test]
async fn a_course_says_what_the_caller_lacks() {
    let app = start().await;
    let path = format!("/v1/courses/{HIGH_VOLTAGE}");
    insta::assert_snapshot!(app.client(BOB).get(&path).await, @r#"
    200
    content-type: application/json
    etag: "1"
    cache-control: no-store

    {
      "equivalents": [],
      "id": "30000000-0000-4000-8000-000000000002",
      "length": "PT6H",
      "missing": [
        {
          "course": "30000000-0000-4000-8000-000000000001",
          "expired_at": null,
          "title": "Basics",
          "why": "never completed"
        }
      ],
      "prerequisites": [
        "30000000-0000-4000-8000-000000000001"
      ],
      "programme_type": "compliance",
      "summary": "",
      "title": "High-voltage safety",
      "topics": [
        "electric"
      ],
      "track": null,
      "travel": false,
      "validity_months": 24,
      "version": 1
    }
    "#);
    assert_eq!(app.client(ADA).get(&path).await.json(200)["missing"], json!([]));
}

#[tokio::test]
async fn courses_are_found_by_title_and_programme_type() {
    let app = start().await;
    let titles = async |query: &str| {
        let page = app.client(BOB).get(format!("/v1/courses?{query}")).await.json(200);
        page["items"].as_array().expect("items").iter().map(|it| it["title"].to_string()).collect::<String>()
    };
    assert_eq!(titles("").await, r#""Basics""High-voltage safety""Selling""#);
    assert_eq!(titles("q=VOLT").await, r#""High-voltage safety""#);
    assert_eq!(titles("programme_type=onboarding").await, r#""Basics""#);
    let unknown = app.client(BOB).get("/v1/courses?programme_type=party").await;
    assert_eq!(unknown.problem(), (400, "invalid-request".to_owned()));
}

#[tokio::test]
async fn a_course_is_added() {
    let app = start().await;
    let body = json!({
        "title": "  Batteries ", "programme_type": "compliance", "length": "PT90M", "topics": ["Lithium"],
        "prerequisites": [HIGH_VOLTAGE],
    });
    let made = app.client(ROOT).post("/v1/courses", body).await;
    insta::assert_snapshot!(made, @r#"
    201
    content-type: application/json
    location: /v1/courses/00000000-0000-7000-8000-000000000009
    etag: "1"
    cache-control: no-store

    {
      "equivalents": [],
      "id": "00000000-0000-7000-8000-000000000009",
      "length": "PT1H30M",
      "missing": [
        {
          "course": "30000000-0000-4000-8000-000000000002",
          "expired_at": null,
          "title": "High-voltage safety",
          "why": "never completed"
        }
      ],
      "prerequisites": [
        "30000000-0000-4000-8000-000000000002"
      ],
      "programme_type": "compliance",
      "summary": "",
      "title": "Batteries",
      "topics": [
        "lithium"
      ],
      "track": null,
      "travel": false,
      "validity_months": null,
      "version": 1
    }
    "#);
    assert_eq!(app.client(ROOT).get(made.header("location")).await.json(200), made.json(201));
}

#[tokio::test]
async fn a_prerequisite_must_exist() {
    let app = start().await;
    let body = json!({
        "title": "Batteries", "programme_type": "compliance", "length": "PT90M",
        "prerequisites": ["30000000-0000-4000-8000-00000000dead"],
    });
    insta::assert_snapshot!(app.client(ROOT).post("/v1/courses", body).await, @r#"
    422
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "invalid-request",
      "detail": "one field of the request cannot be accepted",
      "fields": [
        {
          "detail": "course 30000000-0000-4000-8000-00000000dead does not exist",
          "pointer": "/prerequisites"
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
async fn courses_never_require_each_other() {
    let app = start().await;
    let patch = json!({ "prerequisites": [HIGH_VOLTAGE], "version": 1 });
    insta::assert_snapshot!(app.client(ROOT).patch(format!("/v1/courses/{BASICS}"), patch).await, @r#"
    409
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "prerequisite-cycle",
      "detail": "these courses would require each other: Basics → High-voltage safety → Basics",
      "path": [
        "Basics",
        "High-voltage safety",
        "Basics"
      ],
      "status": 409,
      "title": "Courses would require each other",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/prerequisite-cycle"
    }
    "#);
}

#[tokio::test]
async fn a_patch_changes_what_it_names() {
    let app = start().await;
    let path = format!("/v1/courses/{HIGH_VOLTAGE}");
    let root = app.client(ROOT);
    let before = root.get(&path).await.json(200);
    let changes = json!({ "summary": "Live parts", "validity_months": null });
    let after = root.with("if-match", "\"1\"").patch(&path, changes).await;
    assert_eq!(after.header("etag"), "\"2\"");
    let mut expected = before;
    expected["summary"] = "Live parts".into();
    expected["validity_months"] = json!(null);
    expected["version"] = 2.into();
    assert_eq!(after.json(200), expected);
    // The same again changes nothing, not even the version.
    let again = root.patch(&path, json!({ "summary": "Live parts", "version": 2 })).await;
    assert_eq!(again.json(200), expected);
}

#[tokio::test]
async fn a_lost_race_changes_nothing() {
    let app = start().await;
    let path = format!("/v1/locations/{COLOGNE}");
    let root = app.client(ROOT);
    root.patch(&path, json!({ "name": "Centre", "version": 1 })).await.json(200);
    insta::assert_snapshot!(root.with("if-match", "\"1\"").patch(&path, json!({ "city": "Bonn" })).await, @r#"
    412
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "stale",
      "detail": "somebody else changed this location first: it is at version 2 now",
      "status": 412,
      "title": "Somebody else changed it first",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/stale",
      "version": 2
    }
    "#);
    insta::assert_snapshot!(root.patch(&path, json!({ "city": "Bonn", "version": 1 })).await, @r#"
    409
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "stale",
      "detail": "somebody else changed this location first: it is at version 2 now",
      "status": 409,
      "title": "Somebody else changed it first",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/stale",
      "version": 2
    }
    "#);
    for version in [0, 3] {
        let reply = root.patch(&path, json!({ "city": "Bonn", "version": version })).await;
        assert_eq!(reply.problem(), (409, "stale".to_owned()));
    }
    assert_eq!(root.get(&path).await.json(200)["city"], "Köln");
    let weak = root.with("if-match", "W/\"2\"").patch(&path, json!({ "city": "Bonn" })).await;
    assert_eq!(weak.json(200)["city"], "Bonn");
}

#[tokio::test]
async fn a_patch_says_which_version_it_means() {
    let app = start().await;
    let path = format!("/v1/locations/{COLOGNE}");
    insta::assert_snapshot!(app.client(ROOT).patch(&path, json!({ "city": "Bonn" })).await, @r#"
    428
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "invalid-request",
      "detail": "`/version` cannot be read: say which version you change: send If-Match with the ETag, or `version`",
      "fields": [
        {
          "detail": "say which version you change: send If-Match with the ETag, or `version`",
          "pointer": "/version"
        }
      ],
      "status": 428,
      "title": "The request is not valid",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/invalid-request"
    }
    "#);
    let bare = app.client(ROOT).with("if-match", "7").patch(&path, json!({ "city": "Bonn" })).await;
    assert_eq!(bare.problem(), (412, "stale".to_owned()), "some clients drop the quotes");
    for tag in ["*", "\"x\"", "\"1\", \"2\""] {
        let reply = app.client(ROOT).with("if-match", tag).patch(&path, json!({ "city": "Bonn" })).await;
        assert_eq!(reply.problem(), (400, "invalid-request".to_owned()), "{tag}");
    }
}

#[tokio::test]
async fn a_patch_is_read_as_strictly_as_a_whole() {
    let app = start().await;
    let patch = json!({ "version": 1, "naem": "x", "lat": "north", "zone": "Mars/Olympus" });
    insta::assert_snapshot!(app.client(ROOT).patch(format!("/v1/locations/{COLOGNE}"), patch).await, @r#"
    400
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "invalid-request",
      "detail": "3 fields of the request cannot be read",
      "fields": [
        {
          "detail": "must be a number",
          "pointer": "/lat"
        },
        {
          "detail": "is not known; known are address, city, country, lat, lon, name, rooms, zone",
          "pointer": "/naem"
        },
        {
          "detail": "must be a time zone, by its name in the IANA database, such as Europe/Berlin",
          "pointer": "/zone"
        }
      ],
      "status": 400,
      "title": "The request is not valid",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/invalid-request"
    }
    "#);
    let nameless = json!({ "version": 1, "name": null });
    let required = app.client(ROOT).patch(format!("/v1/locations/{COLOGNE}"), nameless).await;
    assert_eq!(required.problem(), (400, "invalid-request".to_owned()));
}

#[tokio::test]
async fn a_session_of_a_course_that_another_host_has_just_added_is_shown_whole() {
    let app = start().await;
    let beside = app.out_of_date().await;
    let body = json!({ "title": "Batteries", "programme_type": "compliance", "length": "PT90M" });
    let course = id_of(&app.client(ROOT).post("/v1/courses", body).await.json(201));
    let body = json!({
        "course": course, "location": COLOGNE, "capacity": 5,
        "parts": [{ "starts": "2027-05-03T09:00", "length": "PT90M" }],
    });
    let session = id_of(&app.client(ROOT).post("/v1/sessions", body).await.json(201));
    let shown = beside.client(ROOT).get(format!("/v1/sessions/{session}")).await.json(200);
    let expected = json!({ "id": course, "programme_type": "compliance", "title": "Batteries" });
    assert_eq!(shown["course"], expected);
}
