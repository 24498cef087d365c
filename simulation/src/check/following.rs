//! Whoever follows the journal sees every entry once and in order.

use ilt_core::journal::Entry;

use super::{Broken, Promise};

/// What one host's feed has passed on.
#[derive(Debug, Clone, Copy)]
pub struct Followed {
    last: u64,
}

impl Followed {
    /// A feed that begins after an entry.
    pub const fn from(last: u64) -> Self {
        Self { last }
    }

    /// The next that was passed on.
    pub fn next(&mut self, entry: &Entry) -> Option<Broken> {
        let expected = self.last + 1;
        self.last = entry.sequence;
        let how = format!("a feed passed on entry {} where {expected} was next", entry.sequence);
        (entry.sequence != expected).then(|| Broken::new(Promise::Following, how))
    }

    /// What a feed says it has seen, which it must have passed on.
    pub fn seen(&self, seen: u64) -> Option<Broken> {
        let how = format!("a feed says it has seen entry {seen}, and passed on no more than {}", self.last);
        (seen > self.last).then(|| Broken::new(Promise::Following, how))
    }
}
