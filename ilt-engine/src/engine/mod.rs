//! The engine: the desk, the feed of the journal, the timers, and the catalogue, put together.
//!
//! # Flow
//! [`Engine::ask`] queues an order → the [`desk`] decides batches of them, each in one transaction → the [`feed`] reads what
//! was committed and keeps the catalogue and the live listeners current → [`timers`] put what is due back in the queue.
//!
//! # Not here
//! HTTP, tokens, files: everything that turns the outside's words into orders.

pub mod alternatives;
mod anew;
pub mod batch;
pub mod desk;
mod evidence;
pub mod feed;
pub(crate) mod look;
pub mod people;
mod precedence;
mod pulse;
pub mod system;
pub mod timers;
mod trouble;
pub mod upkeep;

use std::sync::{Arc, RwLock, RwLockReadGuard};
use std::time::Duration;

use ilt_core::desk::{Command, Key, Order, Reply};
use ilt_core::journal::Actor;
use ilt_core::ports::{Clock, Evidence, Ids, Journal, Reads, Rules, Store, Timers};
use ilt_core::ranking::{Catalogue, Weights};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

pub use anew::Anew;
use desk::DeskHandle;
pub use evidence::Gathered;
use feed::Feed;
use people::People;
use pulse::Vigil;
pub use trouble::Trouble;

/// The adapters an engine runs on.
#[derive(Clone)]
pub struct Ports {
    /// Transactions.
    pub store: Arc<dyn Store>,
    /// The journal.
    pub journal: Arc<dyn Journal>,
    /// What is due.
    pub timers: Arc<dyn Timers>,
    /// Reading without deciding.
    pub reads: Arc<dyn Reads>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where new ids come from.
    pub ids: Arc<dyn Ids>,
    /// Dealers' own rules.
    pub rules: Arc<dyn Rules>,
    /// What people completed elsewhere.
    pub evidence: Arc<dyn Evidence>,
}

/// How an engine is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Desks that decide side by side; more than one only helps on PostgreSQL.
    pub desks: usize,
    /// Orders that may wait at each desk; one more is refused.
    pub queue: usize,
    /// Orders decided in one transaction at most.
    pub batch: usize,
    /// How long an order may wait for its turn.
    pub patience: Duration,
    /// How long the answer to a request is kept for its repetition.
    pub remember: Duration,
    /// How often the journal is read for what other hosts have written.
    pub feed_every: Duration,
    /// How long an alternative that was shown can be taken.
    pub alternative_lasts: Duration,
    /// How long a proposal can be taken that nobody asked for: after waiting in vain, or when a session is cancelled.
    pub proposal_lasts: Duration,
    /// What counts how much when alternatives are ranked.
    pub weights: Weights,
    /// After how long a batch that has not ended ends this process, so that whoever started it starts it again; never when absent,
    /// as it must be where the engine is a part of a larger program.
    pub give_up: Option<Duration>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            desks: 1,
            queue: 4_096,
            batch: 512,
            patience: Duration::from_secs(2),
            remember: Duration::from_hours(7 * 24),
            feed_every: Duration::from_millis(200),
            alternative_lasts: Duration::from_mins(30),
            proposal_lasts: Duration::from_hours(72),
            weights: Weights::default(),
            give_up: None,
        }
    }
}

/// The engine. Clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    ports: Ports,
    settings: Settings,
    desks: Arc<[DeskHandle]>,
    catalogue: Arc<RwLock<Catalogue>>,
    feed: Feed,
    people: People,
    vigil: Arc<Vigil>,
    stopping: CancellationToken,
    listeners: CancellationToken,
    tasks: TaskTracker,
}

