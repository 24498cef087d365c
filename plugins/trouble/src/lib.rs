//! A plugin that misbehaves in whatever way its settings say: what the host must contain. It has a say in everything.

use std::hint::black_box;

use ilt_plugin::{journal, plugin};
use serde::Deserialize;

mod notices;
mod sessions;

#[derive(Deserialize)]
pub struct Settings {
    #[serde(rename = "do")]
    what: String,
}

pub struct Trouble;

plugin!(rules: Trouble, notices: Trouble);

fn deep(level: u64) -> u64 {
    if black_box(level) == u64::MAX { 0 } else { black_box(deep(level + 1)) + 1 }
}

/// What can be done wrong whatever is asked, and whether it was one of these.
fn misbehaved(what: &str) -> Result<bool, String> {
    match what {
        "loop for ever" => loop {
            black_box(0);
        },
        "take all memory" => {
            let mut all = Vec::new();
            loop {
                all.push(black_box(vec![1_u8; 1 << 20]));
            }
        }
        "recurse" => drop(black_box(deep(0))),
        "panic" => panic!("on purpose"),
        // An address that is in no memory of ours.
        "read wildly" => drop(black_box(unsafe { std::ptr::read_volatile(0xffff_fff0 as *const u8) })),
        "log for ever" => loop {
            journal::log(journal::Level::Info, &"line ".repeat(20));
        },
        "log it long" => journal::log(journal::Level::Warning, &"x".repeat(4 << 20)),
        // Little of its own doing, and much of the host's.
        "drip" => {
            let line = "x".repeat(200 << 10);
            loop {
                journal::log(journal::Level::Info, &line);
            }
        }
        "write" => journal::log(journal::Level::Warning, "seen"),
        "refuse" => return Err("no opinion today".to_owned()),
        "refuse at length" => return Err("no ".repeat(1_000_000)),
        _ => return Ok(false),
    }
    Ok(true)
}

fn unknown<T>(what: &str) -> Result<T, String> {
    Err(format!("nobody knows how to `{what}`"))
}
