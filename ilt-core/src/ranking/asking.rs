//! What whoever has rules of their own is asked about: the best candidates, without a name.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::catalog::{Course, Location};
use crate::ids::DealerId;
use crate::opinion::{CandidateFacts, CourseFacts, LearnerFacts, PlaceFacts, Question};
use crate::ranking::choose::{ASKED, Ranked};
use crate::ranking::hunt::Hunt;
use crate::ranking::{Catalogue, Learner, Weights};
use crate::session::Session;

/// The question to ask before [`crate::ranking::alternatives`]; none when there is nothing to have an opinion on.
pub fn question(
    catalogue: &Catalogue,
    learner: &Learner<'_>,
    dealer: Option<DealerId>,
    wanted: &Session,
    weights: Weights,
    now: Timestamp,
) -> Option<Question> {
    let course = catalogue.courses().get(&wanted.course)?;
    let hunt = Hunt::new(catalogue, learner, wanted, weights, now);
    let best = hunt.best(&hunt.plain_view(), ASKED);
    let ranked: Vec<_> = best.iter().filter_map(|one| Ranked::of(&hunt, one, wanted)).collect();
    if ranked.is_empty() {
        return None;
    }
    let (mut courses, mut places) = (Numbered::default(), Numbered::default());
    let wanted_course = courses.number(course.id, || course_facts(course));
    let candidates = ranked.iter().map(|one| {
        let (session, course, location) =
            (one.candidate.session, one.candidate.course, one.candidate.location);
        CandidateFacts {
            id: session.id,
            course: courses.number(course.id, || course_facts(course)),
            place: places.number(location.id, || place_facts(location, one.distance_km)),
            starts_at: session.starts_at(),
            ends_at: session.ends_at(),
            starts: session.parts.first().map_or(DateTime::MIN, |part| part.starts),
            parts: session.parts.len(),
            open: session.seats.open(),
            waiting: session.seats.waitlisted,
            is_same: one.is_same,
            days_later: one.days_later,
            score: one.score,
            of: one.parts,
        }
    });
    let candidates = candidates.collect();
    let learner = LearnerFacts { id: learner.id, dealer, holds: learner.holds.to_vec() };
    let (courses, places) = (courses.list, places.list);
    Some(Question { now, learner, wanted: wanted.id, wanted_course, courses, places, candidates })
}

/// What is named by its position, each once.
struct Numbered<K, V> {
    known: BTreeMap<K, usize>,
    list: Vec<V>,
}

impl<K, V> Default for Numbered<K, V> {
    fn default() -> Self {
        Self { known: BTreeMap::new(), list: Vec::new() }
    }
}

impl<K: Ord, V> Numbered<K, V> {
    fn number(&mut self, key: K, value: impl FnOnce() -> V) -> usize {
        let list = &mut self.list;
        *self.known.entry(key).or_insert_with(|| {
            list.push(value());
            list.len() - 1
        })
    }
}

/// What a course is, as far as rules may know.
pub fn course_facts(course: &Course) -> CourseFacts {
    CourseFacts {
        id: course.id,
        programme_type: course.programme_type.word(),
        topics: course.topics.clone(),
        track: course.track.clone(),
        prerequisites: course.prerequisites.clone(),
    }
}

/// What a location is, as far as rules may know.
pub fn place_facts(location: &Location, distance_km: Option<f64>) -> PlaceFacts {
    PlaceFacts { id: location.id, country: location.country.clone(), distance_km }
}
