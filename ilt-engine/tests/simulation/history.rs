//! One history: hosts that crash, clients that retry, a clock that jumps.

use std::sync::Arc;

use ilt_core::desk::{Answer, Command, Key, OnFull, Order, Reply};
use ilt_core::ids::RegistrationId;
use ilt_core::journal::{Actor, Entry};
use ilt_core::ports::{Journal, Reads, Store, Timers};
use ilt_core::testing::{CountingIds, FixedClock};
use ilt_engine::desk::{Desk, DeskHandle, desk};
use ilt_engine::{Ports, Settings, Trouble};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{oneshot, watch};

use crate::crashing::{Crashing, Fate};
use crate::dice::Dice;
use crate::{invariants, town};

const TURNS: u32 = 24;
const HOSTS: usize = 2;

/// What a store under simulation can do.
pub trait Backend: Store + Journal + Timers + Reads + Clone + 'static {}
impl<T: Store + Journal + Timers + Reads + Clone + 'static> Backend for T {}

type Pending = oneshot::Receiver<Result<Answer, Trouble>>;

/// A request as its client knows it.
struct Request {
    order: Order,
    /// What was answered, whether or not the client heard it.
    answered: Option<Answer>,
    /// The client has heard an answer.
    heard: bool,
}

struct Host {
    handle: DeskHandle,
    desk: Desk,
}

/// A world in motion.
struct History {
    dice: Dice,
    fate: Fate,
    ports: Ports,
    clock: Arc<FixedClock>,
    now: Timestamp,
    hosts: Vec<Host>,
    requests: Vec<Request>,
    known: Vec<RegistrationId>,
    contradiction: Option<String>,
}

/// Plays the history that `seed` tells on `store`, and answers what is broken at its first bad moment.
pub async fn play<S: Backend>(store: S, seed: u64, crash_one_in: u32) -> Result<(), String> {
    let dice = Dice::seeded(seed);
    let clock = Arc::new(FixedClock::at(town::beginning()));
    let sound = Ports {
        store: Arc::new(store.clone()),
        journal: Arc::new(store.clone()),
        timers: Arc::new(store.clone()),
        reads: Arc::new(store.clone()),
        clock: clock.clone(),
        ids: Arc::new(CountingIds::default()),
        rules: Arc::new(ilt_core::ports::NoRules),
        evidence: Arc::new(ilt_core::ports::OwnCompletions),
    };
    town::found(&sound).await;
    let fate = Fate::new(dice.clone(), crash_one_in);
    let ports = Ports { store: Arc::new(Crashing { inner: store, fate: fate.clone() }), ..sound };
    let now = town::beginning();
    let hosts = (0..HOSTS).map(|_| host(&ports)).collect();
    let mut history = History {
        dice,
        fate,
        ports,
        clock,
        now,
        hosts,
        requests: Vec::new(),
        known: Vec::new(),
        contradiction: None,
    };
    for turn in 0..TURNS {
        history.turn().await;
        let (world, entries) = invariants::look(&history.ports).await;
        let broken = invariants::broken(&world, &entries)
            .or_else(|| history.unkept(&entries))
            .or_else(|| history.contradiction.take());
        if let Some(broken) = broken {
            return Err(format!("seed {seed}, turn {turn}: {broken}"));
        }
    }
    Ok(())
}

fn host(ports: &Ports) -> Host {
    let settings = Settings { batch: 4, ..Settings::default() };
    let (handle, desk) = desk(ports.clone(), &settings, watch::Sender::new(0));
    Host { handle, desk }
}

impl History {
    /// Clients ask, hosts decide, time passes.
    async fn turn(&mut self) {
        self.pass_time();
        for _ in 0..self.dice.below(6) {
            let order = self.wish();
            self.requests.push(Request { order, answered: None, heard: false });
        }
        let mut pending = Vec::new();
        for (at, request) in self.requests.iter().enumerate() {
            if !request.heard {
                let host = &self.hosts[self.dice.below(2) as usize % HOSTS];
                if let Ok(answer) = host.handle.leave(request.order.clone()) {
                    pending.push((at, answer));
                }
            }
        }
        self.fire_timers().await;
        self.serve().await;
        self.hear(pending);
        if self.fate.has_crashed() {
            // All that a host knew is gone; what was committed is not.
            self.hosts = (0..HOSTS).map(|_| host(&self.ports)).collect();
        }
    }

