//! `plugins build`: compiles a plugin, and sees whether a host would take it.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args as ClapArgs;
use ilt_engine::config::Config;
use ilt_engine::plugins::Say;

use super::component::Component;
use super::{figures, say, toolchain};

/// Compile a plugin to a component, and see whether a host would take it.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "The language is told by the folder: Cargo.toml, package.json or rules.py.\n\nExamples:\n  ilt-host plugins build                                     the plugin in this folder\n  ilt-host plugins build close-to-home                       writes close-to-home/close-to-home.wasm\n  ilt-host plugins build close-to-home --out plugins/10.wasm"
)]
pub struct Args {
    /// The plugin's folder; this one when absent.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Where the component is written; NAME.wasm in the plugin's folder when absent.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub fn run(args: &Args, config: &Config) -> anyhow::Result<()> {
    let bytes = toolchain::compiled(&args.folder)?;
    let found = Component::take(&bytes, args.folder.clone(), config)?;
    let by = found.plugin.speaker();
    let file = args.out.clone().unwrap_or_else(|| args.folder.join(format!("{}.wasm", by.plugin)));
    fs::write(&file, &bytes).with_context(|| file.display().to_string())?;
    say(format!("{} {}: {}", by.plugin, by.version, found.plugin.description().summary));
    say(format!("has a say in  {}", has_a_say_in(found.plugin.description().say)));
    let most = figures::size(config.plugins.limits().component);
    say(format!("size          {}, of {most} at most", figures::size(found.bytes)));
    say(format!("digest        {}", by.digest));
    say(format!("written to    {}", file.display()));
    Ok(())
}

const fn has_a_say_in(say: Say) -> &'static str {
    match say {
        Say { sessions: true, notices: true } => "alternatives, waitlists and notices",
        Say { notices: true, .. } => "notices",
        Say { .. } => "alternatives and waitlists",
    }
}
