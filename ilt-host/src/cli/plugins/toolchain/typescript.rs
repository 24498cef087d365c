//! TypeScript: esbuild makes one module of it, and componentize-qjs puts that into an interpreter.

use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

use super::{first, shown, world};

const INSTALL: &str = "install Node.js 18 or later, with npm: https://nodejs.org";

pub fn compiled(folder: &Path) -> anyhow::Result<Vec<u8>> {
    let rules = first(folder, &["rules.ts", "src/index.ts", "index.ts", "rules.js"])?;
    let world = world(&rules)?;
    if !folder.join("node_modules").is_dir() {
        shown(npm("npm", folder).args(["install", "--no-audit", "--no-fund", "--loglevel=error"]), INSTALL)?;
    }
    let made = folder.join("node_modules/.ilt");
    std::fs::create_dir_all(&made).with_context(|| made.display().to_string())?;
    let (module, component) = (made.join("rules.js"), made.join("rules.wasm"));
    let mut esbuild = npm("npx", folder);
    esbuild.args(["--no-install", "esbuild", "--bundle", "--format=esm", "--log-level=warning"]);
    esbuild.args(["--external:ilt:*"]).arg(&rules).arg(format!("--outfile={}", module.display()));
    shown(&mut esbuild, INSTALL)?;
    let mut componentize = npm("npx", folder);
    componentize.args([
        "--no-install",
        "componentize-qjs",
        "--stub-wasi",
        "--sync",
        "--minify",
        "--world",
        world,
    ]);
    componentize.arg("--wit").arg(folder.join("wit/0.1.0"));
    componentize.arg("--js").arg(&module).arg("-o").arg(&component);
    shown(&mut componentize, INSTALL)?;
    std::fs::read(&component).with_context(|| component.display().to_string())
}

fn npm(tool: &str, folder: &Path) -> Command {
    let mut command = Command::new(tool);
    command.current_dir(folder);
    command
}
