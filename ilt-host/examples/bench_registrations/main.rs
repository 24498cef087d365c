//! Drives hosts over HTTP: so many clients, each with one connection, register learners one after the other, as fast as they
//! are answered or so many a second. `bench/registrations` runs it, beside pgbench.

mod client;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use client::{Client, Signer};
use uuid::Uuid;

/// What is asked for, one learner after the other.
struct Wishes {
    tokens: Vec<String>,
    sessions: usize,
    next: AtomicUsize,
    /// Between two of them, when they come at a pace of their own.
    pause: Option<Duration>,
}

impl Wishes {
    /// The next learner's number, while there is one.
    fn next(&self) -> Option<usize> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        (number < self.tokens.len()).then_some(number)
    }

    /// Waits until it is this one's turn, and answers when that was: whoever waits for a connection waits already.
    async fn due(&self, begun: Instant, number: usize) -> anyhow::Result<Instant> {
        let Some(pause) = self.pause else { return Ok(now()) };
        let due = begun + pause * u32::try_from(number)?;
        tokio::time::sleep_until(due.into()).await;
        Ok(due)
    }

    /// Sessions are taken in a scattered order that touches each before any a second time.
    fn session(&self, number: usize) -> Uuid {
        let scattered = number.wrapping_mul(7_919) % self.sessions;
        Uuid::from_u128((2 << 64) + scattered as u128 + 1)
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| {
        let at = options.iter().position(|option| option == name);
        at.and_then(|at| options.get(at + 1)).with_context(|| format!("{name} is missing"))
    };
    let number = |name: &str| anyhow::Ok(option(name)?.parse::<usize>()?);
    let (bases, clients) = (option("--base")?.split(','), number("--clients")?);
    let count = number("--learners")?;
    let signer = Signer::open()?;
    let tokens = (0..count).map(|number| signer.token(number)).collect::<anyhow::Result<Vec<_>>>()?;
    let pause =
        option("--rate").ok().map(|rate| rate.parse().map(|rate: f64| Duration::from_secs_f64(1.0 / rate)));
    let (sessions, next) = (number("--sessions")?, AtomicUsize::new(0));
    let wishes = Arc::new(Wishes { tokens, sessions, next, pause: pause.transpose()? });

    let (begun, mut tasks) = (now(), Vec::new());
    for base in bases.cycle().take(clients) {
        let (wishes, client) = (wishes.clone(), Client::connect(base).await?);
        tasks.push(tokio::spawn(drive(client, wishes, begun)));
    }
    let (mut times, mut answers) = (Vec::with_capacity(count), std::collections::BTreeMap::new());
    for task in tasks {
        for (status, took) in task.await?? {
            *answers.entry(status).or_insert(0_usize) += 1;
            times.push(took);
        }
    }
    report(&mut times, begun.elapsed(), &answers);
    Ok(())
}

async fn drive(
    mut client: Client,
    wishes: Arc<Wishes>,
    begun: Instant,
) -> anyhow::Result<Vec<(u16, Duration)>> {
    let mut heard = Vec::new();
    while let Some(number) = wishes.next() {
        let due = wishes.due(begun, number).await?;
        let status = client.register(wishes.session(number), &wishes.tokens[number]).await?;
        heard.push((status, due.elapsed()));
    }
    Ok(heard)
}

fn report(times: &mut [Duration], took: Duration, answers: &std::collections::BTreeMap<u16, usize>) {
    times.sort_unstable();
    let at =
        |permille: usize| times[(times.len() * permille / 1_000).min(times.len() - 1)].as_secs_f64() * 1e3;
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    let rate = times.len() as f64 / took.as_secs_f64();
    println!("rate={rate:.0} p50={:.1} p99={:.1} answers={answers:?}", at(500), at(990));
}

#[expect(clippy::disallowed_methods, reason = "this is the stopwatch")]
fn now() -> Instant {
    Instant::now()
}
