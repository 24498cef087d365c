//! Drives hosts over HTTP: so many clients, each with one connection, register learners one after the other, as fast as they
//! are answered or so many a second. `bench/registrations` runs it, beside pgbench.

mod client;
#[path = "../crowd/mod.rs"]
mod crowd;

use std::sync::Arc;
use std::time::{Duration, Instant};

use client::{Client, Signer};
use crowd::{Heard, Options, Turns, now};
use uuid::Uuid;

/// What is asked for, one learner after the other.
struct Wishes {
    tokens: Vec<String>,
    sessions: usize,
    turns: Turns,
}

impl Wishes {
    /// Sessions are taken in a scattered order that touches each before any a second time.
    fn session(&self, number: usize) -> Uuid {
        let scattered = number.wrapping_mul(7_919) % self.sessions;
        Uuid::from_u128((2 << 64) + scattered as u128 + 1)
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::read();
    let (bases, clients) = (options.text("--base")?.split(','), options.number("--clients")?);
    let count = options.number("--learners")?;
    let signer = Signer::open()?;
    let tokens = (0..count).map(|number| signer.token(number)).collect::<anyhow::Result<Vec<_>>>()?;
    let (sessions, turns) = (options.number("--sessions")?, options.turns(count)?);
    let wishes = Arc::new(Wishes { tokens, sessions, turns });

    let (begun, mut tasks) = (now(), Vec::new());
    for base in bases.cycle().take(clients) {
        let (wishes, client) = (wishes.clone(), Client::connect(base).await?);
        tasks.push(tokio::spawn(drive(client, wishes, begun)));
    }
    let mut heard = Heard::default();
    for task in tasks {
        heard.add(task.await??);
    }
    let rate = heard.rate(begun.elapsed());
    heard.sort();
    println!("rate={rate:.0} p50={:.1} p99={:.1} answers={:?}", heard.at(500), heard.at(990), heard.answers);
    Ok(())
}

async fn drive(
    mut client: Client,
    wishes: Arc<Wishes>,
    begun: Instant,
) -> anyhow::Result<Vec<(u16, Duration)>> {
    let mut heard = Vec::new();
    while let Some(number) = wishes.turns.next() {
        let due = wishes.turns.due(begun, number).await?;
        let status = client.register(wishes.session(number), &wishes.tokens[number]).await?;
        heard.push((status, due.elapsed()));
    }
    Ok(heard)
}
