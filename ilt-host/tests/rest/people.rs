//! People: who sees whom, and who changes whom.

use serde_json::json;

use super::start;
use crate::town::{ADA, BASICS, BOB, DORA, FIRST, HIGH_VOLTAGE, INES, MIA, OTTO, ROOT, SECOND};

#[tokio::test]
async fn i_am_told_who_i_am() {
    let app = start().await;
    insta::assert_snapshot!(app.client(MIA).get("/v1/me").await, @r#"
    200
    content-type: application/json
    cache-control: no-store

    {
      "active": true,
      "dealer": "20000000-0000-4000-8000-000000000001",
      "dealer_details": {
        "city": "Köln",
        "group": "north",
        "id": "20000000-0000-4000-8000-000000000001",
        "name": "Köln",
        "region": null
      },
      "email": "mia.maurer@dealer.example",
      "id": "10000000-0000-4000-8000-0000000000c1",
      "interests": [],
      "manager": null,
      "name": "Mia Maurer",
      "notify_by": [
        "mail"
      ],
      "preferred_locations": [],
      "preferred_times": [],
      "roles": [
        {
          "dealer": "20000000-0000-4000-8000-000000000001",
          "role": "learner"
        },
        {
          "dealer": "20000000-0000-4000-8000-000000000001",
          "role": "manager"
        }
      ],
      "stands_in_for": [],
      "version": 1,
      "zone": "Europe/Berlin"
    }
    "#);
}

#[tokio::test]
async fn everybody_sees_their_own_scope() {
    let app = start().await;
    let names = async |caller: &str, query: &str| {
        let page = app.client(caller).get(format!("/v1/people?{query}")).await.json(200);
        let name = |it: &serde_json::Value| {
            it["name"].as_str().expect("a name").split(' ').next().map(str::to_owned)
        };
        page["items"].as_array().expect("items").iter().filter_map(name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(ADA, "").await, "Ada");
    assert_eq!(names(MIA, "").await, "Ada Mia");
    assert_eq!(names(DORA, "").await, "Ada Bob Dora Gero Mia");
    assert_eq!(names(INES, "").await, "Ines");
    assert_eq!(names(ROOT, "").await, "Ada Bob Dora Gero Ines Mia Otto Rita");
    assert_eq!(names(ROOT, &format!("dealer={SECOND}")).await, "Otto");
    assert_eq!(names(DORA, &format!("dealer={SECOND}")).await, "");
    assert_eq!(names(ROOT, "q=BRAUN").await, "Bob");
    assert_eq!(names(ROOT, "q=ott%40dealer").await, "Otto");
}

#[tokio::test]
async fn a_colleague_is_forbidden_and_a_stranger_does_not_exist() {
    let app = start().await;
    insta::assert_snapshot!(app.client(MIA).get(format!("/v1/people/{BOB}")).await, @r#"
    403
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "forbidden",
      "detail": "this needs the role manager over this person, or dealer-admin at their dealer",
      "needed": "the role manager over this person, or dealer-admin at their dealer",
      "status": 403,
      "title": "Not allowed",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/forbidden"
    }
    "#);
    insta::assert_snapshot!(app.client(DORA).get(format!("/v1/people/{OTTO}")).await, @r#"
    404
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "not-found",
      "detail": "this person does not exist, or you may not see it",
      "status": 404,
      "title": "Not found",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/not-found"
    }
    "#);
    let reach = async |caller: &str, person: &str| {
        let one = app.client(caller).get(format!("/v1/people/{person}")).await.status;
        let completions = app.client(caller).get(format!("/v1/people/{person}/completions")).await.status;
        assert_eq!(one, completions);
        one
    };
    assert_eq!(reach(ADA, ADA).await, 200);
    assert_eq!(reach(ADA, BOB).await, 403);
    assert_eq!(reach(ADA, OTTO).await, 404);
    assert_eq!(reach(MIA, ADA).await, 200);
    assert_eq!(reach(MIA, OTTO).await, 404);
    assert_eq!(reach(DORA, BOB).await, 200);
    assert_eq!(reach(INES, ADA).await, 404);
    assert_eq!(reach(ROOT, OTTO).await, 200);
}

#[tokio::test]
async fn a_person_is_added_and_can_come_in() {
    let app = start().await;
    let body = json!({
        "name": "Eva Engel", "email": "Eva.Engel@Dealer.Example", "dealer": FIRST, "zone": "Europe/Berlin",
        "roles": [{ "role": "learner", "dealer": FIRST }], "manager": MIA,
    });
    let made = app.client(ROOT).post("/v1/people", body).await;
    insta::assert_snapshot!(made, @r#"
    201
    content-type: application/json
    location: /v1/people/00000000-0000-7000-8000-000000000009
    etag: "1"
    cache-control: no-store

    {
      "active": true,
      "dealer": "20000000-0000-4000-8000-000000000001",
      "email": "eva.engel@dealer.example",
      "id": "00000000-0000-7000-8000-000000000009",
      "interests": [],
      "manager": "10000000-0000-4000-8000-0000000000c1",
      "name": "Eva Engel",
      "notify_by": [
        "mail"
      ],
      "preferred_locations": [],
      "preferred_times": [],
      "roles": [
        {
          "dealer": "20000000-0000-4000-8000-000000000001",
          "role": "learner"
        }
      ],
      "stands_in_for": [],
      "version": 1,
      "zone": "Europe/Berlin"
    }
    "#);
    let id = made.json(201)["id"].as_str().expect("an id").to_owned();
    assert_eq!(app.client(&id).get("/v1/me").await.json(200)["name"], "Eva Engel");
    assert_eq!(app.client(MIA).get(format!("/v1/people/{id}")).await.status, 200);
}

#[tokio::test]
async fn an_address_is_one_persons() {
    let app = start().await;
    let root = app.client(ROOT);
    let refused = root
        .post("/v1/people", json!({ "name": "Anna", "email": "ADA.Ahrens@dealer.example", "zone": "UTC" }));
    let theirs = json!([{ "pointer": "/email", "detail": "is the address of somebody else" }]);
    assert_eq!(refused.await.json(422)["fields"], theirs);
    let path = format!("/v1/people/{BOB}");
    let client = root.with("if-match", root.get(&path).await.header("etag").to_owned());
    let change = json!({ "email": "ada.ahrens@dealer.example" });
    assert_eq!(client.patch(&path, change).await.json(422)["fields"], theirs);
    client.patch(&path, json!({ "email": "Bob.Braun@dealer.example", "name": "Bob B" })).await.json(200);
}

#[tokio::test]
async fn what_a_person_refers_to_must_exist() {
    let app = start().await;
    let nobody = "10000000-0000-4000-8000-00000000dead";
    let body = json!({
        "name": "Eva", "email": "eva@dealer.example", "dealer": nobody, "zone": "Europe/Berlin", "manager": nobody,
        "roles": [{ "role": "learner", "dealer": nobody }], "preferred_locations": [nobody],
    });
    insta::assert_snapshot!(app.client(ROOT).post("/v1/people", body).await, @r#"
    422
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "invalid-request",
      "detail": "several fields of the request cannot be accepted",
      "fields": [
        {
          "detail": "this person does not exist",
          "pointer": "/manager"
        },
        {
          "detail": "this dealer does not exist",
          "pointer": "/dealer"
        },
        {
          "detail": "this dealer does not exist",
          "pointer": "/roles/0/dealer"
        },
        {
          "detail": "this location does not exist",
          "pointer": "/preferred_locations/0"
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
async fn a_role_that_is_taken_away_is_gone_at_once() {
    let app = start().await;
    assert_eq!(app.client(DORA).get(format!("/v1/people/{BOB}")).await.status, 200);
    let patch = json!({ "roles": [], "version": 1 });
    app.client(ROOT).patch(format!("/v1/people/{DORA}"), patch).await.json(200);
    assert_eq!(app.client(DORA).get(format!("/v1/people/{BOB}")).await.status, 404);
    let patch = json!({ "active": false, "version": 2 });
    app.client(ROOT).patch(format!("/v1/people/{DORA}"), patch).await.json(200);
    assert_eq!(app.client(DORA).get("/v1/me").await.status, 401);
}

#[tokio::test]
async fn a_dealer_admin_keeps_the_people_of_the_dealer() {
    let app = start().await;
    let dora = app.client(DORA);
    let learner = |dealer: &str| {
        json!({ "name": "Nele Neu", "email": "nele@dealer.example", "zone": "Europe/Berlin", "dealer": dealer,
            "roles": [{ "role": "learner", "dealer": dealer }], "manager": MIA })
    };
    let nele = dora.post("/v1/people", learner(FIRST)).await.json(201);
    assert_eq!(dora.post("/v1/people", learner(SECOND)).await.problem().0, 403);
    let nele = format!("/v1/people/{}", nele["id"].as_str().expect("an id"));
    let wishes = [
        (json!({ "dealer": SECOND }), 403),
        (json!({ "roles": [{ "role": "dealer-admin", "dealer": FIRST }] }), 403),
        (json!({ "roles": [{ "role": "learner", "dealer": SECOND }] }), 403),
        (json!({ "manager": OTTO }), 422),
    ];
    for (mut wish, status) in wishes {
        wish["version"] = json!(1);
        assert_eq!(dora.patch(&nele, wish.clone()).await.status, status, "{wish}");
    }
    let roles = json!([{ "role": "manager", "dealer": FIRST }, { "role": "instructor", "dealer": null }]);
    let patch = json!({ "roles": roles, "stands_in_for": [MIA], "version": 1 });
    dora.patch(&nele, patch).await.json(200);
    dora.patch(&nele, json!({ "active": false, "version": 2 })).await.json(200);
    assert_eq!(dora.patch(format!("/v1/people/{OTTO}"), json!({ "version": 1 })).await.status, 404);
}

#[tokio::test]
async fn everybody_says_themselves_what_they_would_rather_have() {
    let app = start().await;
    let ada = app.client(ADA);
    let before = ada.get("/v1/me/preferences").await.json(200);
    assert_eq!((&before["notify_by"], &before["version"]), (&json!(["mail"]), &json!(1)));
    let patch = json!({
        "preferred_times": ["tuesday", "friday 08:00-13:00"], "interests": ["Battery "], "notify_by": ["push", "sms"],
        "zone": "Europe/Paris", "version": 1,
    });
    ada.patch("/v1/me/preferences", patch).await.json(200);
    let after = ada.get("/v1/me/preferences").await.json(200);
    let said = json!({
        "preferred_locations": [], "preferred_times": ["tuesday", "friday 08:00-13:00"], "interests": ["battery"],
        "notify_by": ["push", "sms"], "zone": "Europe/Paris", "version": 2,
    });
    assert_eq!(after, said);
    assert_eq!(app.client(MIA).get(format!("/v1/people/{ADA}")).await.json(200)["zone"], "Europe/Paris");
    let late = ada.patch("/v1/me/preferences", json!({ "interests": [], "version": 1 })).await;
    assert_eq!(late.problem(), (409, "stale".to_owned()));
}

#[tokio::test]
async fn preferences_that_cannot_be_are_refused_by_field() {
    let app = start().await;
    let nobody = "10000000-0000-4000-8000-00000000dead";
    let pointers = async |patch: serde_json::Value| {
        let refused = app.client(ADA).patch("/v1/me/preferences", patch).await.json(422);
        let fields = refused["fields"].as_array().cloned().unwrap_or_default();
        fields.iter().map(|it| it["pointer"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let locations = json!({ "preferred_locations": [nobody], "version": 1 });
    assert_eq!(pointers(locations).await, ["/preferred_locations/0"]);
    let twice = json!({ "notify_by": ["mail", "mail"], "version": 1 });
    assert_eq!(pointers(twice).await, ["/notify_by"]);
}

#[tokio::test]
async fn roles_are_no_preference() {
    let app = start().await;
    let patch = json!({ "roles": [{ "role": "admin" }], "notify_by": ["pigeon"], "version": 1 });
    let refused = app.client(ADA).patch("/v1/me/preferences", patch).await;
    insta::assert_snapshot!(refused, @r#"
    400
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "invalid-request",
      "detail": "2 fields of the request cannot be read",
      "fields": [
        {
          "detail": "is not known; known are interests, notify_by, preferred_locations, preferred_times, zone",
          "pointer": "/roles"
        },
        {
          "detail": "must be one of mail, sms, push",
          "pointer": "/notify_by/0"
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
async fn a_completion_is_recorded_and_opens_the_next_course() {
    let app = start().await;
    let path = format!("/v1/people/{BOB}/completions");
    let body = json!({ "course": BASICS, "completed_at": "2027-02-01T15:00:00Z" });
    insta::assert_snapshot!(app.client(ROOT).post(&path, body.clone()).await, @r#"
    201
    content-type: application/json
    location: /v1/people/10000000-0000-4000-8000-0000000000b1/completions
    cache-control: no-store

    {
      "book_by": null,
      "completed_at": "2027-02-01T15:00:00Z",
      "course": "30000000-0000-4000-8000-000000000001",
      "expires_at": null,
      "renewable_from": null,
      "title": "Basics",
      "valid": true
    }
    "#);
    app.client(ROOT).post(&path, body).await.json(201);
    let listed = app.client(BOB).get(&path).await.json(200);
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1), "{listed}");
    let course = app.client(BOB).get(format!("/v1/courses/{HIGH_VOLTAGE}")).await.json(200);
    assert_eq!(course["missing"], json!([]));
}

#[tokio::test]
async fn nobody_completes_a_course_tomorrow() {
    let app = start().await;
    let body =
        json!({ "course": "30000000-0000-4000-8000-00000000dead", "completed_at": "2027-03-02T15:00:00Z" });
    insta::assert_snapshot!(app.client(ROOT).post(format!("/v1/people/{BOB}/completions"), body).await, @r#"
    422
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "invalid-request",
      "detail": "several fields of the request cannot be accepted",
      "fields": [
        {
          "detail": "this course does not exist",
          "pointer": "/course"
        },
        {
          "detail": "must not be in the future",
          "pointer": "/completed_at"
        }
      ],
      "status": 422,
      "title": "The request is not valid",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/invalid-request"
    }
    "#);
}
