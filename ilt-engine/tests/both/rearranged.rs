//! What was there is rearranged, here or there, and nobody is left at the wrong hour.

use ilt_core::calendar::{Did, Why};
use ilt_core::desk::{Command, SessionPlan};
use ilt_core::ports::{Clock as _, Mirrors as _};
use serde_json::json;

use crate::house::House;
use crate::town::{self, Plan, learner, mail};

/// Ina teaches a session, so many days after the first of its own dates.
async fn planned(house: &House, session: u32, date: i32) {
    let plan = Plan { date, instructors: vec![town::INA], ..Plan::first(session) }.session(session);
    let (status, override_reason) = (Some("published".to_owned()), Some("They exchange.".to_owned()));
    let plans = vec![SessionPlan { status, override_reason, ..plan }];
    house.ask(town::ROOT, Command::SaveSessions { plans, historic: false }).await.expect("saved");
}

/// Whose seats in a session are at its own time.
async fn on_time(house: &House, session: u32) -> Vec<String> {
    let starts_at = house.roster(session).await.session.parts[0].starts_at;
    let name = crate::people::slug(session, 0);
    let seats = house.seats().into_iter().filter(|it| it.slug == name && it.start == starts_at);
    seats.map(|it| it.email).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_sessions_of_one_instructor_exchange_their_times() {
    let mut house = House::new().await;
    planned(&house, 3, -59).await;
    for (number, session) in [(0, 0), (1, 3)] {
        house.register(learner(number), session).await.expect("a seat");
    }
    house.works().await;
    assert_eq!(
        [on_time(&house, 0).await, on_time(&house, 3).await],
        [[mail(learner(0))], [mail(learner(1))]]
    );

    planned(&house, 0, 1).await;
    assert!(house.works().await.contains(&Did::Released), "nothing is better than the wrong hour");
    assert_eq!(house.seated(0, 0), [""; 0]);
    let differing = house.store.differing(house.clock.now(), 9).await.expect("read");
    assert!(differing.iter().all(|it| matches!(it.how[0].why, Why::Refused(_))), "{differing:?}");

    planned(&house, 3, -60).await;
    assert!(house.works().await.contains(&Did::Booked), "as soon as there is room");
    assert_eq!(
        [on_time(&house, 0).await, on_time(&house, 3).await],
        [[mail(learner(0))], [mail(learner(1))]]
    );
    assert_eq!(house.store.differing(house.clock.now(), 9).await.expect("read"), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_type_that_somebody_renames_is_renamed_back() {
    let mut house = House::new().await;
    house.register(learner(0), 0).await.expect("a seat");
    house.works().await;
    let (page, _) = house.page(0, 0).await.expect("it is there");
    house.calcom.person().changes(page, json!({ "slug": "high-voltage" })).await.expect("renamed");
    assert_eq!(house.page(0, 0).await, None);
    house.compares().await;
    assert_eq!(house.works().await, [Did::Changed]);
    assert_eq!(house.page(0, 0).await.map(|it| it.0), Some(page), "and it is the same");
    assert_eq!(on_time(&house, 0).await, [mail(learner(0))]);
}
