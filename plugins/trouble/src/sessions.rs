//! What can be said wrong of sessions.

use ilt_plugin::{Adjustment, Joining, Priority, Question, Rules};

use crate::{Settings, Trouble, misbehaved, unknown};

fn one(change: f64, reason: &str) -> Vec<Adjustment> {
    vec![Adjustment { candidate: 0, change, reason: reason.to_owned() }]
}

impl Rules for Trouble {
    type Settings = Settings;
    const NAME: &str = "trouble";
    const VERSION: &str = "1.0.0";
    const SUMMARY: &str = "Misbehaves.";
    const SETTINGS: &str =
        r#"{"type": "object", "required": ["do"], "properties": {"do": {"type": "string"}}}"#;

    fn adjust(question: &Question, settings: &Settings) -> Result<Vec<Adjustment>, String> {
        let what = settings.what.as_str();
        if misbehaved(what)? {
            return Ok(Vec::new());
        }
        Ok(match what {
            "say too much" => (0..200_000).flat_map(|_| one(0.1, "Much.")).collect(),
            "say it long" => one(0.1, &"long ".repeat(1_000_000)),
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
            other => return unknown(other),
        })
    }

    fn prioritise(_: &Joining, settings: &Settings) -> Result<Option<Priority>, String> {
        if misbehaved(&settings.what)? {
            return Ok(None);
        }
        let reason = || "Everybody first.".to_owned();
        Ok((settings.what == "to the front").then(|| Priority { level: 7, reason: reason() }))
    }
}
