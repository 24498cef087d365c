//! `plugins test`: asks a plugin what its golden files ask, and compares the answers.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use clap::Args as ClapArgs;
use ilt_engine::config::Config;
use ilt_engine::plugins::kit::{self, Fault, Golden, Schema, Verdict};
use similar::{ChangeTag, TextDiff};

use super::component::{Component, Found};
use super::{figures, say};

/// Lines around a difference.
const AROUND: usize = 3;

/// Ask a plugin what its golden files ask, and compare the answers.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "A golden file is a question with the answer that is expected: golden/*.json beside the component. Each is asked twice, within the limits of a host, since the same question must cost the same and give the same answer.\n\nExamples:\n  ilt-host plugins test                       the plugin in this folder\n  ilt-host plugins test close-to-home\n  ilt-host plugins test close-to-home --update   write what it answers into the golden files; read the difference before you keep it"
)]
pub struct Args {
    /// The plugin's folder, or its component; this folder when absent.
    #[arg(default_value = ".", value_name = "FOLDER|FILE.wasm")]
    place: PathBuf,
    /// Write the answers that the plugin gives into the golden files.
    #[arg(long)]
    update: bool,
}

pub fn run(args: &Args, config: &Config) -> anyhow::Result<()> {
    let found = Component::open(&args.place, config)?;
    let golden = found.golden()?;
    ensure!(
        !golden.is_empty(),
        "there is no golden file beside {}: docs/plugins-guide.md says what one is",
        found.file.display()
    );
    let (mut faults, mut right) = (0, 0);
    let by = found.plugin.speaker();
    ok("description", &format!("{} {}", by.plugin, by.version));
    let schema = kit::schema(found.plugin.description());
    match &schema {
        Ok(_) => ok("settings", "their schema is one"),
        Err(what) => {
            faults += 1;
            fault("settings", &format!("their schema is none: {what}"));
        }
    }
    for one in &golden {
        let is_right = match &one.golden {
            Err(unreadable) => {
                // As a compiler says it, so that an editor goes there.
                fault(&format!("{}:{}:{}", one.name, unreadable.line, unreadable.column), &unreadable.what);
                false
            }
            Ok(golden) => tried(&found, one, golden, schema.as_ref().ok(), args.update)?,
        };
        if is_right {
            right += 1;
        } else {
            faults += 1;
        }
    }
    say(format!("{right} of {} golden files as expected", golden.len()));
    ensure!(faults == 0, "{faults} of these need attention");
    Ok(())
}

/// Whether the plugin does as this file says, or the file says now what the plugin does.
fn tried(
    found: &Component,
    one: &Found,
    golden: &Golden,
    schema: Option<&Schema>,
    is_updated: bool,
) -> anyhow::Result<bool> {
    let mut verdict = kit::judge(&found.plugin, golden, schema);
    let is_written = |fault: &Fault| matches!(fault, Fault::Unwritten | Fault::Differs { .. });
    let mut written = "";
    if let Some(given) =
        verdict.given.as_ref().filter(|_| is_updated && verdict.faults.iter().any(is_written))
    {
        fs::write(&one.file, golden.with_answer(given)).with_context(|| one.file.display().to_string())?;
        verdict.faults.retain(|fault| !is_written(fault));
        written = ", the answer is written";
    }
    let used = format!("{} steps, {}", figures::grouped(verdict.fuel), figures::size(verdict.memory));
    let about = format!("{} ({used}{written})", golden.about);
    if verdict.faults.is_empty() {
        ok(&one.name, &about);
    } else {
        fault(&one.name, &about);
    }
    explain(&verdict);
    Ok(verdict.faults.is_empty())
}

fn explain(verdict: &Verdict) {
    for fault in &verdict.faults {
        say(format!("      {fault}"));
        if let Fault::Differs { expected, given } = fault {
            say("      - expected  + given");
            differ(expected, given);
        }
    }
    for note in &verdict.notes {
        say(format!("      a host says: {note}"));
    }
    for line in &verdict.lines {
        let level = if line.is_warning { "warning" } else { "info" };
        say(format!("      journal: {level}: {}", line.text));
    }
}

/// Lines that differ, with those around them.
fn differ(expected: &str, given: &str) {
    let lines = TextDiff::from_lines(expected, given);
    for (number, group) in lines.grouped_ops(AROUND).iter().enumerate() {
        if number > 0 {
            say("        …");
        }
        for change in group.iter().flat_map(|it| lines.iter_changes(it)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            say(format!("      {sign} {}", change.value().trim_end()));
        }
    }
}

fn ok(what: &str, detail: &str) {
    say(format!("ok    {what}: {detail}"));
}

fn fault(what: &str, detail: &str) {
    say(format!("FAULT {what}: {detail}"));
}
