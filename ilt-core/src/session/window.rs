//! When registration closes, and from when cancelling is late.

use jiff::Timestamp;

use crate::catalog::Course;
use crate::policy::{Rule, Rules};
use crate::schedule::before_business_days;
use crate::session::Session;

/// The instant registration closes: business days before the start, at the start's wall clock.
pub fn closes_at(session: &Session, rules: Rules<'_>) -> Timestamp {
    before_business_days(session.starts_at(), &session.zone(), rules.count(Rule::RegistrationCloses))
}

/// The instant from which cancelling is late: business days before a travel course, hours before a local one.
pub fn late_from(session: &Session, course: &Course, rules: Rules<'_>) -> Timestamp {
    if course.travel {
        return before_business_days(session.starts_at(), &session.zone(), rules.count(Rule::LateTravel));
    }
    session.starts_at().saturating_sub(rules.hours(Rule::LateLocal)).unwrap_or(Timestamp::MIN)
}

/// Whether cancelling now is late.
pub fn is_late(session: &Session, course: &Course, rules: Rules<'_>, now: Timestamp) -> bool {
    now >= late_from(session, course, rules)
}