    /// Both hosts work at the same time, step by step in an order that the dice choose.
    async fn serve(&mut self) {
        let [one, other] = &mut self.hosts[..] else { unreachable!("two hosts") };
        let work = async |desk: &mut Desk| while desk.turn().await > 0 {};
        tokio::join!(work(&mut one.desk), work(&mut other.desk));
    }

    fn hear(&mut self, pending: Vec<(usize, Pending)>) {
        for (at, mut answer) in pending {
            let Ok(Ok(answer)) = answer.try_recv() else { continue };
            let is_lost = self.dice.one_in(5);
            let request = &mut self.requests[at];
            if let Some(first) = &request.answered
                && *first != answer
            {
                self.contradiction =
                    Some(format!("answered {first:?} at first, and {answer:?} when repeated"));
            }
            request.heard = !is_lost;
            if let Ok(Reply::Registration { registration, .. }) = &answer {
                self.known.push(registration.id);
            }
            request.answered = Some(answer);
        }
    }

    fn pass_time(&mut self) {
        let hours = match self.dice.below(10) {
            0 => 26,
            1 => -1,
            2..=5 => 5,
            _ => 0,
        };
        self.now = self.now.saturating_add(SignedDuration::from_hours(hours)).expect("in range");
        self.now = self.now.saturating_add(SignedDuration::from_micros(1)).expect("in range");
        self.clock.set(self.now);
    }

    /// Timers that are due join the queue; some are lost with the host that claimed them, and come again.
    async fn fire_timers(&mut self) {
        let lease = self.now.saturating_add(SignedDuration::from_mins(1)).expect("in range");
        let due = self.ports.timers.claim(self.now, lease, 10).await.expect("timers can be claimed");
        for timer in due.into_iter().filter(|_| !self.dice.one_in(4)) {
            let (actor, command) = (Actor::system("timer"), timer.command());
            let order = Order::new(actor, command, None, uuid::Uuid::nil());
            let _nobody_waits = self.hosts[0].handle.leave(order);
        }
    }

    fn wish(&self) -> Order {
        let dice = &self.dice;
        let learner = town::learner(u128::from(dice.below(6)));
        let session = town::session(u128::from(dice.below(5)));
        let registration = if self.known.is_empty() {
            RegistrationId(self.ports.ids.next())
        } else {
            dice.pick(&self.known)
        };
        let (actor, command) = match dice.below(20) {
            0..=10 => {
                let on_full = dice.pick(&[OnFull::Waitlist, OnFull::Waitlist, OnFull::Alternatives]);
                let (automatic, reason) = (dice.one_in(2), None);
                let actor = dice.pick(&[learner, town::manager()]);
                (actor, Command::Register { session, learner, on_full, automatic, reason })
            }
            11..=14 => (town::manager(), Command::Cancel { registration, reason: Some("ill".to_owned()) }),
            15 | 16 => (town::manager(), Command::TakeOffer { registration }),
            17 => (town::manager(), Command::DeclineOffer { registration }),
            18 => {
                let plans = vec![town::plan(u128::from(dice.below(5)), 1 + dice.below(4))];
                (town::admin(), Command::SaveSessions { plans, historic: false })
            }
            _ if dice.one_in(4) => (
                town::admin(),
                Command::CancelSession { session, reason: "storm".to_owned(), proposals: Vec::new() },
            ),
            _ => (learner, Command::Cancel { registration, reason: None }),
        };
        let key = Key { person: actor, key: format!("{}", self.requests.len()) };
        let digest = "the same body".to_owned();
        Order::new(Actor::Person(actor), command, Some((key, digest)), uuid::Uuid::nil())
    }

    /// A yes that a client heard and that the journal does not know.
    fn unkept(&self, entries: &[Entry]) -> Option<String> {
        self.requests.iter().filter(|request| request.heard).find_map(|request| {
            let Some(Ok(Reply::Registration { registration, .. })) = &request.answered else { return None };
            let is_lost = entries.iter().all(|entry| entry.registration != Some(registration.id));
            is_lost.then(|| format!("registration {} was promised and is gone", registration.id))
        })
    }
}
