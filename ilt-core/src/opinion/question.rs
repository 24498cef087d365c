//! What is told to whoever is asked: ids and facts, never a name, a mail address or a text that somebody wrote.

use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::ids::{CourseId, DealerId, LocationId, PersonId, SessionId};
use crate::ranking::Parts;

/// The learner, as far as rules may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnerFacts {
    /// Who.
    pub id: PersonId,
    /// Whose rules these are.
    pub dealer: Option<DealerId>,
    /// Courses that they hold now.
    pub holds: Vec<CourseId>,
}

/// A course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseFacts {
    /// Which.
    pub id: CourseId,
    /// What kind of programme it belongs to.
    pub programme_type: &'static str,
    /// What it touches.
    pub topics: Vec<String>,
    /// The certification track it counts towards.
    pub track: Option<String>,
    /// What must be held before.
    pub prerequisites: Vec<CourseId>,
}

/// Where a session takes place.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceFacts {
    /// Which location.
    pub id: LocationId,
    /// Its country.
    pub country: String,
    /// From where the learner would rather be trained, when that is known.
    pub distance_km: Option<f64>,
}

/// A session that could be taken.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateFacts {
    /// Which.
    pub id: SessionId,
    /// Its course, as a position in [`Question::courses`].
    pub course: usize,
    /// Its location, as a position in [`Question::places`].
    pub place: usize,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// When it begins on the clock of the place.
    pub starts: DateTime,
    /// How many parts it has.
    pub parts: usize,
    /// Seats that are open.
    pub open: u32,
    /// People who wait.
    pub waiting: u32,
    /// Whether it is of the wanted course, or of one that counts as it.
    pub is_same: bool,
    /// Days after the wanted one; before it when negative.
    pub days_later: i32,
    /// What it scores so far.
    pub score: f64,
    /// What that is made of.
    pub of: Parts,
}

/// What whoever has rules of their own is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Now.
    pub now: Timestamp,
    /// For whom.
    pub learner: LearnerFacts,
    /// The session that was wanted.
    pub wanted: SessionId,
    /// Its course, as a position in [`Question::courses`].
    pub wanted_course: usize,
    /// Every course that matters, each once.
    pub courses: Vec<CourseFacts>,
    /// Every location that matters, each once.
    pub places: Vec<PlaceFacts>,
    /// The best so far, best first.
    pub candidates: Vec<CandidateFacts>,
}

/// What whoever has rules of their own is asked when somebody joins a queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Joining {
    /// Now.
    pub now: Timestamp,
    /// Who joins.
    pub learner: LearnerFacts,
    /// Of which course.
    pub course: CourseFacts,
    /// Where.
    pub place: PlaceFacts,
    /// Which session is waited for.
    pub session: SessionId,
    /// When it begins.
    pub starts_at: Timestamp,
    /// People who wait for it already.
    pub waiting: u32,
}
