//! Followers of the journal: each with a name, a checkpoint of its own, and an idempotent way to do what comes next.
//!
//! # Flow
//! [`Followers::start`] gives every follower a task. It takes the lease of its name, so that one host at a time does the
//! work → has the follower take turns while there is something to do → waits for the bell of this host's commits, or looks
//! again after a while for those of others. A turn that fails is taken again, later and later; nobody else waits for it.
//!
//! # Not here
//! What reaches people in this process (the feed), what happens at a time (timers).

#[cfg(feature = "kafka")]
pub mod bridge;
pub mod calendar;
pub mod forward;
mod lease;
pub mod numbers;
#[cfg(feature = "kafka")]
pub mod relay;
mod standing;
pub mod teller;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ilt_core::fault::with_causes;
use ilt_core::ports::{Clock, Journal, Leases, Statements, StoreError};
use ilt_core::retry::Backoff;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use lease::{ASK_EVERY, Lease};
pub use standing::{Seen, Standing};

/// A turn that is not over by then has come to nothing.
pub const TURN: Duration = Duration::from_mins(1);
/// How often a follower looks for what other hosts have committed.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How often at most it is asked how old the oldest is that is left: each time costs two questions to the store.
const LOOK_BACK_EVERY: SignedDuration = SignedDuration::from_secs(1);

/// Why a turn failed; nothing of it counts.
#[derive(Debug, thiserror::Error)]
#[error("{said}")]
pub struct TurnFailed {
    /// What happened, without names, mail addresses or bodies.
    pub said: String,
    /// How long whoever refused wants to be left alone.
    pub leave_alone: Option<Duration>,
    /// Whether more at once could tell whose fault it is; fewer are tried next otherwise.
    pub wants_more: bool,
}

impl From<StoreError> for TurnFailed {
    fn from(error: StoreError) -> Self {
        Self::because(&error)
    }
}

impl TurnFailed {
    /// An error with everything that led to it.
    pub fn because(error: &dyn std::error::Error) -> Self {
        Self::said(with_causes(error))
    }

    /// This happened, and nothing else is known.
    pub fn said(said: impl Into<String>) -> Self {
        Self { said: said.into(), leave_alone: None, wants_more: false }
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

/// What a follower has left to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Left {
    /// How many.
    pub behind: u64,
    /// When the first of them happened.
    pub since: Option<Timestamp>,
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

    /// What it has not done yet.
    async fn left(&self) -> Result<Left, StoreError>;
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
                lease: Lease::new(leases.clone(), clock.clone(), follower.name(), holder),
                follower,
                standing: standing.clone(),
                clock: clock.clone(),
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
    lease: Lease,
    clock: Arc<dyn Clock>,
    bell: watch::Receiver<u64>,
    rings: watch::Sender<u64>,
    looked_back: Option<Timestamp>,
    stopping: CancellationToken,
}

impl Run {
    async fn until_stopped(mut self) {
        let mut backoff = Backoff::default();
        while !self.stopping.is_cancelled() {
            let (pause, listens) = match self.once().await {
                Ok(Some(turn)) => {
                    backoff.went_well();
                    self.standing.took(turn);
                    if turn.done > 0 {
                        self.rings.send_modify(|done| *done += turn.done);
                    }
                    self.look_back(turn.behind > 0).await;
                    (if turn.done > 0 && turn.behind > 0 { Duration::ZERO } else { LOOK_EVERY }, true)
                }
                Ok(None) => {
                    self.standing.waits();
                    (ASK_EVERY, false)
                }
                Err(failed) => {
                    let now = self.clock.now();
                    let pause = backoff.failed(failed.leave_alone, now);
                    let (name, failures) = (self.follower.name(), backoff.failures());
                    let said = failed.said.as_str();
                    tracing::warn!(follower = name, failures, said, "a follower could not take its turn");
                    self.standing.failed(said, now);
                    self.look_back(true).await;
                    (pause, false)
                }
            };
            self.rest(pause, listens).await;
        }
        self.lease.let_go().await;
    }

    /// A turn, when this host is the one to take it.
    async fn once(&mut self) -> Result<Option<Turn>, TurnFailed> {
        if !self.lease.holds().await? {
            return Ok(None);
        }
        let turn = tokio::time::timeout(TURN, self.follower.turn());
        let turn = self.lease.during(turn).await;
        let turn = turn.ok_or_else(|| TurnFailed::said("the lease was lost during the turn"))?;
        turn.map_err(|_| TurnFailed::said("the turn took too long"))?.map(Some)
    }

    /// Sees how much is left and how old the oldest of it is, when something is.
    async fn look_back(&mut self, is_behind: bool) {
        let now = self.clock.now();
        if is_behind && self.looked_back.is_some_and(|before| now.duration_since(before) < LOOK_BACK_EVERY) {
            return;
        }
        self.looked_back = is_behind.then_some(now);
        // While the store does not answer, what was seen last goes on growing old.
        if is_behind && let Ok(left) = self.follower.left().await {
            self.standing.has(left);
        } else if !is_behind {
            self.standing.has(Left::default());
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

/// The statements that were told of after a follower's checkpoint.
async fn statements_left(
    journal: &dyn Journal,
    statements: &dyn Statements,
    follower: &str,
) -> Result<Left, StoreError> {
    let at = journal.checkpoint(follower).await?;
    let (first, last) = (statements.told_after(at, 1).await?, statements.last_number().await?);
    Ok(Left { behind: last.saturating_sub(at), since: first.first().map(|it| it.told.at) })
}
