//! From overrides to one answer with its source.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::ids::CourseId;
use crate::policy::Rule;
use crate::schedule::Travel;

/// For whom a rule is set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "scope", content = "of")]
pub enum Scope {
    /// For everybody.
    Global,
    /// For the dealers of one group.
    DealerGroup(String),
    /// For the sessions of one course.
    Course(CourseId),
}

/// A rule, set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// For whom.
    pub scope: Scope,
    /// Which rule.
    pub rule: Rule,
    /// To what, in the rule's unit.
    pub value: i64,
}

/// Where a setting came from, the narrowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Set for the course.
    Course,
    /// Set for the learner's dealer group.
    DealerGroup,
    /// Set for everybody.
    Global,
    /// Never set.
    Default,
}

/// A value and where it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// The value, in the rule's unit.
    pub value: i64,
    /// Who set it.
    pub source: Source,
}

/// The rules for one course and one dealer group.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    overrides: &'a [Override],
    course: Option<CourseId>,
    group: Option<&'a str>,
}

impl<'a> Rules<'a> {
    /// The rules for a course and the dealer group of the person it is about.
    pub fn of(overrides: &'a [Override], course: Option<CourseId>, group: Option<&'a str>) -> Self {
        Self { overrides, course, group }
    }

    /// The setting of a rule, with its source.
    pub fn setting(&self, rule: Rule) -> Setting {
        self.overrides
            .iter()
            .filter(|set| set.rule == rule)
            .filter_map(|set| self.source(&set.scope).map(|source| Setting { value: set.value, source }))
            .min_by_key(|setting| setting.source as u8)
            .unwrap_or(Setting { value: rule.default(), source: Source::Default })
    }

    /// A setting as a count of its unit.
    pub fn count(&self, rule: Rule) -> u32 {
        u32::try_from(self.setting(rule).value).unwrap_or(0)
    }

    /// A setting that counts days, as a time; each of 24 hours.
    pub fn days(&self, rule: Rule) -> SignedDuration {
        SignedDuration::from_hours(24 * i64::from(self.count(rule)))
    }

    /// A setting that counts hours, as a time.
    pub fn hours(&self, rule: Rule) -> SignedDuration {
        SignedDuration::from_hours(i64::from(self.count(rule)))
    }

    /// A setting that counts minutes, as a time.
    pub fn minutes(&self, rule: Rule) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.count(rule)))
    }

    /// A setting as a switch.
    pub fn is_on(&self, rule: Rule) -> bool {
        self.setting(rule).value != 0
    }

    /// How people travel between locations.
    pub fn travel(&self) -> Travel {
        Travel {
            kilometres_per_hour: self.count(Rule::TravelSpeed),
            least_minutes: self.count(Rule::TravelLeast),
        }
    }

    /// Whether somebody could be there long enough to have attended, and not long enough to have come.
    fn is_muddled(&self) -> bool {
        self.count(Rule::AttendedShare) < self.count(Rule::NoShowShare)
    }

    fn source(&self, scope: &Scope) -> Option<Source> {
        match scope {
            Scope::Global => Some(Source::Global),
            Scope::DealerGroup(group) => (self.group == Some(group)).then_some(Source::DealerGroup),
            Scope::Course(course) => (self.course == Some(*course)).then_some(Source::Course),
        }
    }
}

/// The courses and dealer groups for which somebody would have attended and be a no-show: where what is enough for the one is less
/// than what is needed for not being the other.
pub fn muddled(overrides: &[Override]) -> BTreeSet<(Option<CourseId>, Option<&str>)> {
    let shares = overrides.iter().filter(|set| matches!(set.rule, Rule::AttendedShare | Rule::NoShowShare));
    let (mut courses, mut groups) = (BTreeSet::from([None]), BTreeSet::from([None]));
    for set in shares {
        match &set.scope {
            Scope::Global => {}
            Scope::DealerGroup(group) => drop(groups.insert(Some(group.as_str()))),
            Scope::Course(course) => drop(courses.insert(Some(*course))),
        }
    }
    let all = courses.iter().flat_map(|course| groups.iter().map(move |group| (*course, *group)));
    all.filter(|(course, group)| Rules::of(overrides, *course, *group).is_muddled()).collect()
}
