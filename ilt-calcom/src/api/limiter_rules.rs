//! Whose turn it is, by a clock that stands still until it is moved.

use std::sync::atomic::{AtomicI64, Ordering};

use reqwest::header::HeaderValue;
use rstest::rstest;

use super::*;

#[derive(Default)]
struct Watch(AtomicI64);

impl Watch {
    fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Watch {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + self.0.load(Ordering::SeqCst)).expect("a time")
    }
}

fn limiter(requests: u32) -> (Arc<Watch>, Limiter) {
    let watch = Arc::new(Watch::default());
    let limits = Limits { requests, ..Limits::default() };
    (watch.clone(), Limiter::new(watch, &limits))
}

/// How long one would have to wait for a turn, when it is nobody's patience.
async fn wait(limiter: &Limiter) -> Option<u64> {
    match limiter.turn("asking", Duration::ZERO).await {
        Ok(_) => None,
        Err(Error { kind: Kind::Throttled { reset }, .. }) => Some(reset.as_secs()),
        Err(other) => panic!("{other}"),
    }
}

/// Somebody's answer says so.
fn learn(limiter: &Limiter, seen: Seen) {
    let now = limiter.clock.now();
    limiter.locked().learn(now, seen);
}

fn seen(left: u32, reset: u64) -> Seen {
    Seen { limit: 120, left, reset: Duration::from_secs(reset) }
}

#[tokio::test]
async fn so_many_in_a_window_and_the_next_waits_for_its_end() {
    let (watch, limiter) = limiter(3);
    for _ in 0..3 {
        assert_eq!(wait(&limiter).await, None);
    }
    assert_eq!(wait(&limiter).await, Some(60));
    watch.pass(59);
    assert_eq!(wait(&limiter).await, Some(1));
    watch.pass(1);
    assert_eq!(wait(&limiter).await, None, "a new window");
}

#[tokio::test]
async fn what_cal_com_says_is_believed() {
    let (watch, limiter) = limiter(120);
    assert_eq!(wait(&limiter).await, None);
    learn(&limiter, seen(0, 34));
    assert_eq!(wait(&limiter).await, Some(34), "others use the key as well");
    watch.pass(35);
    assert_eq!(wait(&limiter).await, None);
    learn(&limiter, Seen { limit: 2, left: 1, reset: Duration::from_mins(1) });
    assert_eq!((wait(&limiter).await, wait(&limiter).await), (None, Some(60)), "and its limit as well");
    watch.pass(61);
    assert_eq!((wait(&limiter).await, wait(&limiter).await, wait(&limiter).await), (None, None, Some(60)));
}

#[tokio::test]
async fn answers_that_overtake_each_other_give_nobody_a_turn_twice() {
    let (_, limiter) = limiter(120);
    assert_eq!(wait(&limiter).await, None);
    learn(&limiter, seen(0, 30));
    learn(&limiter, seen(5, 30));
    assert_eq!(wait(&limiter).await, Some(30));
}

#[tokio::test]
async fn what_is_under_way_is_counted_before_cal_com_knows_of_it() {
    let (_, limiter) = limiter(120);
    let first = limiter.turn("asking", Duration::ZERO).await.expect("a turn");
    let second = limiter.turn("asking", Duration::ZERO).await.expect("a turn");
    first.learn(seen(2, 40));
    assert_eq!(wait(&limiter).await, None, "one of the two that are left is the second's");
    assert_eq!(wait(&limiter).await, Some(40));
    second.learn(seen(1, 40));
    assert_eq!(wait(&limiter).await, Some(40), "what was seen later says nothing new");
}

#[tokio::test]
async fn whoever_was_shut_out_stays_out() {
    let (watch, limiter) = limiter(120);
    limiter.shut_out(Duration::from_mins(1));
    watch.pass(59);
    assert_eq!(wait(&limiter).await, Some(1));
    watch.pass(2);
    assert_eq!(wait(&limiter).await, None);
}

#[tokio::test(start_paused = true)]
async fn who_has_patience_waits_and_a_clock_that_stands_still_ends_it() {
    let (_, limiter) = limiter(1);
    assert_eq!(wait(&limiter).await, None);
    let stands_still = limiter.turn("asking", Duration::from_secs(90)).await;
    assert!(matches!(stands_still, Err(Error { kind: Kind::Throttled { .. }, .. })), "no endless loop");
}

#[rstest]
#[case::all_three(["120", "7", "34"], Some(seen(7, 34)))]
#[case::no_numbers(["120", "seven", "34"], None)]
#[case::far_too_long(["120", "7", "999999999"], Some(seen(7, 3_600)))]
fn what_headers_say(#[case] said: [&'static str; 3], #[case] expected: Option<Seen>) {
    let names = ["x-ratelimit-limit-default", "x-ratelimit-remaining-default", "x-ratelimit-reset-default"];
    let headers = names.into_iter().zip(said);
    let headers: HeaderMap = headers
        .map(|(name, value)| (name.parse().expect("a name"), HeaderValue::from_static(value)))
        .collect();
    assert_eq!(Seen::of(&headers), expected);
}
