//! One part of a session: a wall-clock start in a zone, a length, and the instants they mean.

use jiff::civil::{Date, DateTime};
use jiff::tz::AmbiguousOffset;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::schedule::{EARLIEST, Zone};

/// A wall clock that does not say one instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum BadTime {
    /// Clocks are put forward over it.
    #[error("{starts} does not exist in {zone}: clocks are put forward over it")]
    Skipped {
        /// The wall clock that was asked for.
        starts: DateTime,
        /// Where.
        zone: Zone,
    },
    /// Clocks are put back over it, so that it happens twice.
    #[error("{starts} happens twice in {zone}, at {first} and at {second}: clocks are put back over it")]
    Repeated {
        /// The wall clock that was asked for.
        starts: DateTime,
        /// Where.
        zone: Zone,
        /// The earlier reading.
        first: Timestamp,
        /// The later reading.
        second: Timestamp,
    },
    /// Too far from today for any calendar.
    #[error("{starts} is outside the years that can be scheduled")]
    OutOfRange {
        /// The wall clock that was asked for.
        starts: DateTime,
    },
}

/// A wall clock in words that are no wall clock.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadClock {
    /// They say which instant they mean, and another would be kept.
    #[error(
        "must be a wall clock without an offset or zone, such as {0}: the zone is the location's, unless `zone` names another"
    )]
    Instant(DateTime),
    /// They say a day only.
    #[error("must say the time as well, such as {0}")]
    Day(DateTime),
    /// They say nothing that can be read.
    #[error("must be a wall clock such as 2027-03-28T09:00")]
    Unreadable,
}

/// Reads a wall clock such as `2027-03-28T09:00`. Nothing is read of it that somebody may have meant otherwise.
///
/// # Errors
/// [`BadClock`] with the form that would be right.
pub fn wall_clock(text: &str) -> Result<DateTime, BadClock> {
    let text = text.trim();
    let clock: DateTime = match text.parse() {
        Ok(clock) => clock,
        // With `Z` it is an instant.
        Err(_) => {
            return Err(text
                .trim_end_matches(['Z', 'z'])
                .parse()
                .map_or(BadClock::Unreadable, BadClock::Instant));
        }
    };
    if text.parse::<Date>().is_ok() && !text.contains(['T', 't', ' ', ':']) {
        return Err(BadClock::Day(clock.date().at(9, 0, 0, 0)));
    }
    let time = text.split_once(['T', 't', ' ']).map_or("", |(_, time)| time);
    if time.contains(['+', '-', '[', '−']) { Err(BadClock::Instant(clock)) } else { Ok(clock) }
}

/// One part of a session, as people say it and as the instants it means.
///
/// Both are kept: should a country change its rules, the wall clock wins and the instant is computed anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Wall clock at the location.
    pub starts: DateTime,
    /// The zone whose wall clock it is.
    pub zone: Zone,
    /// How long it lasts.
    pub length: SignedDuration,
    /// The instant it starts.
    pub starts_at: Timestamp,
    /// Where in the building; may be empty.
    pub room: String,
}

impl Part {
    /// A part that starts when the wall clock of `zone` shows `starts`.
    ///
    /// # Errors
    /// A start that daylight saving skips or repeats is refused, never guessed; so is one that cannot be kept.
    pub fn new(starts: DateTime, zone: Zone, length: SignedDuration, room: String) -> Result<Self, BadTime> {
        let starts_at = instant(starts, &zone)?;
        if starts_at < EARLIEST {
            return Err(BadTime::OutOfRange { starts });
        }
        Ok(Self { starts, zone, length, starts_at, room })
    }

    /// The instant it ends.
    pub fn ends_at(&self) -> Timestamp {
        self.starts_at.saturating_add(self.length).unwrap_or(Timestamp::MAX)
    }
}

fn instant(starts: DateTime, zone: &Zone) -> Result<Timestamp, BadTime> {
    let ambiguous = zone.rules().to_ambiguous_timestamp(starts);
    let out_of_range = |_| BadTime::OutOfRange { starts };
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => ambiguous.unambiguous().map_err(out_of_range),
        AmbiguousOffset::Gap { .. } => Err(BadTime::Skipped { starts, zone: zone.clone() }),
        AmbiguousOffset::Fold { .. } => Err(BadTime::Repeated {
            starts,
            zone: zone.clone(),
            first: ambiguous.earlier().map_err(out_of_range)?,
            second: ambiguous.later().map_err(out_of_range)?,
        }),
    }
}
