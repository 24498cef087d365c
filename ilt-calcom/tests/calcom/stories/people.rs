//! What people do over there, and what nobody may.

use ilt_calcom::Kind;
use ilt_calcom::api::Listing;
use reqwest::Client;
use serde_json::{Value, json};

use super::{World, plan, put, seat};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_knows_the_page_books_without_a_registration() {
    let world = World::new();
    let (account, plan) = (world.account(), plan(1, "2027-01-12", 2));
    let event_type = put(&account, &plan).await.expect("a session");
    let person = world.calcom.person();
    let (booking, _) =
        person.books(event_type.id.0, plan.start, "Olga", "olga@example.com").await.expect("a seat");
    let read = account.booking(&booking.as_str().into()).await.expect("a booking");
    assert_eq!((read.attendees.len(), read.attendees[0].registration()), (1, None));
    account.book(&seat(1, &event_type, &plan)).await.expect("the other seat");
    let (status, said) =
        person.books(event_type.id.0, plan.start, "Otto", "otto@example.com").await.expect_err("full");
    assert_eq!((status, said.as_str()), (409, "No more seats left at this seated booking."));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_address_with_somebody_elses_seat_is_refused() {
    let world = World::new();
    let (account, plan) = (world.account(), plan(1, "2027-01-12", 2));
    let event_type = put(&account, &plan).await.expect("a session");
    world
        .calcom
        .person()
        .books(event_type.id.0, plan.start, "Learner 1", "l1@example.com")
        .await
        .expect("a seat");
    let refused = account.book(&seat(1, &event_type, &plan)).await.expect_err("it has a seat, and not by us");
    assert_eq!(refused.kind, Kind::AlreadySignedUp);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_give_back_move_and_cancel() {
    let world = World::new();
    let (account, plan) = (world.account(), plan(1, "2027-01-12", 3));
    let event_type = put(&account, &plan).await.expect("a session");
    let one = account.book(&seat(1, &event_type, &plan)).await.expect("a seat");
    let two = account.book(&seat(2, &event_type, &plan)).await.expect("a seat");
    let person = world.calcom.person();
    person.changes_time(event_type.id.0, "2027-01-14", "09:00", "12:00").await.expect("another day");
    let later = "2027-01-14T08:00:00Z".parse().expect("a time");
    let (booking, seat) = person.moves(one.booking.as_str(), one.seat.as_str(), later).await.expect("moved");
    assert!(booking != one.booking.0 && seat != one.seat.0);
    person.cancels(two.booking.as_str(), two.seat.as_str()).await.expect("given back");
    assert_eq!(world.seated(), [["l1@example.com"]]);
    person.cancels_all(&booking, "ill").await.expect("cancelled");
    assert_eq!(world.seated(), Vec::<Vec<String>>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_change_how_many_can_come_and_delete_what_is_booked() {
    let world = World::new();
    let (account, plan) = (world.account(), plan(1, "2027-01-12", 3));
    let event_type = put(&account, &plan).await.expect("a session");
    let one = account.book(&seat(1, &event_type, &plan)).await.expect("a seat");
    let person = world.calcom.person();
    person.changes_capacity(event_type.id.0, 1).await.expect("changed");
    assert_eq!(account.book(&seat(2, &event_type, &plan)).await.expect_err("full").kind, Kind::Full);
    person.deletes_event_type(event_type.id.0).await.expect("deleted");
    let left = account.booking(&one.booking).await.expect("it is there");
    assert_eq!(
        (left.event_type_id, left.attendees[0].seat_uid.clone()),
        (None, None),
        "and names no seat any more"
    );
    assert_eq!(account.bookings(&Listing::default()).await.expect("a list").len(), 1);
    assert_eq!(account.book(&seat(3, &event_type, &plan)).await.expect_err("gone").kind, Kind::NotFound);
}

/// Asks without a key.
async fn anonymously(world: &World, path: &str, body: Option<Value>) -> (u16, Value) {
    let url = format!("{}/v2/{path}", world.calcom.address());
    let request = match body {
        Some(body) => Client::new().post(url).json(&body),
        None => Client::new().get(url),
    };
    let version = if path.starts_with("event-types") { "2024-06-14" } else { "2024-08-13" };
    let answer = request.header("cal-api-version", version).send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_no_key_sees_nobody_and_books_nothing() {
    let world = World::new();
    let (account, plan) = (world.account(), plan(1, "2027-01-12", 3));
    let event_type = put(&account, &plan).await.expect("a session");
    let one = account.book(&seat(1, &event_type, &plan)).await.expect("a seat");
    let (status, read) = anonymously(&world, &format!("bookings/{}", one.booking), None).await;
    assert_eq!((status, &read["data"]["attendees"]), (200, &json!([])));
    let title = read["data"]["title"].as_str().expect("a title");
    assert_eq!(title, "Forklift Safety (ILT)", "it is called after nobody");
    let attendee = json!({ "name": "Eve", "email": "eve@example.com", "timeZone": "UTC" });
    let body = json!({ "start": plan.start, "eventTypeId": event_type.id, "attendee": attendee });
    assert_eq!(anonymously(&world, "bookings", Some(body)).await.0, 401);
    let (_, listed) = anonymously(&world, "event-types?username=ines.instructor", None).await;
    assert_eq!(listed["data"], json!([]), "it is hidden");
    assert_eq!(anonymously(&world, "bookings", None).await.0, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_switches_the_seats_off() {
    let world = World::new();
    let (account, plan) = (world.account(), plan(1, "2027-01-12", 3));
    let event_type = put(&account, &plan).await.expect("a session");
    let person = world.calcom.person();
    person.changes(event_type.id.0, json!({ "seats": { "disabled": true } })).await.expect("changed");
    let read = account.event_type(event_type.id).await.expect("it is there");
    assert_eq!(read.seats(), None);
    let day = "2027-01-12".parse().expect("a date");
    assert_eq!(account.slots(event_type.id, day, day).await.expect("slots")[0].seats, None);
    put(&account, &plan).await.expect("as it should be");
    assert_eq!(
        account.slots(event_type.id, day, day).await.expect("slots")[0].seats.map(|it| it.total),
        Some(3)
    );
}
