//! Whoever holds the dealer's certificate for electric cars is shown sessions on electric cars first, and waits for them in front.

use ilt_plugin::{Adjustment, Course, Joining, Learner, Priority, Problem, Question, Rules, plugin};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The course whose completion is the certificate.
    certificate: String,
    /// Courses on this topic come first.
    #[serde(default = "electric")]
    topic: String,
    /// By how much.
    #[serde(default = "change")]
    change: f64,
}

fn electric() -> String {
    "electric".to_owned()
}

fn change() -> f64 {
    0.2
}

pub struct EvCertifiedFirst;

impl Settings {
    fn is_certified(&self, learner: &Learner) -> bool {
        learner.holds.contains(&self.certificate)
    }

    fn is_on_topic(&self, course: &Course) -> bool {
        course.topics.contains(&self.topic)
    }
}

impl Rules for EvCertifiedFirst {
    type Settings = Settings;
    const NAME: &str = "ev-certified-first";
    const VERSION: &str = "1.0.0";
    const SUMMARY: &str = "Whoever holds the certificate for electric cars is shown sessions on them first, and waits in front.";
    const SETTINGS: &str = include_str!("../settings.json");

    fn adjust(question: &Question, settings: &Settings) -> Result<Vec<Adjustment>, String> {
        if !settings.is_certified(&question.learner) {
            return Ok(Vec::new());
        }
        let numbered = question.candidates.iter().zip(0..);
        let on_topic = numbered.filter(|(it, _)| {
            question.courses.get(it.course as usize).is_some_and(|course| settings.is_on_topic(course))
        });
        let reason = || "Goes on from the certificate that you hold.".to_owned();
        let adjust = |(_, candidate)| Adjustment { candidate, change: settings.change, reason: reason() };
        Ok(on_topic.map(adjust).collect())
    }

    fn prioritise(joining: &Joining, settings: &Settings) -> Result<Option<Priority>, String> {
        let comes_first = settings.is_certified(&joining.learner) && settings.is_on_topic(&joining.course);
        let reason = || "Holds the certificate for electric cars.".to_owned();
        Ok(comes_first.then(|| Priority { level: 5, reason: reason() }))
    }

    fn problems(settings: &Settings) -> Vec<Problem> {
        let is_sound = (-0.5..=0.5).contains(&settings.change);
        let problem =
            || Problem { pointer: "/change".to_owned(), detail: "must be from -0.5 to 0.5".to_owned() };
        if is_sound { Vec::new() } else { vec![problem()] }
    }
}

plugin!(EvCertifiedFirst);
