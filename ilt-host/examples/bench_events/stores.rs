//! Forwarding to a real record store, beside requests that are made in a loop and know nothing of anything.
//!
//! Both take turns, since record stores become slower the more they hold.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use ilt_core::ports::Ids as _;
use ilt_engine::followers::Follower as _;
use ilt_engine::followers::forward::Forward;
use ilt_engine::system::{SystemClock, SystemIds};
use ilt_lrs::{Forwarder, Settings};
use ilt_store::SqlStore;

use crate::fill::{fill, with_id};

/// Turns of each.
const ROUNDS: usize = 8;
/// Requests in a turn, and statements in a request, the same for both.
const BATCHES: usize = 5;
const BATCH: usize = 100;

/// Measures, and says so.
#[expect(clippy::disallowed_methods, clippy::cast_precision_loss, reason = "this is a measurement")]
pub async fn measure(store: SqlStore, name: &str, endpoint: &str, body: &str) -> anyhow::Result<()> {
    let credentials = Some(("tester".to_owned(), "secret".to_owned().into()));
    let settings =
        Settings { endpoint: endpoint.to_owned(), credentials, batch: BATCH, ..Settings::default() };
    let store = Arc::new(store);
    let (journal, statements, letters) = (store.clone(), store.clone(), store.clone());
    let forward =
        Forward::new(journal, statements, letters, Arc::new(SystemClock), Forwarder::new(settings)?);
    let in_a_round = (BATCHES * BATCH) as u64;
    let client = reqwest::Client::new();
    let (mut raw, mut ours) = (Duration::ZERO, Duration::ZERO);
    // The first round is for getting acquainted.
    for round in 0..=ROUNDS {
        let batches: Vec<String> = (0..BATCHES)
            .map(|_| (0..BATCH).map(|_| with_id(body, SystemIds.next())).collect::<Vec<_>>().join(","))
            .map(|statements| format!("[{statements}]"))
            .collect();
        let begun = Instant::now();
        for batch in batches {
            let request = client
                .post(format!("{endpoint}/statements"))
                .basic_auth("tester", Some("secret"))
                .header("X-Experience-API-Version", "1.0.3")
                .header("content-type", "application/json");
            let answer = request.body(batch).send().await?;
            ensure!(answer.status().is_success(), "{name} answers {}", answer.status());
            let _read = answer.bytes().await?;
        }
        let raw_took = begun.elapsed();

        fill(&store, in_a_round, body).await?;
        let (begun, mut done) = (Instant::now(), 0);
        while done < in_a_round {
            done += forward.turn().await.map_err(|failed| anyhow::anyhow!(failed.said))?.done;
        }
        if round > 0 {
            raw += raw_took;
            ours += begun.elapsed();
        }
    }
    let dead = ilt_core::ports::DeadLetters::dead(&*store, "lrs", 1).await?;
    ensure!(dead.is_empty(), "{name} does not take what it is sent");
    let rate = |took: Duration| (ROUNDS as u64 * in_a_round) as f64 / took.as_secs_f64();
    let ratio = raw.as_secs_f64() / ours.as_secs_f64();
    println!("{name}: requests in a loop {:.0}, forwarder {:.0}, ratio {ratio:.2}", rate(raw), rate(ours));
    Ok(())
}
