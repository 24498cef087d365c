//! What plugins may not do, done by real components: `scripts/plugins` compiles them, and says where they are (`ILT_TEST_PLUGINS`).

use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use ilt_core::notice::advice::Advice;
use ilt_core::opinion::Opinion;
use ilt_core::testing::questions::{question, telling};
use ilt_wasm::{Limits, Plugin, Said, Sandbox};

mod handmade;
mod misbehaving;
mod notices;
mod sessions;
mod unfit;

/// A component that `scripts/plugins` compiled.
fn component(name: &str) -> Option<Vec<u8>> {
    let folder = PathBuf::from(std::env::var_os("ILT_TEST_PLUGINS")?);
    Some(std::fs::read(folder.join(name)).expect("scripts/plugins compiles it"))
}

fn limits() -> Limits {
    // Tests are compiled without optimisation, and so is what runs guests.
    Limits { time: Duration::from_secs(2), ..Limits::default() }
}

fn loaded(sandbox: &Sandbox, name: &str) -> Option<Plugin> {
    Some(sandbox.load(&component(name)?).expect("a plugin"))
}

/// Compiled once for all tests that change no limit.
fn trouble() -> Option<&'static Plugin> {
    static TROUBLE: LazyLock<Option<(Sandbox, Plugin)>> = LazyLock::new(|| trouble_within(limits()));
    TROUBLE.as_ref().map(|(_, plugin)| plugin)
}

/// The trouble-maker within these limits, and the sandbox that its time passes in.
fn trouble_within(limits: Limits) -> Option<(Sandbox, Plugin)> {
    let sandbox = Sandbox::new(limits);
    let plugin = loaded(&sandbox, "trouble.wasm")?;
    Some((sandbox, plugin))
}

/// What the trouble-maker says of sessions when it is told to do this.
fn asked(plugin: &Plugin, what: &str) -> Said<Opinion> {
    plugin.alone().adjust(&question(20), &settings(what))
}

/// What it says of notices.
fn advised(plugin: &Plugin, what: &str) -> Said<Vec<Advice>> {
    plugin.alone().advise(&telling(), &settings(what))
}

fn settings(what: &str) -> String {
    format!(r#"{{"do": "{what}"}}"#)
}
