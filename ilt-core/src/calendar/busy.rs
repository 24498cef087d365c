//! When those who teach have something else in their calendars.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::PersonId;
use crate::schedule::Part;

/// Something in an instructor's calendar that is none of ours. What it is stays there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Busy {
    /// Whose calendar.
    pub instructor: PersonId,
    /// When it starts.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
}

impl Busy {
    /// Whether it is at the same time as one of these. What ends as something starts is not in its way.
    pub fn is_in_the_way_of(&self, parts: &[Part]) -> bool {
        parts.iter().any(|part| self.starts_at < part.ends_at() && part.starts_at < self.ends_at)
    }
}
