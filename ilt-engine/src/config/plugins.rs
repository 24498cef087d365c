//! Dealers' own rules, as they are configured.

use std::path::PathBuf;

use serde::Deserialize;

use super::values::{Duration, Size};
use super::{BadConfig, bad};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key")]
pub struct Plugins {
    pub folder: PathBuf,
    pub fuel: u64,
    pub time: Duration,
    pub memory: Size,
}

impl Plugins {
    pub(super) fn check(&self) -> Result<(), BadConfig> {
        if self.folder.as_os_str().is_empty() {
            return Ok(());
        }
        if cfg!(not(feature = "plugins")) {
            return Err(bad("plugins.folder", "this host was built without plugins (feature `plugins`)"));
        }
        if !self.folder.is_dir() {
            return Err(bad("plugins.folder", format!("there is no folder {}", self.folder.display())));
        }
        if self.time.0.is_zero() || self.time.0 > std::time::Duration::from_secs(1) {
            return Err(bad("plugins.time", "must be at most 1s: a learner waits for it"));
        }
        if self.fuel == 0 || self.memory.0 < 1 << 20 || self.memory.0 > 1 << 30 {
            return Err(bad("plugins", "fuel must be at least 1, memory 1MiB to 1GiB"));
        }
        Ok(())
    }
}
