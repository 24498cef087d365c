//! What an opinion on twenty candidates costs by Extism: compiled once, a fresh instance each time. `bench/plugins` runs it.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use extism::{CompiledPlugin, Manifest, Plugin, PluginBuilder, Wasm};
use serde_json::{Value, json};

const ROUNDS: usize = 5_000;

fn main() -> anyhow::Result<()> {
    let file = std::env::args().nth(1).context("usage: bench-extism GUEST")?;
    let manifest = Manifest::new([Wasm::file(&file)]);
    let compiled = CompiledPlugin::new(PluginBuilder::new(manifest).with_wasi(false))?;
    // As much as the host's own contract tells of twenty candidates, as JSON.
    let candidate = |number: usize| {
        json!({ "id": format!("00000000-0000-4000-8000-{number:012}"), "course": number % 2, "place": 0, "starts": 1_803_888_000, "ends": 1_803_909_600,
            "day": "monday", "minute": 540, "parts": 1, "seats_open": 3, "waiting": 0, "same": true, "days_later": 1, "score": 0.5,
            "proximity": 0.5, "availability": 0.5, "relevance": 0.5 })
    };
    let candidates: Vec<_> = (0..20).map(candidate).collect();
    let question = json!({ "most_km": 40.0, "places": [41.0], "candidates": candidates }).to_string();
    let mut times = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS + ROUNDS / 10 {
        let asked = Instant::now();
        let mut plugin = Plugin::new_from_compiled(&compiled)?;
        let said: String = plugin.call("adjust", &question)?;
        drop(plugin);
        let took = asked.elapsed();
        let said: Value = serde_json::from_str(&said)?;
        ensure!(said.as_array().map(Vec::len) == Some(20), "it says something else: {said}");
        if round >= ROUNDS / 10 {
            times.push(took);
        }
    }
    times.sort_unstable();
    let at = |permille: usize| micros(times[times.len() * permille / 1_000]);
    println!("Extism, Rust: p50={:.1} p99={:.1} µs of {ROUNDS} answers", at(500), at(990));
    Ok(())
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
