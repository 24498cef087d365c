//! So many requests a minute, and no more: a bucket that refills steadily, for each person, and for each address from which
//! somebody asks whom nobody knows.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue};
use ilt_core::ids::{KeyId, PersonId};
use ilt_engine::config::{Limits, Proxies};
use jiff::Timestamp;
use moka::sync::Cache;

use crate::http::access::sender::{self, Asked};
use crate::http::contract::needs::Costly;
use crate::http::wire::problem::Problem;

/// Buckets that are kept; a forgotten one is full again.
const MOST: u64 = 100_000;

/// How often somebody may ask.
#[derive(Clone)]
pub struct Rates {
    all: Buckets<PersonId>,
    people: Buckets<PersonId>,
    alternatives: Buckets<PersonId>,
    keys: Buckets<KeyId>,
    addresses: Buckets<IpAddr>,
    proxies: Proxies,
}

impl Rates {
    pub(in crate::http) fn new(limits: &Limits) -> Self {
        let most = limits.per_minute;
        Self {
            all: Buckets::new("person", most.person),
            people: Buckets::new(Costly::People.word(), most.people),
            alternatives: Buckets::new(Costly::Alternatives.word(), most.alternatives),
            keys: Buckets::new("key", most.key),
            addresses: Buckets::new("address", most.unknown),
            proxies: limits.proxies.clone(),
        }
    }

    /// Takes one request out of a person's bucket, and out of the one for what is `costly`.
    pub(in crate::http) fn take(
        &self,
        person: PersonId,
        costly: Option<Costly>,
        standing: &Standing,
        now: Timestamp,
    ) -> Result<(), Problem> {
        standing.count();
        self.all.take(person, standing, now)?;
        match costly {
            Some(Costly::People) => self.people.take(person, standing, now),
            Some(Costly::Alternatives) => self.alternatives.take(person, standing, now),
            None => Ok(()),
        }
    }

    /// Takes one request out of a key's bucket.
    pub(in crate::http) fn take_key(
        &self,
        key: KeyId,
        standing: &Standing,
        now: Timestamp,
    ) -> Result<(), Problem> {
        standing.count();
        self.keys.take(key, standing, now)
    }

    /// Takes one request out of the bucket of the address that it came from, where that is known.
    pub(in crate::http) fn take_unknown(&self, asked: Asked<'_>, now: Timestamp) -> Result<(), Problem> {
        let standing = asked.1.get::<Standing>().cloned().unwrap_or_default();
        standing.count();
        self.take_as_unknown(sender::address(asked, &self.proxies), &standing, now)
    }

    /// The same, of an address that is known already.
    pub(in crate::http) fn take_as_unknown(
        &self,
        from: Option<IpAddr>,
        standing: &Standing,
        now: Timestamp,
    ) -> Result<(), Problem> {
        from.map_or(Ok(()), |address| self.addresses.take(one_of(address), standing, now))
    }
}

/// Whoever has one address of IPv6 has the whole network of it (a /64).
fn one_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
    }
}

/// Whether a request was counted, and how its bucket stands, for its answer to say: the emptiest that it was taken out of.
#[derive(Clone, Default)]
pub struct Standing(Arc<Mutex<(bool, Option<Stand>)>>);

#[derive(Clone, Copy)]
struct Stand {
    name: &'static str,
    per_minute: u32,
    left: f64,
}

impl Standing {
    fn note(&self, stand: Stand) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.1.is_none_or(|it| stand.left <= it.left) {
            noted.1 = Some(stand);
        }
    }

    /// Says that it was counted, or need not be.
    pub fn count(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0 = true;
    }

    /// Whether it was counted, or need not be.
    pub fn is_counted(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    /// Says it, as `draft-ietf-httpapi-ratelimit-headers` has it: how many there may be in so many seconds; how many are left, and in how many
    /// seconds all of them are again.
    pub fn tell(&self, headers: &mut HeaderMap) {
        let (_, stand) = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Stand { name, per_minute, left }) = stand else { return };
        let full = seconds(f64::from(per_minute) - left, per_minute);
        let says = [
            ("ratelimit-policy", format!("\"{name}\";q={per_minute};w=60")),
            ("ratelimit", format!("\"{name}\";r={};t={full}", left.floor())),
        ];
        for (name, value) in says {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }
}

/// In how many seconds so many requests are there again; a minute at most.
fn seconds(requests: f64, per_minute: u32) -> u64 {
    let seconds = (requests / f64::from(per_minute) * 60.0).ceil();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a minute at most")]
    let seconds = seconds as u64;
    seconds
}

/// A bucket for each of them.
#[derive(Clone)]
struct Buckets<K> {
    name: &'static str,
    per_minute: u32,
    of: Cache<K, Arc<Mutex<Bucket>>>,
}

struct Bucket {
    left: f64,
    at: Timestamp,
}

impl<K: Hash + Eq + Send + Sync + 'static> Buckets<K> {
    fn new(name: &'static str, per_minute: u32) -> Self {
        let of = Cache::builder().max_capacity(MOST).time_to_idle(Duration::from_mins(2)).build();
        Self { name, per_minute, of }
    }

    fn take(&self, whose: K, standing: &Standing, now: Timestamp) -> Result<(), Problem> {
        let Self { name, per_minute, .. } = *self;
        if per_minute == 0 {
            return Ok(());
        }
        let most = f64::from(per_minute);
        let bucket = self.of.get_with(whose, || Arc::new(Mutex::new(Bucket { left: most, at: now })));
        let mut bucket = bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let minutes = now.duration_since(bucket.at).as_secs_f64().max(0.0) / 60.0;
        bucket.left = (bucket.left + minutes * most).min(most);
        bucket.at = now;
        let is_empty = bucket.left < 1.0;
        if !is_empty {
            bucket.left -= 1.0;
        }
        standing.note(Stand { name, per_minute, left: bucket.left });
        if is_empty {
            let detail = format!("more than {per_minute} requests a minute");
            let wait = seconds(1.0 - bucket.left, per_minute).max(1);
            return Err(Problem::new("too-many-requests", detail).retry_after(wait));
        }
        Ok(())
    }
}
