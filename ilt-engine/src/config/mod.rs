//! Configuration: the compiled-in file, then the user's, then the environment. What is read is checked here, so that the rest of
//! the program cannot hold a bad setting.

mod analytics;
#[cfg(feature = "calcom")]
mod calcom;
mod evidence;
mod http;
#[cfg(feature = "kafka")]
mod kafka;
mod layers;
mod limits;
mod lrs;
mod plain;
mod plugins;
#[cfg(feature = "kafka")]
mod security;
mod statements;
mod values;

use std::path::Path;

use figment::Figment;
#[cfg(not(all(feature = "calcom", feature = "kafka")))]
use figment::value::{Dict, Value};
use ilt_core::ranking::Weights;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::check_in::CheckInSecret;
use crate::engine::Settings;
use crate::events::Names;
pub use analytics::{Analytics, From};
#[cfg(feature = "calcom")]
pub use calcom::{Calcom, CalcomSettings};
pub use evidence::{Elsewhere, Evidence};
pub use http::{Http, Tls};
#[cfg(feature = "kafka")]
pub use kafka::Kafka;
pub use layers::{Own, environment, layers, layers_on};
pub use limits::{Connections, Expected, Keys, Limits, PerMinute, Proxies, Signature, UPLOAD};
pub use lrs::Lrs;
pub use plain::{Alternatives, Auth, CheckIn, Desk, Log, Store};
pub use plugins::Plugins;
pub use statements::Statements;

/// The reference manual of every setting.
pub const DEFAULT: &str = include_str!("../../config.default.toml");

