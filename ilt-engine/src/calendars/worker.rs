//! Sessions that are due, a few at a time.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use ilt_core::calendar::CalendarTrouble;
use ilt_core::ports::{Due, Leases, StoreError};
use ilt_core::retry::Backoff;
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::keeper::Keeper;
use crate::followers::Standing;

/// The name under which `/health/ready` tells of it; also that of the lease of whoever compares everything.
pub const CALENDARS: &str = "calendars";
/// How often it is looked whether anything is due.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Sessions counted that differ.
const MOST_DIFFERING: u32 = 1_000;

/// How a worker works.
#[derive(Debug, Clone, Copy)]
pub struct Habits {
    /// Sessions looked after at once.
    pub at_once: usize,
    /// How often all that is to come is due, whatever happened.
    pub compare_every: SignedDuration,
}

/// Looks after sessions that are due.
pub struct Worker {
    /// Who makes calendars show them.
    pub keeper: Keeper,
    /// Who of several hosts compares everything.
    pub leases: Arc<dyn Leases>,
    /// This host.
    pub holder: Uuid,
    /// How it works.
    pub habits: Habits,
    /// Where it says how it stands.
    pub standing: Standing,
}

/// What became of a session.
enum Came {
    Settled,
    /// It waits, for a reason of its own.
    Waits(String),
    /// The calendar is away for all.
    Away(String),
}

impl Worker {
    /// Works until it is told to stop. What it has begun it leaves where it is: the next goes on from there.
    pub async fn until_stopped(self, stopping: CancellationToken) {
        let (mut backoff, mut compare_at) = (Backoff::default(), Timestamp::MIN);
        while !stopping.is_cancelled() {
            let now = self.keeper.clock.now();
            let pause = match self.turn(now, &mut compare_at, &stopping).await {
                Ok(None) => LOOK_EVERY,
                Ok(Some(Came::Settled | Came::Waits(_))) => {
                    backoff.went_well();
                    Duration::ZERO
                }
                Ok(Some(Came::Away(said))) => self.failed(&said, &mut backoff),
                Err(error) => self.failed(&error.to_string(), &mut backoff),
            };
            if !pause.is_zero() {
                tokio::select! {
                    () = stopping.cancelled() => {}
                    () = tokio::time::sleep(pause) => {}
                }
            }
        }
    }

    fn failed(&self, said: &str, backoff: &mut Backoff) -> Duration {
        let now = self.keeper.clock.now();
        self.standing.failed(said, now);
        let pause = backoff.failed(None, now);
        tracing::warn!(said, failures = backoff.failures(), "calendars cannot be kept just now");
        pause
    }

    /// Looks after some of what is due; nothing when nothing is.
    async fn turn(
        &self,
        now: Timestamp,
        compare_at: &mut Timestamp,
        stopping: &CancellationToken,
    ) -> Result<Option<Came>, StoreError> {
        if now >= *compare_at {
            self.compare(now).await?;
            *compare_at = now.saturating_add(self.habits.compare_every).unwrap_or(Timestamp::MAX);
        }
        let mirrors = &self.keeper.mirrors;
        let at_once = self.habits.at_once.max(1);
        let due = self.keeper.claim(u32::try_from(at_once).unwrap_or(u32::MAX)).await?;
        let is_idle = due.is_empty();
        let came: Vec<_> = futures::stream::iter(due)
            .map(|due| self.one(due, stopping))
            .buffer_unordered(at_once)
            .collect()
            .await;
        let came = came.into_iter().collect::<Result<Vec<_>, _>>()?;
        let waiting = mirrors.waiting().await?;
        self.standing.is_behind(waiting.count);
        self.standing.has_since(waiting.since);
        if is_idle {
            if waiting.count == 0 {
                self.standing.flows();
            }
            return Ok(None);
        }
        self.standing.settled(came.iter().filter(|it| matches!(it, Came::Settled)).count() as u64);
        let worst = came.into_iter().max_by_key(|it| match it {
            Came::Settled => 0,
            Came::Waits(_) => 1,
            Came::Away(_) => 2,
        });
        match &worst {
            Some(Came::Waits(said)) => self.standing.failed(said, now),
            Some(Came::Settled) => self.standing.flows(),
            Some(Came::Away(_)) | None => {}
        }
        Ok(worst)
    }

    /// Makes everything due, when it is this host's turn.
    async fn compare(&self, now: Timestamp) -> Result<(), StoreError> {
        let until = now.saturating_add(self.habits.compare_every).unwrap_or(Timestamp::MAX);
        if self.leases.hold(CALENDARS, self.holder, now, until).await? {
            let due = self.keeper.mirrors.want_all(now).await?;
            tracing::debug!(due, "calendars are compared with the ledger");
        }
        let differing = self.keeper.mirrors.differing(now, MOST_DIFFERING).await?.len();
        #[expect(clippy::cast_precision_loss, reason = "a gauge")]
        metrics::gauge!("ilt_calendar_differing").set(differing as f64);
        Ok(())
    }

    async fn one(&self, mut due: Due, stopping: &CancellationToken) -> Result<Came, StoreError> {
        let came = tokio::select! {
            came = self.keeper.look_after(&mut due) => Some(came?),
            () = stopping.cancelled() => None,
        };
        let Some(came) = came else {
            self.keeper.mirrors.put_off(&due, self.keeper.clock.now(), false).await?;
            return Ok(Came::Settled);
        };
        Ok(match came {
            Ok(_) => Came::Settled,
            Err(trouble @ CalendarTrouble::Away { .. }) => Came::Away(trouble.to_string()),
            Err(trouble @ (CalendarTrouble::Busy { .. } | CalendarTrouble::Key { .. })) => {
                Came::Waits(trouble.to_string())
            }
        })
    }
}
