//! Python: componentize-py puts the rules into an interpreter.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use super::{first, shown, world};

const INSTALL: &str =
    "`python3 -m venv .venv && .venv/bin/pip install -r requirements.txt` in the plugin's folder";

pub fn compiled(folder: &Path) -> anyhow::Result<Vec<u8>> {
    let rules = first(folder, &["rules.py", "app.py"])?;
    let made = folder.join(".ilt");
    std::fs::create_dir_all(&made).with_context(|| made.display().to_string())?;
    let component = made.join("rules.wasm");
    let own = folder.join(".venv/bin/componentize-py");
    let mut command = Command::new(if own.is_file() { own } else { PathBuf::from("componentize-py") });
    command.current_dir(folder).arg("--quiet").arg("--wit-path").arg(folder.join("wit/0.1.0"));
    command.args(["--world", world(&rules)?, "componentize", "--stub-wasi", "-p", ".", "-p", "sdk"]);
    command.arg(rules.file_stem().unwrap_or_default()).arg("-o").arg(&component);
    shown(&mut command, INSTALL)?;
    let bytes = std::fs::read(&component).with_context(|| component.display().to_string());
    std::fs::remove_dir_all(&made).with_context(|| made.display().to_string())?;
    bytes
}
