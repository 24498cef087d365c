//! Civil time: what people say ("9:00 in Köln"), what it is as an instant, and whether two sessions fit into one life.
//!
//! Zones and daylight saving are jiff's; business days and clashes are ours.
//!
//! # Not here
//! Public holidays: a business day is Monday to Friday. Nobody keeps a calendar of holidays for twelve countries true by
//! hand, and a deadline that is a day early on a holiday surprises less than one that moves.

mod business_days;
mod civil;
mod clash;
mod daily;
mod zone;

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};

pub use business_days::{after_business_days, before_business_days, business_days_between};
pub use civil::{BadClock, BadTime, Part, wall_clock};
pub use clash::{Stretch, Travel};
pub use daily::{MINUTES, next_showing};
pub use zone::{BadZone, Zone};

/// The first instant that can be kept: the year 1900. Nobody has records of training from before; whoever says such a year, such as
/// 0000, has mistyped another.
pub const EARLIEST: Timestamp = Timestamp::constant(-2_208_988_800, 0);

/// The instant halfway between two others, in whole microseconds, as instants are kept.
pub fn halfway(from: Timestamp, to: Timestamp) -> Timestamp {
    let half = SignedDuration::from_micros((to.as_microsecond() - from.as_microsecond()) / 2);
    from.saturating_add(half).unwrap_or(to)
}

/// The wall clock at which people are told of things, where they live.
const MORNING: Time = Time::constant(9, 0, 0, 0);

/// The morning of a day where somebody lives.
pub fn morning(day: Date, zone: &Zone) -> Option<Timestamp> {
    Some(day.to_datetime(MORNING).to_zoned(zone.rules().clone()).ok()?.timestamp())
}

#[cfg(test)]
mod rules;
