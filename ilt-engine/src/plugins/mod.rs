//! The plugin host: dealers' own rules, uploaded and switched on by request, or kept in a folder by whoever writes them.
//!
//! # Flow
//! [`PluginHost`] takes what is uploaded, tries it and keeps it in the store → the desk decides who uses it for whom, and the journal
//! tells every host → each host loads what is new, and puts all of it in place at once, between two questions.
//!
//! # Invariants
//! * An edition that is active is used whole or not at all; what cannot be loaded leaves what was there before.
//! * Whatever may be activated next, or again, is compiled before: an activation costs no compiler.
//! * One component is compiled at a time, and few wait: registrations go on as ever.
//!
//! # Not here
//! What an opinion may do (`ilt_core::opinion`), who may change what (`ilt_core::plugin`), how guests are run (`ilt_wasm`).

mod folder;
mod host;
mod loaded;
mod rehearsals;

use anyhow::Context as _;

pub use host::PluginHost;
pub use ilt_wasm::{Description, Limits, Plugin, Sandbox, Say, Unfit, kit};

/// Whether a plugin takes these settings (JSON), as it says itself.
///
/// # Errors
/// Everything that it finds wrong with them, in a line.
pub(crate) fn taken(plugin: &Plugin, settings: &str) -> anyhow::Result<()> {
    let problems = plugin.check_config(settings).answer.context("the settings could not be checked")?;
    let say = |it: &ilt_wasm::Problem| format!("settings{}: {}", it.pointer, it.detail);
    anyhow::ensure!(problems.is_empty(), problems.iter().map(say).collect::<Vec<_>>().join("; "));
    Ok(())
}
