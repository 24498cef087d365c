//! Of whoever stays away again and again the dealer admin hears at once; everything else waits until the morning.

use ilt_plugin::noticing::Question;
use ilt_plugin::{Advice, Change, Notices, Pace, Role, notifier};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Minutes after midnight.
    morning: u32,
    /// How often somebody may stay away.
    no_shows: u32,
}

pub struct TellTale;

impl Notices for TellTale {
    type Settings = Settings;
    const NAME: &str = "tell-tale";
    const VERSION: &str = "1.0.0";
    const SUMMARY: &str =
        "The dealer admin hears of whoever stays away again and again; the rest waits until the morning.";
    const SETTINGS: &str = r#"{"type": "object", "required": ["morning", "no_shows"]}"#;

    fn advise(question: &Question, settings: &Settings) -> Result<Vec<Advice>, String> {
        let at_once = question.notices.iter().zip(0..).filter(|(it, _)| it.pace == Pace::AtOnce);
        let mut advice: Vec<_> = at_once
            .map(|(_, at)| Advice {
                change: Change::AtMinute((at, settings.morning)),
                reason: "Nobody needs to know before the morning.".to_owned(),
            })
            .collect();
        if question.happening.no_shows > settings.no_shows {
            advice.push(Advice {
                change: Change::Add((Role::DealerAdmin, Pace::AtOnce)),
                reason: format!("Stayed away for the {}. time.", question.happening.no_shows),
            });
        }
        Ok(advice)
    }
}

notifier!(TellTale);
