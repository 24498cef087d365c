//! Marks, and what they come to.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::policy::{Rule, Rules};
use crate::schedule::Part;

/// How long somebody was at one part of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Minutes they were there.
    pub minutes: u32,
    /// They were away with an excuse for what is left.
    pub excused: bool,
    /// When it was seen, by the clock of whoever saw it.
    pub at: Timestamp,
    /// What the device that made the mark calls it, so that sending it again is sending it once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<Uuid>,
    /// When they checked themselves in; an instructor's mark says nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrived_at: Option<Timestamp>,
}

/// What somebody's marks come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// They were there for as long as the course wants.
    Attended,
    /// They were there, but not for long enough.
    Partial,
    /// They were hardly there, or not at all.
    NoShow,
    /// They were away with an excuse.
    Excused,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 4] = [Self::Attended, Self::Partial, Self::NoShow, Self::Excused];

    /// The word used in the API and in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Attended => "attended",
            Self::Partial => "partial",
            Self::NoShow => "no-show",
            Self::Excused => "excused",
        }
    }
}

/// How long somebody was there, and from when until when as far as anybody saw.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// In minutes, all parts together.
    pub minutes: u32,
    /// When they came to the first part that they were at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came_at: Option<Timestamp>,
    /// When they left the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_at: Option<Timestamp>,
}

/// From which shares of the time on somebody has attended, or is no no-show. In percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shares {
    /// As long as the course wants.
    pub attended: u32,
    /// Less is a no-show.
    pub no_show: u32,
}

impl Shares {
    /// The course's shares.
    pub fn of(rules: Rules<'_>) -> Self {
        Self { attended: rules.count(Rule::AttendedShare), no_show: rules.count(Rule::NoShowShare) }
    }
}

/// What is known of somebody's attendance at a session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// Marks by the number of the part, from 1.
    #[serde(default)]
    pub marks: BTreeMap<u32, Mark>,
    /// What they came to, once the session was completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<Outcome>,
}

impl Attendance {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty() && self.settled.is_none()
    }

    /// Minutes they were there in all.
    pub fn minutes(&self) -> u32 {
        self.marks.values().map(|mark| mark.minutes).sum()
    }

    /// How long somebody was at a session that was over at an instant. When they came and left: as they checked in, else with the part
    /// they were at from its start to its end. Of whoever was at some of a part it is only known for how long.
    pub fn stay(&self, parts: &[Part], over_at: Timestamp) -> Stay {
        let there = (1_u32..).zip(parts).filter_map(|(number, part)| Some((self.marks.get(&number)?, part)));
        let there: Vec<_> = there.filter(|(mark, _)| mark.minutes > 0).collect();
        let is_whole = |mark: &Mark, part: &Part| mark.minutes == minutes_of(part);
        let came = there.first().and_then(|(mark, part)| {
            mark.arrived_at.or_else(|| is_whole(mark, part).then_some(part.starts_at))
        });
        let went = there.last().and_then(|(mark, part)| {
            let stays = mark.arrived_at.is_some() || is_whole(mark, part);
            stays.then(|| part.ends_at().min(over_at))
        });
        Stay { minutes: self.minutes(), came_at: came.filter(|came| *came <= over_at), left_at: went }
    }

    /// What the marks come to; nothing while a part is not marked.
    ///
    /// An excuse counts only where the time alone is too little.
    pub fn outcome(&self, parts: &[Part], shares: Shares) -> Option<Outcome> {
        let numbered = || (1_u32..).zip(parts);
        if parts.is_empty() || !numbered().all(|(number, _)| self.marks.contains_key(&number)) {
            return None;
        }
        let whole: u64 = parts.iter().map(|part| u64::from(minutes_of(part))).sum();
        let there: u64 = numbered()
            .filter_map(|(number, _)| self.marks.get(&number))
            .map(|mark| u64::from(mark.minutes))
            .sum();
        let reaches = |percent: u32| there * 100 >= whole * u64::from(percent);
        Some(if reaches(shares.attended) {
            Outcome::Attended
        } else if self.marks.values().any(|mark| mark.excused) {
            Outcome::Excused
        } else if reaches(shares.no_show) {
            Outcome::Partial
        } else {
            Outcome::NoShow
        })
    }
}

/// How long a part is.
pub(super) fn minutes_of(part: &Part) -> u32 {
    u32::try_from(part.length.as_mins()).unwrap_or(0)
}
