//! What the journal says becomes statements: every entry told of once, in order, whoever of several hosts does it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use crate::served::{found, learner, session};
use ilt_core::desk::{Command, OnFull};
use ilt_core::journal::Actor;
use ilt_core::ports::{Clock, Ids as _, Journal as _, Leases, Numbered, Statements as _, StoreError, TELLER};
use ilt_engine::events::Names;
use ilt_engine::followers::teller::Teller;
use ilt_engine::followers::{Follower, Followers, Left, Turn, TurnFailed};
use ilt_engine::open::ports_on;
use ilt_engine::system::{SystemClock, SystemIds};
use ilt_engine::{Engine, Settings};
use ilt_store::testing::{Database, postgres, sqlite};
use ilt_store::{Options, SqlStore};
use jiff::Timestamp;
use tokio::sync::watch;
use uuid::Uuid;

fn teller(store: &SqlStore) -> Teller {
    teller_of(store, Names::default())
}

fn teller_of(store: &SqlStore, names: Names) -> Teller {
    let store = Arc::new(store.clone());
    Teller::new(store.clone(), store.clone(), store, names).expect("sound names")
}

fn start(store: &SqlStore) -> Followers {
    let leases: Arc<dyn Leases> = Arc::new(store.clone());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let holder = SystemIds.next();
    Followers::start(vec![Box::new(teller(store))], holder, &leases, &clock, &watch::Sender::new(0))
}

/// So many people take a seat, and every second gives it back.
async fn happenings(store: &SqlStore, people: u128) {
    let engine = Engine::start(ports_on(store.clone()), Settings::default()).await.expect("it starts");
    for number in 0..people {
        let (learner, session) = (learner(number), session(0));
        let (on_full, automatic, reason) = (OnFull::Alternatives, false, None);
        let register = Command::Register { session, learner, on_full, automatic, reason };
        let reply = engine.ask(Actor::Person(learner), register, None, Uuid::nil()).await.expect("a seat");
        let ilt_core::desk::Reply::Registration { registration, .. } = reply else { panic!("{reply:?}") };
        if number % 2 == 1 {
            let cancel = Command::Cancel { registration: registration.id, reason: Some("ill".to_owned()) };
            engine.ask(Actor::Person(learner), cancel, None, Uuid::nil()).await.expect("given back");
        }
    }
    engine.stop().await;
}

async fn all_told(store: &SqlStore) -> Vec<Numbered> {
    let head = store.head().await.expect("read");
    let told = async {
        while store.checkpoint(TELLER).await.expect("read") < head {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), told).await.expect("everything is told of");
    store.told_after(0, 10_000).await.expect("read")
}

async fn stores(name: &str) -> Vec<(Database, SqlStore)> {
    let mut stores = Vec::new();
    for database in [Some(sqlite()), postgres(name)].into_iter().flatten() {
        let store = database.store(Options::default()).await;
        stores.push((database, store));
    }
    stores
}

#[tokio::test]
async fn every_entry_is_told_of_once_and_in_order() {
    for (_kept, store) in stores("telling").await {
        found(&ports_on(store.clone()), 40, &[50]).await;
        happenings(&store, 40).await;
        let hosts = [start(&store), start(&store)];
        let told = all_told(&store).await;
        for host in &hosts {
            host.stop().await;
        }
        let verbs = |word: &str| told.iter().filter(|it| it.told.verb.word() == word).count();
        let told_of = ["described", "scheduled", "registered", "unregistered"].map(verbs);
        assert_eq!(told_of, [1, 1, 40, 20]);
        assert_eq!(told.len(), 62);
        assert!(told.is_sorted_by_key(|it| it.told.sequence), "in the order of the journal");
        let ids: std::collections::BTreeSet<_> = told.iter().map(|it| it.told.id).collect();
        assert_eq!(ids.len(), told.len(), "each once");
        let seen: Vec<_> = told.iter().map(|it| it.number).collect();
        assert_eq!(seen, (1..=62).collect::<Vec<u64>>());
    }
}

