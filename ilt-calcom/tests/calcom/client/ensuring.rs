//! Writes that can be repeated.

use std::time::Duration;

use ilt_calcom::api::{Address, NewEventType, Override, ScheduleChange, Seats, Window};
use ilt_calcom::{Kind, Limits, ScheduleId};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::client::{Server, seat, yes};
use crate::support::{impatient, recording};

fn event_type() -> NewEventType {
    let date = "2027-01-12".parse().expect("a date");
    NewEventType {
        title: "Forklift Safety".to_owned(),
        slug: "ilt-gs-101-2027-01-12".to_owned(),
        description: String::new(),
        length_in_minutes: 180,
        slot_interval: 180,
        schedule_id: ScheduleId(1),
        minimum_booking_notice: 0,
        before_event_buffer: 0,
        after_event_buffer: 0,
        disable_guests: true,
        hidden: true,
        locations: [Address { address: "Hall B".to_owned(), public: true }],
        booking_window: Window::Range([date, date]),
        seats: Seats { seats_per_time_slot: 2, show_attendee_info: false, show_availability_count: true },
        custom_name: String::new(),
        booking_requires_authentication: true,
        hide_organizer_email: true,
    }
}

fn schedule() -> ScheduleChange {
    let date = "2027-01-12".parse().expect("a date");
    let date = Override { date, start_time: "09:00".to_owned(), end_time: "12:00".to_owned() };
    let name = "ILT session GS-101 2027-01-12".to_owned();
    ScheduleChange { name, time_zone: "Europe/Berlin".to_owned(), overrides: vec![date] }
}

/// A list with what a recording answers, alone.
fn only(number: u32) -> ResponseTemplate {
    yes(&json!([recording(number).answer["data"]]))
}

#[tokio::test]
async fn an_address_that_is_signed_up_already_is_the_same_registration_or_is_refused() {
    let server = Server::start().await;
    server.says_again("POST", "bookings", 9, 39).await;
    server.says("GET", "bookings", 1, only(37)).await;
    let ours = server.account(impatient()).book(&seat()).await.expect("it is there");
    assert!(ours.was_there);
    assert_eq!(ours.seat, "630268de-0dd7-4e51-9e82-f71fe243e22f".into());
    let question = server.last().await.0;
    assert!(
        question.contains("eventTypeIds=1&attendeeEmail=carol%40example.com&status=upcoming"),
        "{question}"
    );

    let server = Server::start().await;
    server.says_again("POST", "bookings", 9, 39).await;
    server.says("GET", "bookings", 9, only(26)).await;
    let error = server.account(impatient()).book(&seat()).await.expect_err("somebody else's");
    assert_eq!(error.kind, Kind::AlreadySignedUp);
    assert_eq!(server.asked().await, ["POST /v2/bookings", "GET /v2/bookings"]);
}

#[tokio::test]
async fn a_booking_that_was_never_answered_is_looked_up() {
    let server = Server::start().await;
    let slow = recording(37).template().set_delay(Duration::from_secs(5));
    server.says("POST", "bookings", 1, slow).await;
    server.says("GET", "bookings", 1, only(37)).await;
    let limits = Limits { patience: Duration::from_millis(200), ..impatient() };
    assert!(server.account(limits).book(&seat()).await.expect("it is there").was_there);
    assert_eq!(server.asked().await, ["POST /v2/bookings", "GET /v2/bookings"]);
}

#[tokio::test]
async fn a_booking_that_is_not_there_is_made_again_so_often_and_no_more() {
    let server = Server::start().await;
    server.says("POST", "bookings", 1, ResponseTemplate::new(502)).await;
    server.says("GET", "bookings", 9, yes(&json!([]))).await;
    server.says_again("POST", "bookings", 1, 37).await;
    assert!(!server.account(impatient()).book(&seat()).await.expect("a seat").was_there);
    assert_eq!(server.asked().await, ["POST /v2/bookings", "GET /v2/bookings", "POST /v2/bookings"]);

    let server = Server::start().await;
    server.says("POST", "bookings", 9, ResponseTemplate::new(502)).await;
    server.says("GET", "bookings", 9, yes(&json!([]))).await;
    let error = server.account(Limits { tries: 2, ..impatient() }).book(&seat()).await.expect_err("away");
    assert_eq!((error.kind, server.asked().await.len()), (Kind::Gateway, 4));
}

