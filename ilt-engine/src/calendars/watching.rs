//! How calls to a Cal.com go, in metrics.

use ilt_calcom::api::{Family, Outcome, Watcher};

/// Counts calls.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counted;

impl Watcher for Counted {
    fn answered(&self, family: Family, outcome: Outcome, left: Option<u32>) {
        let labels = [("family", family.word()), ("answer", outcome.word())];
        metrics::counter!("ilt_calendar_calls_total", &labels).increment(1);
        if let Some(left) = left {
            metrics::gauge!("ilt_calendar_calls_left").set(f64::from(left));
        }
    }
}
