//! Whether one person can be at two sessions: overlap, and the way between the two places.

use jiff::{SignedDuration, Timestamp};

use crate::catalog::Place;
use crate::ids::LocationId;

/// A stretch of time that keeps a person at a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// When it begins.
    pub from: Timestamp,
    /// When it is over.
    pub to: Timestamp,
    /// Where it keeps them.
    pub location: LocationId,
    /// Where that is.
    pub place: Place,
}

/// How fast people get from one training centre to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Travel {
    /// Kilometres an hour over the great circle.
    pub kilometres_per_hour: u32,
    /// Minutes that even the shortest way takes.
    pub least_minutes: u32,
}

impl Travel {
    /// The time needed between two stretches; none within one location.
    pub fn between(self, one: &Stretch, other: &Stretch) -> SignedDuration {
        if one.location == other.location {
            return SignedDuration::ZERO;
        }
        let hours = one.place.kilometres_to(other.place) / f64::from(self.kilometres_per_hour.max(1));
        SignedDuration::from_secs_f64(hours * 3_600.0)
            .max(SignedDuration::from_mins(i64::from(self.least_minutes)))
    }

    /// Whether one person cannot be at both: they overlap, or the way between them takes longer than the gap.
    pub fn clashes(self, one: &Stretch, other: &Stretch) -> bool {
        let (first, second) = if one.from <= other.from { (one, other) } else { (other, one) };
        let gap = second.from.duration_since(first.to);
        // Back to back in one building is fine; anything shorter than the way is not.
        gap < SignedDuration::ZERO || gap < self.between(first, second)
    }
}
