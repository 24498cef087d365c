//! Ranking without an engine: sessions are put in order once, and asked as often as one likes.

use std::collections::BTreeMap;
use std::sync::Arc;

use ilt_core::catalog::{Place, Preferences};
use ilt_core::ids::{CourseId, PersonId, SessionId};
use ilt_core::opinion::Adjusted;
use ilt_core::ranking::{Catalogue, Learner, Ranked, Weights, alternatives};
use ilt_core::session::Session;
use ilt_core::world::World;
use jiff::Timestamp;
use pyo3::exceptions::{PyLookupError, PyValueError};
use pyo3::prelude::*;
use uuid::Uuid;

use super::apart;
use super::facts::{CourseFacts, PlaceFacts, SessionFacts};

/// Sessions in memory, in the order in which they are looked for.
#[pyclass(frozen, module = "ilt._native")]
pub struct Sessions(Catalogue);

/// What is known of a learner.
#[derive(FromPyObject)]
struct LearnerFacts {
    places: Vec<(f64, f64)>,
    interests: Vec<String>,
    holds: Vec<Uuid>,
    deadline: Option<Timestamp>,
}

/// An alternative: session, score, its three parts, kilometres, days later, reason, what would have to change.
type Row = (Uuid, f64, (f64, f64, f64), Option<f64>, i32, String, Option<String>);

#[pymethods]
impl Sessions {
    /// These sessions, of these courses at these places.
    #[new]
    fn new(
        py: Python<'_>,
        courses: Vec<CourseFacts>,
        places: Vec<PlaceFacts>,
        sessions: Vec<SessionFacts>,
    ) -> PyResult<Self> {
        let catalogue = apart(py, move || {
            let mut world = World::default();
            let mut locations = BTreeMap::new();
            for place in places {
                let location = place.location()?;
                locations.insert(location.id, location);
            }
            for facts in &sessions {
                let location = locations.get(&facts.location.into());
                let location =
                    location.ok_or_else(|| "a session is at a place that is not among places".to_owned())?;
                world.sessions.hold(facts.session(&location.zone));
            }
            let courses = courses.into_iter().map(CourseFacts::course).map(|it| (it.id, it));
            world.courses = Arc::new(courses.collect());
            world.locations = Arc::new(locations);
            Ok(Catalogue::new(&world))
        })?;
        catalogue.map(Self).map_err(|wrong: String| PyValueError::new_err(wrong))
    }

    /// Panics, so that tests see what comes of it.
    #[cfg(debug_assertions)]
    #[staticmethod]
    #[pyo3(name = "_panic")]
    fn panic(py: Python<'_>) -> PyResult<()> {
        apart(py, || panic!("on purpose"))
    }

    /// How many there are.
    fn __len__(&self) -> usize {
        self.0.len()
    }

    /// Up to three to take instead of `wanted`, best first.
    fn rank(
        &self,
        py: Python<'_>,
        wanted: Uuid,
        learner: LearnerFacts,
        weights: (f64, f64, f64),
        now: Timestamp,
    ) -> PyResult<Vec<Row>> {
        let wanted = self.0.session(SessionId(wanted));
        let wanted = wanted.ok_or_else(|| PyLookupError::new_err("wanted is none of these sessions"))?;
        let (proximity, availability, relevance) = weights;
        let weights = Weights { proximity, availability, relevance };
        apart(py, || self.ranked(wanted, learner, weights, now))
    }
}

impl Sessions {
    fn ranked(&self, wanted: &Session, learner: LearnerFacts, weights: Weights, now: Timestamp) -> Vec<Row> {
        let LearnerFacts { places, interests, holds, deadline } = learner;
        let places: Vec<_> = places.into_iter().map(|(lat, lon)| Place { lat, lon }).collect();
        let holds: Vec<_> = holds.into_iter().map(CourseId).collect();
        let preferences = Preferences { interests, ..Preferences::default() };
        let learner = Learner {
            id: PersonId(Uuid::nil()),
            places: &places,
            preferences: &preferences,
            holds: &holds,
            deadline,
            may_take: &|_, _| true,
        };
        alternatives(&self.0, &learner, wanted, weights, &Adjusted::new(), now).into_iter().map(row).collect()
    }
}

fn row(one: Ranked<'_>) -> Row {
    let parts = (one.parts.proximity, one.parts.availability, one.parts.relevance);
    let session = one.candidate.session.id.0;
    (session, one.score, parts, one.distance_km, one.days_later, one.reason, one.would_change)
}
