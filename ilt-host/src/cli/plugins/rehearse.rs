//! `plugins rehearse`: what a plugin would have changed of what happened.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::{Args as ClapArgs, ValueEnum};
use ilt_core::ids::{DealerId, PluginId};
use ilt_core::ports::Clock as _;
use ilt_engine::config::Config;
use ilt_engine::open;
use ilt_engine::rehearsal::{self, COLUMNS, Progress, Report, Window};
use ilt_engine::system::SystemClock;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, civil};
use tokio_util::sync::CancellationToken;

use crate::cli::say;
use crate::http::wire::sheet;

/// Every look for alternatives, every place in a queue and every notice of the time is asked again, without rules and with the plugin.
/// Nothing is written, and hosts go on as they were.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  ilt-host plugins rehearse --component near.wasm --settings near.toml --everywhere\n  ilt-host plugins rehearse --plugin 0198f2a0-0000-7000-8000-000000000001 --since 90d\n  ilt-host plugins rehearse --component near.wasm --dealer 01890a5d-ac96-774b-bcce-b302099a8057 --since 30d --format csv --out moved.csv"
)]
pub struct Args {
    /// A plugin that was added: see `list`.
    #[arg(long, value_name = "ID", conflicts_with_all = ["component", "settings", "dealers", "everywhere"])]
    plugin: Option<PluginId>,
    /// Which edition of it; the newest when absent.
    #[arg(long, value_name = "NUMBER", requires = "plugin")]
    edition: Option<u32>,
    /// A component that was not added, a file of WebAssembly.
    #[arg(long, value_name = "FILE")]
    component: Option<PathBuf>,
    /// Its settings, a file of TOML or JSON; none when absent.
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// The dealers that would use it.
    #[arg(long = "dealer", value_name = "ID")]
    dealers: Vec<DealerId>,
    /// Every dealer would use it.
    #[arg(long, conflicts_with = "dealers")]
    everywhere: bool,
    /// From when on: so long ago (90d, 12h), a day, or an instant.
    #[arg(long, value_name = "WHEN", default_value = "90d")]
    since: When,
    /// Until when; now when absent.
    #[arg(long, value_name = "WHEN", default_value = "0s")]
    until: When,
    /// How it is printed; csv has what differs, one on a line.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Where to; standard output when absent.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Examples of what differs that are kept at most, of each sort; counts are of all.
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000)]
    examples: usize,
}

const WHAT: &str = "name a plugin that was added (--plugin ID), or a file and whose people would use it (--component FILE, with --dealer ID or --everywhere)";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Csv,
}

/// An instant, or how long ago.
#[derive(Debug, Clone, Copy)]
enum When {
    At(Timestamp),
    Ago(Span),
}

pub async fn run(args: Args, config: &Config) -> anyhow::Result<()> {
    let now = SystemClock.now();
    let (since, until) = (args.since.before(now)?, args.until.before(now)?);
    ensure!(since < until, "nothing lies between {since} and {until}");
    let store = open::migrated_store(config).await?;
    let candidate = match (args.plugin, &args.component) {
        (Some(plugin), _) => rehearsal::added(&config.plugins, &store, plugin, args.edition).await?,
        (None, component) => {
            let bytes = component.as_deref().context(WHAT)?;
            ensure!(args.everywhere || !args.dealers.is_empty(), WHAT);
            let bytes = std::fs::read(bytes).with_context(|| bytes.display().to_string())?;
            let settings = rehearsal::settings(args.settings.as_deref())?;
            let dealers: BTreeSet<_> = args.dealers.into_iter().collect();
            let dealers = (!args.everywhere).then_some(dealers);
            rehearsal::candidate(&config.plugins, &bytes, &settings.to_string(), dealers)?
        }
    };
    let (bar, window) = (bar(), Window { since, until, examples: args.examples });
    let progress = |Progress { read, of, looks, notices }| {
        bar.set_length(of);
        bar.set_position(read);
        bar.set_message(format!("{looks} looks and {notices} notices asked again"));
    };
    let never = CancellationToken::new();
    let report = rehearsal::rehearse(Arc::new(store), candidate.clone(), window, progress, &never).await;
    bar.finish_and_clear();
    let report = Report { failures: candidate.failures(), ..report? };
    let text = printed(&report, args.format)?;
    match args.out {
        Some(file) => std::fs::write(&file, text).with_context(|| file.display().to_string())?,
        None => say(text.trim_end()),
    }
    Ok(())
}

fn printed(report: &Report, format: Format) -> anyhow::Result<String> {
    Ok(match format {
        Format::Table => report.to_string(),
        Format::Json => serde_json::to_string_pretty(report)?,
        Format::Csv => String::from_utf8(sheet::written(COLUMNS, report.rows()))?,
    })
}

impl When {
    fn before(self, now: Timestamp) -> anyhow::Result<Timestamp> {
        match self {
            Self::At(at) => Ok(at),
            Self::Ago(span) => Ok(now.to_zoned(TimeZone::UTC).checked_sub(span)?.timestamp()),
        }
    }
}

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let day = |it: civil::Date| it.to_zoned(TimeZone::UTC).map(|at| Self::At(at.timestamp()));
        if let Ok(at) = text.parse() {
            return Ok(Self::At(at));
        }
        if let Ok(Ok(at)) = text.parse().map(day) {
            return Ok(at);
        }
        let span = text.parse::<Span>().ok().filter(|span| !span.is_negative());
        span.map(Self::Ago)
            .ok_or_else(|| format!("`{text}` is no time such as 90d, 2027-03-01 or 2027-03-01T08:00:00Z"))
    }
}

/// A bar on a terminal, nothing elsewhere.
fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let look = "{spinner} {bar:24} {pos}/{len} {per_sec} {eta} {wide_msg}";
    if let Ok(style) = ProgressStyle::with_template(look) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

#[cfg(test)]
mod tests {
    use super::When;

    #[test]
    fn times_are_read_as_people_say_them() {
        let now = "2027-03-31T12:00:00Z".parse().expect("an instant");
        for (said, meant) in [
            ("90d", "2026-12-31T12:00:00Z"),
            ("12h", "2027-03-31T00:00:00Z"),
            ("0s", "2027-03-31T12:00:00Z"),
            ("2027-03-01", "2027-03-01T00:00:00Z"),
            ("2027-03-01T08:00:00Z", "2027-03-01T08:00:00Z"),
        ] {
            let at = said.parse::<When>().expect(said).before(now).expect(said);
            assert_eq!(at.to_string(), meant, "{said}");
        }
        for said in ["", "soon", "-90d", "2027-13-01"] {
            assert!(said.parse::<When>().is_err(), "{said}");
        }
    }
}
