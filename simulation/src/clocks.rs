//! Clocks that differ from host to host, and jump.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use ilt_core::ports::Clock;
use jiff::{SignedDuration, Timestamp};

/// The time of a history, which every step takes a little of.
#[derive(Debug)]
pub struct Time {
    now: AtomicI64,
    latest: AtomicI64,
}

impl Time {
    /// A time that begins at an instant.
    pub fn from(begin: Timestamp) -> Arc<Self> {
        let begin = begin.as_microsecond();
        Arc::new(Self { now: AtomicI64::new(begin), latest: AtomicI64::new(begin) })
    }

    /// Now, where clocks are right.
    pub fn now(&self) -> Timestamp {
        instant(self.now.load(Ordering::Relaxed))
    }

    /// The latest that any clock has shown.
    pub fn latest(&self) -> Timestamp {
        instant(self.latest.load(Ordering::Relaxed))
    }

    /// Lets time pass.
    pub fn pass(&self, time: SignedDuration) {
        let micros = i64::try_from(time.as_micros()).unwrap_or(0);
        self.now.fetch_add(micros, Ordering::Relaxed);
    }
}

/// One host's clock.
#[derive(Debug)]
pub struct HostClock {
    time: Arc<Time>,
    ahead: AtomicI64,
}

impl HostClock {
    /// A clock that is right.
    pub fn on(time: &Arc<Time>) -> Arc<Self> {
        Arc::new(Self { time: time.clone(), ahead: AtomicI64::new(0) })
    }

    /// Sets how far it is ahead; behind when negative.
    pub fn jump(&self, ahead: SignedDuration) {
        self.ahead.store(i64::try_from(ahead.as_micros()).unwrap_or(0), Ordering::Relaxed);
    }
}

impl Clock for HostClock {
    fn now(&self) -> Timestamp {
        let now = self.time.now.load(Ordering::Relaxed) + self.ahead.load(Ordering::Relaxed);
        self.time.latest.fetch_max(now, Ordering::Relaxed);
        instant(now)
    }
}

fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or_default()
}
