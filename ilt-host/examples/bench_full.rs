//! How long a learner waits for the answer "class full", with its alternatives. `bench/plugins` runs it on a demo, without and with a
//! plugin of the learner's dealer.

#[path = "bench_registrations/client.rs"]
#[expect(dead_code, reason = "tokens come from the demo")]
mod client;

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use client::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [base, session, token, name, rounds] = &words[..] else {
        anyhow::bail!("usage: bench_full BASE SESSION TOKEN NAME ROUNDS");
    };
    let (session, rounds): (_, usize) = (session.parse().context("a session's id")?, rounds.parse()?);
    let mut client = Client::connect(base).await?;
    let mut times = Vec::with_capacity(rounds);
    for round in 0..rounds + rounds / 10 {
        let asked = now();
        let status = client.register_under(&format!("{name}-{round}"), session, token).await?;
        ensure!(status == 409, "the class is not full: {status}");
        if round >= rounds / 10 {
            times.push(asked.elapsed());
        }
    }
    times.sort_unstable();
    let at = |permille: usize| millis(times[times.len() * permille / 1_000]);
    println!("{name}: p50={:.3} p99={:.3} ms", at(500), at(990));
    Ok(())
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[expect(clippy::disallowed_methods, reason = "this is the stopwatch")]
fn now() -> Instant {
    Instant::now()
}
