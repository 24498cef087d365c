//! Seat blocks and the dealer cap over REST.

use serde_json::json;

use super::start;
use crate::asking::register;
use crate::town::{ADA, BASICS, BOB, DORA, FIRST, LATER, MIA, OTTO, ROOT, SECOND, SESSION};

#[tokio::test]
async fn what_is_set_aside_is_the_dealers_until_it_is_released() {
    let app = start().await;
    let path = format!("/v1/sessions/{LATER}/blocks/{FIRST}");
    let root = app.client(ROOT);
    let session = root.put(&path, json!({ "seats": 2 })).await.json(200);
    assert_eq!((&session["seats"]["reserved"], &session["seats"]["open"]), (&json!(2), &json!(0)));
    let full = register(&app.client(OTTO), LATER).await;
    assert_eq!(full.problem(), (409, "session-full".to_owned()));
    let seen = app.client(ADA).get(format!("/v1/sessions/{LATER}")).await.json(200);
    assert_eq!(seen["reserved_for_you"], 2);
    register(&app.client(ADA), LATER).await.json(201);
    let blocks = app.client(DORA).get(format!("/v1/sessions/{LATER}/blocks")).await.json(200);
    assert_eq!((&blocks["items"][0]["used"], &blocks["items"][0]["seats"]), (&json!(1), &json!(2)));
    let others = app.client(OTTO).get(format!("/v1/sessions/{LATER}/blocks")).await.json(200);
    assert_eq!(others["items"], json!([]), "another dealer's");
    let released = app.client(DORA).delete(&path).await.json(200);
    assert_eq!((&released["seats"]["reserved"], &released["seats"]["open"]), (&json!(0), &json!(1)));
    register(&app.client(OTTO), LATER).await.json(201);
}

#[tokio::test]
async fn who_may_set_seats_aside_and_how_many() {
    let app = start().await;
    let path = |dealer| format!("/v1/sessions/{LATER}/blocks/{dealer}");
    for (person, dealer, seats, problem) in [
        (MIA, FIRST, 1, (403, "forbidden")),
        (DORA, SECOND, 1, (403, "forbidden")),
        (DORA, FIRST, 1, (403, "forbidden")),
        (ROOT, FIRST, 3, (422, "invalid-request")),
        (ROOT, FIRST, 0, (422, "invalid-request")),
        (ROOT, SESSION, 1, (404, "not-found")),
    ] {
        let refused = app.client(person).put(path(dealer), json!({ "seats": seats })).await;
        assert_eq!(refused.problem(), (problem.0, problem.1.to_owned()), "{person} {dealer} {seats}");
    }
    let rule = json!({ "rule": "block-share", "value": 50 });
    assert_eq!(app.client(ROOT).put("/v1/policy", rule).await.status, 204);
    app.client(DORA).put(path(FIRST), json!({ "seats": 1 })).await.json(200);
    let late = json!({ "seats": 1, "release_at": "2027-03-23T00:00:00Z" });
    assert_eq!(app.client(ROOT).put(path(FIRST), late).await.problem(), (422, "invalid-request".to_owned()));
}

#[tokio::test]
async fn one_dealers_people_have_so_many_seats_at_most() {
    let app = start().await;
    let rule = json!({ "rule": "dealer-cap", "value": 1, "course": BASICS });
    assert_eq!(app.client(ROOT).put("/v1/policy", rule).await.status, 204);
    register(&app.client(ADA), SESSION).await.json(201);
    let refused = register(&app.client(BOB), SESSION).await;
    assert_eq!(refused.problem(), (409, "dealer-cap-reached".to_owned()));
    assert_eq!(refused.json(409)["alternatives"][0]["session"]["id"], LATER);
    register(&app.client(OTTO), SESSION).await.json(201);
}

/// What a dealer's cap keeps somebody from is neither called eligible nor offered instead of something else.
#[tokio::test]
async fn a_session_in_which_the_dealer_has_all_it_may_have_is_no_alternative() {
    let app = start().await;
    let rule = json!({ "rule": "dealer-cap", "value": 1, "course": BASICS });
    assert_eq!(app.client(ROOT).put("/v1/policy", rule).await.status, 204);
    register(&app.client(ADA), SESSION).await.json(201);
    register(&app.client(ADA), LATER).await.json(201);
    app.settled().await;
    let refused = register(&app.client(BOB), SESSION).await;
    assert_eq!(refused.json(409)["alternatives"], json!([]), "the other one is as full for the dealer");
    let eligible = app.client(BOB).get("/v1/sessions?eligible=true").await.json(200);
    assert_eq!(eligible["items"], json!([]));
}
