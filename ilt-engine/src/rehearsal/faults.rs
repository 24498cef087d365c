//! What was wrong with what the candidate said, counted.

use std::collections::BTreeMap;

use ilt_core::opinion::{Fault, Speaker};

/// How often what was wrong, for whoever owns the plugin.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Faults(pub BTreeMap<String, u64>);

impl Faults {
    pub fn count(&mut self, faults: &[(Speaker, Fault)]) {
        for (by, fault) in faults {
            *self.0.entry(format!("{}: {fault}", by.plugin)).or_default() += 1;
        }
    }

    pub fn add(&mut self, others: Self) {
        for (fault, count) in others.0 {
            *self.0.entry(fault).or_default() += count;
        }
    }
}
