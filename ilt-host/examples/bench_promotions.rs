//! Seats that come free all at once, before a long queue: how long the one transaction takes that gives them away, beside the
//! same seats coming free one after the other. `bench/promotions` runs it on PostgreSQL.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use ilt_core::catalog::{Place, Role};
use ilt_core::desk::{Command, OnFull, Order};
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::ports::Reads as _;
use ilt_core::testing::plans::{course, dealer, in_role, location, published};
use ilt_engine::system::{SystemClock, SystemIds};
use ilt_engine::{Ports, batch};
use ilt_store::{Options, SqlStore};
use jiff::civil::date;
use uuid::Uuid;

const SEATED: u32 = 500;
const QUEUE: u32 = 5_000;
const FREED: u32 = 500;
/// Orders decided together while the queue is filled.
const TOGETHER: usize = 512;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let url = std::env::args().nth(1).context("the address of a database is missing")?;
    println!("a session with {SEATED} seats taken and {QUEUE} people waiting; {FREED} seats come free");
    let at_once = Bench::begin(&url, "at_once").await?;
    let (took, statements) = at_once.free(FREED).await?;
    println!("at once:     {:>8.0} ms, one transaction, {statements} journal entries", millis(took));
    let one_by_one = Bench::begin(&url, "one_by_one").await?;
    let mut all = Duration::ZERO;
    for _ in 0..FREED {
        all += one_by_one.free(1).await?.0;
    }
    println!("one by one:  {:>8.0} ms, {FREED} transactions", millis(all));
    println!("ratio:       {:>8.1}", all.as_secs_f64() / took.as_secs_f64());
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "it measures time")]
fn now() -> Instant {
    Instant::now()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

struct Bench {
    store: SqlStore,
    ports: Ports,
}

fn session() -> SessionId {
    SessionId(Uuid::from_u128(1))
}

fn learner(number: u32) -> PersonId {
    PersonId(Uuid::from_u128((1 << 64) + u128::from(number)))
}

impl Bench {
    /// A network of its own with one full session and its queue.
    async fn begin(url: &str, schema: &str) -> anyhow::Result<Self> {
        let options = Options { schema: schema.to_owned(), ..Options::default() };
        let store = SqlStore::connect(url, &options).await?;
        store.migrate().await?;
        let shared = Arc::new(store.clone());
        let ports = Ports {
            store: shared.clone(),
            journal: shared.clone(),
            timers: shared.clone(),
            reads: shared,
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemIds),
            rules: Arc::new(ilt_core::ports::NoRules),
            evidence: Arc::new(ilt_core::ports::OwnCompletions),
        };
        let bench = Self { store, ports };
        for command in Self::network() {
            bench.ask(vec![command]).await?;
        }
        let wish = |number| Command::Register {
            session: session(),
            learner: learner(number),
            on_full: OnFull::Waitlist,
            automatic: number % 2 == 0,
            reason: None,
        };
        let wishes: Vec<_> = (0..SEATED + QUEUE).map(wish).collect();
        for together in wishes.chunks(TOGETHER) {
            bench.ask(together.to_vec()).await?;
        }
        Ok(bench)
    }

    fn network() -> Vec<Command> {
        let place = Place { lat: 50.9, lon: 6.9 };
        let people = (0..SEATED + QUEUE).map(|number| in_role(learner(number), Role::Learner)).collect();
        let plan = published(session(), date(2099, 3, 2).at(9, 0, 0, 0), SEATED);
        vec![
            Command::SaveDealers(vec![dealer(place)]),
            Command::SaveLocations(vec![location(1, "Köln", place)]),
            Command::SaveCourses(vec![course(1, "Basics", None, &[])]),
            Command::SavePeople(people),
            Command::SaveSessions { plans: vec![plan], historic: false },
        ]
    }

    async fn ask(&self, commands: Vec<Command>) -> anyhow::Result<()> {
        let actor = Actor::system("bench");
        let order = |command| Order::new(actor.clone(), command, None, Uuid::nil());
        let orders: Vec<_> = commands.into_iter().map(order).collect();
        for answer in batch::run(&self.ports, &orders).await?.answers {
            answer?;
        }
        Ok(())
    }

    /// Frees so many seats, and answers how long that took and how many entries it wrote.
    async fn free(&self, seats: u32) -> anyhow::Result<(Duration, u64)> {
        let before = self.seats().await?;
        let resize = Command::Resize {
            session: session(),
            capacity: before.capacity + seats,
            displaced: Vec::new(),
            reason: None,
            version: None,
        };
        let (head, begun) = (self.ports.journal.head().await?, now());
        self.ask(vec![resize]).await?;
        let took = begun.elapsed();
        let after = self.seats().await?;
        ensure!(
            after.waitlisted + seats == before.waitlisted && after.open() == 0,
            "seats were left: {after:?}"
        );
        Ok((took, self.ports.journal.head().await? - head))
    }

    async fn seats(&self) -> anyhow::Result<ilt_core::session::Seats> {
        Ok(self.store.sessions(&[session()]).await?.remove(0).seats)
    }
}
