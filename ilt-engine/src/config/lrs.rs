//! How a learning record store is reached, as it is configured.

use std::path::{Path, PathBuf};

use ilt_lrs::Settings;
use secrecy::SecretString;
use serde::Deserialize;

use super::values::{Duration, Size};
use super::{BadConfig, bad, secret};
use crate::followers::TURN;

/// Versions of xAPI that statements are valid in, and somebody speaks.
const VERSIONS: [&str; 5] = ["1.0.0", "1.0.1", "1.0.2", "1.0.3", "2.0.0"];

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key")]
pub struct Lrs {
    pub url: String,
    pub from: String,
    pub version: String,
    pub user: String,
    pub secret: SecretString,
    pub secret_file: PathBuf,
    pub ca_file: PathBuf,
    pub batch: usize,
    pub batch_size: Size,
    pub patience: Duration,
    pub tries: u32,
}

impl Lrs {
    /// How the record store is reached; none when there is none.
    pub(super) fn settings(&self) -> Result<Option<Settings>, BadConfig> {
        if self.url.is_empty() {
            return Ok(None);
        }
        if !self.url.starts_with("http://") && !self.url.starts_with("https://") {
            return Err(bad("lrs.url", "must begin with http:// or https://"));
        }
        // A statement at which a record store hangs is tried twice in a turn, and others beside it.
        let longest = TURN / 5;
        if self.patience.0.is_zero() || self.patience.0 > longest {
            return Err(bad("lrs.patience", format!("must be at most {} s, and not 0", longest.as_secs())));
        }
        if !VERSIONS.contains(&self.version.as_str()) {
            return Err(bad("lrs.version", format!("must be one of {}", VERSIONS.join(", "))));
        }
        if self.batch == 0 || self.batch_size.0 == 0 {
            return Err(bad("lrs", "batch and batch_size must be at least 1"));
        }
        let secret = secret("lrs.secret_file", &self.secret, &self.secret_file)?;
        let credentials = match (self.user.is_empty(), secret) {
            (true, None) => None,
            (false, Some(secret)) => Some((self.user.clone(), secret)),
            _ => return Err(bad("lrs", "user and secret belong together")),
        };
        Ok(Some(Settings {
            endpoint: self.url.trim_end_matches('/').to_owned(),
            version: self.version.clone(),
            credentials,
            authorities: authorities(&self.ca_file)?,
            batch: self.batch,
            bytes: self.batch_size.0,
            patience: self.patience.0,
            tries: self.tries,
            ..Settings::default()
        }))
    }
}

fn authorities(file: &Path) -> Result<Vec<u8>, BadConfig> {
    if file.as_os_str().is_empty() {
        return Ok(Vec::new());
    }
    std::fs::read(file).map_err(|error| bad("lrs.ca_file", format!("{}: {error}", file.display())))
}
