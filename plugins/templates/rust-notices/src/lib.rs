//! What happens at night is told in the morning; what is urgent is told all the same.

use ilt_plugin::noticing::Question;
use ilt_plugin::{Advice, Change, Notices, Pace, Problem, notifier};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The hour at which the morning begins.
    #[serde(default = "seven")]
    hour: u32,
}

fn seven() -> u32 {
    7
}

pub struct Own;

impl Notices for Own {
    type Settings = Settings;
    const NAME: &str = env!("CARGO_PKG_NAME");
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str = "What happens at night is told in the morning.";
    const SETTINGS: &str = include_str!("../settings.json");

    fn advise(question: &Question, settings: &Settings) -> Result<Vec<Advice>, String> {
        let morning = settings.hour * 60;
        let numbered = question.notices.iter().zip(0..);
        let at_night = numbered.filter(|(it, _)| it.pace == Pace::AtOnce && it.minute < morning);
        let reason = || "It waits until the morning.".to_owned();
        let wait = |(_, notice)| Advice { change: Change::AtMinute((notice, morning)), reason: reason() };
        Ok(at_night.map(wait).collect())
    }

    fn problems(settings: &Settings) -> Vec<Problem> {
        let problem = || Problem { pointer: "/hour".to_owned(), detail: "must be from 1 to 12".to_owned() };
        if (1..=12).contains(&settings.hour) { Vec::new() } else { vec![problem()] }
    }
}

notifier!(Own);