#[tokio::test]
async fn what_was_at_fault_is_told_anew_once_that_is_mended() {
    for (_kept, store) in stores("retelling").await {
        found(&ports_on(store.clone()), 10, &[10]).await;
        happenings(&store, 4).await;
        let mut names = Names::default();
        names.style.platform.clear();
        while teller_of(&store, names.clone()).turn().await.expect("told").done > 0 {}
        let faulty = store.faulty(100).await.expect("read");
        assert_eq!(faulty.len(), 1 + 1 + 4 + 2, "a platform has a name");
        assert_eq!(teller_of(&store, names).retell(&faulty).await.expect("told"), [], "still at fault");
        let told = teller(&store).retell(&faulty).await.expect("told");
        store.mend(&told).await.expect("mended");
        assert_eq!(store.faulty(100).await.expect("read"), []);
        let (told, ids) =
            (all_told(&store).await, |all: &[Numbered]| all.iter().map(|it| it.told.id).collect::<Vec<_>>());
        assert_eq!(ids(&told), ids(&faulty), "as they would have been, in the same order");
        assert_eq!(told.iter().map(|it| it.number).collect::<Vec<_>>(), (9..=16).collect::<Vec<u64>>());
    }
}

#[tokio::test]
async fn another_host_takes_over() {
    for (_kept, store) in stores("takeover").await {
        found(&ports_on(store.clone()), 10, &[10]).await;
        let first = start(&store);
        all_told(&store).await;
        let second = start(&store);
        let leaves_it = async |to_another: bool| {
            while second.seen()[0].is_elsewhere != to_another {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let in_time = |it| tokio::time::timeout(Duration::from_secs(30), it);
        in_time(leaves_it(true)).await.expect("one at a time");
        first.stop().await;
        happenings(&store, 4).await;
        assert_eq!(all_told(&store).await.len(), 1 + 1 + 4 + 2);
        in_time(leaves_it(false)).await.expect("it says what it does");
        second.stop().await;
    }
}

#[tokio::test]
async fn a_follower_that_fails_says_why_and_goes_on_afterwards() {
    let (_kept, store) = stores("failing").await.remove(0);
    let (clock, leases): (Arc<dyn Clock>, Arc<dyn Leases>) = (Arc::new(SystemClock), Arc::new(store.clone()));
    let failing = Failing(AtomicU32::new(0));
    let bell = watch::Sender::new(0);
    let followers = Followers::start(vec![Box::new(failing)], SystemIds.next(), &leases, &clock, &bell);
    let until = async |has_trouble: bool| {
        while followers.seen()[0].trouble.is_some() != has_trouble {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        followers.seen().remove(0)
    };
    let seen = tokio::time::timeout(Duration::from_secs(30), until(true)).await.expect("it fails");
    assert_eq!(seen.trouble.expect("trouble").1, "the broker is away");
    tokio::time::timeout(Duration::from_secs(30), async {
        while followers.seen()[0].oldest.is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .expect("it says since when something waits");
    let seen = tokio::time::timeout(Duration::from_secs(30), until(false)).await.expect("it goes on");
    assert_eq!(seen.behind, Some(7));
    followers.stop().await;
}

/// Fails three times.
struct Failing(AtomicU32);

#[async_trait::async_trait]
impl Follower for Failing {
    fn name(&self) -> &'static str {
        "failing"
    }

    async fn left(&self) -> Result<Left, StoreError> {
        Ok(Left { behind: 7, since: Some(SystemClock.now()) })
    }

    async fn turn(&self) -> Result<Turn, TurnFailed> {
        match self.0.fetch_add(1, Ordering::SeqCst) {
            0..3 => Err(TurnFailed::said("the broker is away")),
            _ => Ok(Turn { done: 0, behind: 7 }),
        }
    }
}

#[tokio::test]
async fn who_goes_on_with_the_work_of_another_is_woken_by_it() {
    let (_kept, store) = stores("woken").await.remove(0);
    let (clock, leases): (Arc<dyn Clock>, Arc<dyn Leases>) = (Arc::new(SystemClock), Arc::new(store.clone()));
    let (happened, bell) = (Arc::<AtomicU64>::default(), watch::Sender::new(0));
    let first = Copying { name: "first", follows: None, from: happened.clone(), to: Arc::default() };
    let copied = first.to.clone();
    let second = Copying { name: "second", follows: Some("first"), from: copied, to: Arc::default() };
    let arrived = second.to.clone();
    let list = vec![Box::new(first) as _, Box::new(second) as _];
    let followers = Followers::start(list, SystemIds.next(), &leases, &clock, &bell);
    let all = async {
        for number in 1..=120 {
            happened.store(number, Ordering::SeqCst);
            bell.send_replace(number);
            while arrived.load(Ordering::SeqCst) < number {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    };
    // Who only looks from time to time is late by a twentieth of a second each time, or more.
    tokio::time::timeout(Duration::from_secs(2), all).await.expect("nobody waits to look");
    followers.stop().await;
}

/// Copies a number that another counts up.
struct Copying {
    name: &'static str,
    follows: Option<&'static str>,
    from: Arc<AtomicU64>,
    to: Arc<AtomicU64>,
}

#[async_trait::async_trait]
impl Follower for Copying {
    fn name(&self) -> &'static str {
        self.name
    }

    fn follows(&self) -> Option<&'static str> {
        self.follows
    }

    async fn left(&self) -> Result<Left, StoreError> {
        Ok(Left::default())
    }

    async fn turn(&self) -> Result<Turn, TurnFailed> {
        let now = self.from.load(Ordering::SeqCst);
        Ok(Turn { done: now - self.to.swap(now, Ordering::SeqCst), behind: 0 })
    }
}

#[tokio::test]
async fn a_lease_is_asked_for_again_after_a_while_and_when_the_clock_was_put_back() {
    let (_kept, store) = stores("lease").await.remove(0);
    let begun = SystemClock.now().as_second();
    let (shown, asked) = (Arc::new(AtomicI64::new(begun)), Arc::<AtomicU32>::default());
    let clock: Arc<dyn Clock> = Arc::new(Hands(shown.clone()));
    let leases: Arc<dyn Leases> = Arc::new(Counting { store, asked: asked.clone() });
    let (happened, bell) = (Arc::<AtomicU64>::default(), watch::Sender::new(0));
    let copying = Copying { name: "copying", follows: None, from: happened.clone(), to: Arc::default() };
    let arrived = copying.to.clone();
    let followers = Followers::start(vec![Box::new(copying)], SystemIds.next(), &leases, &clock, &bell);
    for (seconds, times) in [(0, 1), (0, 1), (1, 1), (2, 2), (3, 2), (4, 3), (-3_600, 4), (-3_599, 4)] {
        shown.store(begun + seconds, Ordering::SeqCst);
        let number = happened.fetch_add(1, Ordering::SeqCst) + 1;
        bell.send_replace(number);
        let copied = async {
            while arrived.load(Ordering::SeqCst) < number {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), copied).await.expect("it takes its turn");
        assert_eq!(asked.load(Ordering::SeqCst), times, "after {seconds} s");
    }
    followers.stop().await;
}

#[tokio::test]
async fn after_the_death_of_a_host_another_takes_over_when_its_lease_ends() {
    for (_kept, store) in stores("death").await {
        let begun = SystemClock.now().as_second();
        let shown = Arc::new(AtomicI64::new(begun));
        let clock: Arc<dyn Clock> = Arc::new(Hands(shown.clone()));
        let at = |seconds: i64| Timestamp::from_second(begun + seconds).expect("in range");
        let held = store.hold("copying", SystemIds.next(), at(0), at(10)).await.expect("asked");
        assert!(held, "by one who dies now");
        let (leases, bell) = (Arc::new(store.clone()) as Arc<dyn Leases>, watch::Sender::new(0));
        let copying =
            Copying { name: "copying", follows: None, from: Arc::new(AtomicU64::new(1)), to: Arc::default() };
        let copied = copying.to.clone();
        let followers = Followers::start(vec![Box::new(copying)], SystemIds.next(), &leases, &clock, &bell);
        shown.store(begun + 9, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        assert_eq!((copied.load(Ordering::SeqCst), followers.seen()[0].is_elsewhere), (0, true));
        shown.store(begun + 10, Ordering::SeqCst);
        let takes_over = async {
            while copied.load(Ordering::SeqCst) == 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), takes_over).await.expect("it takes over");
        followers.stop().await;
    }
}

/// A clock that shows what it is set to, in seconds.
struct Hands(Arc<AtomicI64>);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).expect("in range")
    }
}

/// Counts how often a lease is asked for.
struct Counting {
    store: SqlStore,
    asked: Arc<AtomicU32>,
}

#[async_trait::async_trait]
impl Leases for Counting {
    async fn hold(
        &self,
        name: &str,
        holder: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.store.hold(name, holder, now, until).await
    }

    async fn let_go(&self, name: &str, holder: Uuid) -> Result<(), StoreError> {
        self.store.let_go(name, holder).await
    }
}
