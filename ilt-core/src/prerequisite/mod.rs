//! Prerequisites: what unlocks what, and what a learner still lacks, in words.
//!
//! A prerequisite is met by a completion of the course or of one of its equivalents that is still valid on the day the
//! session starts.
//!
//! # Not here
//! Deadlines by which somebody must hold a course: that is a requirement, not a prerequisite.

mod graph;
mod missing;

pub use graph::cycle;
pub use missing::{Book, Missing, Why, in_words};

#[cfg(test)]
mod rules;
