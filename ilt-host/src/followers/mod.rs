//! Followers of the journal: each with a name, a checkpoint of its own, and an idempotent way to do what comes next.
//!
//! # Flow
//! [`Followers::start`] gives every follower a task. It takes the lease of its name, so that one host at a time does the
//! work → has the follower take turns while there is something to do → waits for the bell of this host's commits, or looks
//! again after a while for those of others. A turn that fails is taken again, later and later; nobody else waits for it.
//!
//! # Not here
//! What reaches people in this process (the feed), what happens at a time (timers).

pub mod forward;
pub mod numbers;
#[cfg(feature = "kafka")]
pub mod relay;
mod standing;
pub mod teller;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ilt_core::ports::{Clock, Journal, Leases, Statements, StoreError};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

pub use standing::{Seen, Standing};

/// How long a lease lasts; after the death of a host another takes over within that time.
const LEASE: SignedDuration = SignedDuration::from_secs(10);
/// A turn must be over by then, so that two hosts never send at the same time.
pub const TURN: Duration = Duration::from_secs(6);
/// For how long a lease is good for another turn: a [`LEASE`] less a [`TURN`].
const HELD: SignedDuration = SignedDuration::from_secs(4);
/// How often a follower looks for what other hosts have committed.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How often a host looks whether it may take over.
const ASK_EVERY: Duration = Duration::from_secs(1);
/// How often at most it is asked how old the oldest is that is left: each time costs two questions to the store.
const LOOK_BACK_EVERY: SignedDuration = SignedDuration::from_secs(1);
/// The longest pause after a turn that failed.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Why a turn failed; nothing of it counts.
#[derive(Debug, thiserror::Error)]
#[error("{said}")]
pub struct TurnFailed {
    /// What happened, without names, mail addresses or bodies.
    pub said: String,
    /// How long whoever refused wants to be left alone.
    pub leave_alone: Option<Duration>,
}

impl From<StoreError> for TurnFailed {
    fn from(error: StoreError) -> Self {
        Self::because(&error)
    }
}

impl TurnFailed {
    /// An error with everything that led to it.
    pub fn because(error: &dyn std::error::Error) -> Self {
        let mut said = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            said = format!("{said}: {cause}");
            source = cause.source();
        }
        Self { said, leave_alone: None }
    }
}

/// What a turn came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Turn {
    /// How many it did; with none there is nothing to do just now.
    pub done: u64,
    /// How many are left.
    pub behind: u64,
}

/// Something that follows the journal.
#[async_trait]
pub trait Follower: Send + Sync {
    /// Its name, that of its checkpoint and lease.
    fn name(&self) -> &'static str;

    /// The follower whose work it goes on with; none when it follows the journal itself.
    fn follows(&self) -> Option<&'static str> {
        None
    }

    /// Does what comes next, within [`TURN`], and remembers how far it came.
    async fn turn(&self) -> Result<Turn, TurnFailed>;

    /// When the first thing happened that it has not done yet; none when there is nothing.
    async fn oldest(&self) -> Result<Option<Timestamp>, StoreError>;
}

/// The followers of this host. Clones are the same.
#[derive(Clone, Default)]
pub struct Followers {
    standings: Arc<Vec<Standing>>,
    tasks: TaskTracker,
    stopping: CancellationToken,
}

impl Followers {
    /// Starts these on the host `holder`; `bell` rings when it has committed something.
    pub fn start(
        list: Vec<Box<dyn Follower>>,
        holder: Uuid,
        leases: &Arc<dyn Leases>,
        clock: &Arc<dyn Clock>,
        bell: &watch::Sender<u64>,
    ) -> Self {
        let standings: Vec<_> = list.iter().map(|follower| Standing::new(follower.name())).collect();
        let followers = Self { standings: Arc::new(standings), ..Self::default() };
        let bells: BTreeMap<_, _> = list.iter().map(|it| (it.name(), watch::Sender::new(0))).collect();
        for (follower, standing) in list.into_iter().zip(followers.standings.iter()) {
            let before = follower.follows().and_then(|name| bells.get(name));
            let run = Run {
                bell: before.unwrap_or(bell).subscribe(),
                rings: bells[follower.name()].clone(),
                follower,
                standing: standing.clone(),
                leases: leases.clone(),
                clock: clock.clone(),
                holder,
                held_since: None,
                looked_back: None,
                stopping: followers.stopping.clone(),
            };
            followers.tasks.spawn(run.until_stopped());
        }
        followers
    }

