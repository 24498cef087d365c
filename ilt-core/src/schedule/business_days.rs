//! "Two business days before": Monday to Friday, at the same wall clock.

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};

use crate::schedule::Zone;

/// The instant `days` business days before `start`, at the wall clock that `start` shows in `zone`.
///
/// A wall clock that daylight saving skips or repeats on that day is read as the offset before the change.
pub fn before_business_days(start: Timestamp, zone: &Zone, days: u32) -> Timestamp {
    stepped(start, zone, days, -1)
}

fn stepped(from: Timestamp, zone: &Zone, days: u32, step: i64) -> Timestamp {
    let local = from.to_zoned(zone.rules().clone()).datetime();
    let mut date = local.date();
    let mut left = days;
    while left > 0 {
        date = date.saturating_add(step.days());
        if is_business_day(date) {
            left -= 1;
        }
    }
    zone.rules().to_ambiguous_timestamp(date.to_datetime(local.time())).compatible().unwrap_or(from)
}

/// The instant `days` business days after `from`, at the wall clock that `from` shows in `zone`.
pub fn after_business_days(from: Timestamp, zone: &Zone, days: u32) -> Timestamp {
    stepped(from, zone, days, 1)
}

/// How many whole business days lie between two instants, by the calendar of `zone`; nought when `to` is not after `from`.
pub fn business_days_between(from: Timestamp, to: Timestamp, zone: &Zone) -> u32 {
    let mut days = 0;
    while before_business_days(to, zone, days + 1) >= from {
        days += 1;
    }
    days
}

fn is_business_day(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}
