//! The very same desk, driven by a seed: 300 random histories in which hosts crash between any two steps, answers get lost,
//! clients retry and clocks jump, on the in-memory store and on SQLite.
//!
//! A failure names its seed: `ILT_SEED=17 cargo test -p ilt-host --test simulation` plays that history alone.

#[path = "simulation/crashing.rs"]
mod crashing;
#[path = "simulation/dice.rs"]
mod dice;
#[path = "simulation/history.rs"]
mod history;
#[path = "simulation/invariants.rs"]
mod invariants;
#[path = "simulation/town.rs"]
mod town;

use ilt_core::testing::MemoryStore;
use ilt_store::{Options, SqlStore};

const HISTORIES: u64 = 300;

/// One step in so many is a host's last.
const CRASH_ONE_IN: u32 = 12;

fn seeds() -> Vec<u64> {
    match std::env::var("ILT_SEED") {
        Ok(seed) => vec![seed.parse().expect("ILT_SEED is a number")],
        Err(_) => (0..HISTORIES).collect(),
    }
}

#[tokio::test]
async fn whatever_happens_the_invariants_hold_in_memory() {
    for seed in seeds() {
        history::play(MemoryStore::new(), seed, CRASH_ONE_IN).await.expect("every history is sound");
    }
}

#[tokio::test]
async fn whatever_happens_the_invariants_hold_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    for seed in seeds() {
        let url = format!("sqlite:{}", folder.path().join(format!("{seed}.db")).display());
        let options = Options { careless: true, ..Options::default() };
        let store = SqlStore::connect(&url, &options).await.expect("a file");
        store.migrate().await.expect("a schema");
        history::play(store, seed, CRASH_ONE_IN).await.expect("every history is sound");
    }
}

/// The control: with transactions that overwrite each other, the very same histories must break.
#[tokio::test]
async fn without_conflicts_between_hosts_the_invariants_break() {
    let mut broken = 0;
    for seed in 0..40 {
        broken += u32::from(history::play(MemoryStore::overwriting(), seed, 0).await.is_err());
    }
    assert!(broken > 10, "only {broken} of 40 histories noticed that commits overwrite each other");
}
