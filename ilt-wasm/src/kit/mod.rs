//! What authors of plugins try theirs with: golden files, each a question with the answer that is expected, and what asking costs.
//!
//! # Flow
//! A file is read, and what is wrong with it is told by its line ([`Golden::read`]) → the plugin is asked twice, within the limits of a
//! host, and what it says is held against the answer ([`judge()`]) → or it is asked many times with a stopwatch ([`measure()`]).
//!
//! # Invariants
//! * A golden file is asked in the words of the contract, nothing left out and nothing put in: what the plugin hears is what is written.
//! * Answers are compared and written in one form, so that a file says the same wherever it was written.
//!
//! # Not here
//! Folders, compiling and printing (the host's command line).

mod asking;
mod golden;
mod judge;
mod measure;
mod noticing;
mod schema;
mod scoring;

#[cfg(test)]
mod rules;

pub use asking::NotAsked;
pub use golden::{Golden, Unreadable};
pub use judge::{Fault, Verdict, judge};
pub use measure::{Cost, made_up, measure};
pub use schema::{Schema, schema};
