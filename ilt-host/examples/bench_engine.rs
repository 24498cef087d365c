//! Registrations asked of an engine inside this very program, by as many tasks as are given: what there is to reach for whoever asks it
//! from another language. `bench/python` runs it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context as _, ensure};
use ilt_core::desk::{Command, OnFull};
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::journal::Actor;
use ilt_engine::config::{Config, Own, layers_on};
use ilt_engine::import::{Kind, import};
use ilt_host::http::inside::Opened;
use serde_json::json;
use uuid::Uuid;

const KINDS: [(Kind, &str); 5] = [
    (Kind::Dealers, "dealers"),
    (Kind::Locations, "locations"),
    (Kind::Courses, "courses"),
    (Kind::People, "people"),
    (Kind::Sessions, "sessions"),
];

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [url, schema, folder, tasks] = &words[..] else {
        anyhow::bail!("usage: bench_engine URL SCHEMA FOLDER TASKS");
    };
    let said = Own::Said(json!({ "store": { "url": url, "schema": schema } }));
    let opened = Arc::new(Opened::open(&Config::of(&layers_on(said, Vec::new())?)?, None).await?);
    for (kind, name) in KINDS {
        let file = Path::new(folder).join(name).with_extension("csv");
        import(opened.ports(), kind, &std::fs::read(file)?, false).await?;
    }
    let (session, learners) = (only_session(folder)?, Arc::new(learners(folder)?));
    let (next, begun) = (Arc::new(AtomicUsize::new(0)), now());
    let asking: Vec<_> = (0..tasks.parse::<usize>()?)
        .map(|_| {
            let (opened, learners, next) = (opened.clone(), learners.clone(), next.clone());
            tokio::spawn(async move {
                while let Some(learner) = learners.get(next.fetch_add(1, Ordering::Relaxed)).copied() {
                    let register = Command::Register {
                        session,
                        learner,
                        on_full: OnFull::Alternatives,
                        automatic: false,
                        reason: None,
                    };
                    let asked = opened.engine().ask(Actor::Person(learner), register, None, Uuid::nil());
                    asked.await.context("a registration was refused")?;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    for one in asking {
        one.await??;
    }
    let took = begun.elapsed().as_secs_f64();
    let seats = opened.ports().reads.sessions(&[session]).await?[0].seats;
    ensure!(
        seats.confirmed as usize == learners.len(),
        "{} of {} have a seat",
        seats.confirmed,
        learners.len()
    );
    #[expect(clippy::cast_precision_loss, reason = "there are far fewer than 2^52")]
    let rate = learners.len() as f64 / took;
    println!("{rate:.0}");
    opened.close().await;
    Ok(())
}

fn ids(folder: &str, name: &str) -> anyhow::Result<Vec<Uuid>> {
    let text = std::fs::read_to_string(Path::new(folder).join(name))?;
    text.lines().skip(1).map(|line| Ok(line.split(',').next().unwrap_or_default().parse()?)).collect()
}

fn learners(folder: &str) -> anyhow::Result<Vec<PersonId>> {
    Ok(ids(folder, "people.csv")?.into_iter().map(PersonId).collect())
}

fn only_session(folder: &str) -> anyhow::Result<SessionId> {
    ids(folder, "sessions.csv")?.first().map(|id| SessionId(*id)).context("no session")
}

#[expect(clippy::disallowed_methods, reason = "this is the stopwatch")]
fn now() -> Instant {
    Instant::now()
}