#[tokio::test]
async fn a_full_booking_is_not_looked_up() {
    let server = Server::start().await;
    server.says_again("POST", "bookings", 9, 23).await;
    assert_eq!(server.account(impatient()).book(&seat()).await.expect_err("full").kind, Kind::Full);
    assert_eq!(server.asked().await, ["POST /v2/bookings"]);
}

#[tokio::test]
async fn an_event_type_is_found_by_its_slug_or_made() {
    let server = Server::start().await;
    server.says("GET", "event-types", 1, yes(&json!([]))).await;
    server.says_again("POST", "event-types", 1, 10).await;
    server.says_again("GET", "event-types", 1, 15).await;
    server.says_again("PATCH", "event-types/1", 1, 38).await;
    let account = server.account(impatient());
    for _ in 0..2 {
        account.ensure_event_type("ines.instructor", &event_type()).await.expect("an event type");
    }
    let expected =
        ["GET /v2/event-types", "POST /v2/event-types", "GET /v2/event-types", "PATCH /v2/event-types/1"];
    assert_eq!(server.asked().await, expected);
}

#[tokio::test]
async fn an_event_type_that_somebody_made_meanwhile_is_made_so() {
    for refusal in [recording(11).template(), ResponseTemplate::new(504)] {
        let server = Server::start().await;
        server.says("GET", "event-types", 1, yes(&json!([]))).await;
        server.says("POST", "event-types", 1, refusal).await;
        server.says_again("GET", "event-types", 1, 15).await;
        server.says_again("PATCH", "event-types/1", 1, 38).await;
        let account = server.account(impatient());
        account.ensure_event_type("ines.instructor", &event_type()).await.expect("an event type");
        assert_eq!(server.asked().await.len(), 4);
    }
}

#[tokio::test]
async fn an_event_type_of_another_slug_is_not_taken_for_it() {
    let server = Server::start().await;
    // One that does not know the question answers with all there are.
    server.says_again("GET", "event-types", 1, 15).await;
    server.says_again("POST", "event-types", 1, 10).await;
    let wanted = NewEventType { slug: "ilt-other".to_owned(), ..event_type() };
    server.account(impatient()).ensure_event_type("ines.instructor", &wanted).await.expect("an event type");
    assert_eq!(server.asked().await, ["GET /v2/event-types", "POST /v2/event-types"]);
}

#[tokio::test]
async fn a_schedule_is_found_by_its_id_or_its_name_or_made() {
    let server = Server::start().await;
    server.says_again("GET", "schedules/1", 1, 6).await;
    let account = server.account(impatient());
    account.ensure_schedule(Some(ScheduleId(1)), &schedule()).await.expect("as it should be");
    assert_eq!(server.asked().await, ["GET /v2/schedules/1"], "nothing is changed that is right");

    let server = Server::start().await;
    server.says_again("GET", "schedules/7", 1, 29).await;
    server.says_again("GET", "schedules", 1, 8).await;
    server.says_again("PATCH", "schedules/1", 1, 6).await;
    let account = server.account(impatient());
    account.ensure_schedule(Some(ScheduleId(7)), &schedule()).await.expect("by its name");
    let expected = ["GET /v2/schedules/7", "GET /v2/schedules", "PATCH /v2/schedules/1"];
    assert_eq!(server.asked().await, expected);
    let sent = server.last().await.1;
    assert_eq!(sent["availability"], json!([]), "no weekly hours, said aloud");

    let server = Server::start().await;
    server.says("GET", "schedules", 1, yes(&json!([]))).await;
    server.says_again("POST", "schedules", 1, 5).await;
    server.account(impatient()).ensure_schedule(None, &schedule()).await.expect("a new one");
    assert_eq!(server.last().await.1, recording(5).body);
}
