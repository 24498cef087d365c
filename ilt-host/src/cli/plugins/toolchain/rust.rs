//! Rust: a `cdylib` for `wasm32-unknown-unknown`, which its linker makes a component of.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

use super::said;

const TARGET: &str = "wasm32-unknown-unknown";
/// Where Debian puts the sources of the standard library.
const SOURCES: &str = "/usr/lib/rustlib/src/rust/library";

pub fn compiled(folder: &Path) -> anyhow::Result<Vec<u8>> {
    let mut command = cargo(folder)?;
    command.current_dir(folder).stdout(Stdio::piped());
    let mut cargo = command.spawn().context("cargo is missing: see https://rustup.rs")?;
    let told = cargo.stdout.take().map(std::io::read_to_string).transpose()?.unwrap_or_default();
    ensure!(cargo.wait()?.success(), "cargo has found something wrong");
    let component = told.lines().filter_map(|line| component(line, folder)).next_back();
    let component =
        component.context("Cargo.toml makes no component: it needs [lib] with crate-type = [\"cdylib\"]")?;
    std::fs::read(&component).with_context(|| component.display().to_string())
}

/// Cargo with the target installed, or with Debian's packages, or with what rustup installs now.
fn cargo(folder: &Path) -> anyhow::Result<Command> {
    let rustc = |what: &[&str]| said(Command::new("rustc").args(what).current_dir(folder)).map(PathBuf::from);
    let (Some(sysroot), Some(libraries)) =
        (rustc(&["--print", "sysroot"]), rustc(&["--print", "target-libdir"]))
    else {
        bail!("Rust is missing: see https://rustup.rs, then `rustup target add {TARGET}`");
    };
    let tools = libraries.with_file_name("bin");
    let mut is_installed = sysroot.join("lib/rustlib").join(TARGET).is_dir();
    let has_debians = Path::new("/usr/bin/cargo").is_file() && Path::new(SOURCES).is_dir();
    if !is_installed && !has_debians {
        let added = Command::new("rustup").args(["target", "add", TARGET]).current_dir(folder).status();
        is_installed = added.is_ok_and(|it| it.success());
        ensure!(is_installed, "Rust cannot compile to WebAssembly yet: `rustup target add {TARGET}`");
    }
    let mut command = Command::new(if is_installed { "cargo" } else { "/usr/bin/cargo" });
    command.args(["build", "--release", "--target", TARGET, "--message-format=json-render-diagnostics"]);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", tools.join("wasm-component-ld"));
    command.env("PATH", in_front(&tools.join("gcc-ld")));
    if !is_installed {
        // Debian has the target's sources alone: the standard library is compiled too.
        command.arg("-Zbuild-std=std,panic_abort").env_remove("RUSTUP_TOOLCHAIN");
        command.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
    }
    Ok(command)
}

fn in_front(folder: &Path) -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path));
    std::env::join_paths(all).unwrap_or(path)
}

/// The component of this folder's crate, when this is the line in which Cargo tells of it.
fn component(line: &str, folder: &Path) -> Option<PathBuf> {
    let told: Value = serde_json::from_str(line).ok()?;
    let is_ours = told["reason"] == "compiler-artifact"
        && told["manifest_path"].as_str().is_some_and(|it| Path::new(it) == folder.join("Cargo.toml"));
    let files = told["filenames"].as_array().filter(|_| is_ours)?;
    let mut files = files.iter().filter_map(Value::as_str).map(PathBuf::from);
    files.find(|it| it.extension().is_some_and(|it| it == "wasm"))
}
