//! What everybody refers to, and what it was before: whoever decides while it is changed may decide by what was agreed on then.

use std::collections::BTreeMap;
use std::sync::Arc;

use ilt_core::catalog::{Course, Dealer};
use ilt_core::ids::{CourseId, DealerId};
use ilt_core::journal::{Entry, Event};
use ilt_core::policy::Override;
use ilt_core::world::World;

/// What was agreed on at some time.
#[derive(Clone)]
struct Then {
    rules: Vec<Override>,
    courses: Arc<BTreeMap<CourseId, Course>>,
    dealers: Arc<BTreeMap<DealerId, Dealer>>,
}

/// What was agreed on since all was quiet, but for what is now.
#[derive(Clone, Default)]
pub(super) struct Agreed(Vec<Then>);

/// Whether an entry changes what everybody refers to.
pub(super) const fn changes(entry: &Entry) -> bool {
    matches!(
        entry.event,
        Event::RuleSet(_) | Event::RuleCleared { .. } | Event::CoursesSaved(_) | Event::DealersSaved(_)
    )
}

impl Agreed {
    /// Notes what is agreed on before an entry that changes it.
    pub fn note(&mut self, world: &World, entry: &Entry) {
        if changes(entry) {
            let (rules, courses, dealers) =
                (world.rules.clone(), world.courses.clone(), world.dealers.clone());
            self.0.push(Then { rules, courses, dealers });
        }
    }

    /// The world as it would be by what was agreed on before.
    pub fn before(&self, world: &World) -> impl Iterator<Item = World> {
        self.0.iter().map(|then| {
            let Then { rules, courses, dealers } = then.clone();
            World { rules, courses, dealers, ..world.clone() }
        })
    }

    /// Nobody decides by any of it any more.
    pub fn forget(&mut self) {
        self.0.clear();
    }
}
