//! A candidate from a file.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use figment::Figment;
use figment::providers::{Format as _, Toml};
use ilt_core::ids::DealerId;
use ilt_wasm::{Limits, Sandbox, Trial};
use serde_json::Value;

use crate::config;

/// A component as it would be used with these settings, within the limits that are configured, by these dealers; by all when absent.
///
/// # Errors
/// When a file cannot be read, the component cannot be used, or the plugin finds something wrong with its settings.
pub fn candidate(
    config: &config::Plugins,
    component: &Path,
    settings: &Value,
    dealers: Option<BTreeSet<DealerId>>,
) -> anyhow::Result<Arc<Trial>> {
    let bytes = std::fs::read(component).with_context(|| component.display().to_string())?;
    let (time, memory) = (config.time.0, config.memory.0);
    let limits = Limits { fuel: config.fuel, time, memory, ..Limits::default() };
    let plugin = Sandbox::new(limits).load(&bytes)?;
    let settings = settings.to_string();
    let problems = plugin.check_config(&settings).answer.context("the settings could not be checked")?;
    let say = |it: &ilt_wasm::Problem| format!("settings{}: {}", it.pointer, it.detail);
    anyhow::ensure!(problems.is_empty(), problems.iter().map(say).collect::<Vec<_>>().join("; "));
    Ok(Arc::new(Trial::new(Arc::new(plugin), settings, dealers)))
}

/// Settings from a file of TOML or JSON, as its name says; none when there is no file.
///
/// # Errors
/// When it cannot be read, or is neither.
pub fn settings(file: Option<&Path>) -> anyhow::Result<Value> {
    let Some(file) = file else { return Ok(Value::Object(serde_json::Map::new())) };
    let name = || file.display().to_string();
    if file.extension().is_some_and(|it| it == "json") {
        let text = std::fs::read_to_string(file).with_context(name)?;
        return serde_json::from_str(&text).with_context(name);
    }
    Figment::from(Toml::file_exact(file)).extract().with_context(name)
}
