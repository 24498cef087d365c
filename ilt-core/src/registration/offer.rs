//! How long an offer lasts (PRODUCT.md, "offer length").

use jiff::{SignedDuration, Timestamp};

use crate::policy::{Rule, Rules};
use crate::schedule::Zone;

/// Offers that are counted by day only run from this hour…
const DAY_FROM: i8 = 7;
/// … to this one, at the location.
const DAY_TO: i8 = 21;

/// When an offer made now expires; `None` when it is too late to offer anything.
///
/// An offer never outlasts the instant from which nothing is offered any more.
pub fn offer_until(now: Timestamp, starts_at: Timestamp, zone: &Zone, rules: Rules<'_>) -> Option<Timestamp> {
    let hours = |rule| SignedDuration::from_hours(i64::from(rules.count(rule)));
    let last = starts_at.saturating_sub(hours(Rule::OfferNever)).ok()?;
    if now >= last {
        return None;
    }
    let left = starts_at.duration_since(now);
    let until = if left > SignedDuration::from_hours(14 * 24) {
        now.saturating_add(hours(Rule::OfferFar)).ok()?
    } else if left > SignedDuration::from_hours(3 * 24) {
        now.saturating_add(hours(Rule::OfferNear)).ok()?
    } else {
        after_daytime(now, zone, hours(Rule::OfferSoon))
    };
    Some(until.min(last))
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
