//! Seats: given once, found again, given back, moved.

use ilt_calcom::api::{Listing, Mark};
use ilt_calcom::mapping::{Attendees, Domain, Learner, booking};
use ilt_calcom::{Kind, Personal};
use ilt_core::ids::RegistrationId;
use ilt_core::testing::plans::id;

use super::{World, berlin, plan, put, seat};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registration_has_one_seat_however_often_it_is_booked() {
    let world = World::new();
    let (account, plan) = (world.account(), plan(1, "2027-01-12", 3));
    let event_type = put(&account, &plan).await.expect("a session");
    let wanted = seat(1, &event_type, &plan);
    let first = account.book(&wanted).await.expect("a seat");
    let again = account.book(&wanted).await.expect("the same seat");
    assert_eq!((first.was_there, again.was_there), (false, true));
    assert_eq!((&first.booking, &first.seat), (&again.booking, &again.seat));
    assert_eq!(world.seated(), [["l1@example.com"]]);
    let read = account.booking_by_seat(&first.seat).await.expect("a booking");
    assert_eq!(read.uid, first.booking);
    assert_eq!(read.attendees[0].registration(), Some(id(1_001).to_string().as_str()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_who_book_first_at_once_have_a_seat() {
    let world = World::new();
    world.calcom.world().opening_takes = std::time::Duration::from_millis(50);
    let account = world.account_with(ilt_calcom::Limits {
        tries: 8,
        pause: std::time::Duration::from_millis(20),
        ..crate::support::impatient()
    });
    let plan = plan(1, "2027-01-12", 8);
    let event_type = put(&account, &plan).await.expect("a session");
    let tasks: Vec<_> = (1..=8)
        .map(|number| {
            let (account, wanted) = (account.clone(), seat(number, &event_type, &plan));
            tokio::spawn(async move { account.book(&wanted).await })
        })
        .collect();
    for task in tasks {
        task.await.expect("a task").expect("a seat");
    }
    assert_eq!(world.seated().iter().map(Vec::len).collect::<Vec<_>>(), [8], "all in one booking");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seat_is_given_back_once_and_the_last_one_ends_the_booking() {
    let world = World::new();
    let (account, plan) = (world.account(), plan(1, "2027-01-12", 3));
    let event_type = put(&account, &plan).await.expect("a session");
    let one = account.book(&seat(1, &event_type, &plan)).await.expect("a seat");
    let two = account.book(&seat(2, &event_type, &plan)).await.expect("a seat");
    assert_eq!(one.booking, two.booking);
    assert!(account.cancel_seat(&one.booking, &one.seat, "withdrawn").await.expect("given back"));
    assert!(!account.cancel_seat(&one.booking, &one.seat, "withdrawn").await.expect("it is free"));
    assert_eq!(world.seated(), [["l2@example.com"]]);
    assert!(account.cancel_seat(&two.booking, &two.seat, "withdrawn").await.expect("given back"));
    assert!(!account.cancel_seat(&two.booking, &two.seat, "withdrawn").await.expect("all is cancelled"));
    assert_eq!(world.seated(), Vec::<Vec<String>>::new());
    let next = account.book(&seat(1, &event_type, &plan)).await.expect("a seat");
    assert!(next.booking != one.booking && !next.was_there, "another booking than before");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_moves_seat_by_seat() {
    let world = World::new();
    let (account, old) = (world.account(), plan(1, "2027-01-12", 3));
    let event_type = put(&account, &old).await.expect("a session");
    let mut seats = Vec::new();
    for number in 1..=3 {
        seats.push(account.book(&seat(number, &event_type, &old)).await.expect("a seat"));
    }
    let new = plan(1, "2027-01-19", 3);
    put(&account, &new).await.expect("the same session at another time");
    assert_eq!(
        account.booking(&seats[0].booking).await.expect("it is there").start,
        old.start,
        "nobody moved yet"
    );
    let mut moved = Vec::new();
    for seat in &seats {
        moved.push(account.move_seat(&seat.booking, &seat.seat, new.start).await.expect("moved"));
    }
    assert_ne!(moved[0].seat_uid, seats[0].seat, "the first has another seat");
    assert_eq!(
        (&moved[1].seat_uid, &moved[2].seat_uid),
        (&seats[1].seat, &seats[2].seat),
        "those who join keep theirs"
    );
    assert!(moved.iter().all(|it| it.booking.uid == moved[0].booking.uid && it.booking.start == new.start));
    assert_eq!(
        account.booking(&seats[0].booking).await.expect("it is there").status,
        ilt_calcom::api::Status::Cancelled
    );
    assert_eq!(world.seated().iter().map(Vec::len).collect::<Vec<_>>(), [3]);
    // Who is looked for is found where the seat is now.
    let found = account.find_seat(&seat(1, &event_type, &new)).await.expect("an answer").expect("a seat");
    assert_eq!(found.seat, moved[0].seat_uid);
    let gone =
        account.move_seat(&seats[0].booking, &seats[0].seat, old.start).await.expect_err("no such seat");
    assert_eq!(gone.kind, Kind::NoSuchSeat);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_absent_is_marked_once_it_has_begun() {
    let world = World::new();
    let (account, plan) = (world.account(), plan(1, "2027-01-12", 3));
    let event_type = put(&account, &plan).await.expect("a session");
    let seat = account.book(&seat(1, &event_type, &plan)).await.expect("a seat");
    let other = account.book(&super::seat(2, &event_type, &plan)).await.expect("a seat");
    let mark = |absent| [Mark { email: Personal::new("l1@example.com"), absent }];
    let early = account.mark_absent(&seat.booking, &mark(true)).await.expect_err("too early");
    assert_eq!(early.kind, Kind::NotStarted);
    world.watch.set("2027-01-12T08:30:00Z");
    for absent in [true, false, true] {
        account.mark_absent(&seat.booking, &mark(absent)).await.expect("marked");
        assert_eq!(account.attendees(&seat.booking).await.expect("people")[0].absent, absent);
    }
    assert!(account.cancel_seat(&other.booking, &other.seat, "left").await.expect("it is not over yet"));
    world.watch.set("2027-01-12T12:00:00Z");
    let late = account.cancel_seat(&seat.booking, &seat.seat, "late").await.expect_err("it is over");
    assert_eq!(late.kind, Kind::Ended);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_aliases_nobody_is_known_over_there() {
    let world = World::new();
    let (account, plan) = (world.account(), plan(1, "2027-01-12", 3));
    let event_type = put(&account, &plan).await.expect("a session");
    let aliases = Attendees::Alias(Domain::new("training.example").expect("a domain"));
    let (name, email) = (Personal::new("Alice Able"), Personal::new("alice@example.com"));
    let learner = Learner { name: &name, email: &email, zone: &berlin(), language: None };
    let registration = RegistrationId(id(5));
    let wanted = booking(registration, &learner, &aliases, event_type.id, plan.start).expect("a seat");
    let seat = account.book(&wanted).await.expect("a seat");
    assert!(account.book(&wanted).await.expect("the same").was_there);
    let kept = format!("{:?}", world.calcom.world().bookings().collect::<Vec<_>>());
    assert!(!kept.contains("Alice") && !kept.contains("alice"), "{kept}");
    let read = account.booking(&seat.booking).await.expect("a booking");
    assert_eq!(read.attendees[0].email.as_ref().and_then(|it| aliases.registration(it)), Some(registration));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_room_reaches_the_bookings_only_when_they_are_told() {
    let world = World::new();
    let (account, plan) = (world.account(), plan(1, "2027-01-12", 3));
    let event_type = put(&account, &plan).await.expect("a session");
    let seat = account.book(&seat(1, &event_type, &plan)).await.expect("a seat");
    let place = ilt_calcom::api::Address { address: "Hall C".to_owned(), public: true };
    let change = ilt_calcom::api::EventTypeChange { locations: Some([place]), ..Default::default() };
    account.change_event_type(event_type.id, &change).await.expect("changed");
    let of = async || account.bookings(&Listing::default()).await.expect("a list")[0].location.clone();
    assert_eq!(of().await.as_deref(), Some("Hall B, 10115 Berlin"));
    account.move_booking(&seat.booking, "Hall C").await.expect("moved");
    assert_eq!(of().await.as_deref(), Some("Hall C"));
}
