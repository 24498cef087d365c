//! What is sent again, and what is not.

use std::time::Duration;

use ilt_calcom::{Kind, Limits};
use rstest::rstest;
use wiremock::ResponseTemplate;

use crate::client::{Server, seat};
use crate::support::{account, impatient, recording};

#[rstest]
#[case::it_failed(500)]
#[case::what_is_in_front_of_it_failed(502)]
#[case::it_is_away(503)]
#[tokio::test]
async fn a_question_is_asked_again(#[case] status: u16) {
    let server = Server::start().await;
    server.says("GET", "me", 2, ResponseTemplate::new(status)).await;
    server.says_again("GET", "me", 1, 2).await;
    assert_eq!(server.account(impatient()).me().await.expect("at last").username, "ines.instructor");
    assert_eq!(server.asked().await.len(), 3);
}

#[tokio::test]
async fn a_question_is_asked_so_often_and_no_more() {
    let server = Server::start().await;
    server.says("GET", "me", 99, ResponseTemplate::new(500)).await;
    let error = server.account(Limits { tries: 3, ..impatient() }).me().await.expect_err("it fails");
    assert_eq!((error.kind, error.status), (Kind::Server, Some(500)));
    assert_eq!(server.asked().await.len(), 3);
}

#[tokio::test]
async fn a_refusal_is_no_failure_and_is_not_asked_again() {
    let server = Server::start().await;
    server.says_again("GET", "bookings/x", 99, 29).await;
    let error = server.account(impatient()).booking(&"x".into()).await.expect_err("not there");
    assert_eq!(error.kind, Kind::NotFound);
    assert_eq!(server.asked().await.len(), 1);
}

#[tokio::test]
async fn what_may_have_happened_is_not_done_again() {
    let server = Server::start().await;
    server.says("POST", "bookings/x/cancel", 99, ResponseTemplate::new(500)).await;
    let account = server.account(impatient());
    let error = account.cancel_seat(&"x".into(), &"y".into(), "").await.expect_err("it fails");
    assert!(error.is_unsettled(), "{error:?}");
    assert_eq!(server.asked().await.len(), 1);
}

#[tokio::test]
async fn who_does_not_answer_in_time_is_silent() {
    let server = Server::start().await;
    let slow = recording(2).template().set_delay(Duration::from_secs(5));
    server.says("GET", "me", 9, slow).await;
    let limits = Limits { patience: Duration::from_millis(100), tries: 2, ..impatient() };
    let error = server.account(limits).me().await.expect_err("too slow");
    assert_eq!((error.kind, error.status), (Kind::Silent, None));
}

#[tokio::test]
async fn who_is_not_there_is_away_and_nothing_has_happened() {
    let error = account("http://127.0.0.1:1", impatient())
        .create_booking(&seat())
        .await
        .expect_err("nobody is there");
    assert!(error.kind == Kind::Away && !error.is_unsettled(), "{error:?}");
}

#[tokio::test]
async fn who_is_not_the_first_to_book_books_again() {
    let server = Server::start().await;
    server.says_again("POST", "bookings", 3, 66).await;
    server.says_again("POST", "bookings", 1, 69).await;
    let booked = server.account(impatient()).create_booking(&seat()).await.expect("a seat");
    assert_eq!(booked.booking.uid, "buaHkposVNqqv5hVAqe7HR".into());
    assert_eq!(server.asked().await.len(), 4);
}

#[tokio::test]
async fn who_is_never_the_first_gives_up() {
    let server = Server::start().await;
    server.says_again("POST", "bookings", 99, 66).await;
    let error = server.account(impatient()).create_booking(&seat()).await.expect_err("never");
    assert_eq!((error.kind, server.asked().await.len()), (Kind::ColdSlot, 4));
}

#[rstest]
#[case::in_another_shape(
    r#"{"status":"error","error":{"code":"BadRequestException","message":"An error occurred while querying the database."}}"#
)]
#[case::in_other_words(r#"{"statusCode":400,"message":"An error occurred while querying the database"}"#)]
#[tokio::test]
async fn only_the_very_message_of_that_race_is_taken_for_it(#[case] body: &str) {
    let server = Server::start().await;
    let answer = ResponseTemplate::new(400).set_body_raw(body, "application/json");
    server.says("POST", "bookings", 99, answer).await;
    let error = server.account(impatient()).create_booking(&seat()).await.expect_err("refused");
    assert_eq!((error.kind, server.asked().await.len()), (Kind::Invalid { fields: Vec::new() }, 1));
}
