//! The limit of a key.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ilt_calcom::api::{Base, Dice, Family, Outcome, Watcher};
use ilt_calcom::{Account, Instance, Kind, Limits, Settings};
use ilt_core::ports::Clock;
use jiff::Timestamp;

use crate::client::Server;
use crate::support::{Still, impatient, recording};

/// Two seconds pass between two looks at it.
#[derive(Default)]
struct Hurried(AtomicI64);

impl Clock for Hurried {
    fn now(&self) -> Timestamp {
        let second = self.0.fetch_add(2, Ordering::SeqCst);
        Timestamp::from_second(1_800_000_000 + second).expect("a time")
    }
}

fn hurried(server: &Server) -> Account {
    let base = Base::new(&server.0.uri()).expect("an address");
    let clock = Arc::new(Hurried::default());
    let instance =
        Instance::new(Settings { limits: impatient(), ..Settings::at(base) }, clock, Dice::seeded(1))
            .expect("a client");
    instance.account(&"cal_1".into())
}

#[tokio::test]
async fn who_has_no_request_left_asks_nothing_and_says_for_how_long() {
    let server = Server::start().await;
    let mut last = recording(2);
    last.headers
        .iter_mut()
        .filter(|(name, _)| name.contains("Remaining"))
        .for_each(|it| it.1 = "0".to_owned());
    server.says("GET", "me", 9, last.template()).await;
    let account = server.account(impatient());
    account.me().await.expect("the last one");
    let error = account.me().await.expect_err("none is left");
    assert!(matches!(error.kind, Kind::Throttled { reset } if reset.as_secs() == 60), "{error:?}");
    assert_eq!(error.status, None, "it was not sent");
    assert_eq!(server.asked().await.len(), 1);
}

#[tokio::test]
async fn whoever_is_shut_out_stays_away_with_everybody_who_has_the_key() {
    let server = Server::start().await;
    server.says_again("GET", "me", 9, 136).await;
    let account = server.account(impatient());
    let error = account.me().await.expect_err("shut out");
    let shut_out = Duration::from_secs(58);
    assert!(matches!(error.kind, Kind::Throttled { reset } if reset >= shut_out), "{error:?}");
    let other = account.clone().webhooks().await.expect_err("shut out as well");
    assert!(matches!(other.kind, Kind::Throttled { .. }), "{other:?}");
    assert_eq!(server.asked().await.len(), 1);
}

#[tokio::test]
async fn accounts_of_one_key_take_turns_and_others_do_not_mind() {
    let server = Server::start().await;
    server.says_again("GET", "me", 9, 2).await;
    let base = Base::new(&server.0.uri()).expect("an address");
    let limits = Limits { requests: 1, ..impatient() };
    let clock = Arc::new(crate::support::Still);
    let instance =
        Instance::new(Settings { limits, ..Settings::at(base) }, clock, Dice::seeded(1)).expect("a client");
    let key = |key: &str| instance.account(&key.into());
    let _turn = key("cal_1").me().await.expect("a turn");
    // What was answered says that there are 119 left; so nobody is in the way of the next.
    key("cal_1").me().await.expect("another");
    key("cal_2").me().await.expect("a turn");
    assert_eq!(server.asked().await.len(), 3);
}

#[tokio::test]
async fn what_was_not_looked_at_is_done_once_the_time_is_over() {
    let server = Server::start().await;
    let mut shut = recording(135);
    shut.headers.iter_mut().filter(|(name, _)| name.contains("Reset")).for_each(|it| it.1 = "1".to_owned());
    server.says("POST", "bookings", 1, shut.template()).await;
    server.says_again("POST", "bookings", 1, 37).await;
    hurried(&server).create_booking(&crate::client::seat()).await.expect("a seat");
    assert_eq!(server.asked().await.len(), 2, "a booking too: Cal.com has not looked at it");
}

/// What somebody who counts is told.
#[derive(Default)]
struct Tally(Mutex<Vec<(Family, Outcome, Option<u32>)>>);

impl Watcher for Tally {
    fn answered(&self, family: Family, outcome: Outcome, left: Option<u32>) {
        self.0.lock().expect("a list").push((family, outcome, left));
    }
}

#[tokio::test]
async fn whoever_counts_hears_of_each_request_and_of_the_key_that_has_the_fewest_left() {
    let server = Server::start().await;
    let mut answer = recording(2);
    answer
        .headers
        .iter_mut()
        .filter(|(name, _)| name.contains("Remaining"))
        .for_each(|it| it.1 = "1".to_owned());
    server.says("GET", "me", 9, answer.template()).await;
    let tally = Arc::new(Tally::default());
    let base = Base::new(&server.0.uri()).expect("an address");
    let settings = Settings { limits: impatient(), ..Settings::at(base) };
    let instance = Instance::new(settings, Arc::new(Still), Dice::seeded(1)).expect("a client");
    let instance = instance.watched_by(tally.clone());
    let (one, other) = (instance.account(&"cal_1".into()), instance.account(&"cal_2".into()));
    other.webhook(&"none".into()).await.expect_err("nobody answers that");
    for _ in 0..2 {
        one.me().await.expect("a yes");
    }
    one.me().await.expect_err("none is left");
    let heard = tally.0.lock().expect("a list").clone();
    let (me, webhooks) = (Family::Me, Family::Webhooks);
    assert_eq!(heard[0].0, webhooks);
    assert_ne!(heard[0].1, Outcome::Yes);
    assert_eq!(
        heard[1..],
        [(me, Outcome::Yes, Some(1)), (me, Outcome::Yes, Some(0)), (me, Outcome::Busy, Some(0)),]
    );
}
