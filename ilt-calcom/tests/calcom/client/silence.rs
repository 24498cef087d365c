//! What an error says, and what it never says.

use ilt_calcom::api::Listing;
use ilt_calcom::{Kind, Limits, Personal};
use rstest::rstest;
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::client::{Server, seat};
use crate::support::{account, impatient, recording};

/// An error with all that led to it, as a log would have it.
fn all_of(error: &ilt_calcom::Error) -> String {
    format!("{error} {error:?} {}", ilt_core::fault::with_causes(error))
}

#[tokio::test]
async fn an_error_says_what_was_done_what_to_do_and_which_request_it_was() {
    let server = Server::start().await;
    server.says_again("POST", "bookings", 1, 23).await;
    let error = server.account(impatient()).create_booking(&seat()).await.expect_err("full");
    let full = recording(23);
    let id = &full.headers.iter().find(|(name, _)| name == "X-Request-Id").expect("an id").1;
    assert_eq!(error.to_string(), format!("booking a seat: no seat is left (status 409, request {id})"));
}

/// Whatever is echoed by Cal.com: what was sent, with names, addresses and the key.
#[rstest]
#[case::as_fields(json!({ "status": "error", "error": { "code": "BadRequestException", "message": "Bad Request Exception",
    "details": { "errors": [{ "target": { "name": "Carol Cole" }, "value": "carol@example.com",
        "property": "carol@example.com", "children": [], "constraints": { "isEmail": "carol@example.com is none" } }] } } }))]
#[case::in_words(json!({ "status": "error", "error": { "code": "TRPCError", "message": "Carol Cole <carol@example.com> is no guest" } }))]
#[case::in_short(json!({ "statusCode": 400, "message": "carol@example.com property is wrong" }))]
#[case::as_no_json(json!("Carol Cole has key cal_fixture0000000000000000000000001"))]
#[tokio::test]
async fn nobody_is_named_by_an_error(
    #[case] body: serde_json::Value,
    #[values(400, 401, 403, 404, 409, 422, 500)] status: u16,
) {
    let server = Server::start().await;
    let answer =
        ResponseTemplate::new(status).set_body_json(body).insert_header("X-Request-Id", "carol@example.com");
    server.says("POST", "bookings", 9, answer).await;
    let error = server.account(impatient()).create_booking(&seat()).await.expect_err("refused");
    assert_silent(&all_of(&error));
}

#[tokio::test]
async fn nobody_is_named_by_an_answer_that_cannot_be_read() {
    let server = Server::start().await;
    let body = json!({ "status": "success", "data": [{ "uid": { "email": "carol@example.com" }, "Carol Cole": 1 }] });
    server.says("GET", "bookings", 9, ResponseTemplate::new(200).set_body_json(body)).await;
    let error = server.account(impatient()).bookings(&Listing::default()).await.expect_err("unreadable");
    assert!(matches!(error.kind, Kind::Unreadable { .. }), "{error:?}");
    assert_silent(&all_of(&error));
}

#[tokio::test]
async fn nobody_is_named_by_a_network_that_fails() {
    let attendee = Some(Personal::new("carol@example.com"));
    let listing = Listing { attendee, ..Listing::default() };
    let error = account("http://127.0.0.1:1", impatient()).bookings(&listing).await.expect_err("nobody");
    assert_eq!(error.kind, Kind::Away);
    let said = all_of(&error);
    assert!(!said.contains("attendeeEmail"), "{said}");
    assert_silent(&said);
    // Whose registration it is says nobody's name but in these tests.
    let seat = ilt_calcom::api::NewBooking { metadata: std::collections::BTreeMap::new(), ..seat() };
    assert_silent(&format!("{listing:?} {seat:?} {:?}", account("http://127.0.0.1:1", impatient())));
}

fn assert_silent(said: &str) {
    for name in ["Carol", "carol", "Cole", "example.com", "cal_fixture"] {
        assert!(!said.contains(name), "{name} is in: {said}");
    }
}

#[rstest]
#[case::a_page(200, "<html>Sign in</html>", "text/html", Kind::NotCalcom)]
#[case::a_page_that_is_missing(404, "<html>Not found</html>", "text/html", Kind::NotCalcom)]
#[case::another_api(400, r#"{"error":"no"}"#, "application/json", Kind::NotCalcom)]
#[case::nothing(200, "", "application/json", Kind::NotCalcom)]
#[case::version_one(410, r#"{"message":"API v1 has been shut down"}"#, "application/json", Kind::Gone)]
#[case::a_gateway(502, "<html>Bad gateway</html>", "text/html", Kind::Gateway)]
#[case::the_third_shape(
    500,
    r#"{"statusCode":500,"message":"Internal server error"}"#,
    "application/json",
    Kind::Server
)]
#[case::a_yes_that_is_none(200, r#"{"status":"error","data":{}}"#, "application/json", Kind::Unreadable { line: 1, column: 17 })]
#[tokio::test]
async fn somebody_else_is_known(
    #[case] status: u16,
    #[case] body: &str,
    #[case] kind: &str,
    #[case] means: Kind,
) {
    let server = Server::start().await;
    server.says("GET", "me", 9, ResponseTemplate::new(status).set_body_raw(body, kind)).await;
    let error = server.account(Limits { tries: 1, ..impatient() }).me().await.expect_err("not Cal.com");
    assert_eq!(error.kind, means);
}

#[tokio::test]
async fn nobody_is_led_elsewhere_with_the_key() {
    let (server, other) = (Server::start().await, Server::start().await);
    let answer =
        ResponseTemplate::new(302).insert_header("Location", format!("{}/v2/me", other.0.uri()).as_str());
    server.says("GET", "me", 9, answer).await;
    let error = server.account(impatient()).me().await.expect_err("led elsewhere");
    assert_eq!((error.kind, error.status), (Kind::NotCalcom, Some(302)));
    assert!(other.asked().await.is_empty());
}

#[tokio::test]
async fn an_answer_is_read_so_far_and_no_further() {
    let server = Server::start().await;
    server.says_again("GET", "schedules", 9, 8).await;
    let size = recording(8).raw.len();
    let read = |answer| server.account(Limits { answer, ..impatient() });
    read(size).schedules().await.expect("all of it");
    let error = read(size - 1).schedules().await.expect_err("one byte too much");
    assert_eq!(error.kind, Kind::TooLong);
}

#[tokio::test]
async fn a_key_that_cannot_be_sent_is_no_call_without_one() {
    let server = Server::start().await;
    server.says_again("GET", "me", 9, 2).await;
    let base = ilt_calcom::api::Base::new(&server.0.uri()).expect("an address");
    let clock = std::sync::Arc::new(crate::support::Still);
    let settings = ilt_calcom::Settings::at(base);
    let instance =
        ilt_calcom::Instance::new(settings, clock, ilt_calcom::api::Dice::seeded(1)).expect("a client");
    let error = instance.account(&"cal_1\ncal_2".into()).me().await.expect_err("no key");
    assert_eq!((error.kind, server.asked().await.len()), (Kind::BadKey, 0));
    instance.account(&"cal_1\n".into()).me().await.expect("the end of a line is no part of it");
}
