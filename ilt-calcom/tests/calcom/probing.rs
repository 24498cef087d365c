//! What an instance cannot do, said in words before anything relies on it.

use ilt_calcom::api::Family;
use ilt_calcom::probe::{Report, State, Verdict, probe};
use ilt_calcom::{Kind, Limits, UserId};
use rstest::rstest;
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::client::{Server, yes};
use crate::support::{account, impatient};

/// A Cal.com that can do everything, as it was recorded, but for what is told it first.
async fn whole() -> Server {
    let server = Server::start().await;
    for (path, number) in
        [("me", 2), ("schedules", 8), ("event-types", 15), ("bookings", 123), ("webhooks", 20), ("slots", 16)]
    {
        server.says_again("GET", path, 99, number).await;
    }
    server
}

async fn look(server: &Server, known: Option<u64>) -> Report {
    probe(&server.account(Limits { tries: 1, ..impatient() }), known.map(UserId)).await
}

#[tokio::test]
async fn one_that_can_do_everything_is_usable() {
    let report = look(&whole().await, Some(1)).await;
    assert_eq!((report.verdict.clone(), report.missing()), (Verdict::Usable, vec![]));
    assert_eq!(
        (report.me.expect("a user").username, report.requests),
        ("ines.instructor".to_owned(), Some(120))
    );
    assert!(Family::ALL.iter().all(|family| report.families.contains_key(family)));
}

#[rstest]
#[case::wrong(4, None, Verdict::WrongKey, "does not know the key: is it all of it")]
#[case::revoked(4, Some(1), Verdict::RevokedKey, "any more: it was revoked")]
#[case::none(3, None, Verdict::WrongKey, "does not know the key")]
#[case::without_the_api(131, None, Verdict::NoApi, "a service of its own")]
#[case::too_often(135, None, Verdict::Throttled { reset: std::time::Duration::from_mins(1) }, "for 60 seconds")]
#[case::somebody_elses(2, Some(7), Verdict::OtherUser { expected: UserId(7), found: UserId(1) }, "is user 1's, and was user 7's")]
#[tokio::test]
async fn a_key_that_is_no_use(
    #[case] me: u32,
    #[case] known: Option<u64>,
    #[case] verdict: Verdict,
    #[case] words: &str,
) {
    let server = Server::start().await;
    server.says_again("GET", "me", 9, me).await;
    let report = look(&server, known).await;
    assert_eq!(report.verdict, verdict);
    let [said] = &report.missing()[..] else { panic!("one sentence: {:?}", report.missing()) };
    assert!(said.contains(words), "{said}");
    assert_eq!(server.asked().await, ["GET /v2/me"], "nothing else is asked");
}

#[rstest]
#[case::a_website(404, "<html>404</html>", Verdict::NoApi)]
#[case::another_page(200, "<html>Welcome</html>", Verdict::OtherProduct)]
#[case::another_api(200, r#"{"status":"ok"}"#, Verdict::OtherProduct)]
#[case::another_api_with_users(200, r#"{"status":"success","data":{"id":"7"}}"#, Verdict::OtherProduct)]
#[case::version_one(410, "{}", Verdict::NoApi)]
#[case::one_that_wants_another_sign_in(302, "", Verdict::OtherProduct)]
#[case::an_expired_key(401, r#"{"statusCode":401,"message":"the key is expired"}"#, Verdict::ExpiredKey)]
#[case::a_gateway(503, "<html>503</html>", Verdict::Unreachable(Kind::Gateway))]
#[tokio::test]
async fn somebody_else_at_the_address(#[case] status: u16, #[case] body: &str, #[case] verdict: Verdict) {
    let server = Server::start().await;
    server.says("GET", "me", 9, ResponseTemplate::new(status).set_body_raw(body, "text/html")).await;
    assert_eq!(look(&server, None).await.verdict, verdict);
}

#[tokio::test]
async fn nobody_at_the_address() {
    let account = account("http://127.0.0.1:1", Limits { tries: 1, ..impatient() });
    let report = probe(&account, None).await;
    assert_eq!(report.verdict, Verdict::Unreachable(Kind::Away));
    assert!(report.missing()[0].contains("cannot be reached"), "{:?}", report.missing());
}

#[rstest]
#[case::older_bookings("bookings", 56, Family::Bookings, State::FellBack, "answers in another")]
#[case::no_slots(
    "slots",
    131,
    Family::Slots,
    State::Missing,
    "slots: it has no such call in version 2024-09-04"
)]
#[case::no_webhooks("webhooks", 131, Family::Webhooks, State::Missing, "webhooks: it has no such call")]
#[case::an_event_type_that_is_not_shown("slots", 54, Family::Slots, State::Understood, "")]
#[case::a_user_who_may_not(
    "schedules",
    91,
    Family::Schedules,
    State::Failed(Kind::NotAllowed),
    "may not do that"
)]
#[tokio::test]
async fn some_of_it_is_missing(
    #[case] path: &str,
    #[case] number: u32,
    #[case] family: Family,
    #[case] state: State,
    #[case] words: &str,
) {
    let server = Server::start().await;
    server.says_again("GET", "me", 1, 2).await;
    server.says_again("GET", path, 1, number).await;
    for (path, number) in
        [("schedules", 8), ("event-types", 15), ("bookings", 123), ("webhooks", 20), ("slots", 16)]
    {
        server.says_again("GET", path, 9, number).await;
    }
    let report = look(&server, None).await;
    assert_eq!(report.families[&family], state);
    if state == State::Understood {
        assert_eq!(report.verdict, Verdict::Usable);
    } else {
        assert_eq!(report.verdict, Verdict::Lacking);
        let [said] = &report.missing()[..] else { panic!("one sentence: {:?}", report.missing()) };
        assert!(said.contains(words), "{said}");
    }
}

#[tokio::test]
async fn event_types_and_schedules_of_the_oldest_version_are_known() {
    let server = Server::start().await;
    server.says_again("GET", "me", 1, 2).await;
    server
        .says("GET", "schedules", 1, yes(&json!([{ "id": 1, "name": "Working hours", "isManaged": false }])))
        .await;
    server.says("GET", "event-types", 1, yes(&json!({ "eventTypeGroups": [] }))).await;
    for (path, number) in [("bookings", 123), ("webhooks", 20), ("slots", 16)] {
        server.says_again("GET", path, 9, number).await;
    }
    let report = look(&server, None).await;
    assert_eq!(report.families[&Family::Schedules], State::FellBack);
    assert_eq!(report.families[&Family::EventTypes], State::FellBack);
    assert_eq!(report.missing().len(), 2);
}
