//! What comes at a wall clock, on whatever day it is shown next.

use jiff::civil::{Date, Time};
use jiff::tz::AmbiguousOffset;
use jiff::{Timestamp, ToSpan as _};

use crate::schedule::Zone;

/// Minutes of a day; no clock shows more.
pub const MINUTES: u32 = 24 * 60;

/// The next instant at which the clock of `zone` shows so many minutes after midnight: `from` itself while it does. None for more
/// minutes than a day has.
///
/// A wall clock that daylight saving skips comes at the first minute after; one that it repeats comes once, the first time.
pub fn next_showing(minute: u32, zone: &Zone, from: Timestamp) -> Option<Timestamp> {
    let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
    let clock = Time::new(hour, minute, 0, 0).ok()?;
    let today = from.to_zoned(zone.rules().clone()).date();
    let is_over = |at: Timestamp| at.checked_add(1.minutes()).is_ok_and(|over| over <= from);
    let shown = |day| shown(day, clock, zone).filter(|at| !is_over(*at));
    // Two days on, where a whole day is skipped.
    let mut days = (0..3).filter_map(|days| today.checked_add(days.days()).ok());
    Some(days.find_map(shown)?.max(from))
}

fn shown(day: Date, clock: Time, zone: &Zone) -> Option<Timestamp> {
    let ambiguous = zone.rules().to_ambiguous_timestamp(day.to_datetime(clock));
    if !matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
        return ambiguous.compatible().ok();
    }
    let beyond = ambiguous.later().ok()?.checked_add(1.seconds()).ok()?;
    Some(zone.rules().preceding(beyond).next()?.timestamp())
}
