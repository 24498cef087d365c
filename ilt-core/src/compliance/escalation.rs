//! Who hears of a gap when nobody does anything about it (PRODUCT.md, "escalation").

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use crate::compliance::Remedy;
use crate::ids::{CourseId, PersonId};
use crate::policy::{Rule, Rules};
use crate::schedule::{Zone, morning};

/// Whoever hears of a gap, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The learner's manager, or who stands in.
    Manager,
    /// The admin of the learner's dealer.
    DealerAdmin,
    /// The admins who belong to the dealer's region; all of them where none does.
    RegionalAdmin,
}

impl Step {
    /// Every step, in their order.
    pub const ALL: [Self; 3] = [Self::Manager, Self::DealerAdmin, Self::RegionalAdmin];

    /// The rule that says how many days after the deadline it comes; 0 for never.
    const fn rule(self) -> Rule {
        match self {
            Self::Manager => Rule::EscalateManager,
            Self::DealerAdmin => Rule::EscalateDealer,
            Self::RegionalAdmin => Rule::EscalateRegion,
        }
    }
}

/// A course that a learner should hold, and does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Who.
    pub learner: PersonId,
    /// Which course.
    pub course: CourseId,
    /// The last day on which it would have been in time, where the learner lives.
    pub deadline: Date,
    /// Where the learner lives.
    pub zone: Zone,
    /// What was done about it.
    pub remedy: Remedy,
    /// Who was told. A gap with another deadline is another gap, of which nobody was.
    pub told: BTreeSet<Step>,
}

/// Who is to hear of a gap by now and has not, in the order in which their days came.
pub fn due(gap: &Gap, rules: &Rules<'_>, now: Timestamp) -> Vec<Step> {
    let mut due: Vec<_> =
        to_come(gap, rules).filter(|(_, at)| *at <= now).map(|(step, at)| (at, step)).collect();
    due.sort_unstable();
    due.into_iter().map(|(_, step)| step).collect()
}

/// When somebody else is to hear of it; never when something was done about it, or everybody has heard.
pub fn next_due(gap: &Gap, rules: &Rules<'_>, now: Timestamp) -> Option<Timestamp> {
    to_come(gap, rules).map(|(_, at)| at).filter(|at| *at > now).min()
}

/// The steps that were not told, each in the morning of its day.
fn to_come<'a>(gap: &'a Gap, rules: &'a Rules<'_>) -> impl Iterator<Item = (Step, Timestamp)> + 'a {
    let is_open = match gap.remedy {
        Remedy::None => true,
        Remedy::Booked | Remedy::Waived => false,
    };
    let steps = Step::ALL.into_iter().filter(move |step| is_open && !gap.told.contains(step));
    steps.filter_map(|step| {
        let days = rules.count(step.rule());
        let day = gap.deadline.checked_add(i64::from(days).days()).ok().filter(|_| days > 0)?;
        Some((step, morning(day, &gap.zone)?))
    })
}
