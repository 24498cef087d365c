//! A session over there: how it appears, what can be booked of it, and what becomes of it.

use ilt_calcom::api::Family;
use ilt_calcom::api::{EventTypeChange, Listing, Override, ScheduleChange, Seats, Which};
use ilt_calcom::probe::{State, Verdict, probe};
use ilt_calcom::{Kind, UserId};
use rstest::rstest;

use super::{World, plan, put, seat};

#[rstest]
#[case::in_winter("2027-01-12", "2027-01-12T08:00:00Z")]
#[case::on_the_day_clocks_are_put_forward("2027-03-28", "2027-03-28T07:00:00Z")]
#[case::on_the_day_they_are_put_back("2027-10-31", "2027-10-31T08:00:00Z")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_can_be_booked_once_and_at_its_time(#[case] date: &str, #[case] starts: &str) {
    let world = World::new();
    let account = world.account();
    let plan = plan(1, date, 20);
    let event_type = put(&account, &plan).await.expect("a session");
    let day = |text: &str| text.parse().expect("a date");
    let slots = account.slots(event_type.id, day("2027-01-01"), day("2027-12-31")).await.expect("slots");
    let found: Vec<_> =
        slots.iter().map(|it| (it.start, it.end, it.seats.map(|it| (it.total, it.booked)))).collect();
    assert_eq!(found, [(plan.start, plan.end, Some((20, 0)))]);
    assert_eq!(plan.start.to_string(), starts);
    assert!(event_type.hidden && event_type.booking_requires_authentication && event_type.disable_guests);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn putting_it_there_again_changes_nothing_and_makes_nothing_more() {
    let world = World::new();
    let (account, plan) = (world.account(), plan(1, "2027-01-12", 20));
    let first = put(&account, &plan).await.expect("a session");
    let again = put(&account, &plan).await.expect("a session");
    assert_eq!(first, again);
    assert_eq!(account.schedules().await.expect("schedules").len(), 1);
    assert_eq!(account.event_types("ines.instructor").await.expect("event types").len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schedule_that_somebody_changed_is_as_it_should_be_again() {
    let world = World::new();
    let (account, plan) = (world.account(), plan(1, "2027-01-12", 20));
    let event_type = put(&account, &plan).await.expect("a session");
    world
        .calcom
        .person()
        .changes_time(event_type.id.0, "2027-01-13", "10:00", "13:00")
        .await
        .expect("changed");
    put(&account, &plan).await.expect("a session");
    let schedule = account.schedule(event_type.schedule_id.expect("a schedule")).await.expect("a schedule");
    assert_eq!(schedule.overrides, plan.schedule.overrides);
    let day = |text: &str| text.parse().expect("a date");
    let slots = account.slots(event_type.id, day("2027-01-01"), day("2027-01-31")).await.expect("slots");
    assert_eq!(slots.iter().map(|it| it.start).collect::<Vec<_>>(), [plan.start]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_schedule_a_session_can_be_booked_at_any_hour() {
    let world = World::new();
    let (account, plan) = (world.account(), plan(1, "2027-01-12", 20));
    let event_type = put(&account, &plan).await.expect("a session");
    account.delete_schedule(event_type.schedule_id.expect("a schedule")).await.expect("it is let");
    let day = "2027-01-12".parse().expect("a date");
    let slots = account.slots(event_type.id, day, day).await.expect("slots");
    assert!(slots.len() > 1, "the user's default hours: {slots:?}");
    assert_eq!(account.event_type(event_type.id).await.expect("it is there").schedule_id, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instructor_is_at_one_place_at_a_time() {
    let world = World::new();
    let account = world.account();
    let (one, other) = (plan(1, "2027-01-12", 5), plan(2, "2027-01-12", 5));
    let first = put(&account, &one).await.expect("a session");
    let second = put(&account, &other).await.expect("a session at the same time");
    account.book(&seat(1, &first, &one)).await.expect("a seat");
    let refused = account.book(&seat(2, &second, &other)).await.expect_err("the instructor is elsewhere");
    assert_eq!(refused.kind, Kind::NotBookable);
    let day = "2027-01-12".parse().expect("a date");
    assert_eq!(account.slots(second.id, day, day).await.expect("slots"), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fewer_seats_than_are_booked_are_taken_and_the_time_is_gone() {
    let world = World::new();
    let (account, plan) = (world.account(), plan(1, "2027-01-12", 3));
    let event_type = put(&account, &plan).await.expect("a session");
    for number in 1..=3 {
        account.book(&seat(number, &event_type, &plan)).await.expect("a seat");
    }
    assert_eq!(account.book(&seat(4, &event_type, &plan)).await.expect_err("full").kind, Kind::Full);
    let seats = Seats { seats_per_time_slot: 2, show_attendee_info: false, show_availability_count: true };
    let change = EventTypeChange { seats: Some(seats), ..EventTypeChange::default() };
    let changed = account.change_event_type(event_type.id, &change).await.expect("it is taken");
    assert_eq!(changed.seats(), Some(seats));
    let day = "2027-01-12".parse().expect("a date");
    assert_eq!(account.slots(event_type.id, day, day).await.expect("slots"), []);
    assert_eq!(world.seated()[0].len(), 3, "nobody lost a seat");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_is_cancelled_forgets_who_was_in_it() {
    let world = World::new();
    let (account, plan) = (world.account(), plan(1, "2027-01-12", 3));
    let event_type = put(&account, &plan).await.expect("a session");
    let seats =
        [account.book(&seat(1, &event_type, &plan)).await, account.book(&seat(2, &event_type, &plan)).await];
    let booking = seats[0].as_ref().expect("a seat").booking.clone();
    assert_eq!(account.cancel_booking(&booking, " ").await.expect_err("no reason").kind, Kind::ReasonWanted);
    assert!(account.cancel_booking(&booking, "room closed").await.expect("cancelled"));
    assert!(!account.cancel_booking(&booking, "room closed").await.expect("it was already"));
    assert_eq!(account.booking(&booking).await.expect("it is there").attendees, []);
    let listing =
        |which| Listing { event_types: vec![event_type.id], which: Some(which), ..Listing::default() };
    assert_eq!(account.bookings(&listing(Which::Cancelled)).await.expect("a list").len(), 1);
    assert_eq!(account.bookings(&listing(Which::Upcoming)).await.expect("a list").len(), 0);
    account.delete_event_type(event_type.id).await.expect("it goes");
    assert_eq!(account.event_type(event_type.id).await.expect_err("gone").kind, Kind::NotFound);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_bookings_are_listed_on_many_pages() {
    let world = World::new();
    let account = world.account_with(ilt_calcom::Limits { page: 2, ..crate::support::impatient() });
    let overrides = (1..=7).map(|day| {
        let date = format!("2027-01-{:02}", day + 10).parse().expect("a date");
        Override { date, start_time: "09:00".to_owned(), end_time: "12:00".to_owned() }
    });
    let first = plan(1, "2027-01-12", 3);
    let change = ScheduleChange { overrides: overrides.collect(), ..first.schedule.clone() };
    let schedule = account.create_schedule(&change).await.expect("a schedule");
    let mut wanted = first.event_type(schedule.id);
    let (from, to) = ("2027-01-01".parse().expect("a date"), "2027-01-31".parse().expect("a date"));
    wanted.booking_window = ilt_calcom::api::Window::Range([from, to]);
    let event_type = account.create_event_type(&wanted).await.expect("an event type");
    for slot in account.slots(event_type.id, from, to).await.expect("slots") {
        let new = ilt_calcom::api::NewBooking { start: slot.start, ..seat(1, &event_type, &first) };
        account.create_booking(&new).await.expect("a seat");
    }
    let all = account.bookings(&Listing::default()).await.expect("a list");
    assert_eq!(all.len(), 7);
    assert!(all.is_sorted_by_key(|it| it.start));
    let listed = world.calcom.world().asked.iter().filter(|it| *it == "GET /v2/bookings").count();
    assert_eq!(listed, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_it_can_do_is_seen_before_anything_relies_on_it() {
    let world = World::new();
    let report = probe(&world.account(), None).await;
    assert_eq!((report.verdict.clone(), report.missing()), (Verdict::Usable, vec![]));
    let known = report.me.expect("a user").id;
    assert_eq!(known, UserId(1));
    // An image that is older than the versions we speak.
    world.calcom.world().versions = vec!["2024-04-15", "2024-06-11", "2024-06-14"];
    let report = probe(&world.account(), Some(known)).await;
    assert_eq!(report.verdict, Verdict::Lacking);
    assert_eq!(report.families[&Family::Bookings], State::FellBack);
    assert_eq!(report.families[&Family::Slots], State::Missing);
    assert_eq!(report.families[&Family::EventTypes], State::Understood);
    world.calcom.world().hosts[0].keys.clear();
    assert_eq!(probe(&world.account(), Some(known)).await.verdict, Verdict::RevokedKey);
    assert_eq!(probe(&world.account(), None).await.verdict, Verdict::WrongKey);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_api_is_behind_the_website_as_well() {
    let world = World::new();
    let base =
        ilt_calcom::api::Base::new(&format!("{}/api/v2/", world.calcom.address())).expect("an address");
    let dice = ilt_calcom::api::Dice::seeded(1);
    let settings =
        ilt_calcom::Settings { limits: crate::support::impatient(), ..ilt_calcom::Settings::at(base) };
    let instance = ilt_calcom::Instance::new(settings, world.watch.clone(), dice).expect("a client");
    let key = crate::contract::run::key("0002").into();
    assert_eq!(instance.account(&key).me().await.expect("a user").username, "ada.admin");
}
