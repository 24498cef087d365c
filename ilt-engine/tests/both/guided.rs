//! Who books in the calendar is registered by the rules that hold here, or hears why not.

use ilt_calcom::mapping::{Attendees, Domain};
use ilt_calcom::stand_in::Mishap;
use ilt_core::calendar::{Did, Why};
use ilt_core::desk::Command;
use ilt_core::ports::{Clock as _, Mirrors as _, Mode};
use ilt_core::schedule::halfway;

use crate::house::House;
use crate::town::{self, Plan, learner, mail};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_learner_who_books_there_is_registered_here_and_for_all_days() {
    let mut house = House::new().await;
    house.works().await;
    assert!(house.books(1, 0, &mail(learner(0))).await);
    house.hears_of(town::session(1)).await;
    assert_eq!(house.works().await, [Did::Adopted, Did::Booked]);
    assert_eq!(house.status(learner(0), 1).await, Some("confirmed"));
    assert_eq!(house.by_calendar().await, ["registration.confirmed"], "and the journal says by whom");
    assert_eq!([house.seated(1, 0), house.seated(1, 1)], [[mail(learner(0))], [mail(learner(0))]]);
    house.compares().await;
    assert_eq!((house.works().await, house.told(&mail(learner(0))).len()), (vec![], 0));
    assert_eq!(house.store.differing(house.clock.now(), 9).await.expect("read"), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_booked_there_and_registered_here_has_one_seat() {
    let mut house = House::new().await;
    house.works().await;
    assert!(house.books(1, 0, &mail(learner(0)).to_uppercase()).await);
    house.register(learner(0), 1).await.expect("a seat");
    assert_eq!(house.works().await, [Did::Booked], "on the other day");
    assert_eq!(house.seated(1, 0).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_class_is_answered_with_the_best_alternative() {
    let mut house = House::new().await;
    house.works().await;
    // The last seat goes here while somebody takes it there.
    assert!(house.books(0, 0, &mail(learner(1))).await);
    house.register(learner(0), 0).await.expect("the seat");
    assert_eq!(house.works().await, [Did::Changed, Did::Booked, Did::TurnedAway, Did::Changed]);
    let told = house.told(&mail(learner(1)));
    assert_eq!(told.len(), 1);
    let full = "All seats of this session are taken; you can join the waitlist. You could take instead: High voltage, Sunday, 25 April 2027, 09:00, Training centre Köln, Köln.";
    assert_eq!(told[0], full);
    assert_eq!(house.seated(0, 0), [mail(learner(0))]);
    assert_eq!(house.status(learner(1), 0).await, None, "nobody joins a queue by it");
    assert_eq!(house.by_calendar().await, ["alternatives.shown"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_nobody_here_is_turned_away() {
    let mut house = House::new().await;
    house.works().await;
    for (email, said) in [
        ("sid@elsewhere.example".to_owned(), "Nobody is known here"),
        (mail(town::LEFT), "This needs an active person with the role learner."),
        (mail(town::MIA), "This needs an active person with the role learner."),
    ] {
        assert!(house.books(1, 0, &email).await);
        house.hears_of(town::session(1)).await;
        assert_eq!(house.works().await, [Did::TurnedAway]);
        assert!(house.told(&email)[0].starts_with(said), "{:?}", house.told(&email));
    }
    assert_eq!(house.seats(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_waits_here_and_has_its_seat_there_once_it_is_approved() {
    let mut house = House::new().await;
    house.works().await;
    assert!(house.books(2, 0, &mail(learner(0))).await);
    house.hears_of(town::session(2)).await;
    assert!(house.works().await.contains(&Did::TurnedAway));
    assert!(house.told(&mail(learner(0)))[0].contains("your manager's approval"));
    assert_eq!(house.status(learner(0), 2).await, Some("held"));
    let registration = house.roster(2).await.lines[0].registration.id;
    house.ask(town::MIA, Command::Approve { registration }).await.expect("approved");
    assert!(house.works().await.contains(&Did::Booked));
    assert_eq!(house.seated(2, 0), [mail(learner(0))]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_booked_with_the_instructor_before_comes_to_the_next() {
    let mut house = House::new().await;
    house.works().await;
    assert!(house.books(0, 0, &mail(learner(0))).await);
    let plan = Plan { instructors: vec![town::IVO], ..Plan::first(0) }.session(0);
    let plans = Command::SaveSessions { plans: vec![plan], historic: false };
    house.ask(town::ROOT, plans).await.expect("changed");
    let did = house.works().await;
    assert!(did.contains(&Did::Adopted) && did.contains(&Did::TurnedAway), "{did:?}");
    assert!(house.told(&mail(learner(0)))[0].contains("have another booking now"));
    assert_eq!(
        house.seats().iter().map(|it| (it.host, it.email.clone())).collect::<Vec<_>>(),
        [(2, mail(learner(0)))]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_is_called_off_is_called_off_for_strangers_too() {
    let mut house = House::new().await;
    house.works().await;
    assert!(house.books(1, 1, &mail(learner(0))).await && house.books(1, 0, "sid@elsewhere.example").await);
    let (session, reason) = (town::session(1), "Storm.".to_owned());
    let cancel = Command::CancelSession { session, reason, proposals: Vec::new() };
    house.ask(town::ROOT, cancel).await.expect("cancelled");
    house.works().await;
    assert_eq!(
        (house.told("sid@elsewhere.example"), house.told(&mail(learner(0)))),
        (vec!["Storm.".into()], vec!["Storm.".into()])
    );
    assert_eq!(house.seats(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_aliases_a_booking_under_ones_own_address_becomes_one_under_the_alias() {
    let aliases = Attendees::Alias(Domain::new("training.example").expect("a domain"));
    let mut house = House::with(aliases).await;
    house.works().await;
    assert!(house.books(0, 0, &mail(learner(0))).await);
    house.hears_of(town::session(0)).await;
    assert_eq!(house.works().await, [Did::Adopted, Did::TurnedAway, Did::Booked]);
    assert!(house.told(&mail(learner(0)))[0].contains("by another address"));
    assert!(house.seated(0, 0)[0].ends_with("@training.example"));
    house.compares().await;
    assert_eq!(house.works().await, []);
}

/// Whoever dies after the desk has decided decides nothing anew: what was given back meanwhile stays given back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seat_is_asked_for_once_however_often_it_is_found() {
    for calls in 0..16 {
        for is_kept in [true, false] {
            let mut house = House::new().await;
            house.works().await;
            assert!(house.books(1, 0, &mail(learner(0))).await);
            house.calcom.world().mishaps.next = [vec![None; calls], vec![Some(Mishap::Dead)]].concat();
            let _dies = house.keeper.settle(town::session(1), Mode::Settle).await;
            house.calcom.world().mishaps.next.clear();
            let is_registered = house.status(learner(0), 1).await.is_some();
            if is_registered && !is_kept {
                let registration = house.roster(1).await.lines[0].registration.id;
                let cancel = Command::Cancel { registration, reason: None };
                house.ask(learner(0), cancel).await.expect("cancelled");
            }
            house.hears_of(town::session(1)).await;
            house.works().await;
            let times =
                house.by_calendar().await.iter().filter(|it| **it == "registration.confirmed").count();
            assert_eq!(times, 1, "after {calls} calls");
            let expected = if is_registered && !is_kept { vec![] } else { vec![mail(learner(0))] };
            assert_eq!([house.seated(1, 0), house.seated(1, 1)], [expected.clone(), expected]);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_rehearses_asks_nobody_and_says_what_would_be_asked() {
    let mut house = House::new().await;
    house.works().await;
    assert!(house.books(1, 0, &mail(learner(0))).await && house.books(1, 0, "sid@elsewhere.example").await);
    let settled = house.rehearse(1).await;
    assert_eq!(settled.differs[0].why, Why::Strangers(2));
    let mut seen = Vec::new();
    house.keeper.rehearse(&[town::session(1)], |it| seen.push(it.clone())).await.expect("rehearsed");
    let said = serde_json::to_value(&seen).expect("JSON");
    assert_eq!(said[0]["asks"], serde_json::json!([{ "part": 0, "learner": learner(0) }]));
    assert_eq!(said[0]["done"][0]["did"], "turned-away");
    assert!(!said.to_string().contains('@'), "{said}");
    assert_eq!((house.by_calendar().await.len(), house.seated(1, 0).len()), (0, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_registered_for_what_has_begun() {
    let mut house = House::new().await;
    house.works().await;
    assert!(house.books(0, 0, &mail(learner(0))).await);
    let part = house.roster(0).await.session.parts[0].clone();
    house.clock.set(halfway(part.starts_at, part.ends_at()));
    house.compares().await;
    assert_eq!(house.works().await, []);
    assert_eq!(house.status(learner(0), 0).await, None);
    let differing = house.store.differing(house.clock.now(), 9).await.expect("read");
    assert_eq!(differing.iter().map(|it| it.how[0].why.clone()).collect::<Vec<_>>(), [Why::Strangers(1)]);
}
