//! The journal: one append-only record of every change, in commit order.
//!
//! It is audit trail, replay source and feed at once: [`crate::world::World::apply`] rebuilds the state from it, and whatever
//! else must happen (live updates, calendars, mail, Kafka) follows it.
//!
//! # Invariants
//! * An entry is saved in the transaction that changes the state it tells of.
//! * No entry happened before the one it follows, whatever the clocks of several hosts say ([`follows`]).
//! * Numbers have no gaps and are given in commit order, so that a reader cannot skip a late commit.
//!
//! # Not here
//! Names and mail addresses: an append-only record must be able to outlive a person's right to be forgotten.

mod actor;
mod event;
mod time;

pub use actor::Actor;
pub use event::{Entry, Event};
pub use time::{MOST_AHEAD, follows, now_after};

#[cfg(test)]
pub(crate) mod rules;
