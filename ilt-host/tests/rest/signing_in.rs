//! Signing in to the pages, on each store.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::json;

use super::start;
use crate::harness::{Client, TestApp};
use crate::reply::Reply;
use crate::town::{self, ADA, BOB, DORA, ROOT, SESSION};

/// How long a host may answer from memory.
const KNOWN_FOR: std::time::Duration = std::time::Duration::from_millis(3_100);

/// A page of this host, before anybody has signed in.
fn page(app: &TestApp) -> Client<'_> {
    app.stranger().with("host", "localhost:8090").with("sec-fetch-site", "same-origin")
}

/// What a browser keeps of an answer.
fn cookie(reply: &Reply) -> String {
    reply.header("set-cookie").split(';').next().expect("a cookie").to_owned()
}

async fn sign_in(app: &TestApp, person: &str) -> String {
    let reply = page(app).post("/v1/sign-in/demo", json!({ "person": person })).await;
    assert_eq!(reply.status, 204, "{reply}");
    cookie(&reply)
}

#[tokio::test]
async fn a_cookie_stands_for_whoever_signed_in() {
    let app = start().await;
    let ways = page(&app).get("/v1/sign-in").await.json(200);
    assert_eq!(ways["demo"][0], json!({ "id": ADA, "name": "Ada Ahrens", "part": "learner" }));
    let reply = page(&app).post("/v1/sign-in/demo", json!({ "person": ADA })).await;
    let (given, month) = (reply.header("set-cookie"), 30 * 24 * 3_600);
    assert!(given.starts_with("ilt="), "{given}");
    assert!(given.ends_with(&format!("; Path=/; HttpOnly; SameSite=Lax; Max-Age={month}")), "{given}");

    let ada = page(&app).with("cookie", format!("theme=dark; {}", cookie(&reply)));
    assert_eq!(ada.get("/v1/me").await.json(200)["id"], ADA);
    ada.post(format!("/v1/sessions/{SESSION}/registrations"), json!({})).await.json(201);
    let both = ada.with("authorization", "Bearer whatever").get("/v1/me").await;
    assert_eq!(both.problem(), (400, "invalid-request".to_owned()));

    let out = ada.post("/v1/sign-out", json!({})).await;
    assert_eq!((out.status, out.header("clear-site-data")), (204, "\"cookies\", \"storage\""));
    assert!(out.header("set-cookie").starts_with("ilt=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"), "{out}");
    let refused = ada.get("/v1/me").await;
    assert_eq!(refused.problem(), (401, "unauthenticated".to_owned()));
    assert!(refused.header("set-cookie").contains("Max-Age=0"), "the browser forgets it");
}

#[tokio::test]
async fn only_from_this_machine_and_only_people_of_the_demo() {
    let app = start().await;
    let asked = json!({ "person": ADA });
    let from = |host: &str, site: &str| app.stranger().with("host", host).with("sec-fetch-site", site);
    for (client, status) in [
        (from("localhost:8090", "same-origin"), 204),
        (from("rebound.example", "same-origin"), 404),
        (from("localhost:8090", "cross-site"), 403),
        (app.stranger().with("host", "localhost:8090"), 403),
    ] {
        assert_eq!(client.post("/v1/sign-in/demo", asked.clone()).await.status, status);
    }
    let elsewhere = from("rebound.example", "same-origin").get("/v1/sign-in").await.json(200);
    assert_eq!(elsewhere, json!({ "demo": [] }), "nobody else learns who they are");
    for body in [json!({ "person": BOB }), json!({})] {
        assert_eq!(page(&app).post("/v1/sign-in/demo", body).await.problem().0, 422);
    }
    assert_eq!(page(&app).post("/v1/sign-in/somehow", asked).await.status, 404);
}

#[tokio::test]
async fn whoever_signs_in_anew_is_signed_in_once() {
    let app = start().await;
    let first = sign_in(&app, ADA).await;
    let again =
        page(&app).with("cookie", first.clone()).post("/v1/sign-in/demo", json!({ "person": ROOT })).await;
    assert_eq!(again.status, 204);
    let me = async |kept: String| app.stranger().with("cookie", kept).get("/v1/me").await.status;
    assert_eq!((me(first).await, me(cookie(&again)).await), (401, 200));
}

/// A browser sends the cookie with whatever another site has it send.
#[tokio::test]
async fn no_other_site_changes_anything_with_it() {
    let app = start().await;
    let kept = sign_in(&app, ADA).await;
    let path = format!("/v1/sessions/{SESSION}/registrations");
    for site in ["cross-site", "same-site", "none"] {
        let client = app.stranger().with("cookie", kept.clone()).with("sec-fetch-site", site);
        assert_eq!(client.post(&path, json!({})).await.problem(), (403, "cross-site".to_owned()), "{site}");
        assert_eq!(client.get("/v1/me").await.status, 200, "{site}: nothing is changed by that");
    }
    let silent = app.stranger().with("cookie", kept.clone());
    assert_eq!(silent.post(&path, json!({})).await.status, 403);
    let older = silent.with("host", "localhost:8090").with("origin", "http://localhost:8090");
    assert_eq!(older.post(&path, json!({})).await.status, 201);
    let token = app.client(BOB).with("sec-fetch-site", "cross-site");
    assert_eq!(token.post(&path, json!({})).await.status, 201, "whoever has a token was given it");
}