    /// The same, and beside them something that `run` does until it is told to stop, which writes down how it stands.
    #[must_use]
    pub fn beside<F>(mut self, standing: Standing, run: impl FnOnce(CancellationToken) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Arc::make_mut(&mut self.standings).push(standing);
        self.tasks.spawn(run(self.stopping.clone()));
        self
    }

    /// How each of them stands.
    pub fn seen(&self) -> Vec<Seen> {
        self.standings.iter().map(Standing::seen).collect()
    }

    /// Lets turns end that have begun, gives the leases back, and stops.
    pub async fn stop(&self) {
        self.stopping.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

struct Run {
    follower: Box<dyn Follower>,
    standing: Standing,
    leases: Arc<dyn Leases>,
    clock: Arc<dyn Clock>,
    holder: Uuid,
    bell: watch::Receiver<u64>,
    rings: watch::Sender<u64>,
    held_since: Option<Timestamp>,
    looked_back: Option<Timestamp>,
    stopping: CancellationToken,
}

impl Run {
    async fn until_stopped(mut self) {
        let mut failures = 0_u32;
        while !self.stopping.is_cancelled() {
            let pause = match self.once().await {
                Ok(Some(turn)) => {
                    failures = 0;
                    self.standing.took(turn);
                    if turn.done > 0 {
                        self.rings.send_modify(|done| *done += turn.done);
                    }
                    self.look_back(turn.behind > 0).await;
                    if turn.done > 0 && turn.behind > 0 { Duration::ZERO } else { LOOK_EVERY }
                }
                Ok(None) => {
                    self.standing.waits();
                    ASK_EVERY
                }
                Err(failed) => {
                    failures += 1;
                    let (name, said) = (self.follower.name(), failed.said.as_str());
                    tracing::warn!(follower = name, failures, said, "a follower could not take its turn");
                    self.standing.failed(&failed.said, self.clock.now());
                    self.look_back(true).await;
                    let pause = LOOK_EVERY * 2_u32.pow(failures.min(9));
                    // Hosts that failed together need not try again together.
                    let jitter = f64::from(self.clock.now().subsec_microsecond()) / 2_000_000.0;
                    failed.leave_alone.unwrap_or_else(|| pause.mul_f64(0.5 + jitter))
                }
            };
            self.rest(pause.min(LONGEST_PAUSE), failures == 0).await;
        }
        // Another host need not wait for the lease to end.
        let _unreachable = self.leases.let_go(self.follower.name(), self.holder).await;
    }

    /// A turn, when this host is the one to take it.
    async fn once(&mut self) -> Result<Option<Turn>, TurnFailed> {
        if !self.holds().await? {
            return Ok(None);
        }
        let turn = tokio::time::timeout(TURN, self.follower.turn()).await;
        turn.map_err(|_| TurnFailed { said: "the turn took too long".to_owned(), leave_alone: None })?
            .map(Some)
    }

    /// Whether the lease is this host's until a turn is over. It is not asked for again before that is in doubt: each time is a
    /// transaction that waits for the disk, and those who wait for what follows wait with it.
    async fn holds(&mut self) -> Result<bool, StoreError> {
        let now = self.clock.now();
        // A clock that was put back tells nothing of how long it has been held.
        if self.held_since.is_some_and(|since| since <= now && now.duration_since(since) < HELD) {
            return Ok(true);
        }
        self.held_since = None;
        let until = now.saturating_add(LEASE).unwrap_or(now);
        let holds = self.leases.hold(self.follower.name(), self.holder, now, until).await?;
        self.held_since = holds.then_some(now);
        Ok(holds)
    }

    /// Sees how old the oldest is that is left, when something is.
    async fn look_back(&mut self, is_behind: bool) {
        let now = self.clock.now();
        if is_behind && self.looked_back.is_some_and(|before| now.duration_since(before) < LOOK_BACK_EVERY) {
            return;
        }
        self.looked_back = is_behind.then_some(now);
        let oldest = if is_behind { self.follower.oldest().await } else { Ok(None) };
        // While the store does not answer, what was seen last goes on growing old.
        if let Ok(oldest) = oldest {
            self.standing.has_since(oldest);
        }
    }

    async fn rest(&mut self, pause: Duration, listens: bool) {
        if pause.is_zero() {
            return;
        }
        tokio::select! {
            () = self.stopping.cancelled() => {}
            Ok(()) = self.bell.changed(), if listens => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// When the first statement was told of after a follower's checkpoint.
async fn oldest_statement(
    journal: &dyn Journal,
    statements: &dyn Statements,
    follower: &str,
) -> Result<Option<Timestamp>, StoreError> {
    let page = statements.told_after(journal.checkpoint(follower).await?, 1).await?;
    Ok(page.first().map(|it| it.told.at))
}
