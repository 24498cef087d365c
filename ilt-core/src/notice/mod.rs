//! What a learner's manager hears of: at once, in the digest of the day, or not at all (PRODUCT.md, "manager notices").
//!
//! # Flow
//! [`to_managers`] says which managers an entry of the journal concerns, and by [`for_manager`] when each hears of it; [`advice`] says
//! what the dealer's own rules may change of that.
//!
//! # Invariants
//! * A new kind of event is sorted before it builds.
//! * Nobody hears of what they did themselves, or of people whom they may not see.
//!
//! # Not here
//! Who leads whom and who stands in ([`crate::access`]), putting a digest together, sending: notifications follow the journal.
//! Questions: whoever has to answer one is asked, be it a deputy to whom a request is passed on, or whoever asked for the
//! seats that a group is offered.

pub mod advice;
mod manager;
mod telling;

pub use manager::{Notice, for_manager};
pub use telling::{Told, to_managers};

#[cfg(test)]
mod rules;
