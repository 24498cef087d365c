//! How many records are settled at once, and how long it is rested after a failure.

use std::time::Duration;

/// Records settled at once when all goes well.
pub const MOST: usize = 500;
/// The first pause after a failure; twice as long after each further one.
const PAUSE: Duration = Duration::from_millis(100);
/// The longest that nobody has asked for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The shortest that is kept when somebody asks for one: whoever says `0` is not asked in a loop.
const SHORTEST_ASKED: Duration = Duration::from_millis(100);
/// The longest that is kept when somebody asks for one: a slip of theirs does not stop a partition for a year.
const LONGEST_ASKED: Duration = Duration::from_hours(1);

/// How a partition is gone about. What is too much within the time that a batch has is too much again, so after a failure half as
/// many are tried, down to one; and twice as many after each success.
#[derive(Debug)]
pub struct Pace {
    most: usize,
    failures: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { most: MOST, failures: 0 }
    }
}

impl Pace {
    /// How many of so many are to be settled at once.
    pub fn of(&self, left: usize) -> usize {
        self.most.min(left)
    }

    /// What was tried is settled.
    pub fn went_well(&mut self) {
        *self = Self { most: (self.most * 2).min(MOST), failures: 0 };
    }

    /// So many were tried, and are not settled. Answers how long to rest, with `chance` between 0 and 1: workers that failed
    /// together need not try again together.
    pub fn failed(&mut self, tried: usize, asked: Option<Duration>, chance: f64) -> Duration {
        let pause = PAUSE * 2_u32.pow(self.failures.min(10));
        self.most = (tried / 2).max(1);
        self.failures = self.failures.saturating_add(1);
        match asked {
            Some(asked) => asked.clamp(SHORTEST_ASKED, LONGEST_ASKED),
            None => pause.min(LONGEST_PAUSE).mul_f64(0.5 + chance / 2.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_that_was_asked_for_is_kept_within_reason() {
        let rest = |asked| Pace::default().failed(1, Some(Duration::from_secs(asked)), 0.0);
        assert_eq!(rest(120), Duration::from_mins(2));
        assert_eq!(rest(0), SHORTEST_ASKED, "no hot loop");
        assert_eq!(rest(u64::MAX), LONGEST_ASKED);
    }

    #[test]
    fn pauses_grow_until_something_goes_well() {
        let mut pace = Pace::default();
        let pauses: Vec<_> = (0..12).map(|_| pace.failed(1, None, 1.0).as_millis()).collect();
        assert_eq!(pauses[..3], [100, 200, 400]);
        assert_eq!(pauses[11], 30_000);
        pace.went_well();
        assert_eq!(pace.failed(1, None, 0.0).as_millis(), 50);
    }

    #[test]
    fn half_as_many_are_tried_after_a_failure_and_twice_as_many_after_a_success() {
        let mut pace = Pace::default();
        let mut tried = vec![pace.of(1_000)];
        for _ in 0..10 {
            pace.failed(pace.of(1_000), None, 0.0);
            tried.push(pace.of(1_000));
        }
        assert_eq!(tried, [500, 250, 125, 62, 31, 15, 7, 3, 1, 1, 1]);
        for _ in 0..9 {
            pace.went_well();
        }
        assert_eq!((pace.of(1_000), pace.of(3)), (500, 3));
        pace.failed(3, None, 0.0);
        assert_eq!(pace.of(1_000), 1, "of few that were too many, half are tried");
    }
}
