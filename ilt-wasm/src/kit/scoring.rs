//! What a scorer is asked and says, as golden files spell it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::bindings::exports::ilt::plugin::scoring as contract;

/// What a learner could take in the place of a session that is full.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub now: i64,
    pub learner: Learner,
    pub wanted: Uuid,
    pub wanted_course: u32,
    pub courses: Vec<Course>,
    pub places: Vec<Place>,
    pub candidates: Vec<Candidate>,
}

/// Somebody joins a queue.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Joining {
    pub now: i64,
    pub learner: Learner,
    pub course: Course,
    pub place: Place,
    pub session: Uuid,
    pub starts: i64,
    pub waiting: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learner {
    pub id: Uuid,
    pub dealer: Option<Uuid>,
    pub holds: Vec<Uuid>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Course {
    pub id: Uuid,
    pub programme_type: String,
    pub topics: Vec<String>,
    pub track: Option<String>,
    pub prerequisites: Vec<Uuid>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub id: Uuid,
    pub country: String,
    pub distance_km: Option<f64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    pub id: Uuid,
    pub course: u32,
    pub place: u32,
    pub starts: i64,
    pub ends: i64,
    pub day: Weekday,
    pub minute: u32,
    pub parts: u32,
    pub seats_open: u32,
    pub waiting: u32,
    pub same: bool,
    pub days_later: i32,
    pub score: f64,
    pub proximity: f64,
    pub availability: f64,
    pub relevance: f64,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    pub candidate: u32,
    pub change: f64,
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Priority {
    pub level: u8,
    pub reason: String,
}

impl Question {
    /// What no host would ever ask, since positions in lists are right and days have 1440 minutes.
    pub fn fault(&self) -> Option<String> {
        let is_in = |at: u32, length: usize| usize::try_from(at).is_ok_and(|at| at < length);
        if !is_in(self.wanted_course, self.courses.len()) {
            return Some(format!(
                "wanted_course is {}, and there are {} courses",
                self.wanted_course,
                self.courses.len()
            ));
        }
        self.candidates.iter().enumerate().find_map(|(number, it)| {
            if !is_in(it.course, self.courses.len()) {
                return Some(format!("candidate {number} is of a course that is not listed: {}", it.course));
            }
            if !is_in(it.place, self.places.len()) {
                return Some(format!("candidate {number} is at a place that is not listed: {}", it.place));
            }
            (it.minute >= 24 * 60).then(|| format!("candidate {number} begins at minute {}", it.minute))
        })
    }
}

impl From<&Question> for contract::Question {
    fn from(it: &Question) -> Self {
        Self {
            now: it.now,
            learner: (&it.learner).into(),
            wanted: it.wanted.to_string(),
            wanted_course: it.wanted_course,
            courses: it.courses.iter().map(Into::into).collect(),
            places: it.places.iter().map(Into::into).collect(),
            candidates: it.candidates.iter().map(Into::into).collect(),
        }
    }
}

impl From<&Joining> for contract::Joining {
    fn from(it: &Joining) -> Self {
        Self {
            now: it.now,
            learner: (&it.learner).into(),
            course: (&it.course).into(),
            place: (&it.place).into(),
            session: it.session.to_string(),
            starts: it.starts,
            waiting: it.waiting,
        }
    }
}

impl From<&Learner> for contract::Learner {
    fn from(it: &Learner) -> Self {
        Self { id: it.id.to_string(), dealer: it.dealer.map(|id| id.to_string()), holds: texts(&it.holds) }
    }
}

impl From<&Course> for contract::Course {
    fn from(it: &Course) -> Self {
        Self {
            id: it.id.to_string(),
            programme_type: it.programme_type.clone(),
            topics: it.topics.clone(),
            track: it.track.clone(),
            prerequisites: texts(&it.prerequisites),
        }
    }
}

impl From<&Place> for contract::Place {
    fn from(it: &Place) -> Self {
        Self { id: it.id.to_string(), country: it.country.clone(), distance_km: it.distance_km }
    }
}

impl From<&Candidate> for contract::Candidate {
    fn from(it: &Candidate) -> Self {
        Self {
            id: it.id.to_string(),
            course: it.course,
            place: it.place,
            starts: it.starts,
            ends: it.ends,
            day: it.day.into(),
            minute: it.minute,
            parts: it.parts,
            seats_open: it.seats_open,
            waiting: it.waiting,
            same: it.same,
            days_later: it.days_later,
            score: it.score,
            proximity: it.proximity,
            availability: it.availability,
            relevance: it.relevance,
        }
    }
}

impl From<Weekday> for contract::Weekday {
    fn from(it: Weekday) -> Self {
        match it {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }
}

impl From<contract::Adjustment> for Adjustment {
    fn from(it: contract::Adjustment) -> Self {
        Self { candidate: it.candidate, change: it.change, reason: it.reason }
    }
}

impl From<contract::Priority> for Priority {
    fn from(it: contract::Priority) -> Self {
        Self { level: it.level, reason: it.reason }
    }
}

fn texts(ids: &[Uuid]) -> Vec<String> {
    ids.iter().map(Uuid::to_string).collect()
}