impl Engine {
    /// Loads the catalogue and starts the desks, the feed and the timers.
    ///
    /// # Errors
    /// [`Trouble::Store`] when the catalogue cannot be loaded.
    pub async fn start(ports: Ports, settings: Settings) -> Result<Self, Trouble> {
        let (engine, desks) = Self::assemble(ports, settings).await?;
        let (tasks, vigil) = (&engine.tasks, &engine.vigil);
        let pulses = desks.iter().map(desk::Desk::pulse).collect();
        for desk in desks {
            tasks.spawn(vigil.clone().over("desk", desk.run()));
        }
        tasks.spawn(vigil.clone().over("feed", feed::follow(engine.clone())));
        tasks.spawn(vigil.clone().over("timers", timers::run(engine.clone())));
        tasks.spawn(vigil.clone().over("upkeep", upkeep::run(engine.clone())));
        let watched = vigil.clone().keep(pulses, engine.settings.give_up, tasks_ended(tasks), give_up);
        if let Err(error) = watched {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "nobody watches whether the desk is stuck"
            );
        }
        Ok(engine)
    }

    /// Loads the catalogue, and puts an engine together that does nothing by itself: whoever drives it runs its desks, and has
    /// [`feed`], [`timers`] and [`upkeep`] take their turns. A simulation does.
    ///
    /// # Errors
    /// [`Trouble::Store`] when the catalogue cannot be loaded.
    pub async fn assemble(ports: Ports, settings: Settings) -> Result<(Self, Vec<desk::Desk>), Trouble> {
        let (world, head) = ports.reads.catalogue(ports.clock.now()).await?;
        let catalogue = Arc::new(RwLock::new(Catalogue::new(&world)));
        let people = People::new(ports.reads.clone());
        let feed = Feed::new(head);
        let desks = (0..settings.desks.max(1)).map(|_| desk::desk(ports.clone(), &settings, feed.bell()));
        let (handles, desks): (Vec<_>, Vec<_>) = desks.unzip();
        let engine = Self {
            desks: handles.into(),
            ports,
            settings,
            catalogue,
            feed,
            people,
            vigil: Arc::default(),
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
            listeners: CancellationToken::new(),
        };
        Ok((engine, desks))
    }

    /// Has something done, and waits for the answer.
    ///
    /// A `key` with the digest of the request's body makes a repetition answer as the first time did.
    ///
    /// # Errors
    /// [`Trouble::Refused`] when a rule says no, [`Trouble::Busy`] when the queue is full or the order waited too long;
    /// nothing has happened then.
    pub async fn ask(
        &self,
        actor: Actor,
        command: Command,
        key: Option<(Key, String)>,
        correlation: Uuid,
    ) -> Result<Reply, Trouble> {
        let granted = self.granted(&command).await;
        self.order_with_evidence(Order { granted, ..Order::new(actor, command, key, correlation) }).await
    }

    /// Puts an order in the queue of its desk, and waits for the answer.
    async fn order(&self, order: Order) -> Result<Reply, Trouble> {
        let desk = &self.desks[self.desk_of(&order.command)];
        let order = Order { command: order.command.composed(), ..order };
        desk.ask(order).await?.map_err(Trouble::Refused)
    }

    /// The catalogue as it is now. Hold it shortly: the feed waits for it.
    pub fn catalogue(&self) -> RwLockReadGuard<'_, Catalogue> {
        self.catalogue.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The adapters it runs on.
    pub fn ports(&self) -> &Ports {
        &self.ports
    }

    /// How it is set up.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What was committed, as it comes.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// People, for whoever must know who is asking.
    pub fn people(&self) -> &People {
        &self.people
    }

    /// Ends whoever listens to live updates; orders are still taken.
    pub fn end_listeners(&self) {
        self.listeners.cancel();
    }

    /// Waits until listeners are to end.
    pub async fn stopped(&self) {
        self.listeners.cancelled().await;
    }

    /// For how long the batch that takes longest has been under way; `None` when a part of the engine has died.
    pub fn stuck_for(&self) -> Option<Duration> {
        self.vigil.stuck_for()
    }

    /// Orders waiting at the desks.
    pub fn waiting(&self) -> usize {
        self.desks.iter().map(DeskHandle::waiting).sum()
    }

    /// Has something run until the engine stops.
    pub fn alongside(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stopping = self.stopping.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = stopping.cancelled() => {}
                () = work => {}
            }
        });
    }

    /// Takes no more orders, answers those it has, and stops.
    pub async fn stop(&self) {
        for desk in self.desks.iter() {
            desk.close();
        }
        self.stopping.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Orders about one session meet at one desk, so that they share a transaction instead of waiting for each other's.
    fn desk_of(&self, command: &Command) -> usize {
        if let Some(session) = command.session() {
            return self.desk_at(session.0);
        }
        let id = match command {
            Command::Cancel { registration, .. }
            | Command::TakeOffer { registration }
            | Command::DeclineOffer { registration }
            | Command::LapseOffer { registration }
            | Command::Transfer { registration, .. }
            | Command::Swap { registration, .. }
            | Command::Approve { registration }
            | Command::Decline { registration, .. } => registration.0,
            Command::TakeAlternative { alternative } => alternative.0,
            Command::Show { learner, .. } | Command::Help { learner, .. } => learner.0,
            _ => Uuid::nil(),
        };
        self.desk_at(id)
    }

    fn desk_at(&self, id: Uuid) -> usize {
        let low = u64::from_le_bytes(id.as_bytes()[8..].try_into().unwrap_or_default());
        usize::try_from(low % self.desks.len() as u64).unwrap_or(0)
    }
}

/// Cancelled once everything that was spawned has come to its end.
fn tasks_ended(tasks: &TaskTracker) -> CancellationToken {
    let (tasks, ended) = (tasks.clone(), CancellationToken::new());
    let guard = ended.clone().drop_guard();
    tokio::spawn(async move {
        tasks.wait().await;
        drop(guard);
    });
    ended
}

/// Ends this process: nothing that is left of it is worth waiting for.
fn give_up(why: &str) {
    tracing::error!(why, "this host gets nothing done any more, and ends itself to be started again");
    std::process::exit(70);
}
