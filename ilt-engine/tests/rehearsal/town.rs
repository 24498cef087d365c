//! A little network on SQLite with one real engine, driven step by step.

use std::sync::Arc;

use ilt_core::catalog::{Course, Dealer, Grant, Person, Place, Role};
use ilt_core::desk::{Command, OnFull, PartPlan, Reply, SessionPlan};
use ilt_core::ids::{CourseId, DealerId, LocationId, PersonId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::ports::{Clock as _, NoRules, OwnCompletions, Reads as _};
use ilt_core::ranking::Shown;
use ilt_core::testing::plans::{self, id, location, published};
use ilt_core::testing::{CountingIds, FixedClock};
use ilt_engine::{Engine, Ports, Settings, Trouble, feed, timers};
use ilt_store::{Options, SqlStore};
use jiff::{SignedDuration, ToSpan as _, civil};
use tempfile::TempDir;
use uuid::Uuid;

pub const LEARNERS: u32 = 12;
pub const DEALERS: u32 = 3;
pub const LOCATIONS: u32 = 4;
pub const COURSES: u32 = 5;

pub fn learner(number: u32) -> PersonId {
    PersonId(id(0x1000 + number))
}

pub fn session(number: u32) -> SessionId {
    SessionId(id(0x3000 + number))
}

pub fn dealer(number: u32) -> DealerId {
    DealerId(id(0x4000 + number))
}

/// Where somebody works: dealers 1, 2 and 3 by turns, but for 3 and 5, who work with 1.
pub fn dealer_of(number: u32) -> DealerId {
    match number {
        3 | 5 => dealer(1),
        _ => dealer(1 + (number + 2) % DEALERS),
    }
}

pub struct Town {
    pub store: SqlStore,
    pub engine: Engine,
    pub clock: Arc<FixedClock>,
    _folder: TempDir,
}

impl Town {
    /// Dealers, locations, courses and learners, and no session yet.
    pub async fn found() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("town.db").display());
        let options = Options { careless: true, ..Options::default() };
        let store = SqlStore::connect(&url, &options).await.expect("a file");
        store.migrate().await.expect("a schema");
        let shared = Arc::new(store.clone());
        let clock = Arc::new(FixedClock::at(plans::now()));
        let ports = Ports {
            store: shared.clone(),
            journal: shared.clone(),
            timers: shared.clone(),
            reads: shared,
            clock: clock.clone(),
            ids: Arc::new(CountingIds::default()),
            rules: Arc::new(NoRules),
            evidence: Arc::new(OwnCompletions),
        };
        let (engine, desks) = Engine::assemble(ports, Settings::default()).await.expect("an engine");
        for desk in desks {
            tokio::spawn(desk.run());
        }
        let town = Self { store, engine, clock, _folder: folder };
        for command in network() {
            town.ask(command).await.expect("the town is founded");
        }
        town
    }

    /// Has something done, and lets the catalogue hear of it.
    pub async fn ask(&self, command: Command) -> Result<Reply, Trouble> {
        let actor = Actor::system("test");
        let reply = self.engine.ask(actor, command, None, Uuid::nil()).await;
        self.hear().await;
        reply
    }

    /// Lets the catalogue hear of what was done.
    pub async fn hear(&self) {
        feed::catch_up(&self.engine).await.expect("the journal can be read");
    }

    /// Time passes, and what is due is done.
    pub async fn pass(&self, time: SignedDuration) {
        self.clock.set(self.clock.now() + time);
        while timers::turn(&self.engine).await.expect("timers can be fired") > 0 {
            self.hear().await;
        }
        self.hear().await;
    }

    pub async fn plan(&self, number: u32, course: u32, days: i64, capacity: u32) {
        let plan = plan(number, course, days, capacity);
        self.ask(Command::SaveSessions { plans: vec![plan], historic: false }).await.expect("a session");
    }

    pub async fn register(&self, who: u32, number: u32) -> Result<Reply, Trouble> {
        let (session, learner, reason) = (session(number), learner(who), None);
        let on_full = OnFull::Waitlist;
        self.ask(Command::Register { session, learner, on_full, automatic: false, reason }).await
    }

    pub async fn alternatives(&self, who: u32, number: u32) -> Vec<Shown> {
        let wanted = self.store.sessions(&[session(number)]).await.expect("it can be read");
        let Some(wanted) = wanted.first() else { return Vec::new() };
        let shown = self.engine.alternatives(Actor::system("test"), learner(who), wanted, Uuid::nil()).await;
        self.hear().await;
        shown.expect("alternatives")
    }

    pub async fn take(&self, shown: &Shown) -> Result<Reply, Trouble> {
        self.ask(Command::TakeAlternative { alternative: shown.id }).await
    }
}

/// A session of six hours, so many days from the beginning.
pub fn plan(number: u32, course: u32, days: i64, capacity: u32) -> SessionPlan {
    let starts = civil::date(2027, 3, 1).saturating_add(days.days()).at(9, 0, 0, 0);
    let part = PartPlan { starts, zone: None, length: SignedDuration::from_hours(6), room: String::new() };
    let (course, location) = (CourseId(id(course)), LocationId(id(1 + number % LOCATIONS)));
    SessionPlan { course, location, parts: vec![part], ..published(session(number), starts, capacity) }
}

/// Somebody who learns and works with one of the dealers.
pub fn person(number: u32) -> Person {
    let dealer = Some(dealer_of(number));
    let roles = vec![Grant { role: Role::Learner, dealer }];
    Person { dealer, roles, ..plans::in_role(learner(number), Role::Learner) }
}

/// A kilometre or so apart for each: what is nearer matters little.
fn place(number: u32) -> Place {
    Place { lat: 50.9 + 0.01 * f64::from(number), lon: 6.9 }
}

fn network() -> Vec<Command> {
    let group = |number| (number == 1).then(|| "north".to_owned());
    let office = |number| Dealer { id: dealer(number), group: group(number), ..plans::dealer(place(number)) };
    let courses = vec![
        plans::course(1, "High voltage", Some("ev"), &["battery", "safety"]),
        Course {
            equivalents: vec![CourseId(id(1))],
            ..plans::course(2, "HV basics", Some("ev"), &["safety"])
        },
        plans::course(3, "Charging", Some("ev"), &["charging", "battery"]),
        Course {
            prerequisites: vec![CourseId(id(1))],
            ..plans::course(4, "HV expert", Some("ev"), &["battery"])
        },
        Course { validity_months: Some(2), ..plans::course(5, "First aid", None, &["safety"]) },
    ];
    vec![
        Command::SaveDealers((1..=DEALERS).map(office).collect()),
        Command::SaveLocations((1..=LOCATIONS).map(|it| location(it, "Köln", place(it))).collect()),
        Command::SaveCourses(courses),
        Command::SavePeople((1..=LEARNERS).map(person).collect()),
    ]
}
