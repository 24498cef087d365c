//! What the opinion of a component costs where a host asks for it: its turn, a fresh instance, the call, and what is counted. And whether memory
//! is left behind by many that take each other's place. `bench/plugins` compiles the components and runs it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use ilt_core::ids::DealerId;
use ilt_core::opinion::{Question, Wish};
use ilt_core::ports::{Clock, Rules as _};
use ilt_core::testing::plans::{id, now as monday};
use ilt_core::testing::questions::question;
use ilt_wasm::{Active, Limits, Order, Plugins, Sandbox, Source};
use jiff::Timestamp;

const CANDIDATES: u32 = 20;
/// What a component takes that was made of a template: everything in the question is further.
const SETTINGS: &str = r#"{"most_km": 40}"#;
/// Rounds at most, and for how long.
const ROUNDS: usize = 20_000;
const LONG_ENOUGH: Duration = Duration::from_secs(8);
/// Swaps before memory is looked at first.
const SETTLED: u32 = 200;

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        monday()
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // As a request is answered: by a task of its own.
    tokio::spawn(run()).await?
}

async fn run() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let question = Arc::new(question(CANDIDATES));
    if words.first().is_some_and(|it| it == "swaps") {
        let many = words.get(1).context("how many swaps?")?.parse()?;
        return swaps(words.get(2).context("of which component?")?, many, &question).await;
    }
    let by_hand = question.clone();
    tell("a function", &timed(|| std::future::ready(natively(&by_hand))).await);
    for file in &words {
        let bytes = std::fs::read(file).with_context(|| file.clone())?;
        let plugins = Arc::new(Plugins::new(Arc::new(Still), Limits::default().time));
        let sandbox = Sandbox::new(Limits::default());
        plugins.put(Source::Uploaded, [(DealerId(id(1)), order(&sandbox, &bytes)?)].into());
        let said = plugins.opinions(&question).await;
        ensure!(said.iter().map(|it| &it.wishes).eq([&natively(&question)]), "{file} says something else");
        let ask = || {
            let (plugins, question) = (plugins.clone(), question.clone());
            async move { plugins.opinions(&question).await.len() }
        };
        tell(file, &timed(ask).await);
    }
    Ok(())
}

/// What the templates say, as a function.
fn natively(question: &Question) -> Vec<Wish> {
    let is_far = |km: f64| km > 40.0;
    let far =
        question.candidates.iter().filter(|it| question.places[it.place].distance_km.is_some_and(is_far));
    let reason = || "Further than your dealer travels.".to_owned();
    far.map(|it| Wish { session: it.id, change: -0.3, reason: reason() }).collect()
}

fn order(sandbox: &Sandbox, bytes: &[u8]) -> anyhow::Result<Order> {
    let plugin = Arc::new(sandbox.load(bytes)?);
    Ok(vec![Arc::new(Active::new(plugin, SETTINGS.to_owned()))])
}

async fn timed<F: Future>(mut ask: impl FnMut() -> F) -> Vec<Duration> {
    let (begun, mut times) = (now(), Vec::with_capacity(ROUNDS));
    for round in 0..ROUNDS + ROUNDS / 10 {
        let asked = now();
        std::hint::black_box(ask().await);
        if round >= ROUNDS / 10 || begun.elapsed() > LONG_ENOUGH / 10 {
            times.push(asked.elapsed());
        }
        if begun.elapsed() > LONG_ENOUGH {
            break;
        }
    }
    times.sort_unstable();
    times
}

fn tell(what: &str, times: &[Duration]) {
    let at = |permille: usize| times[times.len() * permille / 1_000].as_secs_f64() * 1e6;
    println!("{what}: p50={:.1} p99={:.1} µs of {} answers", at(500), at(990), times.len());
}

/// So many components one after the other, each compiled, tried, put in place and asked.
async fn swaps(file: &str, many: u32, question: &Question) -> anyhow::Result<()> {
    let bytes = std::fs::read(file).with_context(|| file.to_owned())?;
    let (plugins, sandbox) =
        (Plugins::new(Arc::new(Still), Limits::default().time), Sandbox::new(Limits::default()));
    let (mut settled, begun) = (0, now());
    for number in 0..many + SETTLED {
        if number == SETTLED {
            settled = resident()?;
        }
        plugins.put(Source::Uploaded, [(DealerId(id(1)), order(&sandbox, &unlike(&bytes, number))?)].into());
        ensure!(plugins.opinions(question).await.len() == 1, "swap {number} has no opinion");
    }
    let after = resident()?;
    println!(
        "{many} swaps in {:.0} s: {settled} KiB before, {after} KiB after",
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}

/// The same component with another digest: a section at its end that means nothing.
fn unlike(bytes: &[u8], number: u32) -> Vec<u8> {
    let mut other = bytes.to_vec();
    other.extend([0, 9, 4]);
    other.extend(b"turn");
    other.extend(number.to_be_bytes());
    other
}

/// Memory of this process, in KiB.
fn resident() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

#[expect(clippy::disallowed_methods, reason = "this is the stopwatch")]
fn now() -> Instant {
    Instant::now()
}
