//! A plugin that misbehaves in whatever way its settings say: what the host must contain.

use std::hint::black_box;

use ilt_plugin::{Adjustment, Question, Rules, journal, plugin};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Settings {
    #[serde(rename = "do")]
    what: String,
}

pub struct Trouble;

fn one(change: f64, reason: &str) -> Vec<Adjustment> {
    vec![Adjustment { candidate: 0, change, reason: reason.to_owned() }]
}

fn deep(level: u64) -> u64 {
    if black_box(level) == u64::MAX { 0 } else { black_box(deep(level + 1)) + 1 }
}

impl Rules for Trouble {
    type Settings = Settings;
    const NAME: &str = "trouble";
    const VERSION: &str = "1.0.0";
    const SUMMARY: &str = "Misbehaves.";
    const SETTINGS: &str =
        r#"{"type": "object", "required": ["do"], "properties": {"do": {"type": "string"}}}"#;

    fn adjust(question: &Question, settings: &Settings) -> Result<Vec<Adjustment>, String> {
        Ok(match settings.what.as_str() {
            "loop for ever" => loop {
                black_box(0);
            },
            "take all memory" => {
                let mut all = Vec::new();
                loop {
                    all.push(black_box(vec![1_u8; 1 << 20]));
                }
            }
            "recurse" => one(deep(0) as f64, "Deep."),
            "panic" => panic!("on purpose"),
            // An address that is in no memory of ours.
            "read wildly" => {
                one(f64::from(unsafe { std::ptr::read_volatile(0xffff_fff0 as *const u8) }), "Wild.")
            }
            "say too much" => (0..200_000).flat_map(|_| one(0.1, "Much.")).collect(),
            "say it long" => one(0.1, &"long ".repeat(1_000_000)),
            "log for ever" => loop {
                journal::log(journal::Level::Info, &"line ".repeat(20));
            },
            "log it long" => {
                journal::log(journal::Level::Warning, &"x".repeat(4 << 20));
                Vec::new()
            }
            "refuse" => return Err("no opinion today".to_owned()),
            "no number" => one(f64::NAN, "Nothing."),
            "without end" => one(f64::INFINITY, "More."),
            "markup" => one(0.1, "<script>alert(1)</script>Near."),
            "another session" => {
                vec![Adjustment { candidate: 4_711, change: 0.1, reason: "Mine.".to_owned() }]
            }
            "remember" => {
                static mut CALLS: u32 = 0;
                unsafe {
                    CALLS += 1;
                    one(f64::from(CALLS) / 10.0, "Counted.")
                }
            }
            "first" => one(0.5, "First."),
            "last" => {
                let last = u32::try_from(question.candidates.len()).map_or(0, |many| many.saturating_sub(1));
                vec![Adjustment { candidate: last, change: 0.5, reason: "Last is first.".to_owned() }]
            }
            "write" => {
                journal::log(journal::Level::Warning, "seen");
                Vec::new()
            }
            other => return Err(format!("nobody knows how to `{other}`")),
        })
    }
}

plugin!(Trouble);
