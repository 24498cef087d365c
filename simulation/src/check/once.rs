//! Every request has its effect once, however often it is repeated.

use std::collections::BTreeMap;

use ilt_core::journal::Entry;
use uuid::Uuid;

use super::{Broken, Promise};

/// Which attempt belongs to which request.
#[derive(Debug, Default)]
pub struct Attempts {
    of: BTreeMap<Uuid, u32>,
    had_effect: BTreeMap<u32, Uuid>,
    seen: usize,
}

impl Attempts {
    /// Notes an attempt, by what its entries are tied together with.
    pub fn note(&mut self, correlation: Uuid, request: u32) {
        self.of.insert(correlation, request);
    }

    /// A request of which two attempts had an effect.
    pub fn broken(&mut self, entries: &[Entry]) -> Option<Broken> {
        let new = &entries[self.seen.min(entries.len())..];
        self.seen = entries.len();
        new.iter().find_map(|entry| {
            let request = *self.of.get(&entry.correlation)?;
            let first = *self.had_effect.entry(request).or_insert(entry.correlation);
            (first != entry.correlation).then(|| {
                let how = format!("request {request} was done twice: {} once more", entry.event.word());
                Broken::new(Promise::Once, how)
            })
        })
    }
}