/// What is set otherwise for readers that the NLJ platform has already.
pub const NLJ_DEFAULT: &str = include_str!("../../config.nlj.toml");

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadConfig {
    /// It cannot be read: an unknown key, a value of the wrong kind.
    #[error("the configuration cannot be read: {0}")]
    Unreadable(#[from] Box<figment::Error>),
    /// A value that makes no sense.
    #[error("{key}: {problem}")]
    Value {
        /// Which setting.
        key: &'static str,
        /// What is wrong with it.
        problem: String,
    },
}

fn bad(key: &'static str, problem: impl Into<String>) -> BadConfig {
    BadConfig::Value { key, problem: problem.into() }
}

/// Every setting.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key")]
pub struct Config {
    pub http: Http,
    pub store: Store,
    pub auth: Auth,
    pub desk: Desk,
    pub alternatives: Alternatives,
    pub check_in: CheckIn,
    pub statements: Statements,
    #[cfg(feature = "kafka")]
    pub kafka: Kafka,
    /// Nobody reads them in a host that was built without Kafka.
    #[cfg(not(feature = "kafka"))]
    pub kafka: Dict,
    pub lrs: Lrs,
    pub analytics: Analytics,
    #[cfg(feature = "calcom")]
    pub calcom: Calcom,
    /// Nobody reads them in a host that was built without Cal.com.
    #[cfg(not(feature = "calcom"))]
    pub calcom: Dict,
    pub plugins: Plugins,
    pub evidence: Evidence,
    pub log: Log,
}

impl Config {
    /// The configuration of these layers.
    ///
    /// # Errors
    /// [`BadConfig`] for an unknown key, a value of the wrong kind, or one that makes no sense.
    pub fn of(layers: &Figment) -> Result<Self, BadConfig> {
        let config: Self = layers.extract().map_err(Box::new)?;
        if !matches!(config.log.format.as_str(), "text" | "json") {
            return Err(bad("log.format", "must be text or json"));
        }
        if config.desk.desks == 0 || config.desk.queue == 0 || config.desk.batch == 0 {
            return Err(bad("desk", "desks, queue and batch must be at least 1"));
        }
        if config.desk.give_up.0 < std::time::Duration::from_secs(10) {
            return Err(bad("desk.give_up", "must be at least 10s: a batch may take that long"));
        }
        let weights =
            [config.alternatives.proximity, config.alternatives.availability, config.alternatives.relevance];
        if weights.iter().any(|weight| !(0.0..=1_000.0).contains(weight))
            || weights.iter().sum::<f64>() <= 0.0
        {
            return Err(bad("alternatives", "weights must not be negative, and not all nought"));
        }
        config.http.tls()?;
        config.statements.names()?;
        config.lrs.settings()?;
        config.lrs_from()?;
        config.counted_from()?;
        config.plugins.check()?;
        config.evidence()?;
        #[cfg(feature = "kafka")]
        config.kafka()?;
        #[cfg(not(feature = "kafka"))]
        if is_said(&config.kafka, "brokers") {
            return Err(bad("kafka.brokers", "this host was built without Kafka (feature `kafka`)"));
        }
        #[cfg(feature = "calcom")]
        config.calcom()?;
        #[cfg(not(feature = "calcom"))]
        if is_said(&config.calcom, "url") {
            return Err(bad("calcom.url", "this host was built without Cal.com (feature `calcom`)"));
        }
        Ok(config)
    }

    /// Where people complete what this ledger does not see.
    ///
    /// # Errors
    /// [`BadConfig`] for a setting that makes no sense.
    pub fn evidence(&self) -> Result<Elsewhere, BadConfig> {
        self.evidence.elsewhere(self.http.request_timeout.0)
    }

    /// How a learning record store is reached; none when there is none.
    ///
    /// # Errors
    /// [`BadConfig`] for a setting that makes no sense.
    pub fn lrs(&self) -> Result<Option<ilt_lrs::Settings>, BadConfig> {
        self.lrs.settings()
    }

    /// How a Cal.com is reached; none when there is none.
    ///
    /// # Errors
    /// [`BadConfig`] for a setting that makes no sense.
    #[cfg(feature = "calcom")]
    pub fn calcom(&self) -> Result<Option<CalcomSettings>, BadConfig> {
        self.calcom.settings()
    }

    /// How Kafka is reached; none when there is no Kafka.
    ///
    /// # Errors
    /// [`BadConfig`] for a setting that makes no sense.
    #[cfg(feature = "kafka")]
    pub fn kafka(&self) -> Result<Option<ilt_kafka::Settings>, BadConfig> {
        self.kafka.settings(self.names()?.schema_base)
    }

    /// How statements name things.
    ///
    /// # Errors
    /// [`BadConfig`] for what is no address, or no verb.
    pub fn names(&self) -> Result<Names, BadConfig> {
        self.statements.names()
    }

    /// Where statements are taken from that are forwarded to the record store.
    ///
    /// # Errors
    /// [`BadConfig`] for what is no such place, or Kafka where there is none.
    pub fn lrs_from(&self) -> Result<From, BadConfig> {
        From::read("lrs.from", &self.lrs.from, self.has_kafka())
    }

    /// Where numbers are counted from; none when nobody counts.
    ///
    /// # Errors
    /// [`BadConfig`] for what is no such place, or Kafka where there is none.
    pub fn counted_from(&self) -> Result<Option<From>, BadConfig> {
        self.analytics.from(self.has_kafka())
    }

    /// Whether a Kafka is configured, and this host can talk to one.
    #[cfg_attr(not(feature = "kafka"), expect(clippy::unused_self, reason = "it cannot"))]
    fn has_kafka(&self) -> bool {
        #[cfg(feature = "kafka")]
        return !self.kafka.brokers.is_empty();
        #[cfg(not(feature = "kafka"))]
        false
    }

    /// How the engine is set up.
    pub fn engine(&self) -> Settings {
        let weights = Weights {
            proximity: self.alternatives.proximity,
            availability: self.alternatives.availability,
            relevance: self.alternatives.relevance,
        };
        Settings {
            desks: self.desk.desks,
            queue: self.desk.queue,
            batch: self.desk.batch,
            patience: self.desk.patience.0,
            remember: self.desk.remember.0,
            feed_every: self.desk.feed_every.0,
            alternative_lasts: self.alternatives.last.0,
            proposal_lasts: self.alternatives.proposals_last.0,
            weights,
            give_up: Some(self.desk.give_up.0),
        }
    }

    /// How requests are limited.
    pub fn limits(&self) -> Limits {
        self.http.limits()
    }

    /// Where the database is, with the password of its file.
    ///
    /// # Errors
    /// [`BadConfig`] when the file cannot be read, or the url has no place for a password.
    pub fn store_url(&self) -> Result<SecretString, BadConfig> {
        let (url, file) = (&self.store.url, &self.store.password_file);
        if file.as_os_str().is_empty() {
            return Ok(url.clone());
        }
        let password = values::secret_in(file).map_err(|it| bad("store.password_file", it))?;
        let misfit = || bad("store.password_file", "needs a store.url such as postgres://user@host/name");
        let (scheme, rest) = url.expose_secret().split_once("://").ok_or_else(misfit)?;
        let (user, host) = rest.split_once('@').ok_or_else(misfit)?;
        if user.is_empty() || user.contains(':') {
            return Err(misfit());
        }
        let password = values::percent_encoded(password.expose_secret());
        Ok(format!("{scheme}://{user}:{password}@{host}").into())
    }

    /// How the database is used.
    pub fn store(&self) -> ilt_store::Options {
        ilt_store::Options {
            pool: self.store.pool,
            acquire: self.store.acquire_timeout.0,
            lock_timeout: self.store.lock_timeout.0,
            statement_timeout: self.store.statement_timeout.0,
            schema: self.store.schema.clone(),
            ..ilt_store::Options::default()
        }
    }

    /// The secret behind check-in codes: its own, else one that follows from that of tokens. None with neither.
    ///
    /// # Errors
    /// [`BadConfig`] when its file cannot be read.
    pub fn check_in(&self) -> Result<Option<CheckInSecret>, BadConfig> {
        let own = secret("check_in.secret_file", &self.check_in.secret, &self.check_in.secret_file)?;
        let tokens = || secret("auth.secret_file", &self.auth.secret, &self.auth.secret_file);
        let found = match own {
            Some(own) => Some(own),
            None => tokens()?,
        };
        Ok(found.map(|found| CheckInSecret::from_secret(found.expose_secret())))
    }

    /// What tokens must look like, where there are any: a program that vouches for its own people needs none.
    ///
    /// # Errors
    /// [`BadConfig`] when there are two ways to check tokens.
    pub fn auth_if_any(&self) -> Result<Expected, BadConfig> {
        let auth = &self.auth;
        let has_secret = !auth.secret.expose_secret().is_empty() || !auth.secret_file.as_os_str().is_empty();
        if has_secret || !auth.jwks_url.is_empty() { self.auth() } else { Ok(Expected::none()) }
    }

    /// What tokens must look like.
    ///
    /// # Errors
    /// [`BadConfig`] when there is no way to check tokens, or two.
    pub fn auth(&self) -> Result<Expected, BadConfig> {
        let auth = &self.auth;
        let text = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        let in_file = !auth.secret_file.as_os_str().is_empty();
        let keys = match (auth.secret.expose_secret().is_empty(), in_file, auth.jwks_url.is_empty()) {
            (false, false, true) => Keys::Secret(auth.secret.clone()),
            (true, true, true) => {
                Keys::Secret(values::secret_in(&auth.secret_file).map_err(|it| bad("auth.secret_file", it))?)
            }
            (true, false, false) => {
                if !auth.jwks_url.starts_with("https://") && !auth.jwks_url.starts_with("http://") {
                    return Err(bad("auth.jwks_url", "must begin with http:// or https://"));
                }
                let signature = Signature::read(&auth.algorithm);
                let unknown = || bad("auth.algorithm", "must be RS256, ES256 or EdDSA");
                Keys::Jwks(auth.jwks_url.clone(), signature.ok_or_else(unknown)?)
            }
            (true, false, true) => {
                return Err(bad(
                    "auth",
                    "set one of secret, secret_file and jwks_url: without it no token can be checked",
                ));
            }
            _ => return Err(bad("auth", "set only one of secret, secret_file and jwks_url")),
        };
        if matches!(keys, Keys::Jwks(..)) && auth.audience.is_empty() && auth.parties.is_empty() {
            return Err(bad(
                "auth",
                "set audience or parties: with jwks_url alone, what was issued for any other application would open this one",
            ));
        }
        Ok(Expected {
            leeway: auth.leeway.0.as_secs(),
            issuer: text(&auth.issuer),
            audience: text(&auth.audience),
            parties: auth.parties.clone(),
            untyped: auth.accept_untyped,
            ..Expected::by(keys)
        })
    }
}

#[cfg(test)]
mod rules;

/// Whether something is said under a key that nobody reads.
#[cfg(not(all(feature = "calcom", feature = "kafka")))]
fn is_said(dict: &Dict, key: &str) -> bool {
    dict.get(key).and_then(Value::as_str).is_some_and(|said| !said.is_empty())
}

/// A secret that is said, or is in a file; none with neither.
fn secret(key: &'static str, said: &SecretString, file: &Path) -> Result<Option<SecretString>, BadConfig> {
    if !said.expose_secret().is_empty() {
        return Ok(Some(said.clone()));
    }
    if file.as_os_str().is_empty() {
        return Ok(None);
    }
    values::secret_in(file).map(Some).map_err(|it| bad(key, it))
}
