//! Rehearsing dealers' own rules on what happened: what would have differed, had they been asked.
//!
//! # Flow
//! The journal is read from its beginning, page by page → a [`replica`] follows it, so that at each entry it knows what the host knew
//! → whatever was shown within the window is asked again of the same ranking ([`crate::engine`]), without rules and with the candidate
//! ([`looks`]); whoever joined a queue is put in front as the candidate says ([`places`]); whoever hears of something hears when it says
//! ([`notices`]) → a [`Report`] says what would have differed.
//!
//! # Invariants
//! * Nothing is written: it has the journal to read, and nothing else.
//! * Memory does not grow with the length of the journal: what has long been over is forgotten, and examples are counted out.
//! * What cannot be repeated is counted, with the reason; so is what is repeated and differs from what was shown at the time.
//! * What a candidate says changes what is compared, and not what is followed: each look is one of the history that there was.
//!
//! # Not here
//! Where the candidate comes from (a file, an upload): it is anything that has [`Rules`]. Which dealers it is for, it says itself.

#[cfg(feature = "plugins")]
mod candidate;
mod faults;
mod looks;
mod moved;
mod notices;
mod places;
mod reading;
mod rebooking;
mod replica;
mod report;
mod table;
mod taken;

use std::sync::Arc;

use ilt_core::journal::{Entry, Event};
use ilt_core::ports::{Journal, Rules, StoreError};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use looks::Looking;
use notices::Noticing;
use places::Placing;
use replica::Replica;

#[cfg(feature = "plugins")]
pub use candidate::{added, candidate, settings};
pub use looks::{Looks, Unrepeated};
pub use moved::{Line, Moved, Said};
pub use notices::{Fate, Hears, Notices, Retold, Shift, Unasked};
pub use places::{Overtaking, Places};
pub use report::{COLUMNS, Report};
pub use taken::Taken;

/// Entries that are followed before others get a turn on this thread.
const AT_A_STRETCH: u64 = 64;

/// What is rehearsed.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// From when on.
    pub since: Timestamp,
    /// Until when, without it.
    pub until: Timestamp,
    /// Examples of each sort that a report keeps at most; what it counts, it counts of all.
    pub examples: usize,
}

/// How far a rehearsal has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Entries of the journal that were read.
    pub read: u64,
    /// Entries that there are.
    pub of: u64,
    /// Looks that were asked again.
    pub looks: u64,
    /// Notices about which it was asked again.
    pub notices: u64,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum NoReport {
    /// The journal cannot be read.
    #[error("the journal cannot be read")]
    Store(#[from] StoreError),
    /// Somebody ended it before it was done.
    #[error("the rehearsal was stopped")]
    Stopped,
}

/// Replays the journal up to where it is now, and answers what would have differed with `candidate`, for the dealers whose rules it has.
/// It tells of its progress after each page, and looks often whether it is to stop.
///
/// # Errors
/// [`NoReport`] when the journal cannot be read, or `stop` was cancelled.
pub async fn rehearse(
    journal: Arc<dyn Journal>,
    candidate: Arc<dyn Rules>,
    window: Window,
    progress: impl Fn(Progress) + Send,
    stop: &CancellationToken,
) -> Result<Report, NoReport> {
    let of = journal.head().await?;
    let mut rehearsal = Rehearsal {
        window,
        candidate,
        replica: Replica::default(),
        looking: Looking::new(window.examples),
        placing: Placing::new(window.examples),
        noticing: Noticing::new(window.examples),
    };
    let (mut read, mut pages) = (0, reading::pages(journal, of));
    while let Some(page) = pages.recv().await {
        for entry in page? {
            if stop.is_cancelled() {
                return Err(NoReport::Stopped);
            }
            if entry.at >= window.until {
                return Ok(rehearsal.report(read));
            }
            let waited = rehearsal.entry(&entry).await;
            read += 1;
            if waited || read.is_multiple_of(AT_A_STRETCH) {
                tokio::task::yield_now().await;
            }
        }
        let (looks, notices) = (rehearsal.looking.found.repeated, rehearsal.noticing.found.asked);
        progress(Progress { read, of, looks, notices });
    }
    Ok(rehearsal.report(read))
}

/// A rehearsal under way.
struct Rehearsal {
    window: Window,
    candidate: Arc<dyn Rules>,
    replica: Replica,
    looking: Looking,
    placing: Placing,
    noticing: Noticing,
}

impl Rehearsal {
    /// Asks again what was asked here, then follows; whether that took a while.
    async fn entry(&mut self, entry: &Entry) -> bool {
        self.noticing.follow(entry);
        if entry.at < self.window.since {
            if self.replica.follow(entry) {
                self.tidy(entry.at);
            }
            return false;
        }
        let candidate = &*self.candidate;
        let waited = self.noticing.happened(&self.replica, candidate, entry).await;
        match &entry.event {
            Event::AlternativesShown(shown) => {
                self.looking.shown(&self.replica, candidate, entry, shown).await;
                return true;
            }
            Event::AlternativeTaken(id) => self.looking.taken.take(*id),
            Event::SessionCancelled => self.looking.cancelled(&self.replica, candidate, entry),
            Event::Waitlisted { .. } => {
                let joining = self.placing.joining(&self.replica, candidate, entry).await;
                let has_forgotten = self.replica.follow(entry);
                self.placing.joined(&self.replica, candidate, entry, joining);
                if has_forgotten {
                    self.tidy(entry.at);
                }
                return true;
            }
            Event::Prioritised { .. } => self.placing.prioritised(entry),
            _ => {}
        }
        if self.replica.follow(entry) {
            self.tidy(entry.at);
        }
        waited
    }

    /// Forgets what has long been over, as the replica did.
    fn tidy(&mut self, now: Timestamp) {
        self.looking.tidy(now);
        self.placing.tidy(&self.replica);
        self.noticing.tidy(now);
    }

    fn report(self, entries: u64) -> Report {
        let Window { since, until, .. } = self.window;
        let (looks, taken, mut faults) = self.looking.end();
        faults.add(self.placing.faults);
        faults.add(self.noticing.faults);
        Report {
            since,
            until,
            entries,
            misfits: self.replica.misfits(),
            looks,
            taken,
            waitlist: self.placing.found,
            notices: self.noticing.found,
            faults: faults.0,
            failures: std::collections::BTreeMap::new(),
        }
    }
}
