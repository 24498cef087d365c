//! Letters at the door and on their way to the store, told on stores that do as they are told.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use ilt_core::ports::{About, Deliveries, Delivery, NumberedLetter, StoreError, Taken};
use ilt_core::testing::plans::now;
use ilt_core::testing::{FixedClock, MemoryStore};
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use super::forgetting::turn;
use super::*;
use crate::followers::Standing;

/// Believes whoever says `signed`.
struct Trusting;

impl Reader for Trusting {
    fn read(&self, signature: Option<&str>, body: &[u8]) -> Result<Read, NotTaken> {
        if signature != Some("signed") {
            return Err(NotTaken::Unsigned { why: "no-signature", said: "who are you?".to_owned() });
        }
        let said = String::from_utf8_lossy(body);
        let is_old = said.contains("old");
        let created_at = now() - if is_old { KEPT + SignedDuration::from_secs(1) } else { KEPT };
        let about = About { bookings: vec!["bk".to_owned()], ..About::default() };
        Ok(Read { digest: format!("{said:.20}"), created_at, trigger: "BOOKING_CREATED".to_owned(), about })
    }
}

/// A store that fails so often, and never takes what is poison.
#[derive(Default)]
struct Moody {
    store: MemoryStore,
    away: AtomicU32,
    calls: AtomicU32,
}

#[async_trait]
impl Deliveries for Moody {
    async fn take_deliveries(&self, deliveries: &[Delivery], now: Timestamp) -> Result<Taken, StoreError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if self.away.load(Ordering::SeqCst) > 0 {
            self.away.fetch_sub(1, Ordering::SeqCst);
            return Err(StoreError::Away("nobody there".into()));
        }
        if deliveries.iter().any(|it| it.letter.body.contains("poison")) {
            return Err(StoreError::Failed("what is that?".into()));
        }
        self.store.take_deliveries(deliveries, now).await
    }

    async fn letters_after(&self, number: u64, limit: u32) -> Result<Vec<NumberedLetter>, StoreError> {
        self.store.letters_after(number, limit).await
    }

    async fn last_letter(&self) -> Result<u64, StoreError> {
        self.store.last_letter().await
    }

    async fn forget_letters(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.store.forget_letters(before, limit).await
    }
}

struct House {
    mailbox: Mailbox,
    store: Arc<Moody>,
    standing: Standing,
    stopping: CancellationToken,
    clock: Arc<FixedClock>,
}

impl House {
    fn with(room: Room) -> Self {
        let clock = Arc::new(FixedClock::at(now()));
        Self {
            mailbox: Mailbox::new("calcom".to_owned(), Arc::new(Trusting), clock.clone(), room),
            store: Arc::default(),
            standing: Standing::new(LETTERS),
            stopping: CancellationToken::new(),
            clock,
        }
    }

    fn new() -> Self {
        Self::with(Room { letters: 3, bytes: 100 })
    }

    fn leaves(&self, body: &str) -> Result<(), NotTaken> {
        self.mailbox.leave(Some("signed"), body.as_bytes())
    }

    fn writes(&self) -> tokio::task::JoinHandle<()> {
        let writer = Writer {
            mailbox: self.mailbox.clone(),
            deliveries: self.store.clone(),
            clock: self.clock.clone(),
            standing: self.standing.clone(),
        };
        tokio::spawn(writer.until_stopped(self.stopping.clone()))
    }

    async fn stops(&self, writer: tokio::task::JoinHandle<()>) {
        self.stopping.cancel();
        writer.await.expect("it stops");
    }

