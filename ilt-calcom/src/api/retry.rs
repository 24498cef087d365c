//! Pauses before trying again.

use std::time::Duration;

/// The longest pause.
const LONGEST: Duration = Duration::from_secs(5);

/// How long to wait after so many failures in a row, the first being 1: twice as long each time, and up to a half less by `chance`
/// (0 to 1), since those who failed together should not try again together.
pub fn pause(first: Duration, failures: u32, chance: f64) -> Duration {
    let doubled = first.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1).min(16)));
    doubled.min(LONGEST).mul_f64(1.0 - chance.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::first(1, 0.0, 200)]
    #[case::second(2, 0.0, 400)]
    #[case::with_luck(2, 1.0, 200)]
    #[case::never_longer_than_that(30, 0.0, 5_000)]
    fn pauses_grow_and_differ(#[case] failures: u32, #[case] chance: f64, #[case] millis: u64) {
        assert_eq!(pause(Duration::from_millis(200), failures, chance), Duration::from_millis(millis));
    }
}
