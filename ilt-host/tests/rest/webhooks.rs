//! Webhooks of a Cal.com: who is heard, what is answered, and what is kept of it.

use std::sync::Arc;

use axum::http::Method;
use hmac::{Hmac, KeyInit as _, Mac as _};
use ilt_calcom::subscription::Subscription;
use ilt_core::ports::Clock as _;
use ilt_engine::calendars::letters::{CalcomReader, KEPT, Mailbox, Room};
use ilt_engine::config::PerMinute;
use jiff::SignedDuration;
use rstest::rstest;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::harness::{Store, TestApp, ports};
use crate::limits::behind_a_proxy;
use crate::reply::Reply;

const NEW: &str = "the secret that signs from now on, and is long";
const OLD: &str = "the secret that has signed until now, as long";
const PATH: &str = "/v1/webhooks/calcom/calcom";

/// A host that listens, and where it leaves what it hears; nobody empties that.
fn listening(app: TestApp, room: Room) -> (TestApp, Mailbox) {
    let secrets = format!("{NEW}\n{OLD}\n").into();
    let subscription = Subscription::new("https://training.example", "calcom", &secrets).expect("sound");
    let reader = Arc::new(CalcomReader(subscription));
    let mailbox = Mailbox::new("calcom".to_owned(), reader, app.clock.clone(), room);
    (app.with_mailbox(mailbox.clone()), mailbox)
}

async fn start() -> (TestApp, Mailbox) {
    listening(TestApp::on(Store::Memory).await, Room::default())
}

fn sign(secret: &str, body: &str) -> String {
    let signer = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a secret of any length");
    ilt_engine::check_in::hex(&signer.chain_update(body).finalize().into_bytes())
}

fn created(app: &TestApp) -> String {
    let payload = json!({
        "uid": "bk1", "type": "other", "eventTypeId": 7, "startTime": "2027-04-01T08:00:00Z",
        "attendees": [{ "email": "ada@dealer.example", "name": "Ada" }], "metadata": {},
    });
    json!({ "triggerEvent": "BOOKING_CREATED", "createdAt": app.clock.now(), "payload": payload }).to_string()
}

async fn tells(app: &TestApp, path: &str, signature: Option<String>, body: &str) -> Reply {
    let client = app.stranger();
    let client = match signature {
        Some(signature) => client.with("x-cal-signature-256", signature),
        None => client,
    };
    Reply::read(client.begin(Method::POST, path, Some(body.to_owned())).await).await
}

