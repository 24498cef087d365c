//! `plugins new`: a folder with a plugin that works, to change.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use clap::Args as ClapArgs;

use super::language::Language;
use super::{say, shelf};

/// Make a folder with a plugin that works, to change.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "The folder has all that the plugin needs: its rules, the schema of its settings, golden files, and a copy of the kit and of the contract.\n\nExamples:\n  ilt-host plugins new close-to-home                          in Rust\n  ilt-host plugins new close-to-home --language typescript\n  ilt-host plugins new quiet-hours --language python --notices"
)]
pub struct Args {
    /// What it is called, and its folder: small letters, digits and hyphens.
    name: String,
    /// What it is written in.
    #[arg(long, value_enum, default_value = "rust")]
    language: Language,
    /// A say in who is told of what and when, in the place of alternatives and waitlists.
    #[arg(long)]
    notices: bool,
}

pub fn run(args: &Args) -> anyhow::Result<()> {
    let Args { name, language, notices } = args;
    check(name)?;
    let folder = Path::new(name);
    ensure!(
        !folder.exists(),
        "{name} exists already: choose another name, or go on with `ilt-host plugins build {name}`"
    );
    let files = shelf::files(name, *language, *notices);
    if files.is_empty() {
        let of = if *notices { " with a say in notices" } else { "" };
        bail!("there is no template in {language} for a plugin{of} yet");
    }
    for file in files {
        let path = folder.join(&file.path);
        let beside = path.parent().unwrap_or(folder);
        fs::create_dir_all(beside).with_context(|| beside.display().to_string())?;
        fs::write(&path, file.bytes).with_context(|| path.display().to_string())?;
    }
    say(format!("{name} is a plugin in {language} now: read {name}/README.md. Then:"));
    say(format!("  ilt-host plugins build {name}"));
    say(format!("  ilt-host plugins test {name}"));
    Ok(())
}

/// A name that a host takes.
fn check(name: &str) -> anyhow::Result<()> {
    let is_sound = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.len() <= 40
        && name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-')
        && !name.ends_with('-');
    ensure!(
        is_sound,
        "`{name}` is no name for a plugin: it begins with a small letter and has small letters, digits and hyphens, 40 at most, such as close-to-home"
    );
    Ok(())
}
