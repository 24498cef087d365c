//! So many requests a minute for one person, and no more: a bucket that refills steadily.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ilt_core::ids::PersonId;
use jiff::Timestamp;
use moka::sync::Cache;

use crate::http::wire::problem::Problem;

/// People whose buckets are kept; a forgotten one is full again.
const MOST: u64 = 100_000;

/// A bucket for each person.
#[derive(Clone)]
pub struct Rates {
    per_minute: u32,
    buckets: Cache<PersonId, Arc<Mutex<Bucket>>>,
}

struct Bucket {
    left: f64,
    at: Timestamp,
}

impl Rates {
    pub(in crate::http) fn new(per_minute: u32) -> Self {
        let buckets = Cache::builder().max_capacity(MOST).time_to_idle(Duration::from_mins(2)).build();
        Self { per_minute, buckets }
    }

    /// Takes one request out of a person's bucket.
    pub(in crate::http) fn take(&self, person: PersonId, now: Timestamp) -> Result<(), Problem> {
        if self.per_minute == 0 {
            return Ok(());
        }
        let most = f64::from(self.per_minute);
        let bucket = self.buckets.get_with(person, || Arc::new(Mutex::new(Bucket { left: most, at: now })));
        let mut bucket = bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let minutes = now.duration_since(bucket.at).as_secs_f64().max(0.0) / 60.0;
        bucket.left = (bucket.left + minutes * most).min(most);
        bucket.at = now;
        if bucket.left < 1.0 {
            let seconds = ((1.0 - bucket.left) / most * 60.0).ceil();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a minute at most")]
            let seconds = seconds as u64;
            let detail = format!("more than {} requests a minute", self.per_minute);
            return Err(Problem::new("too-many-requests", detail).retry_after(seconds.max(1)));
        }
        bucket.left -= 1.0;
        Ok(())
    }
}
