//! The alternatives that were taken: in which place they would have been.

use std::collections::BTreeMap;

use ilt_core::ids::AlternativeId;
use ilt_core::ranking::Shown;
use jiff::Timestamp;
use serde::Serialize;

use super::looks::Both;

/// How often the one that was taken was, or would have been, first. The one that is first is taken more often for being first: it says
/// less than it seems that a candidate moves others there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Taken {
    /// How many were taken of what was shown within the window.
    pub count: u64,
    /// How many were first as they were shown.
    pub first_as_shown: u64,
    /// How many would have been first without rules.
    pub first_without: u64,
    /// How many would have been first with the candidate.
    pub first_with: u64,
    /// How many would have been shown at all with the candidate.
    pub shown_with: u64,
}

/// What can still be taken.
#[derive(Debug, Default)]
pub(super) struct Takings {
    pub found: Taken,
    open: BTreeMap<AlternativeId, (Timestamp, Taken)>,
}

impl Takings {
    /// These were shown, and can be taken for a while.
    pub fn offer(&mut self, shown: &[Shown], both: &Both) {
        for one in shown {
            let is = |found: bool| u64::from(found);
            let is_first =
                |all: &[super::looks::Placed]| all.first().is_some_and(|it| it.session == one.session);
            let counts = Taken {
                count: 1,
                first_as_shown: is(one.rank == 1),
                first_without: is(is_first(&both.without)),
                first_with: is(is_first(&both.with)),
                shown_with: is(both.with.iter().any(|it| it.session == one.session)),
            };
            self.open.insert(one.id, (one.expires_at, counts));
        }
    }

    /// One of them was taken.
    pub fn take(&mut self, id: AlternativeId) {
        let Some((_, one)) = self.open.remove(&id) else { return };
        let found = &mut self.found;
        found.count += one.count;
        found.first_as_shown += one.first_as_shown;
        found.first_without += one.first_without;
        found.first_with += one.first_with;
        found.shown_with += one.shown_with;
    }

    /// Forgets what can no longer be taken.
    pub fn tidy(&mut self, now: Timestamp) {
        self.open.retain(|_, (expires_at, _)| *expires_at > now);
    }
}
