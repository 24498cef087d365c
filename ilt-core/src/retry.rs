//! Trying again: how long it is rested after a failure, and how much is taken on afterwards.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::Timestamp;

/// The pause after the first failure; twice as long after each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest that nobody has asked for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The longest that is kept when somebody asks for one: a slip of theirs stops nobody for a year.
const LONGEST_ASKED: Duration = Duration::from_hours(1);

/// How long nothing is tried after failures in a row.
#[derive(Debug, Clone, Default)]
pub struct Backoff {
    failures: u32,
    /// How often the pause has doubled.
    doublings: u32,
}

impl Backoff {
    /// Something went well: the next failure is the first again.
    pub const fn went_well(&mut self) {
        *self = Self { failures: 0, doublings: 0 };
    }

    /// Failures in a row.
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// Something failed at this time. Answers how long to rest: as long as whoever refused has `asked` for, else longer each
    /// time. The microseconds of the time take up to a half off that, since those who failed together need not try again
    /// together.
    pub fn failed(&mut self, asked: Option<Duration>, now: Timestamp) -> Duration {
        self.failures = self.failures.saturating_add(1);
        if let Some(asked) = asked {
            // Whoever says `0` is not asked in a loop.
            return asked.clamp(FIRST_PAUSE, LONGEST_ASKED);
        }
        let pause = FIRST_PAUSE * 2_u32.pow(self.doublings.min(9));
        self.doublings = self.doublings.saturating_add(1);
        let chance = f64::from(now.subsec_microsecond()) / 1_000_000.0;
        pause.min(LONGEST_PAUSE).mul_f64(1.0 - chance / 2.0)
    }
}

/// How many are taken on at once: half as many after what came to nothing, since what was too much in the time it had is too much
/// again; and twice as many after what went well.
#[derive(Debug)]
pub struct Pace {
    most: usize,
    size: AtomicUsize,
}

impl Pace {
    /// One that begins with so many, and never takes on more than `most`.
    pub const fn new(first: usize, most: usize) -> Self {
        Self { most, size: AtomicUsize::new(first) }
    }

    /// How many are taken on at once just now.
    pub fn size(&self) -> usize {
        self.size.load(Ordering::Relaxed)
    }

    /// Takes on as many as it goes of so many that are left. Until the step says otherwise it has come to nothing, also when
    /// nobody is there any more to say so.
    pub fn step(&self, left: usize) -> Step<'_> {
        let size = self.size();
        let count = size.min(left);
        self.size.store((count / 2).max(1), Ordering::Relaxed);
        Step { pace: self, size, count }
    }
}

/// What was taken on at once.
#[derive(Debug)]
#[must_use = "a step of which nothing is said has come to nothing"]
pub struct Step<'a> {
    pace: &'a Pace,
    size: usize,
    count: usize,
}

impl Step<'_> {
    /// How many.
    pub const fn count(&self) -> usize {
        self.count
    }

    /// It went well; the next may be larger.
    pub fn went_well(self) {
        self.pace.size.store(self.size.saturating_mul(2).min(self.pace.most), Ordering::Relaxed);
    }

    /// It came to nothing. More are tried next when more could tell why, and fewer otherwise.
    pub fn failed(self, wants_more: bool) {
        if wants_more {
            self.went_well();
        }
    }

    /// It went well, and took its time; the next is to be no larger.
    pub fn was_enough(self) {
        self.pace.size.store(self.size, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::plans::now;

    #[test]
    fn a_pause_that_was_asked_for_is_kept_within_reason() {
        let rest = |asked| Backoff::default().failed(Some(Duration::from_secs(asked)), now());
        assert_eq!(rest(120), Duration::from_mins(2));
        assert_eq!(rest(0), FIRST_PAUSE, "no hot loop");
        assert_eq!(rest(u64::MAX), LONGEST_ASKED);
    }

    #[test]
    fn pauses_that_were_asked_for_make_the_others_no_longer() {
        let mut backoff = Backoff::default();
        for _ in 0..20 {
            backoff.failed(Some(Duration::ZERO), now());
        }
        assert_eq!((backoff.failed(None, now()), backoff.failures()), (FIRST_PAUSE, 21));
    }

    #[test]
    fn pauses_grow_until_something_goes_well() {
        let mut backoff = Backoff::default();
        let pauses: Vec<_> = (0..1_000).map(|_| backoff.failed(None, now()).as_millis()).collect();
        assert_eq!(pauses[..3], [100, 200, 400]);
        assert_eq!((pauses[8], pauses[9], pauses[999]), (25_600, 30_000, 30_000));
        assert_eq!(backoff.failures(), 1_000);
        backoff.went_well();
        assert_eq!(backoff.failed(None, now()).as_millis(), 100);
    }

    #[test]
    fn whenever_it_fails_the_pause_is_between_the_half_and_the_whole() {
        let pause = |micros: i64| {
            let at = now().checked_add(jiff::SignedDuration::from_micros(micros)).expect("a time");
            Backoff::default().failed(None, at)
        };
        assert_eq!(pause(0), FIRST_PAUSE);
        assert_eq!(pause(500_000), FIRST_PAUSE.mul_f64(0.75));
        for micros in (0..2_000_000).step_by(997) {
            assert!((FIRST_PAUSE / 2..=FIRST_PAUSE).contains(&pause(micros)), "{micros}");
        }
    }

    #[test]
    fn half_as_many_are_tried_after_a_failure_and_twice_as_many_after_a_success() {
        let pace = Pace::new(500, 500);
        let tried: Vec<_> = (0..11).map(|_| pace.step(1_000).count()).collect();
        assert_eq!(tried, [500, 250, 125, 62, 31, 15, 7, 3, 1, 1, 1]);
        (0..9).for_each(|_| pace.step(1_000).went_well());
        assert_eq!(pace.size(), 500);
        pace.step(3).went_well();
        assert_eq!(pace.size(), 500, "that few were left says nothing");
        assert_eq!(pace.step(3).count(), 3);
        assert_eq!(pace.size(), 1, "of few that were too many, half are tried");
        pace.step(1).was_enough();
        assert_eq!(pace.size(), 1);
    }
}
