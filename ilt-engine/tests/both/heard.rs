//! Who was absent, as the host says in the calendar.

use ilt_core::calendar::Did;
use ilt_core::desk::{Command, MarkPlan};
use ilt_core::journal::Actor;
use ilt_core::ports::{Clock as _, Journal as _};
use jiff::SignedDuration;

use crate::house::House;
use crate::town::{self, learner, mail};

/// A class of one that has begun so many minutes ago.
async fn begun(minutes: i64) -> House {
    let mut house = House::new().await;
    house.register(learner(0), 0).await.expect("a seat");
    house.works().await;
    let part = house.roster(0).await.session.parts[0].clone();
    house.clock.set(part.starts_at + SignedDuration::from_mins(minutes));
    house
}

async fn marks(house: &mut House, minutes: u32) {
    let registration = house.roster(0).await.lines[0].registration.id;
    let mark = MarkPlan { minutes: Some(minutes), ..MarkPlan::whole(registration, 1) };
    let command = Command::MarkAttendance { session: town::session(0), marks: vec![mark] };
    house.ask(town::INA, command).await.expect("marked");
}

async fn says_absent(house: &mut House) -> Vec<Did> {
    house.calcom.world().says_absent(&mail(learner(0)), true);
    house.hears_of(town::session(0)).await;
    house.works().await
}

async fn minutes(house: &House) -> Option<u32> {
    house.roster(0).await.lines[0].registration.attendance.marks.get(&1).map(|it| it.minutes)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_absent_there_is_absent_here_once() {
    let mut house = begun(30).await;
    assert_eq!(says_absent(&mut house).await, [Did::Heard]);
    assert_eq!(minutes(&house).await, Some(0));
    let entries = house.store.after(0, 100_000).await.expect("read");
    let marked = entries.iter().filter(|it| it.event.word() == "attendance.marked");
    assert_eq!(marked.map(|it| it.actor.clone()).collect::<Vec<_>>(), [Actor::system("calendar")]);
    assert_eq!(says_absent(&mut house).await, []);
    // What is said here later counts, and is said there.
    house.later(1);
    marks(&mut house, 120).await;
    assert_eq!(house.works().await, [Did::Marked]);
    assert_eq!(minutes(&house).await, Some(120));
    assert!(house.calcom.world().bookings().all(|it| it.guests.iter().all(|who| !who.absent)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_here_counts() {
    let mut house = begun(30).await;
    marks(&mut house, 120).await;
    house.works().await;
    assert_eq!(says_absent(&mut house).await, [Did::Marked], "it is said there again");
    assert_eq!(minutes(&house).await, Some(120));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_absent_before_it_begins() {
    let mut house = begun(-10).await;
    assert_eq!(says_absent(&mut house).await, []);
    assert_eq!(minutes(&house).await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_class_is_completed_nothing_is_heard() {
    let mut house = begun(60 * 7).await;
    marks(&mut house, 360).await;
    let complete = Command::CompleteSession { session: town::session(0) };
    house.ask(town::INA, complete).await.expect("completed");
    house.works().await;
    assert_eq!(says_absent(&mut house).await, [Did::Marked]);
    assert_eq!(minutes(&house).await, Some(360));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_class_that_is_over_and_not_completed_is_heard_of() {
    let mut house = begun(60 * 7).await;
    assert_eq!(says_absent(&mut house).await, [Did::Heard]);
    assert!(house.clock.now() > house.roster(0).await.session.ends_at());
    assert_eq!(minutes(&house).await, Some(0));
}
