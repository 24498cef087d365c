//! So many requests a minute, and no more: a bucket that refills steadily, for each person, and for each address from which
//! somebody asks whom nobody knows.

use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::http::Extensions;
use axum::http::HeaderMap;
use ilt_core::ids::PersonId;
use ilt_engine::config::Limits;
use jiff::Timestamp;
use moka::sync::Cache;

use crate::http::connect::Visitor;
use crate::http::wire::problem::Problem;

/// Buckets that are kept; a forgotten one is full again.
const MOST: u64 = 100_000;

/// How often somebody may ask.
#[derive(Clone)]
pub struct Rates {
    people: Buckets<PersonId>,
    addresses: Buckets<IpAddr>,
    behind_proxy: bool,
}

impl Rates {
    pub(in crate::http) fn new(limits: &Limits) -> Self {
        let (people, addresses) = (Buckets::new(limits.per_minute), Buckets::new(limits.unknown_per_minute));
        Self { people, addresses, behind_proxy: limits.behind_proxy }
    }

    /// Takes one request out of a person's bucket.
    pub(in crate::http) fn take(&self, person: PersonId, now: Timestamp) -> Result<(), Problem> {
        self.people.take(person, now)
    }

    /// Takes one request out of the bucket of the address that it came from, where that is known.
    pub(in crate::http) fn take_unknown(
        &self,
        (headers, extensions): (&HeaderMap, &Extensions),
        now: Timestamp,
    ) -> Result<(), Problem> {
        let from = if self.behind_proxy { forwarded(headers) } else { None };
        let peer = || extensions.get::<ConnectInfo<Visitor>>().map(|visitor| visitor.0.0);
        from.or_else(peer).map_or(Ok(()), |address| self.addresses.take(address, now))
    }
}

/// Where a proxy says that a request came from. What the client itself wrote there stands before what the proxy adds.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let said = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    said.rsplit(',').next()?.trim().parse().ok()
}

/// A bucket for each of them.
#[derive(Clone)]
struct Buckets<K> {
    per_minute: u32,
    buckets: Cache<K, Arc<Mutex<Bucket>>>,
}

struct Bucket {
    left: f64,
    at: Timestamp,
}

impl<K: Hash + Eq + Send + Sync + 'static> Buckets<K> {
    fn new(per_minute: u32) -> Self {
        let buckets = Cache::builder().max_capacity(MOST).time_to_idle(Duration::from_mins(2)).build();
        Self { per_minute, buckets }
    }

    fn take(&self, whose: K, now: Timestamp) -> Result<(), Problem> {
        if self.per_minute == 0 {
            return Ok(());
        }
        let most = f64::from(self.per_minute);
        let bucket = self.buckets.get_with(whose, || Arc::new(Mutex::new(Bucket { left: most, at: now })));
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
