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
