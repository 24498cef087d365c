//! Alternatives: which other sessions to offer instead of one that is full, and why. And searching, on the same catalogue.
//!
//! # Flow
//! The [`Catalogue`] holds every session that is still to come and follows the journal. [`alternatives`] asks which courses
//! can stand in (`kin`), hunts for the best of their sessions without looking at all of them (`hunt`), by the formulas of
//! `score`, and says why (`reason`) and what would have to change (`what_if`). [`search`] walks the catalogue in order of
//! time or distance.
//!
//! # Invariants
//! * The same input gives the same order, whatever order it was built in: ties break by start, then id.
//! * The best few are those that scoring every session would have found (`proof`).
//! * Whatever is offered passed the rules of registration, which are asked through [`Learner::may_take`].
//!
//! # Not here
//! Recording what was shown (the desk does), what counts of an opinion ([`crate::opinion`]).

mod asking;
mod catalogue;
mod choose;
mod hunt;
mod kin;
mod numbers;
#[cfg(test)]
mod proof;
mod reason;
mod rebook;
#[cfg(test)]
mod rules;
mod score;
mod search;
mod shelf;
mod shown;
mod text;
mod what_if;

pub use asking::{course_facts, place_facts, question};
pub use catalogue::Catalogue;
pub use choose::{Candidate, Learner, Ranked, SHOWN, alternatives};
pub use rebook::rebook;
pub use search::{Found, Near, Query, Sort, search};
pub use shown::{Parts, Shown, Weights};
