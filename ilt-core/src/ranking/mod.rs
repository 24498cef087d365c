//! Alternatives: which other sessions to offer instead of one that is full, and why. And searching, on the same catalogue.
//!
//! # Flow
//! The [`Catalogue`] holds every session that is still to come and follows the journal. [`alternatives`] scores what could
//! stand in for a session, best first, and lets the rules of registration filter from the top until three have passed: the
//! rules are dear, scores are cheap. [`search`] walks the catalogue in order of time or distance.
//!
//! # Invariants
//! * The same input gives the same order, whatever order it was built in: ties break by start, then id.
//! * Whatever is shown passed the same checks that registering makes.
//!
//! # Not here
//! Recording what was shown (the desk does), plugins' opinions.

mod catalogue;
mod choose;
mod reason;
mod score;
mod search;
mod shown;
mod text;

pub use catalogue::Catalogue;
pub use choose::{Candidate, Learner, Ranked, alternatives};
pub use search::{Found, Near, Query, Sort, search};
pub use shown::{Parts, Shown, Weights};
