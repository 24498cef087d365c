//! A host with its desk, its follower and its worker, beside a Cal.com. Nothing happens by itself: a test says when.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ilt_calcom::api::{Base, Dice};
use ilt_calcom::mapping::Attendees;
use ilt_calcom::settle::{Calcom, Seal};
use ilt_calcom::stand_in::{Givens, StandIn};
use ilt_calcom::{Instance, Limits, Settings as Reach};
use ilt_core::access::Sight;
use ilt_core::calendar::{Concern, Did, Settled};
use ilt_core::desk::{Command, OnFull, Reply};
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::ports::{
    Clock as _, Ids as _, Journal as _, Mirrors as _, Mode, NoRules, OwnCompletions, Reads as _, Roster,
};
use ilt_core::testing::plans::now;
use ilt_core::testing::{CountingIds, FixedClock, MemoryStore};
use ilt_engine::calendars::{Keeper, Linking, Reception};
use ilt_engine::followers::{Follower as _, calendar::Calendar};
use ilt_engine::{Engine, Ports, Settings, Trouble, feed};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::town;

/// Sessions looked after in a row at most.
const MOST: u32 = 200;

pub struct House {
    pub store: MemoryStore,
    pub clock: Arc<FixedClock>,
    pub calcom: StandIn,
    pub engine: Engine,
    pub keeper: Keeper,
    pub follower: Calendar,
    /// How often what was done.
    pub did: BTreeMap<Did, u32>,
}

impl House {
    pub async fn new() -> Self {
        Self::with(Attendees::Own).await
    }

    pub async fn with(attendees: Attendees) -> Self {
        let (store, clock) = (MemoryStore::new(), Arc::new(FixedClock::at(now())));
        let ids = Arc::new(CountingIds::default());
        let ports = Ports {
            store: Arc::new(store.clone()),
            journal: Arc::new(store.clone()),
            timers: Arc::new(store.clone()),
            reads: Arc::new(store.clone()),
            clock: clock.clone(),
            ids: ids.clone(),
            rules: Arc::new(NoRules),
            evidence: Arc::new(OwnCompletions),
        };
        town::found(&ports).await;
        let (engine, desks) = Engine::assemble(ports, Settings::default()).await.expect("an engine");
        for desk in desks {
            tokio::spawn(desk.run());
        }
        let givens = Givens { clock: clock.clone(), ids: Box::new(move || ids.next()) };
        let calcom = StandIn::start(givens).expect("a port");
        calcom.add_host("ina", "Ina Instructor", "cal_ina", false);
        calcom.add_host("ivo", "Ivo Instructor", "cal_ivo", false);
        calcom.world().requests = 10_000;
        let base = Base::new(&calcom.address()).expect("an address");
        let limits = Limits { tries: 1, turn: Duration::ZERO, requests: 10_000, ..Limits::default() };
        let reach = Reach { limits, ..Reach::at(base) };
        let instance = Instance::new(reach, clock.clone(), Dice::seeded(1)).expect("a client");
        let seal = Arc::new(Seal::new(&"a secret that nobody would ever guess".into()).expect("a secret"));
        let shown = Calcom::new(instance.clone(), attendees, seal.clone(), clock.clone());
        let mirrors = Arc::new(store.clone());
        let linking =
            Linking { instance, seal, subscription: None, mirrors: mirrors.clone(), clock: clock.clone() };
        linking.link(town::INA, &"cal_ina".into()).await.expect("linked");
        linking.link(town::IVO, &"cal_ivo".into()).await.expect("linked");
        let keeper = Keeper {
            reads: mirrors.clone(),
            mirrors: mirrors.clone(),
            calendar: Arc::new(shown),
            clock: clock.clone(),
            reception: Some(Reception { engine: engine.clone() }),
        };
        let follower = Calendar { journal: mirrors.clone(), mirrors, clock: clock.clone() };
        Self { store, clock, calcom, engine, keeper, follower, did: BTreeMap::new() }
    }

    pub fn later(&self, minutes: i64) {
        self.clock.set(self.clock.now() + SignedDuration::from_mins(minutes));
    }

    pub async fn ask(&self, actor: PersonId, command: Command) -> Result<Reply, Trouble> {
        self.engine.ask(Actor::Person(actor), command, None, Uuid::nil()).await
    }

    pub async fn register(&self, learner: PersonId, session: u32) -> Result<Reply, Trouble> {
        let (session, on_full) = (town::session(session), OnFull::Alternatives);
        self.ask(learner, Command::Register { session, learner, on_full, automatic: false, reason: None })
            .await
    }

    /// The journal is followed, and the catalogue with it.
    pub async fn follow(&self) {
        feed::catch_up(&self.engine).await.expect("caught up");
        while self.follower.turn().await.expect("a turn").done > 0 {}
    }

    /// A webhook came, whatever it said.
    pub async fn hears_of(&self, session: SessionId) {
        let concern = Concern { sessions: [session].into(), ..Concern::default() };
        self.store.want(&concern, self.clock.now(), None).await.expect("wanted");
    }

    pub async fn compares(&self) {
        self.store.want_all(self.clock.now()).await.expect("wanted");
    }

    /// Looks after one session that is due; nothing when none is.
    pub async fn looks_after_one(&mut self) -> Option<Settled> {
        let mut due = self.keeper.claim(1).await.expect("claimed").pop()?;
        let settled = self.keeper.look_after(&mut due).await.expect("the store").unwrap_or_default();
        for deed in &settled.done {
            *self.did.entry(deed.did).or_default() += 1;
        }
        Some(settled)
    }

    /// Works until nothing is due.
    pub async fn works(&mut self) -> Vec<Did> {
        let mut did = Vec::new();
        for _ in 0..MOST {
            self.follow().await;
            let Some(settled) = self.looks_after_one().await else { return did };
            did.extend(settled.done.iter().map(|it| it.did));
        }
        panic!("it comes to no end: {did:?}");
    }

    pub async fn rehearse(&self, session: u32) -> Settled {
        self.keeper.settle(town::session(session), Mode::Rehearse).await.expect("rehearsed")
    }

    pub async fn roster(&self, session: u32) -> Roster {
        let roster = self.store.roster(town::session(session), &Sight::Everyone).await.expect("read");
        roster.expect("a session")
    }

    /// Where somebody's live registration is.
    pub async fn status(&self, learner: PersonId, session: u32) -> Option<&'static str> {
        let roster = self.roster(session).await;
        roster.lines.iter().find(|it| it.person.id == learner).map(|it| it.registration.status.word())
    }

    /// What a part of this system did, as words.
    pub async fn by_calendar(&self) -> Vec<&'static str> {
        let entries = self.store.after(0, 100_000).await.expect("read");
        let ours = entries.iter().filter(|it| it.actor == Actor::system("calendar"));
        ours.map(|it| it.event.word()).collect()
    }
}
