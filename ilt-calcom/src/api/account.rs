//! A Cal.com, and one of its users.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use fastrand::Rng;
use ilt_core::ports::Clock;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use super::base::Base;
use super::limiter::Limiter;
use super::limits::Limits;
use super::watcher::{Nobody, Watcher};

/// Chance, by a seed that is given: pauses differ, and tests do not.
#[derive(Debug, Clone)]
pub struct Dice(Arc<Mutex<Rng>>);

impl Dice {
    /// By this seed.
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(Rng::with_seed(seed))))
    }

    /// Between 0 and 1.
    pub(super) fn roll(&self) -> f64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).f64()
    }
}

/// How a Cal.com is reached.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where its API is.
    pub base: Base,
    /// Certificates (PEM) of authorities that are trusted beside those of the machine; empty for none.
    pub authorities: Vec<u8>,
    /// How long, how much and how often.
    pub limits: Limits,
}

impl Settings {
    /// At this address, by the plain limits.
    pub fn at(base: Base) -> Self {
        Self { base, authorities: Vec::new(), limits: Limits::default() }
    }
}

/// A Cal.com at an address. Cloning it is cheap, and clones know of each other's requests.
#[derive(Clone)]
pub struct Instance {
    pub(super) client: Client,
    pub(super) base: Base,
    pub(super) limits: Arc<Limits>,
    pub(super) dice: Dice,
    pub(super) watcher: Arc<dyn Watcher>,
    clock: Arc<dyn Clock>,
    /// One for each key, by the key's hash: Cal.com counts by key, whoever uses it.
    limiters: Arc<Mutex<BTreeMap<[u8; 32], Arc<Limiter>>>>,
}

impl Instance {
    /// One that is reached so. Nothing is asked of it yet. It waits for its turn by `clock`, and pauses by `dice`.
    ///
    /// # Errors
    /// When no client can be made of it: the authorities are no certificates, or the machine has none.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>, dice: Dice) -> Result<Self, reqwest::Error> {
        let Settings { base, authorities, limits } = settings;
        // Whoever follows a redirection asks for a page with GET, takes it for a yes, and shows the key to somebody else.
        let client = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(limits.connect)
            .timeout(limits.patience);
        let client = client.tls_certs_merge(Certificate::from_pem_bundle(&authorities)?);
        let client = client.user_agent(concat!("ilt-calcom/", env!("CARGO_PKG_VERSION"))).build()?;
        let (limits, watcher) = (Arc::new(limits), Arc::new(Nobody));
        Ok(Self { client, base, limits, dice, watcher, clock, limiters: Arc::default() })
    }

    /// The same, with somebody who wants to know how calls go.
    #[must_use]
    pub fn watched_by(self, watcher: Arc<dyn Watcher>) -> Self {
        Self { watcher, ..self }
    }

    /// What the key that has the fewest requests left has until its window ends.
    pub(super) fn least_left(&self) -> Option<u32> {
        let limiters = self.limiters.lock().unwrap_or_else(PoisonError::into_inner);
        limiters.values().filter_map(|it| it.left()).min()
    }

    /// The user whose key this is. All accounts of one key take turns.
    pub fn account(&self, key: &SecretString) -> Account {
        // Many a key comes from a file, with the end of its line.
        let key = SecretString::from(key.expose_secret().trim());
        let hash = Sha256::digest(key.expose_secret().as_bytes()).into();
        let mut limiters = self.limiters.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Limiter::new(self.clock.clone(), &self.limits));
        let limiter = limiters.entry(hash).or_insert_with(new).clone();
        Account { instance: self.clone(), key, limiter }
    }
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance")
            .field("base", &self.base)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// One user of a Cal.com, by that user's key: an instructor.
#[derive(Clone)]
pub struct Account {
    pub(super) instance: Instance,
    pub(super) key: SecretString,
    pub(super) limiter: Arc<Limiter>,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("instance", &self.instance).finish_non_exhaustive()
    }
}
