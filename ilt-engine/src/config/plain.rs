//! Settings that are read as they are.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;

use super::values::Duration;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key")]
pub struct Store {
    pub url: SecretString,
    pub password_file: PathBuf,
    pub schema: String,
    pub migrate: bool,
    pub pool: u32,
    pub acquire_timeout: Duration,
    pub lock_timeout: Duration,
    pub statement_timeout: Duration,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key")]
pub struct Auth {
    pub secret: SecretString,
    pub secret_file: PathBuf,
    pub jwks_url: String,
    pub algorithm: String,
    pub issuer: String,
    pub audience: String,
    pub parties: Vec<String>,
    pub accept_untyped: bool,
    pub leeway: Duration,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key")]
pub struct Desk {
    pub desks: usize,
    pub queue: usize,
    pub batch: usize,
    pub patience: Duration,
    pub remember: Duration,
    pub feed_every: Duration,
    pub give_up: Duration,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key")]
pub struct CheckIn {
    pub secret: SecretString,
    pub secret_file: PathBuf,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key")]
pub struct Alternatives {
    pub proximity: f64,
    pub availability: f64,
    pub relevance: f64,
    pub last: Duration,
    pub proposals_last: Duration,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key")]
pub struct Log {
    pub format: String,
    pub filter: String,
}
