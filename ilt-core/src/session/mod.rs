//! A session: one scheduled run of a course, and its seats.
//!
//! # Invariants
//! * `capacity = confirmed + held + offered + reserved + open`, always ([`Seats`]).
//! * Parts are in time order and do not overlap.
//!
//! # Not here
//! Who holds which seat ([`crate::registration`]), clashes of one learner's sessions ([`crate::schedule`]).

mod block;
mod seats;
mod state;
mod window;

pub use block::Block;
pub use seats::{BelowTaken, Claim, Seats};
pub use state::{Session, SessionStatus};
pub use window::{closes_at, is_late, late_from};

#[cfg(test)]
mod rules;
