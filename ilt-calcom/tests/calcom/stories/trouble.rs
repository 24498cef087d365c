//! When it is away, fails, dies, or does what it never answers.

use std::time::Duration;

use ilt_calcom::api::Listing;
use ilt_calcom::stand_in::Mishap;
use ilt_calcom::{Kind, Limits};
use rstest::rstest;

use super::{World, plan, put, seat};
use crate::support::impatient;

fn hasty() -> Limits {
    Limits { patience: Duration::from_millis(400), tries: 2, ..impatient() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_is_over_and_nothing_is_lost() {
    let world = World::new();
    let (account, plan) = (world.account_with(hasty()), plan(1, "2027-01-12", 3));
    let event_type = put(&account, &plan).await.expect("a session");
    world.calcom.stop();
    let error = account.book(&seat(1, &event_type, &plan)).await.expect_err("nobody is there");
    assert!(matches!(error.kind, Kind::Away | Kind::Broken), "{error:?}");
    world.calcom.start_again().expect("its port");
    account.book(&seat(1, &event_type, &plan)).await.expect("a seat");
    assert_eq!(world.seated(), [["l1@example.com"]]);
}

#[rstest]
#[case::fails(Mishap::Fails, Kind::Server)]
#[case::hangs(Mishap::Hangs, Kind::Silent)]
#[case::is_dead(Mishap::Dead, Kind::Broken)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_it_is_sick_it_says_so(#[case] mishap: Mishap, #[case] kind: Kind) {
    let world = World::new();
    let account = world.account_with(hasty());
    world.calcom.world().mishaps.always = Some(mishap);
    assert_eq!(account.me().await.expect_err("it is sick").kind, kind);
    world.calcom.world().mishaps.always = None;
    account.me().await.expect("it is well");
}

/// The third and the fourth call are the seat's, after the session was put there: it is booked, and looked up.
#[rstest]
#[case::the_answer_is_lost(Mishap::AnswerLost)]
#[case::no_answer_comes(Mishap::AnswerHangs)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seat_that_was_booked_without_an_answer_is_found(#[case] mishap: Mishap) {
    let world = World::new();
    let (account, plan) = (world.account_with(hasty()), plan(1, "2027-01-12", 3));
    let event_type = put(&account, &plan).await.expect("a session");
    world.calcom.world().mishaps.next = vec![Some(mishap)];
    let found = account.book(&seat(1, &event_type, &plan)).await.expect("a seat");
    assert!(found.was_there);
    assert_eq!(world.seated(), [["l1@example.com"]], "one, and not two");
}

/// Whatever is lost of what is said while a session and two seats are put there, doing it all again comes to the same.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whenever_it_goes_wrong_doing_it_again_comes_to_the_same(
    #[values(Mishap::Fails, Mishap::AnswerLost, Mishap::Dead)] mishap: Mishap,
    #[values(0, 1, 2, 3, 4, 5)] after: usize,
) {
    let world = World::new();
    let account = world.account_with(Limits { tries: 1, ..hasty() });
    let plan = plan(1, "2027-01-12", 3);
    let mut next = vec![None; after];
    next.push(Some(mishap));
    world.calcom.world().mishaps.next = next;
    let everything = async || {
        let event_type = put(&account, &plan).await?;
        for number in 1..=2 {
            account.book(&seat(number, &event_type, &plan)).await?;
        }
        Ok::<_, ilt_calcom::Error>(event_type)
    };
    let mut tries = 0;
    let event_type = loop {
        tries += 1;
        match everything().await {
            Ok(event_type) => break event_type,
            Err(_) if tries < 3 => {}
            Err(error) => panic!("it is well again: {error}"),
        }
    };
    assert_eq!(account.schedules().await.expect("schedules").len(), 1);
    let all = account.event_types("ines.instructor").await.expect("event types");
    assert_eq!(all.iter().map(|it| it.id).collect::<Vec<_>>(), [event_type.id]);
    assert_eq!(world.seated(), [["l1@example.com", "l2@example.com"]]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_dies_between_two_calls_and_lives_again() {
    let world = World::new();
    let (account, plan) = (world.account_with(Limits { tries: 1, ..hasty() }), plan(1, "2027-01-12", 3));
    world.calcom.world().mishaps.lives = Some(2);
    let error = put(&account, &plan).await.expect_err("it died");
    assert_eq!(error.kind, Kind::Broken);
    assert_eq!(world.calcom.world().asked, ["GET /v2/schedules", "POST /v2/schedules"]);
    world.calcom.world().mishaps.lives = None;
    put(&account, &plan).await.expect("a session");
    assert_eq!(account.schedules().await.expect("schedules").len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_asked_too_much_is_left_alone_for_a_minute() {
    let world = World::new();
    world.calcom.world().requests = 3;
    let account = world.account_with(Limits { tries: 1, ..hasty() });
    for _ in 0..3 {
        account.me().await.expect("a user");
    }
    let error = account.me().await.expect_err("none is left");
    assert!(matches!(error.kind, Kind::Throttled { reset } if reset.as_secs() == 60), "{error:?}");
    assert_eq!(world.calcom.world().asked.len(), 3, "it is not even asked");
    // Somebody else with the key asks all the same, and both are shut out.
    let other = world.account_with(Limits { tries: 1, ..hasty() });
    let error = other.me().await.expect_err("shut out");
    assert_eq!(error.status, Some(429));
    world.watch.pass(61);
    account.me().await.expect("a user");
    other.bookings(&Listing::default()).await.expect("a list");
}
