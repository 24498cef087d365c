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
    pub cache: PathBuf,
    pub fuel: u64,
    pub time: Duration,
    pub memory: Size,
}

#[cfg(feature = "plugins")]
impl Plugins {
    /// How much a plugin may use.
    pub fn limits(&self) -> ilt_wasm::Limits {
        let (fuel, time, memory) = (self.fuel, self.time.0, self.memory.0);
        ilt_wasm::Limits { fuel, time, memory, ..ilt_wasm::Limits::default() }
    }

    /// Where plugins run within these limits. What is compiled is kept when there is a folder for it that others cannot write to.
    pub fn sandbox(&self) -> ilt_wasm::Sandbox {
        let limits = self.limits();
        if self.cache.as_os_str().is_empty() {
            return ilt_wasm::Sandbox::new(limits);
        }
        ilt_wasm::Sandbox::keeping(limits, &self.cache).unwrap_or_else(|error| {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "plugins are compiled anew at each start"
            );
            ilt_wasm::Sandbox::new(limits)
        })
    }
}

impl Plugins {
    pub(super) fn check(&self) -> Result<(), BadConfig> {
        let has_folder = !self.folder.as_os_str().is_empty();
        if has_folder && cfg!(not(feature = "plugins")) {
            return Err(bad("plugins.folder", "this host was built without plugins (feature `plugins`)"));
        }
        if has_folder && !self.folder.is_dir() {
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