#[tokio::test]
async fn what_is_signed_is_heard_and_answered_at_once() {
    let (app, mailbox) = start().await;
    let body = created(&app);
    let heard = app.stranger().with("x-cal-signature-256", sign(NEW, &body));
    let heard = heard.send(Method::POST, PATH, Some(body.clone())).await;
    insta::assert_snapshot!(heard, @r#"
    200
    content-type: application/json
    cache-control: no-store

    {}
    "#);
    for secret in [OLD, NEW] {
        assert_eq!(tells(&app, PATH, Some(sign(secret, &body)), &body).await.status, 200);
    }
    assert_eq!(mailbox.waiting().0, 3, "what came twice is found by whoever keeps it");
}

#[tokio::test]
async fn what_is_not_signed_is_refused_and_it_is_said_why() {
    let (app, mailbox) = start().await;
    let body = created(&app);
    let refused = tells(&app, PATH, Some(sign("whatever else", &body)), &body).await;
    insta::assert_snapshot!(refused, @r#"
    401
    content-type: application/problem+json
    cache-control: no-store

    {
      "code": "unsigned",
      "detail": "the webhook's signature is wrong: is the same secret set on both sides?",
      "status": 401,
      "title": "It is not signed by whom it should be",
      "trace_id": "00000000-0000-7000-8000-0000000000ff",
      "type": "/problems/unsigned"
    }
    "#);
    for (signature, words) in [
        (None, "has no signature"),
        (Some(""), "has no signature"),
        (Some("no-secret-provided"), "without a secret"),
        (Some("sha256=0"), "signature is wrong"),
    ] {
        let refused = tells(&app, PATH, signature.map(str::to_owned), &body).await;
        assert_eq!(refused.problem(), (401, "unsigned".to_owned()), "{signature:?}");
        assert!(refused.text().contains(words), "{signature:?}: {refused}");
    }
    let changed = tells(&app, PATH, Some(sign(NEW, &body)), &body.replace("ada", "eve")).await;
    assert_eq!(changed.status, 401);
    assert_eq!(mailbox.waiting().0, 0);
}

fn told(app: &TestApp, trigger: &str, payload: &Value) -> String {
    json!({ "triggerEvent": trigger, "createdAt": app.clock.now(), "payload": payload }).to_string()
}

#[tokio::test]
async fn nonsense_that_is_signed_is_told_apart_from_what_means_nothing_to_us() {
    let (app, mailbox) = start().await;
    let deep = format!("{{\"triggerEvent\":\"X\",\"payload\":{}", "[".repeat(100_000));
    let nobody = json!({ "uid": "bk1", "attendees": [], "startTime": "2027-04-01T08:00:00Z" });
    let endless = json!({ "uid": "u".repeat(501), "attendees": [{ "email": "a@b.example" }], "startTime": "2027-04-01T08:00:00Z" });
    for body in [
        "",
        "trigger=BOOKING_CREATED",
        "null",
        "[]",
        deep.as_str(),
        r#"{"triggerEvent":"Ada Able"}"#,
        &told(&app, "BOOKING_CREATED", &nobody),
        &told(&app, "BOOKING_CREATED", &endless),
        &told(&app, "BOOKING_CANCELLED", &json!(null)),
    ] {
        let refused = tells(&app, PATH, Some(sign(NEW, body)), body).await;
        assert_eq!(refused.problem(), (400, "invalid-request".to_owned()), "{body:.80}: {refused}");
    }
    assert_eq!(mailbox.waiting().0, 0);
    for body in [
        told(&app, "SOMETHING_NEW", &json!(null)),
        told(&app, "MEETING_ENDED", &json!({ "uid": 7 })),
        told(&app, "BOOKING_NO_SHOW_UPDATED", &json!({ "bookingUid": "bk\u{0}1", "attendees": [] })),
    ] {
        assert_eq!(tells(&app, PATH, Some(sign(NEW, &body)), &body).await.status, 200, "{body}");
    }
    assert_eq!(mailbox.waiting().0, 3, "kept all the same");
}

#[tokio::test]
async fn what_is_too_long_is_not_read_whoever_signed_it() {
    let (app, mailbox) = start().await;
    for size in [(512 << 10) + 1, 10 << 20] {
        let body = format!("{{\"triggerEvent\":\"{}", "X".repeat(size));
        let refused = tells(&app, PATH, Some(sign(NEW, &body)), &body).await;
        assert_eq!(refused.problem(), (413, "too-large".to_owned()));
    }
    let body = told(&app, "LONG", &json!("x".repeat(500 << 10)));
    assert_eq!(
        tells(&app, PATH, Some(sign(NEW, &body)), &body).await.status,
        200,
        "more than others may send"
    );
    assert_eq!(mailbox.waiting().0, 1);
}

#[tokio::test]
async fn nobody_is_heard_where_nobody_listens() {
    let (app, mailbox) = start().await;
    let body = created(&app);
    for path in ["/v1/webhooks/calcom/second", "/v1/webhooks/calcom/CALCOM"] {
        let refused = tells(&app, path, Some(sign(NEW, &body)), &body).await;
        assert_eq!(refused.problem(), (404, "not-found".to_owned()), "{path}");
    }
    assert_eq!(mailbox.waiting().0, 0);
    let deaf = TestApp::on(Store::Memory).await;
    assert_eq!(tells(&deaf, PATH, Some(sign(NEW, &body)), &body).await.status, 404);
}

#[tokio::test]
async fn what_finds_no_room_is_told_to_come_again() {
    let (app, mailbox) = listening(TestApp::on(Store::Memory).await, Room { letters: 1, bytes: 1 << 20 });
    let body = created(&app);
    assert_eq!(tells(&app, PATH, Some(sign(NEW, &body)), &body).await.status, 200);
    let refused = tells(&app, PATH, Some(sign(NEW, &body)), &body).await;
    assert_eq!((refused.problem(), refused.header("retry-after")), ((503, "busy".to_owned()), "2"));
    assert_eq!(mailbox.waiting().0, 1);
}

/// Nobody knows any more whether it was here before.
#[rstest]
#[case::just_young_enough(KEPT, 1)]
#[case::too_old(KEPT + SignedDuration::from_secs(1), 0)]
#[tokio::test]
async fn what_is_older_than_what_is_kept_has_no_consequence(
    #[case] age: SignedDuration,
    #[case] kept: usize,
) {
    let (app, mailbox) = start().await;
    let body = created(&app);
    app.clock.set(app.clock.now() + age);
    assert_eq!(tells(&app, PATH, Some(sign(NEW, &body)), &body).await.status, 200);
    assert_eq!(mailbox.waiting().0, kept);
}

/// Whoever guesses is one of those whom nobody knows; whoever signs is not, though behind the same address.
#[tokio::test]
async fn guessing_is_limited_and_signing_is_not() {
    let store = Arc::new(ilt_core::testing::MemoryStore::new());
    let limits = behind_a_proxy(PerMinute { unknown: 3, ..PerMinute::default() });
    let on = |clock| ports(store.clone(), store.clone(), store.clone(), store.clone(), clock);
    let (app, mailbox) = listening(TestApp::with(on, limits).await, Room::default());
    let body = created(&app);
    let from = |signature: String| {
        let client = app.stranger().with("x-forwarded-for", "203.0.113.9");
        let client = client.with("x-cal-signature-256", signature);
        let body = Some(body.clone());
        async move { Reply::read(client.begin(Method::POST, PATH, body).await).await.status }
    };
    for _ in 0..3 {
        assert_eq!(from("0".repeat(64)).await, 401);
    }
    assert_eq!(from("0".repeat(64)).await, 429);
    for _ in 0..20 {
        assert_eq!(from(sign(NEW, &body)).await, 200);
    }
    assert_eq!(mailbox.waiting().0, 20);
}
