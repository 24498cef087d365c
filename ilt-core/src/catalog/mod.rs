//! What can be taught, where, and to whom: courses, locations, dealers, people, completions.
//!
//! # Not here
//! Sessions ([`crate::session`]), what a course requires of a learner ([`crate::prerequisite`]), who may change any of it
//! ([`crate::access`]).

mod course;
mod location;
mod person;
mod preferences;
#[cfg(test)]
mod rules;
mod validate;

pub(crate) use validate::MAX_WORD;

pub use course::{CompletedOn, Completion, Course, ProgrammeType};
pub use location::{Dealer, Location, NoSuchRoom, Place};
pub use person::{Grant, Person, Role};
pub use preferences::{BadTimeWords, Channel, Preferences, PreferredTime};
