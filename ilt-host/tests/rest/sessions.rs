//! Sessions: looking, searching, planning.

use serde_json::{Value, json};

use super::start;
use crate::harness::TestApp;
use crate::town::{ADA, BASICS, BOB, COLOGNE, DORA, DRAFT, HIGH_VOLTAGE, INES, LATER, MUNICH, ROOT, SESSION};

/// The ids that a search answers, in order.
async fn found(app: &TestApp, person: &str, query: &str) -> Vec<String> {
    app.settled().await;
    let page = app.client(person).get(format!("/v1/sessions?{query}")).await.json(200);
    let items = page["items"].as_array().expect("items");
    items.iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn a_session_is_shown_with_its_five_numbers() {
    let app = start().await;
    insta::assert_snapshot!(app.client(ADA).get(format!("/v1/sessions/{SESSION}")).await, @r#"
    200
    content-type: application/json
    etag: "1"
    cache-control: no-store

    {
      "course": {
        "id": "30000000-0000-4000-8000-000000000001",
        "programme_type": "onboarding",
        "title": "Basics"
      },
      "id": "50000000-0000-4000-8000-000000000001",
      "instructors": [
        {
          "id": "10000000-0000-4000-8000-0000000000f0",
          "name": "Ines Imhof"
        }
      ],
      "location": {
        "city": "Köln",
        "id": "40000000-0000-4000-8000-000000000001",
        "lat": 50.94,
        "lon": 6.96,
        "name": "Training centre Köln",
        "zone": "Europe/Berlin"
      },
      "mine": null,
      "minimum": 0,
      "parts": [
        {
          "length": "PT6H",
          "room": "2.04",
          "starts": "2027-03-15T09:00",
          "starts_at": "2027-03-15T08:00:00Z",
          "zone": "Europe/Berlin"
        }
      ],
      "registration": {
        "closes_at": "2027-03-11T08:00:00Z",
        "opens_at": "2027-03-01T08:00:00Z"
      },
      "seats": {
        "capacity": 2,
        "confirmed": 0,
        "held": 0,
        "offered": 0,
        "open": 2,
        "over_capacity": 0,
        "reserved": 0,
        "waitlisted": 0
      },
      "status": "published",
      "version": 1,
      "waitlist": true
    }
    "#);
}

#[tokio::test]
async fn a_draft_is_seen_by_admins_and_its_instructors() {
    let app = start().await;
    let path = format!("/v1/sessions/{DRAFT}");
    for (person, status) in [(ROOT, 200), (INES, 200), (ADA, 404)] {
        assert_eq!(app.client(person).get(&path).await.status, status, "{person}");
    }
    assert_eq!(found(&app, ROOT, "status=draft").await, [DRAFT]);
    assert_eq!(
        app.client(ADA).get("/v1/sessions?status=draft").await.problem(),
        (403, "forbidden".to_owned())
    );
}

#[tokio::test]
async fn sessions_are_found_by_words_place_time_and_seats() {
    let app = start().await;
    for (query, expected) in [
        ("", &[SESSION, LATER][..]),
        ("q=bas", &[SESSION, LATER]),
        ("q=m%C3%BCnch", &[LATER]),
        ("q=zebra", &[]),
        (&format!("location={MUNICH}"), &[LATER]),
        (&format!("course={BASICS}"), &[SESSION, LATER]),
        (&format!("course={HIGH_VOLTAGE}"), &[]),
        ("programme_type=onboarding", &[SESSION, LATER]),
        ("programme_type=compliance", &[]),
        ("from=2027-03-16T00:00:00Z", &[LATER]),
        ("to=2027-03-16T00:00:00Z", &[SESSION]),
        ("near=48.14,11.58&radius_km=100", &[LATER]),
        ("near=48.14,11.58&sort=distance", &[LATER, SESSION]),
    ] {
        assert_eq!(found(&app, BOB, query).await, expected, "{query}");
    }
    app.client(BOB).post(format!("/v1/sessions/{SESSION}/registrations"), json!({})).await.json(201);
    app.client(ADA).post(format!("/v1/sessions/{SESSION}/registrations"), json!({})).await.json(201);
    assert_eq!(found(&app, BOB, "open_seats=true").await, [LATER]);
}

#[tokio::test]
async fn eligible_leaves_out_what_the_caller_could_not_take() {
    let app = start().await;
    app.client(ROOT).post(format!("/v1/sessions/{DRAFT}/publish"), json!({})).await.json(200);
    assert_eq!(found(&app, BOB, "eligible=true").await, [SESSION, LATER], "Bob lacks the basics");
    assert_eq!(found(&app, ADA, "eligible=true").await, [SESSION, LATER, DRAFT]);
}

#[tokio::test]
async fn a_search_tells_the_distance_and_the_callers_own_registration() {
    let app = start().await;
    let mine = app.client(ADA).post(format!("/v1/sessions/{LATER}/registrations"), json!({})).await.json(201);
    app.settled().await;
    let page = app.client(ADA).get("/v1/sessions?near=50.94,6.96&sort=distance").await.json(200);
    let told: Vec<_> =
        page["items"].as_array().expect("items").iter().map(|it| (&it["distance_km"], &it["mine"])).collect();
    assert_eq!(
        told,
        [
            (&json!(0.0), &Value::Null),
            (&json!(456.0), &json!({ "registration": mine["id"], "status": "confirmed" })),
        ]
    );
}

#[tokio::test]
async fn a_page_goes_on_where_the_last_one_ended() {
    let app = start().await;
    for query in ["limit=1", "limit=1&near=48.14,11.58&sort=distance"] {
        let first = app.client(ADA).get(format!("/v1/sessions?{query}")).await.json(200);
        let next = first["next"].as_str().expect("there is more");
        let second = app.client(ADA).get(format!("/v1/sessions?{query}&cursor={next}")).await.json(200);
        assert_ne!(first["items"][0]["id"], second["items"][0]["id"], "{query}");
        assert_eq!(second["next"], Value::Null, "{query}");
    }
}

#[tokio::test]
async fn a_search_that_makes_no_sense_says_which_parameter() {
    let app = start().await;
    for (query, pointer) in [
        ("near=somewhere", "?near"),
        ("near=91,0", "?near"),
        ("radius_km=10", "?near"),
        ("sort=distance", "?near"),
        ("near=50,7&radius_km=-1", "?radius_km"),
        ("sort=price", "?sort"),
        ("programme_type=party", "?programme_type"),
        ("status=happy", "?status"),
        ("from=yesterday", "?from"),
        ("cursor=nonsense", "?cursor"),
        ("colour=red", "?colour"),
    ] {
        // Each of those can be read, but not without the place that it is about.
        let status = if pointer == "?near" && !query.starts_with("near") { 422 } else { 400 };
        let reply = app.client(ROOT).get(format!("/v1/sessions?{query}")).await;
        assert_eq!(reply.problem(), (status, "invalid-request".to_owned()), "{query}");
        assert_eq!(reply.json(status)["fields"][0]["pointer"], pointer, "{query}: {reply}");
    }
}

fn plan(starts: &str) -> Value {
    json!({ "course": BASICS, "location": COLOGNE, "capacity": 12, "instructors": [INES],
            "parts": [{ "starts": starts, "length": "PT6H", "room": "2.04" }] })
}

#[tokio::test]
async fn a_session_is_planned_as_a_draft_published_and_changed() {
    let app = start().await;
    let root = app.client(ROOT);
    let made = root.post("/v1/sessions", plan("2027-03-29T09:00")).await;
    assert_eq!(made.header("etag"), "\"1\"");
    let id = made.json(201)["id"].as_str().expect("an id").to_owned();
    assert_eq!(made.header("location"), format!("/v1/sessions/{id}"));
    // Civil time wins: summer time began the day before.
    assert_eq!(made.json(201)["parts"][0]["starts_at"], "2027-03-29T07:00:00Z");
    let path = format!("/v1/sessions/{id}");
    let published = root.post(format!("{path}/publish"), json!({ "version": 1 })).await.json(200);
    assert_eq!((&published["status"], &published["version"]), (&json!("published"), &json!(2)));
    let changed = root.with("if-match", "\"2\"").patch(&path, json!({ "capacity": 14 })).await.json(200);
    assert_eq!((&changed["seats"]["capacity"], &changed["version"]), (&json!(14), &json!(3)));
    let lost = root.with("if-match", "\"2\"").patch(&path, json!({ "capacity": 15 })).await;
    assert_eq!(lost.problem(), (412, "stale".to_owned()));
    let lost = root.patch(&path, json!({ "capacity": 15, "version": 2 })).await;
    assert_eq!(lost.problem(), (409, "stale".to_owned()));
}

#[tokio::test]
async fn a_plan_that_cannot_be_says_why() {
    let app = start().await;
    let root = app.client(ROOT);
    for (starts, code) in
        [("2028-03-26T02:30", "time-does-not-exist"), ("2027-10-31T02:30", "time-is-ambiguous")]
    {
        let refused = root.post("/v1/sessions", plan(starts)).await;
        assert_eq!(refused.problem(), (422, code.to_owned()));
    }
    let twice = root.post("/v1/sessions", plan("2027-10-31T02:30")).await.json(422);
    assert_eq!(
        (&twice["first"], &twice["second"]),
        (&json!("2027-10-31T00:30:00Z"), &json!("2027-10-31T01:30:00Z"))
    );
    let mut none = plan("2027-04-12T09:00");
    none["capacity"] = json!(0);
    assert_eq!(root.post("/v1/sessions", none).await.json(422)["fields"][0]["pointer"], "/capacity");
    let past = root.post("/v1/sessions", plan("2027-02-12T09:00")).await.json(422);
    assert_eq!(past["fields"][0], json!({ "pointer": "/parts/0/starts", "detail": "is in the past" }));
    for id in [ADA, BOB] {
        app.client(id).post(format!("/v1/sessions/{SESSION}/registrations"), json!({})).await.json(201);
    }
    let lowered = root.patch(format!("/v1/sessions/{SESSION}"), json!({ "capacity": 1, "version": 1 })).await;
    assert_eq!(lowered.problem(), (409, "capacity-below-taken".to_owned()));
    assert_eq!((&lowered.json(409)["asked"], &lowered.json(409)["taken"]), (&json!(1), &json!(2)));
    assert_eq!(
        app.client(ADA).post("/v1/sessions", plan("2027-04-12T09:00")).await.problem(),
        (403, "forbidden".to_owned())
    );
}

#[tokio::test]
async fn a_cancelled_session_is_kept_and_says_why() {
    let app = start().await;
    let mine =
        app.client(ADA).post(format!("/v1/sessions/{SESSION}/registrations"), json!({})).await.json(201);
    let cancelled = app
        .client(ROOT)
        .post(format!("/v1/sessions/{SESSION}/cancel"), json!({ "reason": "storm" }))
        .await
        .json(200);
    assert_eq!(
        (&cancelled["status"], &cancelled["cancelled_because"]),
        (&json!("cancelled"), &json!("storm"))
    );
    let mine = app
        .client(ADA)
        .get(format!("/v1/registrations/{}", mine["id"].as_str().expect("an id")))
        .await
        .json(200);
    assert_eq!(mine["status"], "session-cancelled");
    assert_eq!(found(&app, ADA, "").await, [LATER]);
    let silent = app.client(ROOT).post(format!("/v1/sessions/{LATER}/cancel"), json!({ "reason": "" })).await;
    assert_eq!(silent.problem(), (422, "invalid-request".to_owned()));
}

#[tokio::test]
async fn a_draft_that_is_given_up_stays_unknown() {
    let app = start().await;
    let path = format!("/v1/sessions/{DRAFT}");
    app.client(ROOT).post(format!("{path}/cancel"), json!({ "reason": "a mistake" })).await.json(200);
    app.settled().await;
    for (caller, status) in [(ROOT, 200), (INES, 200), (ADA, 404), (DORA, 404)] {
        assert_eq!(app.client(caller).get(&path).await.status, status, "{caller}");
    }
    assert_eq!(found(&app, ADA, "&status=cancelled").await, [""; 0]);
    assert_eq!(found(&app, ROOT, "&status=cancelled").await, [DRAFT]);
}

#[tokio::test]
async fn a_room_is_kept_as_its_location_spells_it() {
    let app = start().await;
    let plan = |room: &str| {
        json!({ "course": BASICS, "location": COLOGNE, "capacity": 4,
            "parts": [{ "starts": "2027-05-03T09:00", "length": "PT6H", "room": room }] })
    };
    let planned = app.client(ROOT).post("/v1/sessions", plan(" 2.04 ")).await.json(201);
    assert_eq!(planned["parts"][0]["room"], "2.04");
    assert_eq!(app.client(ROOT).post("/v1/sessions", plan("2.04")).await.problem().1, "double-booked");
    let unknown = app.client(ROOT).post("/v1/sessions", plan("2.40")).await.json(422);
    assert_eq!(unknown["fields"][0]["detail"], "must be a room of this location: `2.04`, `1.01`");
}

/// At the same clock, in the time of where it is now.
#[tokio::test]
async fn a_session_that_moves_to_another_zone_starts_by_the_clock_there() {
    let app = start().await;
    let lisbon =
        json!({ "name": "Lisboa", "city": "Lisboa", "lat": 38.7, "lon": -9.1, "zone": "Europe/Lisbon" });
    let lisbon = app.client(ROOT).post("/v1/locations", lisbon).await.json(201)["id"].clone();
    let patch = json!({ "location": lisbon, "version": 1 });
    let moved = app.client(ROOT).patch(format!("/v1/sessions/{LATER}"), patch).await.json(200);
    let part = &moved["parts"][0];
    assert_eq!(
        (&part["zone"], &part["starts_at"]),
        (&json!("Europe/Lisbon"), &json!("2027-03-22T09:00:00Z"))
    );
}
