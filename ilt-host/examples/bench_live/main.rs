//! Many who watch, and many who say nothing: so many live streams, so many silent connections, and registrations that every stream hears
//! of. `bench/live` runs it.

#[path = "../bench_registrations/client.rs"]
mod client;
mod stream;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use client::{Client, Signer};
use stream::{Heard, Stream};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use uuid::Uuid;

/// Connections that are opened at the same time.
const AT_ONCE: usize = 100;
/// How long a registration may take to reach the last stream.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| {
        let at = options.iter().position(|option| option == name);
        at.and_then(|at| options.get(at + 1)).with_context(|| format!("{name} is missing"))
    };
    let number = |name: &str| anyhow::Ok(option(name)?.parse::<usize>()?);
    let (base, host) = (option("--base")?, option("--host")?);
    let signer = Signer::open()?;

    let before = resident(host)?;
    let silent = silent(base, number("--silent")?).await?;
    let each = per(resident(host)?, before, silent.len());
    println!("{} silent connections: {each} KiB each", silent.len());
    drop(silent);
    tokio::time::sleep(Duration::from_secs(2)).await;

    let (count, rounds) = (number("--streams")?, number("--rounds")?);
    let before = resident(host)?;
    let heard = Arc::new(Heard::default());
    let watcher = signer.token(0)?;
    let mut streams = Vec::with_capacity(count);
    for _ in 0..count.div_ceil(AT_ONCE) {
        let some = (0..AT_ONCE.min(count - streams.len())).map(|_| Stream::open(base, &watcher));
        streams.extend(futures::future::try_join_all(some).await?);
    }
    let each = per(resident(host)?, before, count);
    println!("{count} live streams: {each} KiB each");
    let tasks: Vec<_> = streams.into_iter().map(|it| tokio::spawn(it.listen(heard.clone()))).collect();

    let mut client = Client::connect(base).await?;
    let mut times = Vec::with_capacity(count * rounds);
    for round in 0..rounds {
        let status = client.register(Uuid::from_u128((2 << 64) + 1), &signer.token(round + 1)?).await?;
        let answered = now();
        ensure!(status == 201, "a registration was answered {status}");
        let all = async {
            while heard.count() < count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, all)
            .await
            .with_context(|| format!("{} heard of it", heard.count()))?;
        times.extend(heard.take().into_iter().map(|at| at.saturating_duration_since(answered)));
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    times.sort_unstable();
    let at =
        |permille: usize| times[(times.len() * permille / 1_000).min(times.len() - 1)].as_secs_f64() * 1e3;
    println!(
        "{rounds} registrations, heard of {} times: p50={:.1} p99={:.1} last={:.1} ms after the answer; {} KiB each then",
        times.len(),
        at(500),
        at(990),
        at(1_000),
        per(resident(host)?, before, count)
    );
    tasks.iter().for_each(tokio::task::JoinHandle::abort);
    Ok(())
}

/// Connections on which half a header has come, and nothing more does.
async fn silent(base: &str, count: usize) -> anyhow::Result<Vec<TcpStream>> {
    let address = base.strip_prefix("http://").context("an address begins with http://")?;
    let open = async || {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"GET /v1/me HTTP/1.1\r\nhost: x\r\n").await?;
        anyhow::Ok(stream)
    };
    let mut streams = Vec::with_capacity(count);
    while streams.len() < count {
        streams.extend(
            futures::future::try_join_all((0..AT_ONCE.min(count - streams.len())).map(|_| open())).await?,
        );
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    Ok(streams)
}

/// Memory of a process, in KiB.
fn resident(process: &str) -> anyhow::Result<usize> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

fn per(after: usize, before: usize, count: usize) -> usize {
    after.saturating_sub(before) / count.max(1)
}

#[expect(clippy::disallowed_methods, reason = "this is the stopwatch")]
fn now() -> Instant {
    Instant::now()
}
