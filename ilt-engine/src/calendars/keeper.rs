//! One session: what its calendars are to show, and making them show it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ilt_core::access::Sight;
use ilt_core::calendar::{
    CalendarTrouble, Concern, Deed, Did, Kept, Mirror, Phase, Place, Settled, Turned, Why,
};
use ilt_core::desk::Ask;
use ilt_core::ids::SessionId;
use ilt_core::ports::{Calendar, Clock, Differing, Due, Mirrors, Mode, Reads, StoreError};
use jiff::{SignedDuration, Timestamp};

use super::reception::Reception;
use crate::Trouble;

/// How long a session is one worker's who is not heard of: a host that was killed holds it up no longer.
const CLAIM: SignedDuration = SignedDuration::from_secs(30);
/// How often a worker is heard of.
const HELD_EVERY: Duration = Duration::from_secs(10);
/// After which time a worker gives one up.
const PATIENCE: Duration = Duration::from_mins(4);
/// How long a session rests after its first failure; twice as long after each further one.
const FIRST_REST: SignedDuration = SignedDuration::from_secs(5);
/// The longest such rest.
const LONGEST_REST: SignedDuration = SignedDuration::from_hours(1);
/// Sessions that are looked at once more at most, when there is room.
const MOST_WOKEN: u32 = 100;

/// How long a session rests that has failed so often before.
pub fn rest(attempts: u32) -> SignedDuration {
    FIRST_REST.saturating_mul(2_i32.pow(attempts.min(12))).min(LONGEST_REST)
}

/// Why a session's calendars could not be made so.
#[derive(Debug, thiserror::Error)]
pub enum KeeperTrouble {
    /// The calendar's fault.
    #[error(transparent)]
    Calendar(#[from] CalendarTrouble),
    /// The store's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The desk cannot decide just now.
    #[error(transparent)]
    Desk(Trouble),
}

impl From<Trouble> for KeeperTrouble {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Store(error) => Self::Store(error),
            other => Self::Desk(other),
        }
    }
}

/// Makes calendars show one session at a time. Clones are the same.
#[derive(Clone)]
pub struct Keeper {
    /// What is to be shown.
    pub reads: Arc<dyn Reads>,
    /// What is remembered.
    pub mirrors: Arc<dyn Mirrors>,
    /// Who shows it.
    pub calendar: Arc<dyn Calendar>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Who decides on what people do over there; without, it is told of.
    pub reception: Option<Reception>,
}

impl Keeper {
    /// Makes the calendars show a session, or says what that would take. What people did there by themselves is decided between two
    /// looks, of which the second does what was decided. What came of it is for the caller to remember.
    ///
    /// # Errors
    /// When it could not be finished; it can be repeated.
    pub async fn settle(&self, session: SessionId, mode: Mode) -> Result<Settled, KeeperTrouble> {
        let first = self.shown(session, Turned::new(), mode).await?;
        let is_decided = first.strangers.is_empty() && first.absent.is_empty();
        let reception = self.reception.as_ref().filter(|_| mode == Mode::Settle && !is_decided);
        let Some(reception) = reception else { return Ok(first) };
        let received = reception.receive(session, &first).await?;
        if received.is_nothing() {
            return Ok(first);
        }
        let again = self.shown(session, received.turned, mode).await?;
        Ok(Settled { done: [first.done, received.done, again.done].concat(), ..again })
    }

    async fn shown(&self, session: SessionId, turned: Turned, mode: Mode) -> Result<Settled, KeeperTrouble> {
        let mut kept = self.mirrors.remembered(session).await?;
        let Some(mut wanted) = self.wanted(session).await? else { return Ok(nothing(kept)) };
        wanted.turned = turned;
        // Of what was over before any calendar knew of it there is nothing to show.
        if kept.places.is_empty() && wanted.days.iter().all(|it| it.phase == Phase::Past) {
            return Ok(nothing(kept));
        }
        let instructors: BTreeSet<_> =
            wanted.instructors.iter().copied().chain(kept.places.keys().map(|it| it.instructor)).collect();
        let links = self.mirrors.links(Some(&instructors)).await?;
        let spots = kept.foresee(&wanted.spots(&links));
        if mode == Mode::Settle && !spots.is_empty() {
            self.mirrors.foresee(session, &spots).await?;
        }
        kept.places.extend(spots.into_iter().map(|spot| (spot, Place::default())));
        Ok(self.calendar.settle(&wanted, &kept, &links, mode).await?)
    }

    /// Claims sessions that are due, at most `limit`; each is to be looked after.
    ///
    /// # Errors
    /// The store's.
    pub async fn claim(&self, limit: u32) -> Result<Vec<Due>, StoreError> {
        let now = self.clock.now();
        let until = now.saturating_add(CLAIM).unwrap_or(Timestamp::MAX);
        self.mirrors.claim_due(now, until, limit).await
    }

