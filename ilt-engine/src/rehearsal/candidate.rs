//! A candidate from a file.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use figment::Figment;
use figment::providers::{Format as _, Toml};
use ilt_core::desk::Ask;
use ilt_core::ids::{DealerId, PluginId};
use ilt_core::ports::{Components as _, Reads as _};
use ilt_store::SqlStore;
use ilt_wasm::Trial;
use serde_json::Value;

use crate::config;
use crate::plugins::taken;

/// A component as it would be used with these settings (JSON), within the limits that are configured, by these dealers; by all when absent.
///
/// # Errors
/// When the component cannot be used, or the plugin finds something wrong with its settings.
pub fn candidate(
    config: &config::Plugins,
    component: &[u8],
    settings: &str,
    dealers: Option<BTreeSet<DealerId>>,
) -> anyhow::Result<Arc<Trial>> {
    let plugin = config.sandbox().load(component)?;
    taken(&plugin, settings)?;
    Ok(Arc::new(Trial::new(Arc::new(plugin), settings.to_owned(), dealers)))
}

/// An edition of a plugin that was added, the newest when none is named, for those for whose learners it speaks.
///
/// # Errors
/// When there is none, or as [`candidate`].
pub async fn added(
    config: &config::Plugins,
    store: &SqlStore,
    plugin: PluginId,
    edition: Option<u32>,
) -> anyhow::Result<Arc<Trial>> {
    let world = store.look(&Ask::default()).await?;
    let known = world.plugins.get(&plugin).with_context(|| format!("there is no plugin {plugin}"))?;
    let named = edition.map_or_else(|| known.newest(), |number| known.edition(number));
    let edition = named.context("there is no such edition of this plugin")?;
    let component = store.component(&edition.by.digest).await?.context("its component is gone")?;
    let spoken_for = world.dealers.values().filter(|dealer| known.speaks_for(dealer)).map(|dealer| dealer.id);
    candidate(config, &component.bytes, &edition.settings, Some(spoken_for.collect()))
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
