//! What a learner still lacks for a course.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::catalog::{Completion, Course};
use crate::ids::CourseId;

/// Why a prerequisite is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "why")]
pub enum Why {
    /// It was never completed.
    NeverCompleted,
    /// It was completed, but no longer holds when the session starts.
    Expired {
        /// When it ends, or ended.
        at: Timestamp,
    },
}

/// A prerequisite that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// Which course.
    pub course: CourseId,
    /// What people call it.
    pub title: String,
    /// Why it is missing.
    #[serde(flatten)]
    pub why: Why,
}

/// What `completions` lack for `course` on the day `at`, in the order the course lists its prerequisites.
pub fn missing(
    course: &Course,
    courses: &BTreeMap<CourseId, Course>,
    completions: &[Completion],
    at: Timestamp,
) -> Vec<Missing> {
    course.prerequisites.iter().filter_map(|needed| lacking(*needed, courses, completions, at)).collect()
}

/// Whether a completion still holds at `at`.
pub fn is_valid(course: &Course, completed_at: Timestamp, at: Timestamp) -> bool {
    expires_at(course, completed_at).is_none_or(|end| at < end)
}

/// When a completion ends, if it does: so many calendar months later, in UTC.
pub fn expires_at(course: &Course, completed_at: Timestamp) -> Option<Timestamp> {
    let months = i32::try_from(course.validity_months?).unwrap_or(i32::MAX).min(12 * 200);
    let end = completed_at.to_zoned(TimeZone::UTC).saturating_add(months.months());
    Some(end.timestamp())
}

/// What is missing, as a sentence.
pub fn in_words(missing: &[Missing]) -> String {
    let each: Vec<String> = missing
        .iter()
        .map(|one| match one.why {
            Why::NeverCompleted => format!("`{}`", one.title),
            Why::Expired { at } => {
                format!(
                    "`{}` again (it is valid until {} only)",
                    one.title,
                    at.to_zoned(TimeZone::UTC).date()
                )
            }
        })
        .collect();
    format!("first complete {}", each.join(" and "))
}

fn lacking(
    needed: CourseId,
    courses: &BTreeMap<CourseId, Course>,
    completions: &[Completion],
    at: Timestamp,
) -> Option<Missing> {
    let course = courses.get(&needed)?;
    let counts = |completion: &&Completion| {
        completion.course == needed || course.equivalents.contains(&completion.course)
    };
    let mut latest_end = None;
    for completion in completions.iter().filter(counts) {
        let by = courses.get(&completion.course).unwrap_or(course);
        match expires_at(by, completion.completed_at) {
            None => return None,
            Some(end) if at < end => return None,
            Some(end) => latest_end = latest_end.max(Some(end)),
        }
    }
    let why = latest_end.map_or(Why::NeverCompleted, |at| Why::Expired { at });
    Some(Missing { course: needed, title: course.title.clone(), why })
}