    /// Makes the calendars show a session that was claimed, and remembers what came of it; one that could not be finished waits.
    ///
    /// # Errors
    /// The store's; the session is due again once its claim has ended.
    pub async fn look_after(&self, due: &mut Due) -> Result<Result<Settled, CalendarTrouble>, StoreError> {
        let settling = tokio::time::timeout(PATIENCE, self.settle(due.session, Mode::Settle));
        let Some(came) = self.holding(due, settling).await? else {
            return Ok(Err(CalendarTrouble::Away { said: "another host looks after it by now".to_owned() }));
        };
        let trouble = match came {
            Ok(Ok(settled)) => {
                counted(&settled);
                let now = self.clock.now();
                // Of whom it could not be decided yet, it is as soon as possible.
                if self.reception.is_some() && !settled.strangers.is_empty() {
                    let concern = Concern { sessions: [due.session].into(), ..Concern::default() };
                    self.mirrors.want(&concern, now, None).await?;
                }
                self.mirrors.settled(due, &settled, now).await?;
                self.wake_refused(&settled, now).await?;
                return Ok(Ok(settled));
            }
            Ok(Err(KeeperTrouble::Store(error))) => return Err(error),
            Ok(Err(KeeperTrouble::Calendar(trouble))) => trouble,
            Ok(Err(KeeperTrouble::Desk(trouble))) => {
                CalendarTrouble::Away { said: format!("the desk does not decide: {trouble}") }
            }
            Err(_) => CalendarTrouble::Away { said: "it took too long".to_owned() },
        };
        let (pause, blame, word) = match &trouble {
            CalendarTrouble::Away { .. } => (rest(due.attempts), true, "away"),
            CalendarTrouble::Key { .. } => (rest(due.attempts), true, "key"),
            CalendarTrouble::Busy { pause, .. } => {
                (SignedDuration::try_from(*pause).unwrap_or(LONGEST_REST), false, "busy")
            }
        };
        metrics::counter!("ilt_calendar_failed_total", "why" => word).increment(1);
        let until = self.clock.now().saturating_add(pause).unwrap_or(Timestamp::MAX);
        self.mirrors.put_off(due, until, blame).await?;
        Ok(Err(trouble))
    }

    /// Where something was given back or moved, there is room by now: whatever was refused for want of it is looked at once more, this
    /// session among them.
    async fn wake_refused(&self, settled: &Settled, now: Timestamp) -> Result<(), StoreError> {
        let makes_room = |deed: &Deed| {
            matches!(deed.did, Did::Moved | Did::Released | Did::CalledOff | Did::TurnedAway | Did::Removed)
        };
        if !settled.done.iter().any(makes_room) {
            return Ok(());
        }
        let is_refused = |it: &Differing| it.how.iter().any(|it| matches!(it.why, Why::Refused(_)));
        let refused = self.mirrors.differing(now, MOST_WOKEN).await?.into_iter().filter(is_refused);
        let sessions: BTreeSet<_> = refused.map(|it| it.session).collect();
        if sessions.is_empty() {
            return Ok(());
        }
        let concern = Concern { sessions, ..Concern::default() };
        self.mirrors.want(&concern, now, None).await.map(drop)
    }

    /// Keeps a claim while something is done about its session; nothing came of that when the claim is another's by now.
    async fn holding<T>(
        &self,
        due: &mut Due,
        doing: impl Future<Output = T>,
    ) -> Result<Option<T>, StoreError> {
        tokio::pin!(doing);
        loop {
            tokio::select! {
                came = &mut doing => return Ok(Some(came)),
                () = tokio::time::sleep(HELD_EVERY) => {}
            }
            let until = self.clock.now().saturating_add(CLAIM).unwrap_or(Timestamp::MAX);
            let Some(until) = self.mirrors.keep_claim(due, until).await? else { return Ok(None) };
            due.leased_until = until;
        }
    }

    /// What the calendars are to show; nothing of a session that there is not.
    async fn wanted(&self, session: SessionId) -> Result<Option<Mirror>, StoreError> {
        let Some(roster) = self.reads.roster(session, &Sight::Everyone).await? else { return Ok(None) };
        let (course, location) = (roster.session.course, roster.session.location);
        let ask = Ask { courses: [course].into(), locations: [location].into(), ..Ask::default() };
        let world = self.reads.look(&ask).await?;
        let (course, location) = (world.courses.get(&course), world.locations.get(&location));
        let now = self.clock.now();
        Ok(course.zip(location).map(|(course, location)| Mirror::of(&roster, course, location, now)))
    }
}

fn counted(settled: &Settled) {
    for deed in &settled.done {
        metrics::counter!("ilt_calendar_done_total", "did" => deed.did.word()).increment(1);
    }
    for difference in &settled.differs {
        metrics::counter!("ilt_calendar_differences_total", "why" => difference.why.word()).increment(1);
    }
}

fn nothing(kept: Kept) -> Settled {
    Settled { kept, ..Settled::default() }
}
