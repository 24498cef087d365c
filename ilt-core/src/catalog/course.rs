//! A course, and the record that somebody completed one.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ids::{CourseId, PersonId};

/// What kind of programme a course belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProgrammeType {
    /// First weeks in the network.
    Onboarding,
    /// Training for a new position.
    NewHire,
    /// Required by law or by the manufacturer.
    Compliance,
    /// Going further in one's job.
    EmployeeDevelopment,
    /// For customers and partner companies.
    CustomerPartner,
}

impl ProgrammeType {
    /// Every programme type, in the order pages list them.
    pub const ALL: [Self; 5] =
        [Self::Onboarding, Self::NewHire, Self::Compliance, Self::EmployeeDevelopment, Self::CustomerPartner];

    /// The word used in the API, in CSV files and in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Onboarding => "onboarding",
            Self::NewHire => "new-hire",
            Self::Compliance => "compliance",
            Self::EmployeeDevelopment => "employee-development",
            Self::CustomerPartner => "customer-partner",
        }
    }

    /// The programme type that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What is taught.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// Its id.
    pub id: CourseId,
    /// What people call it.
    pub title: String,
    /// What it is about, in a sentence or two; may be empty.
    pub summary: String,
    /// What kind of programme it belongs to.
    pub programme_type: ProgrammeType,
    /// Free words that say what it touches, lower-case.
    pub topics: Vec<String>,
    /// The certification track it counts towards.
    pub track: Option<String>,
    /// Teaching time.
    pub length: SignedDuration,
    /// Months a completion stays valid; `None` is for ever.
    pub validity_months: Option<u32>,
    /// People travel to it: cancelling is late inside business days, not hours.
    pub travel: bool,
    /// Courses that must be completed, and still valid, before a registration.
    pub prerequisites: Vec<CourseId>,
    /// Courses whose completion counts as this one.
    pub equivalents: Vec<CourseId>,
    /// Raised by one with every change.
    pub version: u64,
}

/// Somebody completed a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Completion {
    /// Who.
    pub person: PersonId,
    /// What.
    pub course: CourseId,
    /// When.
    pub completed_at: Timestamp,
}

/// Somebody completed a course on a day, as the calendar shows it where they work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompletedOn {
    /// Who.
    pub person: PersonId,
    /// What.
    pub course: CourseId,
    /// On which day.
    pub day: Date,
}
