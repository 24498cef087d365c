//! What a learner's manager hears of: at once, in the digest of the day, or not at all (PRODUCT.md, "manager notices").
//!
//! # Not here
//! Who leads whom and who stands in ([`crate::access`]), putting a digest together, sending: notifications follow the journal.

mod manager;

pub use manager::{Notice, for_manager};

#[cfg(test)]
mod rules;
