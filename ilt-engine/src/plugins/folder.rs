//! Dealers' own rules in a folder: a file for each use of a plugin, taken anew when it changes.
//!
//! # Flow
//! Each file `*.toml` names a dealer, a component beside it and the settings → the component is compiled and tried, the settings are
//! checked by the plugin itself → all of them are put in place at once. Files are looked at every second.
//!
//! # Invariants
//! * A file that cannot be used changes nothing: what it said before goes on, and the log says what is wrong, once.
//! * A dealer's plugins are asked in the order of their files' names.
//!
//! # Not here
//! Uploading and switching on by request: the plugin host.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use figment::Figment;
use figment::providers::{Format as _, Toml};
use figment::value::Value;
use ilt_core::ids::DealerId;
use ilt_wasm::{Active, Order, Plugins, Sandbox, Source};
use serde::Deserialize;
use uuid::Uuid;

use crate::config;

/// How often files are looked at.
const EVERY: Duration = Duration::from_secs(1);
/// Files that are used at most.
const MOST: usize = 1_000;

/// One use of a plugin, as its file says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Use {
    dealer: Uuid,
    component: PathBuf,
    #[serde(default)]
    settings: BTreeMap<String, Value>,
}

/// When a file and its component were written, and how long they are.
type Seen = Vec<Option<(SystemTime, u64)>>;

/// A file as it was seen last, and the use of a plugin that came of it or of an earlier one.
struct Known {
    seen: Seen,
    used: Option<(DealerId, Arc<Active>)>,
}

/// A folder of plugins.
struct Folder {
    path: PathBuf,
    sandbox: Sandbox,
    known: BTreeMap<PathBuf, Known>,
}

/// Puts the plugins of the folder that is configured, where one is, in place, as long as somebody has them.
///
/// # Errors
/// When the folder cannot be read. A file in it that cannot be used is told of in the log, and left out.
pub(super) fn follow(
    config: &config::Plugins,
    sandbox: &Sandbox,
    plugins: &Arc<Plugins>,
) -> anyhow::Result<()> {
    if config.folder.as_os_str().is_empty() {
        return Ok(());
    }
    let mut folder = Folder { path: config.folder.clone(), sandbox: sandbox.clone(), known: BTreeMap::new() };
    folder.look(plugins)?;
    let held = Arc::downgrade(plugins);
    std::thread::Builder::new().name("plugins".to_owned()).spawn(move || folder.watch(&held))?;
    Ok(())
}

impl Folder {
    fn watch(mut self, held: &Weak<Plugins>) {
        loop {
            std::thread::sleep(EVERY);
            let Some(plugins) = held.upgrade() else { return };
            if let Err(error) = self.look(&plugins) {
                tracing::warn!(error = format!("{error:#}"), "plugins stay as they are");
            }
        }
    }

    /// Takes anew what has changed, and puts all of it in place when something has.
    fn look(&mut self, plugins: &Plugins) -> anyhow::Result<()> {
        let files = self.files()?;
        let gone = self.known.len();
        self.known.retain(|file, _| files.contains(file));
        let mut is_other = gone != self.known.len();
        for file in files {
            let said = Self::read(&file);
            let component = said.as_ref().map(|it| self.path.join(&it.component)).unwrap_or_default();
            let seen: Seen = [&file, &component].map(|it| written(it)).to_vec();
            if self.known.get(&file).is_some_and(|before| before.seen == seen) {
                continue;
            }
            let taken = said.and_then(|said| self.take(&said, &component));
            let before = self.known.remove(&file).and_then(|it| it.used);
            let used = match taken {
                Ok(active) => {
                    is_other = true;
                    let by = active.1.speaker();
                    let file = file.display();
                    tracing::info!(%file, plugin = by.plugin, version = by.version, digest = by.digest, "a plugin is used");
                    Some(active)
                }
                Err(error) => {
                    let (file, goes_on) = (file.display(), before.is_some());
                    tracing::warn!(%file, error = format!("{error:#}"), goes_on, "this plugin cannot be used");
                    before
                }
            };
            self.known.insert(file, Known { seen, used });
        }
        if is_other {
            let mut of = BTreeMap::<DealerId, Order>::new();
            for (dealer, active) in self.known.values().filter_map(|it| it.used.clone()) {
                of.entry(dealer).or_default().push(active);
            }
            plugins.put(Source::Folder, of);
        }
        Ok(())
    }

    fn files(&self) -> anyhow::Result<Vec<PathBuf>> {
        let said = || format!("the folder {} cannot be read", self.path.display());
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&self.path).with_context(said)? {
            let file = entry.with_context(said)?.path();
            if file.extension().is_some_and(|it| it == "toml") {
                files.push(file);
            }
        }
        files.sort();
        anyhow::ensure!(files.len() <= MOST, "{} has more than {MOST} files", self.path.display());
        Ok(files)
    }

    fn read(file: &Path) -> anyhow::Result<Use> {
        Ok(Figment::from(Toml::file_exact(file)).extract()?)
    }

    fn take(&self, said: &Use, component: &Path) -> anyhow::Result<(DealerId, Arc<Active>)> {
        let bytes = std::fs::read(component).with_context(|| component.display().to_string())?;
        let plugin = self.sandbox.load(&bytes)?;
        let settings = serde_json::to_string(&said.settings)?;
        super::taken(&plugin, &settings)?;
        Ok((DealerId(said.dealer), Arc::new(Active::new(Arc::new(plugin), settings))))
    }
}

fn written(file: &Path) -> Option<(SystemTime, u64)> {
    let metadata = std::fs::metadata(file).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
