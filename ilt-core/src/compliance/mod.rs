//! Compliance: what somebody must hold by a day, and what follows when they do not.
//!
//! # Flow
//! A [`Gap`] says who lacks which course since when → [`Remedy::by`] says whether a seat will close it → [`due`] says at which steps somebody is to hear of it by now,
//! [`next_due`] when somebody else will be → [`hearers`] says who that is.
//!
//! # Invariants
//! * Nobody hears of the same gap twice at one step; a look that comes late tells everybody who should have heard by then.
//! * Whoever has a seat, or was let off, is nobody's business; it goes on where it stood when the seat is given back.
//!
//! # Not here
//! Requirements, and how gaps are found from them; sending.

mod escalation;
mod hearers;
mod remedy;

pub use escalation::{Gap, Step, due, next_due};
pub use hearers::hearers;
pub use remedy::Remedy;

#[cfg(test)]
mod rules;
