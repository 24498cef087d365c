//! The component that is tried, and the golden files beside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use ilt_engine::config::Config;
use ilt_engine::plugins::kit::{Golden, Unreadable};
use ilt_engine::plugins::{Plugin, Sandbox};

/// A component that a host would take.
pub struct Component {
    /// Where it lies.
    pub file: PathBuf,
    /// What it is.
    pub plugin: Plugin,
    /// How many bytes it has.
    pub bytes: usize,
    /// How long compiling and trying it took.
    pub taken: Duration,
    /// Where it runs, as long as this is kept.
    _sandbox: Sandbox,
}

/// A golden file as it was found.
pub struct Found {
    /// Such as golden/far-away.json.
    pub name: String,
    /// Where it lies.
    pub file: PathBuf,
    /// What it says, or what is wrong with it.
    pub golden: Result<Golden, Unreadable>,
}

impl Component {
    /// The component that this file is, or that lies in this folder.
    pub fn open(place: &Path, config: &Config) -> anyhow::Result<Self> {
        let file = if place.is_dir() { only(place)? } else { place.to_owned() };
        let bytes = fs::read(&file).with_context(|| file.display().to_string())?;
        Self::take(&bytes, file, config)
    }

    /// These bytes, if a host would take them.
    #[expect(clippy::disallowed_methods, reason = "a stopwatch, and nothing that decides looks at it")]
    pub fn take(bytes: &[u8], file: PathBuf, config: &Config) -> anyhow::Result<Self> {
        let sandbox = config.plugins.sandbox();
        let begun = Instant::now();
        let plugin =
            sandbox.load(bytes).with_context(|| format!("no host takes {} as a plugin", file.display()))?;
        Ok(Self { file, plugin, bytes: bytes.len(), taken: begun.elapsed(), _sandbox: sandbox })
    }

    /// The golden files beside it, in the order of their names.
    pub fn golden(&self) -> anyhow::Result<Vec<Found>> {
        let folder = self.file.parent().unwrap_or(Path::new("")).join("golden");
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let files = with_ending(&folder, "json")?;
        files.into_iter().map(read).collect()
    }
}

fn read(file: PathBuf) -> anyhow::Result<Found> {
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let name = format!("golden/{}", file.file_name().unwrap_or_default().display());
    Ok(Found { name, file, golden: Golden::read(&text) })
}

/// The only component of a folder.
fn only(folder: &Path) -> anyhow::Result<PathBuf> {
    let mut all = with_ending(folder, "wasm")?;
    ensure!(all.len() <= 1, "{} has {} components: say which file is meant", folder.display(), all.len());
    let Some(file) = all.pop() else {
        let folder = folder.display();
        bail!("there is no component in {folder} yet: `ilt-host plugins build {folder}` makes one");
    };
    Ok(file)
}

fn with_ending(folder: &Path, ending: &str) -> anyhow::Result<Vec<PathBuf>> {
    let said = || format!("the folder {} cannot be read", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(said)? {
        let file = entry.with_context(said)?.path();
        if file.extension().is_some_and(|it| it == ending) {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}
