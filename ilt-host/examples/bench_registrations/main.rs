//! Drives hosts over HTTP: so many clients, each with one connection, register learners one after the other.
//! `bench/registrations` runs it, beside pgbench.

mod client;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use client::Client;
use ilt_core::ids::PersonId;
use ilt_host::engine::system::SystemClock;
use ilt_host::http::auth::{Auth, Expected, Keys};
use jiff::SignedDuration;
use uuid::Uuid;

/// What is asked for, one learner after the other.
struct Wishes {
    tokens: Vec<String>,
    sessions: usize,
    next: AtomicUsize,
}

impl Wishes {
    /// The next learner's number, while there is one.
    fn next(&self) -> Option<usize> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        (number < self.tokens.len()).then_some(number)
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
    let keys = Keys::Secret(std::env::var("ILT__AUTH__SECRET")?.into());
    let expected = Expected { keys, leeway: 0, issuer: None, audience: None };
    let auth = Auth::new(expected, Arc::new(SystemClock))?;
    let token = |number: usize| {
        let person = PersonId(Uuid::from_u128((1 << 64) + number as u128 + 1));
        auth.mint(person, SignedDuration::from_hours(4))
    };
    let tokens = (0..count).map(token).collect::<Option<Vec<_>>>().context("tokens cannot be signed")?;
    let wishes = Arc::new(Wishes { tokens, sessions: number("--sessions")?, next: AtomicUsize::new(0) });

    let (begun, mut tasks) = (now(), Vec::new());
    for base in bases.cycle().take(clients) {
        let (wishes, client) = (wishes.clone(), Client::connect(base).await?);
        tasks.push(tokio::spawn(drive(client, wishes)));
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

async fn drive(mut client: Client, wishes: Arc<Wishes>) -> anyhow::Result<Vec<(u16, Duration)>> {
    let mut heard = Vec::new();
    while let Some(number) = wishes.next() {
        let begun = now();
        let status = client.register(wishes.session(number), &wishes.tokens[number]).await?;
        heard.push((status, begun.elapsed()));
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
