//! Making a component of a plugin's folder: whatever tools its language has for that.
//!
//! # Not here
//! Installing tools: what is missing is said in a line, with what installs it. A package that belongs to the plugin alone is laid down in
//! its folder.

mod python;
mod rust;
mod typescript;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail, ensure};

use super::language::Language;

/// The component that a plugin's folder makes.
///
/// # Errors
/// What is missing, or that its compiler says why.
pub fn compiled(folder: &Path) -> anyhow::Result<Vec<u8>> {
    ensure!(
        folder.is_dir(),
        "there is no folder {}: `ilt-host plugins new NAME` makes one",
        folder.display()
    );
    let shown = folder.display();
    let language = Language::of(folder).with_context(|| {
        format!("{shown} has no plugin: there is no Cargo.toml, no package.json and no rules.py")
    })?;
    let folder = folder.canonicalize().with_context(|| shown.to_string())?;
    match language {
        Language::Rust => rust::compiled(&folder),
        Language::Typescript => typescript::compiled(&folder),
        Language::Python => python::compiled(&folder),
    }
}

/// Runs a tool that shows what it does, or says what installs it.
fn shown(command: &mut Command, install: &str) -> anyhow::Result<()> {
    let tool = command.get_program().display().to_string();
    // What a tool prints is no answer of ours: it goes where our own log goes.
    let status = match command.stdout(std::io::stderr()).status() {
        Err(error) if error.kind() == ErrorKind::NotFound => bail!("{tool} is missing: {install}"),
        status => status.with_context(|| tool.clone())?,
    };
    ensure!(status.success(), "{tool} has found something wrong");
    Ok(())
}

/// What a tool prints; nothing when it is missing, or fails.
fn said(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The world that the rules in this file are written for, as the kit's words tell.
fn world(rules: &Path) -> anyhow::Result<&'static str> {
    let text = std::fs::read_to_string(rules).with_context(|| rules.display().to_string())?;
    let is_of_notices = text.split(|it: char| !it.is_alphanumeric()).any(|word| word == "notifier");
    Ok(if is_of_notices { "notifier" } else { "scorer" })
}

/// The first of these files that is there.
fn first(folder: &Path, names: &[&str]) -> anyhow::Result<PathBuf> {
    let found = names.iter().map(|name| folder.join(name)).find(|file| file.is_file());
    found.with_context(|| format!("{} has none of {}", folder.display(), names.join(", ")))
}
