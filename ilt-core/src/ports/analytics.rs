//! What happened in numbers: by course and month, each statement counted once.

use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::CourseId;
use crate::ports::StoreError;
use crate::schedule::Zone;

/// A month of a year, where something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month in which something happened at a place; none before the year 0, which nobody could write and read again.
    pub fn of(at: Timestamp, zone: &Zone) -> Option<Self> {
        let date = at.to_zoned(zone.rules().clone()).date();
        (date.year() >= 0).then_some(Self { year: date.year(), month: date.month() })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = BadMonth;

    fn try_from(text: String) -> Result<Self, BadMonth> {
        text.parse()
    }
}

/// A text that is no month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a month such as 2027-03 was expected")]
pub struct BadMonth;

impl FromStr for Month {
    type Err = BadMonth;

    fn from_str(text: &str) -> Result<Self, BadMonth> {
        // A number may come with a sign, a month does not.
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let parts = text.split_once('-').filter(|(year, month)| (year.len(), month.len()) == (4, 2));
        let (year, month) = parts.filter(|(year, month)| digits(year) && digits(month)).ok_or(BadMonth)?;
        let month = month.parse().ok().filter(|month| (1..=12).contains(month)).ok_or(BadMonth)?;
        Ok(Self { year: year.parse().map_err(|_| BadMonth)?, month })
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Seats that were confirmed.
    Registered,
    /// Claims that ended without training.
    Unregistered,
    /// Places taken in queues.
    Waitlisted,
    /// Learners who were there for long enough.
    Attended,
    /// Learners who were there, but not for long enough.
    Partial,
    /// Learners who were not there.
    NoShow,
    /// Learners who were away with an excuse.
    Excused,
    /// Courses completed.
    Completed,
}

impl Measure {
    /// Every measure, in the order pages list them.
    pub const ALL: [Self; 8] = [
        Self::Registered,
        Self::Unregistered,
        Self::Waitlisted,
        Self::Attended,
        Self::Partial,
        Self::NoShow,
        Self::Excused,
        Self::Completed,
    ];

    /// The word used in the API and in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Unregistered => "unregistered",
            Self::Waitlisted => "waitlisted",
            Self::Attended => "attended",
            Self::Partial => "partial",
            Self::NoShow => "no-show",
            Self::Excused => "excused",
            Self::Completed => "completed",
        }
    }

    /// The measure that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.word() == word)
    }
}

/// What a statement does to the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// One more.
    Counts {
        /// The statement.
        statement: Uuid,
        /// Of which course.
        course: CourseId,
        /// In which month.
        month: Month,
        /// Of what.
        measure: Measure,
    },
    /// What an earlier statement counted does not count any more.
    TakesBack {
        /// The earlier statement.
        statement: Uuid,
    },
}

/// The numbers of one course in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Monthly {
    /// Which month.
    pub month: Month,
    /// Which course.
    pub course: CourseId,
    /// How many, in the order of [`Measure::ALL`].
    pub counts: [u64; Measure::ALL.len()],
}

/// Which numbers to read.
#[derive(Debug, Clone, Copy)]
pub struct MonthlyQuery {
    /// Only of this course.
    pub course: Option<CourseId>,
    /// From this month on.
    pub from: Option<Month>,
    /// Up to this month, itself included.
    pub to: Option<Month>,
    /// Where the page before ended.
    pub after: Option<(Month, CourseId)>,
    /// At most this many lines.
    pub limit: u32,
}

/// Numbers that follow statements.
#[async_trait]
pub trait Analytics: Send + Sync {
    /// Counts these, each statement once however often it comes, and moves the checkpoint of a follower with it, all in one
    /// transaction. What is taken back was told before; telling of both again leaves the numbers as they are.
    async fn count(&self, statements: &[Counting], checkpoint: Option<(&str, u64)>)
    -> Result<(), StoreError>;

    /// The numbers by month, then by course.
    async fn monthly(&self, query: &MonthlyQuery) -> Result<Vec<Monthly>, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_written_in_one_way() {
        assert_eq!("2027-03".parse::<Month>().map(|it| it.to_string()), Ok("2027-03".to_owned()));
        for wrong in ["+123-01", "12-0012", "123-+12", "2027-13", "2027-00", "2027-3", "-001-01", ""] {
            assert_eq!(wrong.parse::<Month>(), Err(BadMonth), "{wrong}");
        }
    }

    #[test]
    fn what_happened_in_a_month_that_cannot_be_read_again_happened_in_none() {
        let month =
            |at: &str| Month::of(at.parse().expect("an instant"), &Zone::utc()).map(|it| it.to_string());
        assert_eq!(month("9999-12-30T21:59:59Z").as_deref(), Some("9999-12"));
        assert_eq!(month("0000-01-01T00:00:00Z").as_deref(), Some("0000-01"));
        assert_eq!(month("-000001-12-31T23:59:59Z"), None);
    }
}