#[tokio::test]
async fn whoever_may_do_more_is_signed_in_for_less_long() {
    let app = start().await;
    let (ada, root) = (sign_in(&app, ADA).await, sign_in(&app, ROOT).await);
    let me = async |kept: &str| app.stranger().with("cookie", kept).get("/v1/me").await.status;
    app.clock.set(town::now() + SignedDuration::from_mins(29));
    assert_eq!((me(&ada).await, me(&root).await), (200, 200));
    app.clock.set(town::now() + SignedDuration::from_mins(58));
    assert_eq!(me(&root).await, 200, "something was asked meanwhile");
    app.clock.set(town::now() + SignedDuration::from_mins(58 + 31));
    assert_eq!((me(&ada).await, me(&root).await), (200, 401));

    let root = sign_in(&app, ROOT).await;
    for times in 1..=24 {
        app.clock.set(town::now() + SignedDuration::from_mins(89 + times * 29));
        assert_eq!(me(&root).await, 200, "{times}");
    }
    app.clock.set(town::now() + SignedDuration::from_mins(89 + 12 * 60));
    assert_eq!(me(&root).await, 401, "however much was asked");
}

/// A token from before must not open what somebody may do since.
#[tokio::test]
async fn other_rights_bring_another_token() {
    let app = start().await;
    let kept = sign_in(&app, DORA).await;
    let root = app.client(ROOT);
    let dora = root.get(format!("/v1/people/{DORA}")).await.json(200);
    let mut roles = dora["roles"].clone();
    roles.as_array_mut().expect("roles").push(json!({ "role": "instructor" }));
    let change = json!({ "roles": roles, "version": dora["version"] });
    root.patch(format!("/v1/people/{DORA}"), change).await.json(200);
    app.settled().await;
    let before = app.stranger().with("cookie", kept.clone());
    let reply = before.get("/v1/me").await;
    let renewed = cookie(&reply);
    assert!(reply.status == 200 && renewed.starts_with("ilt=") && renewed != kept, "{renewed}");
    let after = app.stranger().with("cookie", renewed);
    assert_eq!((before.get("/v1/me").await.status, after.get("/v1/me").await.status), (200, 200));
    assert_eq!(after.get("/v1/me").await.header("set-cookie"), "", "once");
    app.clock.set(town::now() + SignedDuration::from_secs(30));
    tokio::time::sleep(KNOWN_FOR).await;
    assert_eq!(before.get("/v1/me").await.status, 401, "half a minute later it opens nothing");
    assert_eq!(after.get("/v1/me").await.status, 200);
}

#[tokio::test]
async fn whoever_it_is_and_an_admin_see_and_end_sign_ins() {
    let app = start().await;
    let (phone, desk) = (sign_in(&app, ADA).await, sign_in(&app, ADA).await);
    let at = |kept: &str| page(&app).with("cookie", kept);
    let path = format!("/v1/people/{ADA}/sign-ins");
    let listed = at(&desk).get(&path).await.json(200);
    let items = listed["items"].as_array().expect("items");
    let is_this: Vec<_> = items.iter().map(|it| it["is_this"] == true).collect();
    assert_eq!((items.len(), is_this.iter().filter(|it| **it).count()), (2, 1), "{listed:#}");
    let other = items.iter().find(|it| it["is_this"] == false).expect("the other")["id"].clone();
    let other = other.as_str().expect("an id");

    for (client, status) in [(app.client(DORA), 403), (app.client(BOB), 403), (app.client(town::OTTO), 404)] {
        assert_eq!(client.get(&path).await.status, status);
        assert_eq!(client.delete(format!("{path}/{other}")).await.status, status);
        assert_eq!(client.delete(&path).await.status, status);
    }
    assert_eq!(at(&desk).delete(format!("{path}/{other}")).await.status, 204);
    assert_eq!(at(&desk).delete(format!("{path}/{other}")).await.status, 204, "it has ended");
    assert_eq!((at(&phone).get("/v1/me").await.status, at(&desk).get("/v1/me").await.status), (401, 200));
    assert_eq!(app.client(ROOT).delete(&path).await.status, 204);
    assert_eq!(at(&desk).get("/v1/me").await.status, 401);
}

/// Whoever leaves is out, also when they come back; and so many browsers and no more.
#[tokio::test]
async fn sign_ins_end_with_the_account_and_beyond_ten() {
    let app = start().await;
    let first = sign_in(&app, ADA).await;
    app.clock.set(town::now() + SignedDuration::from_secs(1));
    let mut last = String::new();
    for _ in 0..10 {
        last = sign_in(&app, ADA).await;
    }
    let me = async |kept: &str| app.stranger().with("cookie", kept).get("/v1/me").await.status;
    assert_eq!((me(&first).await, me(&last).await), (401, 200));
    let root = app.client(ROOT);
    for (active, version) in [(false, 1), (true, 2)] {
        let change = json!({ "active": active, "version": version });
        root.patch(format!("/v1/people/{ADA}"), change).await.json(200);
        app.settled().await;
        assert_eq!(me(&last).await, 401, "{active}");
    }
}

/// A stream of an open page keeps nobody signed in, and ends with the sign-in.
#[tokio::test]
async fn an_open_page_keeps_nobody_signed_in() {
    let app = start().await;
    let root = sign_in(&app, ROOT).await;
    app.clock.set(town::now() + SignedDuration::from_mins(20));
    let client = app.stranger().with("cookie", root);
    assert_eq!(client.begin(Method::GET, "/v1/live", None).await.status(), 200);
    app.clock.set(town::now() + SignedDuration::from_mins(31));
    assert_eq!(client.get("/v1/me").await.status, 401);
}
