//! What those who wait are told while time goes by.

use serde_json::{Value, json};

use super::start;
use crate::asking::{hold, id_of, register, registration, registrations, until};
use crate::harness::TestApp;
use crate::reply::Reply;
use crate::town::{ADA, BOB, COLOGNE, LATER, MIA, OTTO, ROOT, SELLING, SESSION};

/// Bob and Mia have the two seats; these wait.
async fn full(waiting: &[&str]) -> TestApp {
    let app = start().await;
    for (people, status) in [(&[BOB, MIA][..], "confirmed"), (waiting, "waitlisted")] {
        for person in people {
            let body = json!({ "on_full": "waitlist" });
            assert_eq!(
                app.client(person).post(registrations(SESSION), body).await.json(201)["status"],
                status
            );
        }
    }
    app
}

/// Asks something of somebody's registration.
async fn ask(app: &TestApp, person: &str, what: &str) -> Reply {
    let id = id_of(&registration(app, person).await);
    app.client(person).post(format!("/v1/registrations/{id}/{what}"), json!({})).await
}

async fn cancel_late(app: &TestApp, person: &str) {
    let id = id_of(&registration(app, person).await);
    let path = format!("/v1/registrations/{id}/cancel");
    app.client(person).post(path, json!({ "reason": "ill" })).await.json(200);
}

fn set(app: &TestApp, now: &str) {
    app.clock.set(now.parse().expect("an instant"));
}

#[tokio::test]
async fn offers_that_lapse_pause_the_place_until_its_owner_resumes() {
    let app = full(&[ADA]).await;
    cancel_late(&app, BOB).await;
    set(&app, "2027-03-01T20:00:00Z");
    assert_eq!(until(&app, ADA, "registration.offer-warned").await["status"], "offered");
    set(&app, "2027-03-02T08:00:00Z");
    assert_eq!(until(&app, ADA, "registration.offer-lapsed").await["paused"], false);
    register(&app.client(OTTO), SESSION).await.json(201);
    set(&app, "2027-03-02T09:00:00Z");
    cancel_late(&app, OTTO).await;
    set(&app, "2027-03-03T09:00:00Z");
    let paused = until(&app, ADA, "registration.wait-paused").await;
    assert_eq!((&paused["status"], &paused["paused"]), (&json!("waitlisted"), &json!(true)));
    let resumed = ask(&app, ADA, "resume").await.json(200);
    assert_eq!((&resumed["status"], &resumed["paused"]), (&json!("offered"), &json!(false)));
}

#[tokio::test]
async fn only_the_owner_and_who_leads_them_may_resume() {
    let app = full(&[ADA]).await;
    let id = id_of(&registration(&app, ADA).await);
    let path = format!("/v1/registrations/{id}/resume");
    assert_eq!(app.client(OTTO).post(&path, json!({})).await.problem(), (404, "not-found".to_owned()));
    app.client(MIA).post(&path, json!({})).await.json(200);
}

#[tokio::test]
async fn a_seat_on_the_last_day_goes_to_the_first_who_accepts() {
    let app = full(&[ADA, OTTO]).await;
    set(&app, "2027-03-14T12:00:00Z");
    cancel_late(&app, BOB).await;
    for person in [ADA, OTTO] {
        assert_eq!(registration(&app, person).await["seat_announced_at"], "2027-03-14T12:00:00Z");
    }
    let won = ask(&app, OTTO, "accept").await.json(200);
    assert_eq!((&won["status"], &won["session"]["seats"]["open"]), (&json!("confirmed"), &json!(0)));
    let lost = ask(&app, ADA, "accept").await;
    assert_eq!(lost.problem(), (409, "session-full".to_owned()));
    assert_eq!(lost.json(409)["alternatives"][0]["session"]["id"], LATER);
}

#[tokio::test]
async fn whoever_is_left_two_hours_before_the_start_is_shown_what_to_take_instead() {
    let app = full(&[ADA]).await;
    for day in [24, 25, 26] {
        hold(&app, &format!("2027-03-{day}T09:00"), 5).await;
    }
    set(&app, "2027-03-15T06:00:00Z");
    let ended = until(&app, ADA, "registration.not-placed").await;
    assert_eq!(ended["status"], "not-placed");
    assert_eq!(ended["alternatives"].as_array().map(Vec::len), Some(3), "of the four there are");
    let wanted = ended["alternatives"][0]["session"]["id"].clone();
    let taken = ended["alternatives"][0]["id"].as_str().expect("an id");
    let taken = app.client(ADA).post(format!("/v1/alternatives/{taken}/take"), json!({})).await.json(201);
    assert_eq!(taken["session"]["id"], wanted);
}

