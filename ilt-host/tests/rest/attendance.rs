//! Attendance over REST: marks, check-in by code, walk-ins, completing, corrections, recertification.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::start;
use crate::asking::{id_of, register};
use crate::harness::TestApp;
use crate::town::{ADA, BASICS, BOB, INES, MIA, OTTO, ROOT, SESSION};

/// Ada's and Bob's registrations, ten minutes before the start.
async fn class() -> (TestApp, [String; 2]) {
    let app = start().await;
    let ada = id_of(&register(&app.client(ADA), SESSION).await.json(201));
    let bob = id_of(&register(&app.client(BOB), SESSION).await.json(201));
    set(&app, "2027-03-15T07:50:00Z");
    (app, [ada, bob])
}

fn set(app: &TestApp, now: &str) {
    app.clock.set(now.parse().expect("an instant"));
}

fn path(what: &str) -> String {
    format!("/v1/sessions/{SESSION}/{what}")
}

async fn mark(app: &TestApp, marks: Value) -> Vec<String> {
    let reply = app.client(INES).post(path("attendance"), json!({ "marks": marks })).await.json(200);
    let items = reply["items"].as_array().expect("items");
    items.iter().map(|it| it["result"].as_str().expect("a word").to_owned()).collect()
}

#[tokio::test]
async fn a_class_from_check_in_to_completion() {
    let (app, [ada, bob]) = class().await;
    set(&app, "2027-03-15T07:40:00Z");
    let mark_ada = json!([{ "registration": ada, "part": 1 }]);
    let early = app.client(INES).post(path("attendance"), json!({ "marks": mark_ada })).await.json(200);
    assert_eq!(
        (&early["items"][0]["result"], &early["items"][0]["code"]),
        (&json!("refused"), &json!("attendance-not-open"))
    );
    set(&app, "2027-03-15T08:00:00Z");
    assert_eq!(mark(&app, json!([{ "registration": ada, "part": 1, "minutes": 360 }])).await, ["applied"]);
    let open = app.client(INES).post(path("complete"), json!({})).await;
    assert_eq!(open.problem(), (409, "attendance-unmarked".to_owned()));
    assert_eq!(open.json(409)["registrations"], json!([bob]));
    let device = json!([{ "registration": bob, "part": 1, "minutes": 30, "client": "70000000-0000-4000-8000-000000000001", "at": "2027-03-15T08:30:00Z" }]);
    set(&app, "2027-03-15T15:00:00Z");
    assert_eq!(mark(&app, device.clone()).await, ["applied"]);
    assert_eq!(mark(&app, device).await, ["unchanged"], "sent again");
    assert_eq!(
        app.client(MIA).post(path("complete"), json!({})).await.problem(),
        (403, "forbidden".to_owned())
    );
    let done = app.client(INES).post(path("complete"), json!({})).await.json(200);
    assert_eq!(done["status"], "completed");
    let roster = app.client(INES).get(path("roster")).await.json(200);
    let outcomes = roster["items"].as_array().expect("lines").iter().map(|it| it["attendance"].clone());
    assert_eq!(outcomes.collect::<Vec<_>>(), ["attended", "no-show"]);
    let completed = app.client(ADA).get(format!("/v1/people/{ADA}/completions")).await.json(200);
    assert_eq!(completed["items"][0]["completed_at"], "2027-03-15T14:00:00Z");
    let unexplained = json!([{ "registration": ada, "part": 1, "minutes": 20 }]);
    let refused = app.client(INES).post(path("attendance"), json!({ "marks": unexplained })).await.json(200);
    assert_eq!(
        refused["items"][0]["detail"],
        "reason correcting attendance after the session was completed needs one"
    );
    let corrected = json!([{ "registration": ada, "part": 1, "minutes": 20, "reason": "she left" }]);
    assert_eq!(mark(&app, corrected).await, ["applied"]);
    let completed = app.client(ADA).get(format!("/v1/people/{ADA}/completions")).await.json(200);
    assert_eq!(completed["items"].as_array().map(Vec::len), Some(1), "only that of the year before");
    let told = app.client(ADA).get(format!("/v1/registrations/{ada}")).await.json(200);
    assert_eq!((&told["attendance"], &told["marks"][0]["minutes"]), (&json!("no-show"), &json!(20)));
}

#[tokio::test]
async fn people_check_themselves_in_with_the_code_that_is_shown_in_the_room() {
    let (app, [ada, _]) = class().await;
    assert_eq!(app.client(ADA).get(path("check-in-key")).await.problem(), (403, "forbidden".to_owned()));
    let key = app.client(INES).get(path("check-in-key")).await.json(200);
    assert_eq!((&key["step_seconds"], &key["valid_seconds"]), (&json!(15), &json!(30)));
    let code = json!({ "code": key["code"] });
    assert_eq!(
        app.client(OTTO).post(path("check-in"), code.clone()).await.problem(),
        (404, "not-found".to_owned())
    );
    let here = app.client(ADA).post(path("check-in"), code.clone()).await.json(200);
    assert_eq!((&here["id"], &here["marks"][0]["minutes"]), (&json!(ada), &json!(360)));
    set(&app, "2027-03-15T07:50:31Z");
    let again = app.client(OTTO).post(path("check-in"), code.clone()).await;
    assert_eq!(again.problem(), (404, "not-found".to_owned()), "as before, however old the code is by now");
    assert_eq!(
        app.client(BOB).post(path("check-in"), code).await.problem(),
        (409, "check-in-refused".to_owned())
    );
    let nonsense = app.client(BOB).post(path("check-in"), json!({ "code": "open sesame" })).await;
    assert_eq!(nonsense.problem(), (409, "check-in-refused".to_owned()));
}

