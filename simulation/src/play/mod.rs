//! Plays a history: hosts on one database, clients, crashes, clocks.

mod acts;
mod looking;
mod telling;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use ilt_core::desk::Order;
use ilt_core::journal::Actor;
use ilt_core::ports::Ids;
use ilt_core::testing::{CountingIds, MemoryStore, ReadCommitted};
use ilt_engine::followers::teller::Teller;
use jiff::Timestamp;
use uuid::Uuid;

use crate::check::{Attempts, Broken, Promises, Said, Watch};
use crate::client::Heard;
use crate::clocks::Time;
use crate::dice::Dice;
use crate::draw::Want;
use crate::executor::{Course, Executor};
use crate::followers;
use crate::host::Host;
use crate::kind::Kind;
use crate::script::Script;
use crate::town;

/// The town as it is founded, to begin every history with.
pub struct Town {
    kept: MemoryStore,
    watch: Watch,
    teller: Teller,
}

impl Town {
    /// Founds it.
    ///
    /// # Errors
    /// What is broken before anything has happened.
    pub fn found() -> anyhow::Result<Self> {
        let kept = town::found(Arc::new(CountingIds::default()))?;
        let mut watch = Watch::new(Promises::ALL);
        let database = ReadCommitted::with(&kept, Arc::new(()));
        let broken = database.see(|world, entries| watch.after_commit(world, entries, town::beginning()));
        anyhow::ensure!(broken.is_none(), "the town is founded broken: {broken:?}");
        Ok(Self { kept, watch, teller: followers::teller(&database)? })
    }
}

/// What a history came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was broken first, if anything was.
    pub broken: Option<Broken>,
    /// What happened, in words, when that was asked for.
    pub told: Vec<String>,
    /// Transactions that changed something.
    pub commits: u64,
    /// Steps taken.
    pub steps: u64,
    /// How often each kind was asked, and how often the answer was yes.
    pub asked: BTreeMap<Kind, (u32, u32)>,
}

struct Request {
    kind: Kind,
    actor: Actor,
    want: Want,
    attempts: u128,
    said: Said,
    asked_at: Timestamp,
    /// How many wait for an answer to it.
    open: Rc<Cell<u32>>,
}

/// A history under way.
struct Play<'a> {
    town: &'a Town,
    script: &'a Script,
    database: ReadCommitted,
    watch: Watch,
    dice: Dice,
    time: Arc<Time>,
    ids: Arc<dyn Ids>,
    hosts: Vec<Host>,
    executor: Executor,
    requests: BTreeMap<u32, Request>,
    attempts: Attempts,
    heard: Heard,
    waiting: Rc<Cell<u32>>,
    faults: Rc<RefCell<Vec<String>>>,
    crashes: Vec<(u64, usize)>,
    follows: bool,
    commits: u64,
    told_until: usize,
    tells: bool,
    outcome: Outcome,
}

/// Plays a history to its end, or until something is broken.
pub fn play(town: &Town, script: &Script, promises: Promises, tells: bool) -> Outcome {
    let mut play = Play::begin(town, script, promises, tells);
    let broken = play.go().err().filter(|broken| promises.has(broken.promise));
    play.tell_entries();
    let (commits, steps) = (play.commits, play.executor.steps());
    Outcome { broken, commits, steps, ..play.outcome }
}

/// Plays a history, and hands over the database as it is then, with everything that was asked to be done.
pub fn remains(town: &Town, script: &Script) -> (ReadCommitted, Vec<Order>) {
    let mut play = Play::begin(town, script, Promises::NONE, false);
    let _broken = play.go();
    let order = |request: &Request| match &request.want {
        Want::Do(command) => {
            let (actor, command) = (request.actor.clone(), command.clone());
            Some(Order::new(actor, command, None, Uuid::nil()))
        }
        _ => None,
    };
    let orders = play.requests.values().filter_map(order).collect();
    (play.database.clone(), orders)
}

/// Ids far from those that the town was founded with.
fn more_ids() -> Arc<dyn Ids> {
    let ids = CountingIds::default();
    for _ in 0..100 {
        ids.next();
    }
    Arc::new(ids)
}

impl<'a> Play<'a> {
    fn begin(town: &'a Town, script: &'a Script, promises: Promises, tells: bool) -> Self {
        let (dice, time) = (Dice::seeded(script.schedule), Time::from(town::beginning()));
        let course = Course::of(dice.clone(), script.gives_way, script.loses);
        let database = ReadCommitted::with(&town.kept, Arc::new(course));
        Self {
            town,
            script,
            told_until: database.see(|_, entries| entries.len()),
            database,
            watch: town.watch.clone().looking_after(promises),
            dice,
            time,
            ids: more_ids(),
            hosts: Vec::new(),
            executor: Executor::default(),
            requests: BTreeMap::new(),
            attempts: Attempts::default(),
            heard: Rc::default(),
            waiting: Rc::default(),
            faults: Rc::default(),
            crashes: Vec::new(),
            follows: false,
            commits: 0,
            tells,
            outcome: Outcome::default(),
        }
    }
}

impl Play<'_> {
    fn go(&mut self) -> Result<(), Broken> {
        for host in 0..self.script.hosts {
            self.start(host)?;
        }
        for turn in &self.script.turns {
            self.act(turn.act)?;
            for _ in 0..turn.then {
                if !self.step()? {
                    break;
                }
            }
        }
        self.settle()?;
        self.follow_to_the_end()
    }
}
