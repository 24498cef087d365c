//! How a follower stands, for health and metrics.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use metrics::{counter, gauge};

use super::{Left, Turn};

/// How a follower stands, as it is written down and read.
#[derive(Debug, Clone)]
pub struct Standing(Arc<Mutex<Seen>>);

/// How a follower stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its name.
    pub name: &'static str,
    /// Whether another host does the work.
    pub is_elsewhere: bool,
    /// How many it has left to do, when that is known.
    pub behind: Option<u64>,
    /// When the first thing happened that it has not done yet.
    pub oldest: Option<Timestamp>,
    /// Since when it fails, and why.
    pub trouble: Option<(Timestamp, String)>,
}

impl Standing {
    pub(crate) fn new(name: &'static str) -> Self {
        Self(Arc::new(Mutex::new(Seen {
            name,
            is_elsewhere: false,
            behind: None,
            oldest: None,
            trouble: None,
        })))
    }

    /// As it is now.
    pub fn seen(&self) -> Seen {
        self.lock().clone()
    }

    pub(super) fn took(&self, turn: Turn) {
        self.settled(turn.done);
        self.flows();
        self.is_behind(turn.behind);
    }

    /// So much is done.
    pub(crate) fn settled(&self, done: u64) {
        let name = self.lock().name;
        counter!("ilt_follower_done_total", "follower" => name).increment(done);
    }

    /// Nothing is in the way.
    pub(crate) fn flows(&self) {
        let mut seen = self.lock();
        (seen.is_elsewhere, seen.trouble) = (false, None);
    }

    /// So much is left.
    pub(crate) fn is_behind(&self, behind: u64) {
        let mut seen = self.lock();
        seen.behind = Some(behind);
        #[expect(clippy::cast_precision_loss, reason = "a gauge")]
        gauge!("ilt_follower_behind", "follower" => seen.name).set(behind as f64);
    }

    /// So much is left, and has waited since then.
    pub(super) fn has(&self, left: Left) {
        self.is_behind(left.behind);
        self.has_since(left.since);
    }

    /// What is left has waited since then.
    pub(crate) fn has_since(&self, oldest: Option<Timestamp>) {
        self.lock().oldest = oldest;
    }

    pub(super) fn waits(&self) {
        let mut seen = self.lock();
        (seen.is_elsewhere, seen.behind, seen.oldest, seen.trouble) = (true, None, None, None);
        // Whoever does the work says how much is left of it.
        gauge!("ilt_follower_behind", "follower" => seen.name).set(0.0);
    }

    pub(crate) fn failed(&self, said: &str, now: Timestamp) {
        let mut seen = self.lock();
        let since = seen.trouble.as_ref().map_or(now, |(since, _)| *since);
        (seen.is_elsewhere, seen.trouble) = (false, Some((since, said.to_owned())));
        counter!("ilt_follower_failed_total", "follower" => seen.name).increment(1);
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
