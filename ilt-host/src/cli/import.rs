//! `import`: data from CSV.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use clap::Args as ClapArgs;
use indicatif::{ProgressBar, ProgressStyle};

use super::say;
use ilt_engine::Ports;
use ilt_engine::config::Config;
use ilt_engine::import::{Imported, Kind, LARGEST_FILE, MOST_TOLD, by_line, columns, import, rehearse};
use ilt_engine::open;

/// Files are imported in the order dealers, locations, courses, people, sessions, completions; each wholly or not at all, but for
/// sessions that would book an instructor or a room twice: those are left out and told of, and the exit status is 1.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  ilt-host import data/                    every known file in a folder\n  ilt-host import --dry-run people.csv     what would happen\n  ilt-host import --as courses catalog.csv\n  ilt-host import --columns                the columns of every file"
)]
pub struct Args {
    /// CSV files named dealers.csv, locations.csv, courses.csv, people.csv, sessions.csv, completions.csv; or folders of them.
    #[arg(required_unless_present = "columns")]
    paths: Vec<PathBuf>,
    /// What the files hold, when their names do not say.
    #[arg(long = "as", value_name = "KIND")]
    kind: Option<Kind>,
    /// Only say what would happen, were the files imported one after the other.
    #[arg(long)]
    dry_run: bool,
    /// Print the columns of every file.
    #[arg(long)]
    columns: bool,
}

pub async fn run(args: &Args, config: &Config) -> anyhow::Result<()> {
    if args.columns {
        say(columns::in_words().trim());
        return Ok(());
    }
    let files = files(args)?;
    let ports = open::ports(config).await?;
    if args.dry_run {
        return rehearsed(&ports, &files).await;
    }
    let (bar, mut left_out) = (bar(files.len()), 0);
    for (kind, path) in &files {
        bar.set_message(path.display().to_string());
        let done = import(&ports, *kind, &bytes(path)?, false).await;
        let done = done.with_context(|| path.display().to_string())?;
        left_out += done.left_out.len();
        bar.suspend(|| say(line(path, done, "")));
        bar.inc(1);
    }
    bar.finish_and_clear();
    nothing_is_left_out(left_out)
}

fn nothing_is_left_out(left_out: usize) -> anyhow::Result<()> {
    ensure!(
        left_out == 0,
        "sessions that were left out: {left_out}; give them another time, or say in override_reason why it is right, and import again"
    );
    Ok(())
}

/// Says what would happen, each file after those before it.
async fn rehearsed(ports: &Ports, files: &[(Kind, PathBuf)]) -> anyhow::Result<()> {
    let read = files.iter().map(|(kind, path)| Ok((*kind, bytes(path)?)));
    let read = read.collect::<anyhow::Result<Vec<_>>>()?;
    let read: Vec<_> = read.iter().map(|(kind, bytes)| (*kind, bytes.as_slice())).collect();
    let mut left_out = 0;
    for ((_, path), outcome) in files.iter().zip(rehearse(ports, &read).await?) {
        let done = outcome.with_context(|| path.display().to_string())?;
        left_out += done.left_out.len();
        say(line(path, done, "would be "));
    }
    nothing_is_left_out(left_out)
}

fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    let about = std::fs::metadata(path).with_context(|| format!("{} cannot be read", path.display()))?;
    // Anything else may never end.
    ensure!(about.is_file(), "{} is no file", path.display());
    let is_small = usize::try_from(about.len()).is_ok_and(|size| size <= LARGEST_FILE);
    ensure!(is_small, "{} is larger than {} MiB: split it", path.display(), LARGEST_FILE >> 20);
    std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

fn line(path: &Path, done: Imported, would: &str) -> String {
    let Imported { rows, added, changed, warnings, left_out } = done;
    let (path, unchanged) = (path.display(), rows.saturating_sub(added + changed));
    let done =
        format!("{path}: {rows} rows; {added} {would}added, {changed} {would}changed, {unchanged} as before");
    let warned = warnings.iter().take(MOST_TOLD).map(|warning| format!("\n  warning: {warning}"));
    let warned = warned.collect::<String>();
    if left_out.is_empty() {
        return done + &warned;
    }
    format!("{done}{warned}\n  {would}left out: {}\n{}", left_out.len(), by_line(&left_out))
}

/// A bar on a terminal, nothing elsewhere.
fn bar(files: usize) -> ProgressBar {
    let bar = ProgressBar::new(files as u64);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {bar:24} {pos}/{len} {elapsed} {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn files(args: &Args) -> anyhow::Result<Vec<(Kind, PathBuf)>> {
    let mut files = Vec::new();
    for path in &args.paths {
        if path.is_dir() {
            let known = Kind::ALL.into_iter().map(|kind| (kind, path.join(format!("{}.csv", kind.word()))));
            let found: Vec<_> = known.filter(|(_, file)| file.is_file()).collect();
            if found.is_empty() {
                bail!(
                    "{} holds none of dealers.csv, locations.csv, courses.csv, people.csv, sessions.csv, completions.csv",
                    path.display()
                );
            }
            files.extend(found);
        } else {
            files.push((kind_of(args.kind, path)?, path.clone()));
        }
    }
    files.sort();
    Ok(files)
}

fn kind_of(asked: Option<Kind>, path: &Path) -> anyhow::Result<Kind> {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let kind = asked.map_or_else(|| stem.parse().ok(), Some);
    kind.with_context(|| format!("{}: say what it holds with --as, such as --as people", path.display()))
}
