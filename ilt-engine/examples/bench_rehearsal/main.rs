//! How long a rehearsal takes of a journal of a million entries, beside reading them. `bench/rehearsal` runs it.

mod rules;
mod year;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use ilt_core::desk::Changes;
use ilt_core::ports::{Journal as _, Rules, Store as _};
use ilt_engine::rehearsal::{Looks, Notices, Report, Window, rehearse};
use ilt_store::{Options, SqlStore};
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

/// Entries of one transaction while the journal is written, and of one page while it is read.
const TOGETHER: usize = 1_000;
const QUARTER: SignedDuration = SignedDuration::from_hours(90 * 24);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let file = words.get(1).context("usage: fill FILE ENTRIES, or rehearse FILE [COMPONENT]")?;
    let options = Options { careless: true, ..Options::default() };
    let store = SqlStore::connect(&format!("sqlite:{file}"), &options).await?;
    match words[0].as_str() {
        "fill" => fill(&store, words.get(2).context("how many entries?")?.parse()?).await,
        _ => measure(store, words.get(2).map(String::as_str)).await,
    }
}

async fn fill(store: &SqlStore, entries: usize) -> anyhow::Result<()> {
    store.migrate().await?;
    let (mut year, mut day) = (year::Year::of(entries), 0);
    while year.len() < entries {
        year.day(day, (entries / 360).min(entries - year.len()).max(1));
        day += 1;
        while year.entries.len() >= TOGETHER || (year.len() >= entries && !year.entries.is_empty()) {
            let some = year.entries.drain(..TOGETHER.min(year.entries.len())).collect();
            let mut work = store.begin().await?;
            work.save(&Changes { entries: some, ..Changes::default() }).await?;
            work.commit().await?;
        }
    }
    println!("{} entries of {day} days", year.len());
    Ok(())
}

async fn measure(store: SqlStore, component: Option<&str>) -> anyhow::Result<()> {
    let begun = now();
    let (mut last, mut until) = (0, Timestamp::MIN);
    loop {
        let page = store.after(last, u32::try_from(TOGETHER)?).await?;
        let Some(entry) = page.last() else { break };
        (last, until) = (entry.sequence, entry.at);
    }
    let reading = begun.elapsed();
    println!("reading alone:        {:>6.1} s, {last} entries", reading.as_secs_f64());
    let nobody = rehearsal(&store, Arc::new(ilt_core::ports::NoRules), Timestamp::MIN).await?;
    tell("following alone", &nobody, reading);
    let candidate = rules::of(component)?;
    let quarter = rehearsal(&store, candidate.clone(), until - QUARTER).await?;
    tell("the last quarter", &quarter, reading);
    let all = rehearsal(&store, candidate, Timestamp::MIN).await?;
    tell("all of it", &all, reading);
    let notices = rehearsal(&store, Arc::new(rules::Advising), Timestamp::MIN).await?;
    tell("notices of all of it", &notices, reading);
    println!("\n{}", without_examples(&all.0));
    println!("\n{}", without_examples(&notices.0));
    println!("memory at most: {}", memory()?);
    Ok(())
}

fn without_examples(report: &Report) -> Report {
    let looks = Looks { examples: Vec::new(), ..report.looks.clone() };
    let notices = Notices { examples: Vec::new(), ..report.notices.clone() };
    Report { looks, notices, ..report.clone() }
}

async fn rehearsal(
    store: &SqlStore,
    candidate: Arc<dyn Rules>,
    since: Timestamp,
) -> anyhow::Result<(Report, Duration)> {
    let window = Window { since, until: Timestamp::MAX, examples: 1_000 };
    let (begun, never) = (now(), CancellationToken::new());
    let report = rehearse(Arc::new(store.clone()), candidate, window, |_| {}, &never).await?;
    Ok((report, begun.elapsed()))
}

fn tell(what: &str, (report, took): &(Report, Duration), reading: Duration) {
    let (took, ratio) = (took.as_secs_f64(), took.as_secs_f64() / reading.as_secs_f64());
    let (looks, joined, notices) = (report.looks.repeated, report.waitlist.joined, report.notices.asked);
    let asked = format!("{looks} looks, {joined} places and {notices} notices asked again");
    println!("{what:<21} {took:>6.1} s, {asked}, {ratio:.1} times reading");
}

/// The most that this process has ever used.
fn memory() -> anyhow::Result<String> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    Ok(most.context("no line of it")?.trim().to_owned())
}

#[expect(clippy::disallowed_methods, reason = "it measures time")]
fn now() -> Instant {
    Instant::now()
}
