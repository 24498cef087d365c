//! Plays a history: hosts on one database, clients, crashes, clocks.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use ilt_core::desk::{Key, Order};
use ilt_core::ids::PersonId;
use ilt_core::journal::Actor;
use ilt_core::ports::{Ids, StoreError};
use ilt_core::testing::{CountingIds, MemoryStore, ReadCommitted};
use ilt_host::engine::{Trouble, feed, timers, upkeep};
use ilt_host::followers::teller::Teller;
use jiff::SignedDuration;
use uuid::Uuid;

use crate::check::{Attempts, Broken, Promise, Promises, Said, Watch};
use crate::client::{self, Heard, Waits};
use crate::clocks::Time;
use crate::dice::Dice;
use crate::draw::{Draw, Want};
use crate::executor::{Course, Executor, Stepped};
use crate::followers::{self, Followers};
use crate::host::Host;
use crate::kind::Kind;
use crate::script::{Act, Script};
use crate::town;
use crate::words::Names;

/// Steps within which everything that is under way comes to an end.
const MOST_STEPS: u64 = 30_000;
/// Time that a step takes.
const STEP: SignedDuration = SignedDuration::from_micros(100);

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
    let broken = play.to_the_end().err().filter(|broken| promises.has(broken.promise));
    play.tell_entries();
    let (commits, steps) = (play.commits, play.executor.steps());
    Outcome { broken, commits, steps, ..play.outcome }
}

