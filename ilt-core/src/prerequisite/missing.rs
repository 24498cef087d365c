//! What a learner still lacks for a course.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::catalog::{Completion, Course};
use crate::ids::CourseId;
use crate::policy::{Override, Rule, Rules};

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
    /// Whether it was completed elsewhere could not be found out, which is not a no.
    Unknown,
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

impl Missing {
    /// Courses of which one would do: it, and what counts as it.
    pub fn would_do(&self, courses: &BTreeMap<CourseId, Course>) -> impl Iterator<Item = CourseId> {
        let equivalents = courses.get(&self.course).map(|course| course.equivalents.as_slice());
        let all = std::iter::once(self.course).chain(equivalents.unwrap_or_default().iter().copied());
        all.filter(|course| courses.contains_key(course))
    }
}

/// What everybody refers to when they ask what holds.
#[derive(Debug, Clone, Copy)]
pub struct Book<'a> {
    /// Courses by id.
    pub courses: &'a BTreeMap<CourseId, Course>,
    /// Rules that are set.
    pub rules: &'a [Override],
}

impl Book<'_> {
    /// When each of several completions ends, if it does: so many calendar months later, in UTC. They are one person's, of one
    /// course, in order of time.
    ///
    /// Whoever completes a course again in the last days before it expires keeps the anniversary: the new term begins when
    /// the old one ends (PRODUCT.md, "recertification").
    pub fn ends(self, completions: &[Completion]) -> Vec<Option<Timestamp>> {
        let Some(course) = completions.first().and_then(|one| self.courses.get(&one.course)) else {
            return vec![None; completions.len()];
        };
        let window = Rules::of(self.rules, Some(course.id), None).days(Rule::RecertificationWindow);
        let mut before: Option<Timestamp> = None;
        let mut end = |completion: &Completion| {
            let at = completion.completed_at;
            let anniversary = before.filter(|end| (*end - window..*end).contains(&at));
            let ends = term(course, anniversary.unwrap_or(at));
            before = before.max(ends);
            ends
        };
        completions.iter().map(&mut end).collect()
    }

    /// When what somebody completed of a course ends: `None` when they never did, `Some(None)` when it holds for ever.
    pub fn holds_until(self, course: CourseId, completions: &[Completion]) -> Option<Option<Timestamp>> {
        let of_course: Vec<_> = completions.iter().filter(|it| it.course == course).copied().collect();
        let ends = self.ends(&of_course);
        if ends.iter().any(Option::is_none) { Some(None) } else { ends.into_iter().max() }
    }

    /// Whether what somebody completed of a course holds at `at`.
    pub fn holds(self, course: CourseId, completions: &[Completion], at: Timestamp) -> bool {
        self.holds_until(course, completions).is_some_and(|end| end.is_none_or(|end| at < end))
    }

    /// What `completions` lack for `course` on the day `at`, in the order the course lists its prerequisites.
    pub fn missing(self, course: &Course, completions: &[Completion], at: Timestamp) -> Vec<Missing> {
        course.prerequisites.iter().filter_map(|needed| self.lacking(*needed, completions, at)).collect()
    }

    fn lacking(self, needed: CourseId, completions: &[Completion], at: Timestamp) -> Option<Missing> {
        let course = self.courses.get(&needed)?;
        let met_by = std::iter::once(&needed).chain(&course.equivalents);
        let mut latest_end = None;
        for until in met_by.filter_map(|by| self.holds_until(*by, completions)) {
            match until {
                None => return None,
                Some(end) if at < end => return None,
                Some(end) => latest_end = latest_end.max(Some(end)),
            }
        }
        let why = latest_end.map_or(Why::NeverCompleted, |at| Why::Expired { at });
        Some(Missing { course: needed, title: course.title.clone(), why })
    }
}

/// When a term that begins at `from` ends, if it does.
fn term(course: &Course, from: Timestamp) -> Option<Timestamp> {
    let months = i32::try_from(course.validity_months?).unwrap_or(i32::MAX).min(12 * 200);
    let end = from.to_zoned(TimeZone::UTC).saturating_add(months.months());
    Some(end.timestamp())
}

/// What is missing, as a sentence.
pub fn in_words(missing: &[Missing]) -> String {
    let (mut lacking, mut unknown) = (Vec::new(), Vec::new());
    for one in missing {
        let title = format!("`{}`", one.title);
        match one.why {
            Why::NeverCompleted => lacking.push(title),
            Why::Expired { at } => {
                let until = at.to_zoned(TimeZone::UTC).date();
                lacking.push(format!("{title} again (it is valid until {until} only)"));
            }
            Why::Unknown => unknown.push(title),
        }
    }
    let first = format!("first complete {}", lacking.join(" and "));
    let open = format!(
        "whether {} was completed elsewhere could not be found out just now: please try again in a minute",
        unknown.join(" and ")
    );
    match (lacking.is_empty(), unknown.is_empty()) {
        (_, true) => first,
        (true, false) => open,
        (false, false) => format!("{first}; {open}"),
    }
}
