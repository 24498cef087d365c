//! `plugins bench`: what an answer of a plugin costs, beside what a host allows.

use std::path::PathBuf;

use anyhow::ensure;
use clap::{Args as ClapArgs, ValueEnum};
use ilt_engine::config::Config;
use ilt_engine::plugins::Limits;
use ilt_engine::plugins::kit::{self, Cost, Golden};
use serde_json::{Value, json};

use super::component::Component;
use super::{figures, say};

/// See what an answer of a plugin costs, beside what a host allows.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Each question is asked in an instance of its own, as a host does. Twenty candidates are the most that a host asks about at once.\n\nExamples:\n  ilt-host plugins bench close-to-home\n  ilt-host plugins bench close-to-home --rounds 1000\n  ilt-host plugins bench close-to-home --format json | jq '.questions[] | {about, p99_us, fuel}'"
)]
pub struct Args {
    /// The plugin's folder, or its component; this folder when absent.
    #[arg(default_value = ".", value_name = "FOLDER|FILE.wasm")]
    place: PathBuf,
    /// How often each question is asked.
    #[arg(long, value_name = "NUMBER", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    rounds: u32,
    /// A table for people, or JSON for programs.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Table,
    /// For programs: times in microseconds, sizes in bytes.
    Json,
}

/// What one question costs, or why it has no answer.
struct Row {
    name: String,
    cost: Result<Cost, String>,
}

pub fn run(args: &Args, config: &Config) -> anyhow::Result<()> {
    let found = Component::open(&args.place, config)?;
    let (mut questions, mut rows) = (Vec::new(), Vec::new());
    let mut row = |name: &str, golden: &Golden| {
        rows.push(Row { name: name.to_owned(), cost: kit::measure(&found.plugin, golden, args.rounds) });
    };
    for one in found.golden()? {
        let golden = one.golden.map_err(|wrong| anyhow::anyhow!("{}:{wrong}", one.file.display()))?;
        row(&one.name, &golden);
        questions.push(golden);
    }
    if let Some(made_up) = kit::made_up(&questions).filter(|_| found.plugin.description().say.sessions) {
        row("twenty candidates, made up", &made_up);
    }
    let limits = config.plugins.limits();
    match args.format {
        Format::Table => table(&found, &rows, &limits),
        Format::Json => say(document(&found, &rows, &limits, args.rounds)),
    }
    let failed = rows.iter().filter(|it| it.cost.is_err()).count();
    ensure!(failed == 0, "{failed} questions have no answer");
    Ok(())
}

fn table(found: &Component, rows: &[Row], limits: &Limits) {
    let by = found.plugin.speaker();
    let whole = figures::share(found.bytes as u128, limits.component as u128);
    say(format!("{} {}", by.plugin, by.version));
    say(format!("size      {}, {whole} of {}", figures::size(found.bytes), figures::size(limits.component)));
    say(format!("compiled  in {}, once for each host", figures::time(found.taken)));
    say(format!(
        "allowed   {} by the clock, {} steps, {} of memory",
        figures::time(limits.time),
        figures::grouped(limits.fuel),
        figures::size(limits.memory)
    ));
    let width = rows.iter().map(|it| it.name.chars().count()).max().unwrap_or(0);
    say(format!(
        "\n{:width$}  {:>9}  {:>9} {:>7}  {:>12} {:>7}  {:>9} {:>7}",
        "question", "p50", "p99", "used", "steps", "used", "memory", "used"
    ));
    for Row { name, cost } in rows {
        match cost {
            Err(why) => say(format!("{name:width$}  no answer: {why}")),
            Ok(Cost { p50, p99, fuel, memory }) => say(format!(
                "{name:width$}  {:>9}  {:>9} {:>7}  {:>12} {:>7}  {:>9} {:>7}",
                figures::time(*p50),
                figures::time(*p99),
                figures::share(p99.as_micros(), limits.time.as_micros()),
                figures::grouped(*fuel),
                figures::share(u128::from(*fuel), u128::from(limits.fuel)),
                figures::size(*memory),
                figures::share(*memory as u128, limits.memory as u128),
            )),
        }
    }
}

fn document(found: &Component, rows: &[Row], limits: &Limits, rounds: u32) -> Value {
    let by = found.plugin.speaker();
    let row = |Row { name, cost }: &Row| match cost {
        Err(why) => json!({"about": name, "fault": why}),
        Ok(Cost { p50, p99, fuel, memory }) => json!({
            "about": name, "p50_us": micros(*p50), "p99_us": micros(*p99), "fuel": fuel, "memory": memory
        }),
    };
    json!({
        "plugin": by.plugin, "version": by.version, "digest": by.digest, "size": found.bytes, "compile_us": micros(found.taken),
        "rounds": rounds,
        "limits": {"time_us": micros(limits.time), "fuel": limits.fuel, "memory": limits.memory, "size": limits.component},
        "questions": rows.iter().map(row).collect::<Vec<_>>()
    })
}

fn micros(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