    async fn bodies(&self) -> Vec<String> {
        let all = self.store.store.letters_after(0, 99).await.expect("read");
        all.into_iter().map(|it| it.letter.body).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_left_is_kept_in_its_order_and_what_comes_twice_once() {
    let house = House::new();
    for body in ["one", "two", "one"] {
        house.leaves(body).expect("taken");
    }
    let writer = house.writes();
    house.stops(writer).await;
    assert_eq!(house.bodies().await, ["one", "two"]);
    assert_eq!(house.mailbox.waiting(), (0, None));
    assert_eq!(house.leaves("late"), Err(NotTaken::Stopping), "nobody would keep it");
}

#[test]
fn only_what_is_signed_and_for_us_finds_room() {
    let house = House::new();
    let unsigned = house.mailbox.leave(None, b"one").expect_err("not signed");
    assert_eq!((unsigned.word(), unsigned.to_string().as_str()), ("no-signature", "who are you?"));
    assert_eq!(house.mailbox.is_for("calcom"), Ok(()));
    assert_eq!(house.mailbox.is_for("Calcom"), Err(NotTaken::Unknown));
    house.leaves("an old one").expect("heard, and nothing follows");
    assert_eq!(house.mailbox.waiting().0, 0);
    let no_text = house.mailbox.leave(Some("signed"), &[b'"', 0xff]).expect_err("no text");
    assert_eq!(no_text.word(), "not-json");
}

#[test]
fn room_ends_in_letters_and_in_bytes() {
    let house = House::new();
    for body in ["one", "two", "three"] {
        house.leaves(body).expect("taken");
    }
    assert_eq!(house.leaves("four"), Err(NotTaken::Full));
    assert_eq!(house.mailbox.waiting(), (3, Some(now())));
    let house = House::new();
    house.leaves(&"x".repeat(60)).expect("taken");
    assert_eq!(house.leaves(&"y".repeat(41)), Err(NotTaken::Full));
    house.leaves(&"z".repeat(40)).expect("taken: what is small enough still goes in");
}

#[tokio::test(start_paused = true)]
async fn while_the_store_is_away_letters_wait_and_then_come_all() {
    let house = House::new();
    house.store.away.store(20, Ordering::SeqCst);
    let writer = house.writes();
    house.leaves("one").expect("taken");
    tokio::time::sleep(Duration::from_secs(5)).await;
    house.leaves("two").expect("taken");
    house.leaves("three").expect("taken");
    assert_eq!(house.leaves("four"), Err(NotTaken::Full), "what is being kept still needs its room");
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (since, said) = house.standing.seen().trouble.expect("trouble");
    assert_eq!((since, said.contains("cannot be reached")), (now(), true), "{said}");
    assert_eq!(house.bodies().await, [""; 0]);
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!((house.bodies().await.len(), house.standing.seen().trouble), (3, None));
    assert_eq!(house.standing.seen().behind, Some(0));
    house.leaves("four").expect("there is room again");
    house.stops(writer).await;
    assert_eq!(house.bodies().await, ["one", "two", "three", "four"]);
}

#[tokio::test(start_paused = true)]
async fn one_that_is_never_taken_holds_nobody_up() {
    let house = House::new();
    for body in ["one", "poison", "two"] {
        house.leaves(body).expect("taken");
    }
    let writer = house.writes();
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(house.bodies().await, ["one", "two"]);
    assert_eq!(
        house.store.calls.load(Ordering::SeqCst),
        1 + 1 + 5 + 1,
        "together, then each, and the one five times"
    );
    assert_eq!(house.mailbox.waiting(), (0, None));
    house.stops(writer).await;
}

#[tokio::test(start_paused = true)]
async fn whoever_stops_while_the_store_is_away_does_not_wait_for_ever() {
    let house = House::new();
    house.store.away.store(u32::MAX, Ordering::SeqCst);
    house.leaves("one").expect("taken");
    let writer = house.writes();
    tokio::time::sleep(Duration::from_secs(1)).await;
    tokio::time::timeout(Duration::from_secs(11), house.stops(writer)).await.expect("it gives up");
}

#[tokio::test(start_paused = true)]
async fn batches_have_an_end_in_letters_and_in_bytes() {
    let house = House::with(Room { letters: 99, bytes: 9_999 });
    for number in 0..7 {
        house.leaves(&format!("{number}{}", "x".repeat(9))).expect("taken");
    }
    let gathered = async |letters, bytes| {
        let batch = house.mailbox.next(letters, bytes, &house.stopping).await.expect("some wait");
        batch.len()
    };
    assert_eq!(gathered(2, 999).await, 2);
    assert_eq!(gathered(99, 30).await, 3);
    assert_eq!(gathered(99, 1).await, 1, "one always goes");
    assert_eq!(house.mailbox.waiting().0, 7, "they count until they are kept");
}

#[tokio::test]
async fn letters_are_kept_for_thirty_days() {
    let house = House::new();
    house.leaves("one").expect("taken");
    let writer = house.writes();
    house.stops(writer).await;
    house.clock.set(now() + KEPT);
    turn(&*house.store, &*house.clock).await.expect("a turn");
    assert_eq!(house.bodies().await, ["one"]);
    house.clock.set(now() + KEPT + SignedDuration::from_micros(1));
    turn(&*house.store, &*house.clock).await.expect("a turn");
    assert_eq!((house.bodies().await.len(), house.store.last_letter().await.expect("read")), (0, 1));
}