/// Plays a history, and hands over the database as it is then, with everything that was asked to be done.
pub fn remains(town: &Town, script: &Script) -> (ReadCommitted, Vec<Order>) {
    let mut play = Play::begin(town, script, Promises::NONE, false);
    let _broken = play.to_the_end();
    let order = |request: &Request| match &request.want {
        Want::Do(command) => {
            let (actor, command) = (request.actor.clone(), command.clone());
            Some(Order { actor, command, key: None, correlation: Uuid::nil() })
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
    fn to_the_end(&mut self) -> Result<(), Broken> {
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

    /// Whoever follows the journal catches up, and nothing of it was missed.
    fn follow_to_the_end(&mut self) -> Result<(), Broken> {
        if !self.follows {
            return Ok(());
        }
        let followers = Followers::on(&self.database, &self.town.teller);
        let work = async {
            for _ in 0..3 {
                followers.turn().await.map_err(|failed| Broken::new(Promise::Following, failed.said))?;
            }
            followers::broken(&self.database).await.map_or(Ok(()), Err)
        };
        let stuck = || Err(Broken::new(Promise::Following, "followers wait for somebody"));
        Course::calmly(|| Executor::finish(work)).unwrap_or_else(stuck)
    }

    fn act(&mut self, act: Act) -> Result<(), Broken> {
        match act {
            Act::Ask { host, kind, chance, number } => self.ask(host, kind, chance, number),
            Act::Again { host, number } => self.send(host, number),
            Act::Timers(host) => {
                self.tell(|_| format!("host {host} fires what is due"));
                let engine = self.hosts[host].engine.clone();
                self.beside(host, async move { timers::turn(&engine).await.map(|_| ()) });
            }
            Act::Feed(host) => {
                // One reader at a time, as there is one in each host.
                let Some(reads) = self.hosts[host].may_read() else { return Ok(()) };
                let engine = self.hosts[host].engine.clone();
                self.beside(host, async move {
                    let read = feed::catch_up(&engine).await;
                    drop(reads);
                    Ok(read?)
                });
            }
            Act::Upkeep(host) => {
                let engine = self.hosts[host].engine.clone();
                self.beside(host, async move { upkeep::turn(&engine).await });
            }
            Act::Follow(host) => {
                self.follows = true;
                let (followers, faults) = (self.hosts[host].followers.clone(), self.faults.clone());
                self.beside(host, async move {
                    // One that fails takes its turn again.
                    if let Err(failed) = followers.turn().await
                        && !failed.said.contains("connection")
                    {
                        faults.borrow_mut().push(failed.said);
                    }
                    Ok(())
                });
            }
            Act::Crash(host, after) => self.crashes.push((self.executor.steps() + u64::from(after), host)),
            Act::Jump(host, ahead) => {
                self.tell(|_| format!("the clock of host {host} is {ahead:#} ahead"));
                self.hosts[host].jump(ahead);
            }
            Act::Wait(time) => {
                self.settle()?;
                self.time.pass(time);
                self.tell(|_| format!("{time:#} pass"));
            }
            Act::Until(number, after) => {
                self.settle()?;
                let starts = self.database.see(|world, _| {
                    world.sessions.get(&town::session(number)).map(ilt_core::session::Session::starts_at)
                });
                let then = starts.and_then(|it| it.checked_add(after).ok());
                let left =
                    then.map(|it| it.duration_since(self.time.now())).filter(SignedDuration::is_positive);
                if let Some(left) = left {
                    self.time.pass(left);
                    self.tell(|_| format!("{left:#} pass, until {after:#} after S{number} begins"));
                }
            }
        }
        Ok(())
    }

    /// Somebody asks for something, as things are now.
    fn ask(&mut self, host: usize, kind: Kind, chance: u64, number: u32) {
        let (focus, now) = (self.script.focus, self.time.now());
        let drawn = self.database.see(|world, _| {
            let draw = |kind| {
                let rng = fastrand::Rng::with_seed(chance);
                Some((kind, Draw { rng, world, now, focus }.draw(kind)?))
            };
            // Where there is nothing to ask it of, somebody registers.
            draw(kind).or_else(|| draw(Kind::Register))
        });
        let Some((kind, (actor, want))) = drawn else { return };
        let request = Request { kind, actor, want, attempts: 0, said: Said::default(), open: Rc::default() };
        self.requests.insert(number, request);
        self.send(host, number);
    }

    /// A request goes to a host, for the first time or again.
    fn send(&mut self, host: usize, number: u32) {
        let Some(request) = self.requests.get_mut(&number) else { return };
        if request.attempts > 0 && !matches!(request.want, Want::Do(_)) {
            return;
        }
        request.attempts += 1;
        let correlation = Uuid::from_u128((u128::from(number) + 1) << 32 | request.attempts);
        let (actor, want) = (request.actor.clone(), request.want.clone());
        let key = |person: PersonId| (Key { person, key: number.to_string() }, String::from("the same body"));
        let key = actor.person().filter(|_| matches!(want, Want::Do(_))).map(key);
        if key.is_some() {
            self.attempts.note(correlation, number);
        }
        self.outcome.asked.entry(request.kind).or_default().0 += 1;
        let request_open = request.open.clone();
        let again = if request.attempts > 1 { " again" } else { "" };
        let now = self.time.now();
        self.tell(|names| {
            format!(
                "{} host {host}: {} wants{again} {} (request {number})",
                now.strftime("%d.%m. %H:%M:%S"),
                names.actor(&actor),
                names.want(&want)
            )
        });
        let (engine, heard) = (self.hosts[host].engine.clone(), self.heard.clone());
        let (waits, asks) = (Waits::on(&self.waiting), Waits::on(&request_open));
        self.executor.spawn(host, async move {
            let answer = client::ask(engine, actor, want, key, correlation).await;
            heard.borrow_mut().push((number, answer));
            drop((waits, asks));
        });
    }

    /// Something that a host does by itself.
    fn beside(&mut self, host: usize, work: impl Future<Output = Result<(), Trouble>> + 'static) {
        let (faults, waits) = (self.faults.clone(), Waits::on(&self.waiting));
        self.executor.spawn(host, async move {
            if let Err(trouble) = work.await
                && client::is_ours(&trouble)
            {
                faults.borrow_mut().push(said(&trouble));
            }
            drop(waits);
        });
    }

    /// One step, and a look at what it did. False when there is none to take.
    fn step(&mut self) -> Result<bool, Broken> {
        let now = self.executor.steps();
        if let Some(at) = self.crashes.iter().position(|(at, _)| *at <= now) {
            let (_, host) = self.crashes.swap_remove(at);
            self.crash(host)?;
        }
        self.time.pass(STEP);
        let stepped = self.executor.step(&self.dice);
        if let Stepped::Panicked(how) = stepped {
            return Err(Broken::new(Promise::Sound, format!("a host panicked: {how}")));
        }
        self.look()?;
        Ok(stepped == Stepped::On)
    }

    fn look(&mut self) -> Result<(), Broken> {
        if self.database.commits() != self.commits {
            self.commits = self.database.commits();
            let (watch, attempts, latest) = (&mut self.watch, &mut self.attempts, self.time.latest());
            let broken = self.database.see(|world, entries| {
                watch.after_commit(world, entries, latest).or_else(|| attempts.broken(entries))
            });
            self.tell_entries();
            self.demand(broken)?;
        }
        if self.database.was_deadlocked() {
            let how =
                format!("transactions waited for each other at {}", self.database.deadlocks().join(", "));
            self.demand(Some(Broken::new(Promise::LockOrder, how)))?;
        }
        if !self.heard.borrow().is_empty() {
            for (number, answer) in self.heard.take() {
                self.hear(number, answer)?;
            }
        }
        let fault = self.faults.borrow_mut().pop();
        self.demand(fault.map(|how| Broken::new(Promise::Sound, how)))
    }

    fn hear(&mut self, number: u32, answer: Result<ilt_core::desk::Answer, Trouble>) -> Result<(), Broken> {
        let Some(request) = self.requests.get_mut(&number) else { return Ok(()) };
        let kind = request.kind;
        let broken = match &answer {
            Ok(answer) => {
                let said = &mut request.said;
                let is_kept = request.actor.person().is_some() && matches!(request.want, Want::Do(_));
                let mut once = Said::default();
                let said = if is_kept { said } else { &mut once };
                self.database.see(|world, entries| said.hear(answer, world, entries))
            }
            Err(trouble) if client::is_ours(trouble) => {
                let how = format!("{} is answered with a fault: {}", kind.word(), said(trouble));
                Some(Broken::new(Promise::Sound, how))
            }
            Err(_) => None,
        };
        if matches!(answer, Ok(Ok(_))) {
            self.outcome.asked.entry(kind).or_default().1 += 1;
        }
        self.tell(|names| match &answer {
            Ok(answer) => format!("        request {number}: {}", names.answer(answer)),
            Err(trouble) => format!("        request {number}: nothing, {}", said(trouble)),
        });
        self.demand(broken)
    }

    /// Everything that is under way comes to an end.
    fn settle(&mut self) -> Result<(), Broken> {
        let begun = self.executor.steps();
        while self.step()? {
            if self.executor.steps() - begun > MOST_STEPS {
                return self.stuck(&format!("after {MOST_STEPS} steps"));
            }
        }
        if self.waiting.get() > 0 {
            return self.stuck("and nobody can go on");
        }
        for host in 0..self.hosts.len() {
            let broken = self.hosts[host].listen();
            self.demand(broken)?;
        }
        Ok(())
    }

    fn stuck(&self, how: &str) -> Result<(), Broken> {
        let open = self.requests.iter().filter(|(_, request)| request.open.get() > 0);
        let open = self.database.see(|world, _| {
            let names = Names(world);
            open.map(|(number, request)| format!("request {number} ({})", names.want(&request.want)))
                .collect::<Vec<_>>()
        });
        let locks = self.database.waiting().join("; ");
        let how = format!("not answered {how}: {}; {locks}", open.join(", "));
        Err(Broken::new(Promise::Answered, how))
    }

    fn crash(&mut self, host: usize) -> Result<(), Broken> {
        self.tell(|_| format!("host {host} dies, and starts again"));
        self.executor.kill(host);
        self.start(host)
    }

    fn start(&mut self, number: usize) -> Result<(), Broken> {
        let started =
            Host::start(&self.database, &self.time, &self.ids, self.script.desks, &self.town.teller);
        let Some((host, desks)) = started else {
            return Err(Broken::new(Promise::Answered, format!("host {number} does not start")));
        };
        for desk in desks {
            self.executor.spawn(number, desk.run());
        }
        if number < self.hosts.len() {
            self.hosts[number] = host;
        } else {
            self.hosts.push(host);
        }
        Ok(())
    }

    /// Nothing, or the end of this history.
    #[expect(clippy::unused_self, reason = "it reads as what it is")]
    fn demand(&self, broken: Option<Broken>) -> Result<(), Broken> {
        broken.map_or(Ok(()), Err)
    }

    fn tell(&mut self, say: impl FnOnce(&Names<'_>) -> String) {
        if self.tells {
            let said = self.database.see(|world, _| say(&Names(world)));
            self.outcome.told.push(said);
        }
    }

    fn tell_entries(&mut self) {
        if !self.tells {
            return;
        }
        let from = self.told_until;
        let said = self.database.see(|world, entries| {
            let names = Names(world);
            entries[from..]
                .iter()
                .map(|it| format!("    {:>5} {}", it.sequence, names.entry(it)))
                .collect::<Vec<_>>()
        });
        self.told_until += said.len();
        self.outcome.told.extend(said);
    }
}

fn said(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Store(
            StoreError::Failed(source) | StoreError::Conflict(source) | StoreError::Away(source),
        ) => source.to_string(),
        other => other.to_string(),
    }
}