#[tokio::test]
async fn an_instructor_scans_the_code_that_a_learner_shows() {
    let (app, [ada, bob]) = class().await;
    let key = app.client(ADA).get(format!("/v1/registrations/{ada}/check-in-key")).await.json(200);
    let others = app.client(MIA).get(format!("/v1/registrations/{ada}/check-in-key")).await;
    assert_eq!(others.problem(), (403, "forbidden".to_owned()));
    let code = json!({ "code": key["code"] });
    assert_eq!(
        app.client(ADA).post(path("check-in"), code.clone()).await.problem(),
        (403, "forbidden".to_owned())
    );
    let here = app.client(INES).post(path("check-in"), code).await.json(200);
    assert_eq!(here["learner"]["id"], ADA);
    let forged = key["code"].as_str().expect("a code").replace(&ada, &bob);
    let forged = app.client(INES).post(path("check-in"), json!({ "code": forged })).await;
    assert_eq!(forged.problem(), (409, "check-in-refused".to_owned()));
}

fn signed(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut signer = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    signer.update(text);
    signer.finalize().into_bytes().to_vec()
}

/// Written from what the contract says of `key`, and from nothing else.
#[tokio::test]
async fn an_instructors_device_verifies_what_it_scans_without_a_network() {
    let (app, [ada, _]) = class().await;
    let given = app.client(INES).get(path("check-in-key")).await.json(200);
    let hex = given["key"].as_str().expect("a key");
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
    let key: Vec<u8> = (0..hex.len()).step_by(2).map(byte).collect();
    let shown = app.client(ADA).get(format!("/v1/registrations/{ada}/check-in-key")).await.json(200);
    let code = shown["code"].as_str().expect("a code").to_owned();

    // From here on there is no network: the device has its key, its clock, and what it scans.
    let [subject, step, signature] = code.split('.').collect::<Vec<_>>()[..] else { panic!("{code}") };
    let registration: uuid::Uuid = subject.parse().expect("whom it is for");
    let learners_key = signed(&key, registration.as_bytes());
    let expected = &signed(&learners_key, format!("{subject}.{step}").as_bytes())[..16];
    assert_eq!(signature, ilt_engine::check_in::hex(expected));
    let now: jiff::Timestamp = "2027-03-15T07:50:00Z".parse().expect("an instant");
    assert_eq!(step, (now.as_second() / given["step_seconds"].as_i64().expect("seconds")).to_string());

    // And when there is one again, it sends what it saw, and sends it again.
    let seen = json!([{ "registration": registration, "part": 1, "at": now, "client": "70000000-0000-4000-8000-000000000002" }]);
    set(&app, "2027-03-15T16:00:00Z");
    assert_eq!(mark(&app, seen.clone()).await, ["applied"]);
    assert_eq!(mark(&app, seen).await, ["unchanged"]);
}

#[tokio::test]
async fn somebody_walks_in() {
    let (app, _) = class().await;
    let body = json!({ "learner": OTTO });
    assert_eq!(
        app.client(OTTO).post(path("walk-ins"), body.clone()).await.problem(),
        (403, "forbidden".to_owned())
    );
    let made = app.client(INES).post(path("walk-ins"), body.clone()).await.json(201);
    let seats = &made["session"]["seats"];
    assert_eq!(
        (&made["status"], &seats["confirmed"], &seats["over_capacity"]),
        (&json!("confirmed"), &json!(2), &json!(1))
    );
    app.client(INES).post(path("walk-ins"), body).await.json(200);
}

#[tokio::test]
async fn a_completion_says_from_when_it_can_be_renewed_and_until_when_to_book() {
    let app = start().await;
    let root = app.client(ROOT);
    let course = root.get(format!("/v1/courses/{BASICS}")).await.json(200);
    let patch = json!({ "version": course["version"], "validity_months": 12 });
    root.patch(format!("/v1/courses/{BASICS}"), patch).await.json(200);
    app.settled().await;
    let held =
        app.client(ADA).get(format!("/v1/people/{ADA}/completions")).await.json(200)["items"][0].clone();
    assert_eq!(
        (&held["expires_at"], &held["renewable_from"]),
        (&json!("2027-05-04T15:00:00Z"), &json!("2027-02-03T15:00:00Z"))
    );
    assert_eq!(held["book_by"], "2027-03-18T08:00:00Z", "two business days before the last class");
    let again = json!({ "course": BASICS, "completed_at": "2027-02-20T15:00:00Z" });
    let renewed = root.post(format!("/v1/people/{ADA}/completions"), again).await.json(201);
    assert_eq!(renewed["expires_at"], "2028-05-04T15:00:00Z", "the anniversary is kept");
}
