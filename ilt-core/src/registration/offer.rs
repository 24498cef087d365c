//! How long an offer lasts (PRODUCT.md, "offer length").

use jiff::{SignedDuration, Timestamp};

use crate::policy::{Rule, Rules};
use crate::schedule::{Zone, halfway};

/// Offers that are counted by day only run from this hour…
const DAY_FROM: i8 = 7;
/// … to this one, at the location.
const DAY_TO: i8 = 21;

/// How a seat that came free is given to those who wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// One after the other: it is kept for the next in line.
    Next {
        /// Until when.
        until: Timestamp,
        /// When half of that time is over.
        warn_at: Timestamp,
    },
    /// All at once: the first to accept wins.
    Everybody,
    /// Not at all: it is too late.
    Nobody,
}

/// How a seat that is free now is given to those who wait.
///
/// An offer never outlasts the instant from which nothing is offered any more.
pub fn asking(now: Timestamp, starts_at: Timestamp, zone: &Zone, rules: Rules<'_>) -> Asking {
    let last = waits_until(starts_at, rules);
    if now >= last {
        return Asking::Nobody;
    }
    let left = starts_at.duration_since(now);
    if left < rules.hours(Rule::OfferEverybody) {
        return Asking::Everybody;
    }
    let until = if left > SignedDuration::from_hours(14 * 24) {
        now.saturating_add(rules.hours(Rule::OfferFar)).unwrap_or(last)
    } else if left > SignedDuration::from_hours(3 * 24) {
        now.saturating_add(rules.hours(Rule::OfferNear)).unwrap_or(last)
    } else {
        after_daytime(now, zone, rules.hours(Rule::OfferSoon))
    };
    let until = until.min(last);
    Asking::Next { until, warn_at: halfway(now, until) }
}

/// The instant until which a place in the queue can lead to a seat.
pub fn waits_until(starts_at: Timestamp, rules: Rules<'_>) -> Timestamp {
    starts_at.saturating_sub(rules.hours(Rule::OfferNever)).unwrap_or(starts_at)
}

/// The instant at which `length` of local daytime has passed.
fn after_daytime(now: Timestamp, zone: &Zone, length: SignedDuration) -> Timestamp {
    let mut at = now;
    let mut left = length;
    // Each turn ends a day, and an offer is counted in hours: sixty days are more than any rule allows.
    for _ in 0..60 {
        let local = at.to_zoned(zone.rules().clone());
        let clock = |hour| {
            let wall = local.date().at(hour, 0, 0, 0);
            zone.rules().to_ambiguous_timestamp(wall).compatible().unwrap_or(at)
        };
        let (from, to) = (clock(DAY_FROM).max(at), clock(DAY_TO));
        if from < to {
            let today = to.duration_since(from);
            if left <= today {
                return from.saturating_add(left).unwrap_or(Timestamp::MAX);
            }
            left -= today;
        }
        let Ok(tomorrow) = local.date().tomorrow() else { break };
        let midnight = zone.rules().to_ambiguous_timestamp(tomorrow.at(0, 0, 0, 0)).compatible();
        at = midnight.unwrap_or(Timestamp::MAX);
    }
    at
}
