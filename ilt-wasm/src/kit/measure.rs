//! What asking a plugin costs.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;

use super::Golden;
use super::asking::ask;
use super::golden::Question;
use crate::Plugin;

/// Candidates that a host asks about at once, at most.
const CANDIDATES: usize = 20;

/// What it costs to ask a plugin something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Half of all answers took no longer.
    pub p50: Duration,
    /// Ninety-nine of a hundred answers took no longer.
    pub p99: Duration,
    /// Fuel that one answer took.
    pub fuel: u64,
    /// Bytes of memory that one answer took.
    pub memory: usize,
}

/// Asks a plugin the same again and again, in an instance of its own each time, as a host does.
///
/// # Errors
/// Why there was no answer.
#[expect(clippy::disallowed_methods, reason = "a stopwatch, and nothing that decides looks at it")]
pub fn measure(plugin: &Plugin, golden: &Golden, rounds: u32) -> Result<Cost, String> {
    let (mut times, mut fuel, mut memory) = (Vec::new(), 0, 0);
    for _ in 0..rounds.max(1) {
        let begun = Instant::now();
        let said = ask(plugin, golden).map_err(|why| why.to_string())?;
        times.push(begun.elapsed());
        said.answer.map_err(|outcome| outcome.to_string())?;
        (fuel, memory) = (said.fuel.max(fuel), said.memory.max(memory));
    }
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent).div_ceil(100).clamp(1, times.len()) - 1];
    Ok(Cost { p50: at(50), p99: at(99), fuel, memory })
}

/// A question about as many candidates as a host ever asks about: those of the first golden file that has any, again and again.
pub fn made_up(golden: &[Golden]) -> Option<Golden> {
    let is_long = |it: &&Golden| matches!(&it.question, Question::Adjust(all) if !all.candidates.is_empty());
    let invented = || {
        let settings = golden.first().map_or_else(|| json!({}), |it| it.settings.clone());
        Golden::read(&invented(&settings).to_string()).ok()
    };
    let mut made = golden.iter().find(is_long).cloned().or_else(invented)?;
    if let Question::Adjust(question) = &mut made.question {
        let of = question.candidates.clone();
        let another = |(number, it): (u128, &super::scoring::Candidate)| super::scoring::Candidate {
            id: Uuid::from_u128(number),
            ..it.clone()
        };
        question.candidates = (1..).zip(of.iter().cycle()).take(CANDIDATES).map(another).collect();
    }
    Some(made)
}

fn invented(settings: &Value) -> Value {
    let id = |number: u128| Uuid::from_u128(number);
    let course = |number, topic| json!({"id": id(number), "programme_type": "compliance", "topics": [topic], "prerequisites": []});
    let candidate = |course: u32| {
        json!({
            "id": id(9), "course": course, "place": 0, "starts": 1_804_064_400, "ends": 1_804_086_000, "day": "wednesday", "minute": 540,
            "parts": 1, "seats_open": 3, "waiting": 0, "same": course == 0, "days_later": 7, "score": 0.5, "proximity": 0.5,
            "availability": 0.5, "relevance": 0.5
        })
    };
    json!({
        "about": "made up", "ask": "adjust", "settings": settings,
        "question": {
            "now": 1_803_459_600, "learner": {"id": id(1), "dealer": id(2), "holds": [id(3)]}, "wanted": id(4), "wanted_course": 0,
            "courses": [course(3, "brakes"), course(5, "electric")],
            "places": [{"id": id(6), "country": "DE", "distance_km": 41.0}],
            "candidates": [candidate(0), candidate(1)]
        }
    })
}