#[tokio::test]
async fn whoever_is_let_before_others_and_those_others_see_it() {
    let app = full(&[ADA, OTTO]).await;
    let id = id_of(&registration(&app, OTTO).await);
    let path = format!("/v1/registrations/{id}/priority");
    let body = json!({ "level": 3, "reason": "the certificate expires" });
    assert_eq!(app.client(OTTO).post(&path, body.clone()).await.problem(), (403, "forbidden".to_owned()));
    let silent = app.client(ROOT).post(&path, json!({ "level": 3 })).await;
    assert_eq!(silent.problem(), (422, "invalid-request".to_owned()));
    let moved = app.client(ROOT).post(&path, body.clone()).await.json(200);
    assert_eq!((&moved["position"], &moved["priority"]), (&json!(1), &body));
    assert_eq!(registration(&app, ADA).await["position"], 2);
    let roster = app.client(ROOT).get(format!("/v1/sessions/{SESSION}/roster")).await.json(200);
    let waiting =
        roster["items"].as_array().expect("lines").iter().filter(|line| line["status"] == "waitlisted");
    let shown = waiting.map(|line| (line["person"]["id"].as_str().expect("an id"), &line["priority"]));
    assert_eq!(shown.collect::<Vec<_>>(), [(OTTO, &body), (ADA, &Value::Null)], "with the reason");
    let seated = id_of(&registration(&app, BOB).await);
    let path = format!("/v1/registrations/{seated}/priority");
    assert_eq!(app.client(ROOT).post(&path, body).await.problem(), (409, "not-waiting".to_owned()));
}

/// A class of Selling that was full: so many waited, and so many of them got a seat.
async fn past_class(app: &TestApp, day: i64, placed: usize) {
    let day = jiff::civil::date(2027, 4, 5).checked_add(jiff::Span::new().days(day)).expect("in range");
    let body = json!({
        "course": SELLING, "location": COLOGNE, "capacity": 1,
        "parts": [{ "starts": day.at(9, 0, 0, 0).to_string(), "length": "PT6H" }],
    });
    let session = id_of(&app.client(ROOT).post("/v1/sessions", body).await.json(201));
    app.client(ROOT).post(format!("/v1/sessions/{session}/publish"), json!({})).await.json(200);
    let path = format!("/v1/sessions/{session}/registrations");
    for person in [BOB, ADA, OTTO] {
        let body = json!({ "learner": person, "on_full": "waitlist", "automatic": true });
        app.client(ROOT).post(&path, body).await.json(201);
    }
    let capacity = json!({ "capacity": 1 + placed });
    app.client(ROOT).post(format!("/v1/sessions/{session}/capacity"), capacity).await.json(200);
}

#[tokio::test]
async fn whoever_waits_is_told_the_odds_as_the_past_has_them() {
    let app = start().await;
    for (day, placed) in (0..).zip([0, 1, 1, 2, 2]) {
        past_class(&app, day, placed).await;
    }
    let odds = async |position: usize| {
        let body = json!({
            "course": SELLING, "location": COLOGNE, "capacity": 1,
            "parts": [{ "starts": format!("2027-06-{:02}T09:00", 7 + position), "length": "PT6H" }],
        });
        let session = id_of(&app.client(ROOT).post("/v1/sessions", body).await.json(201));
        app.client(ROOT).post(format!("/v1/sessions/{session}/publish"), json!({})).await.json(200);
        let path = format!("/v1/sessions/{session}/registrations");
        for person in [MIA, BOB, OTTO].into_iter().take(position) {
            app.client(ROOT).post(&path, json!({ "learner": person, "on_full": "waitlist" })).await.json(201);
        }
        let waits = app.client(ADA).post(&path, json!({ "on_full": "waitlist" })).await.json(201);
        app.client(ADA).get(format!("/v1/registrations/{}", id_of(&waits))).await.json(200)["odds"].clone()
    };
    assert_eq!(odds(1).await, Value::Null, "the classes are still to come");
    set(&app, "2027-05-01T08:00:00Z");
    let second = odds(2).await;
    assert_eq!(
        (&second["sessions"], &second["placed_in"], &second["likely"]),
        (&json!(5), &json!(2), &json!(0.43))
    );
    assert_eq!(
        second["in_words"],
        "In 2 of the last 5 full classes of this course, 2 people or more who waited got a seat."
    );
}
