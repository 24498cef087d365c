//! Sessions that are further away than we travel come last.

use ilt_plugin::{Adjustment, Place, Problem, Question, Rules, plugin};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Kilometres that we travel at most.
    most_km: f64,
}

impl Settings {
    fn is_far(&self, place: &Place) -> bool {
        place.distance_km.is_some_and(|km| km > self.most_km)
    }
}

pub struct Own;

impl Rules for Own {
    type Settings = Settings;
    const NAME: &str = env!("CARGO_PKG_NAME");
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const SUMMARY: &str = "Sessions that are further away than we travel come last.";
    const SETTINGS: &str = include_str!("../settings.json");

    fn adjust(question: &Question, settings: &Settings) -> Result<Vec<Adjustment>, String> {
        let numbered = question.candidates.iter().zip(0..);
        let far = numbered.filter(|(it, _)| {
            question.places.get(it.place as usize).is_some_and(|place| settings.is_far(place))
        });
        let reason = || "Further than your dealer travels.".to_owned();
        Ok(far.map(|(_, candidate)| Adjustment { candidate, change: -0.3, reason: reason() }).collect())
    }

    fn problems(settings: &Settings) -> Vec<Problem> {
        let problem = || Problem { pointer: "/most_km".to_owned(), detail: "must be 0 or more".to_owned() };
        if settings.most_km < 0.0 { vec![problem()] } else { Vec::new() }
    }
}

plugin!(Own);
