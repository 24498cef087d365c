//! Attendance: who was there, part by part, and what that comes to.
//!
//! # Flow
//! Marks are made part by part ([`decide::merge`] says what becomes of one that comes late or twice) → once every part of a
//! registration is marked, [`Attendance::outcome`] says what it comes to → when the session is completed, each outcome is
//! settled, and whoever attended enough has completed the course.
//!
//! # Invariants
//! * Nobody is a no-show because nobody looked: a part that is not marked is not marked.
//! * Marks that are sent twice, or in another order, lead to the same state.
//!
//! # Not here
//! How long a completion holds ([`crate::prerequisite`]), the codes by which people check themselves in (the host).

pub mod decide;
mod mark;

pub use mark::{Attendance, Mark, Outcome, Shares, Stay};

#[cfg(test)]
mod rules;
