//! What a dealer's own rules may say: which sessions are offered first, and who waits in front.
//!
//! # Flow
//! The best candidates are put in a [`Question`] without names → whoever has rules of their own gives an [`Opinion`]
//! ([`crate::ports::Rules`]) → [`weigh`] says what of it counts → the ranking adds it up, and each [`Adjustment`] goes with what is
//! shown.
//!
//! # Invariants
//! * An opinion moves a score by [`MOST`] at most, however many there are; what is no number is no opinion.
//! * Whatever is moved is moved with a reason that can be shown.
//! * An opinion decides nothing: what may not be taken is never shown, and the wanted course comes before all others.
//!
//! # Not here
//! Who gives an opinion and how long that may take (adapters), asking (the engine).

mod precedence;
mod question;
mod weigh;

#[cfg(test)]
mod rules;

pub use precedence::{Granted, Heard, Precedence, first_in_line};
pub use question::{CandidateFacts, CourseFacts, Joining, LearnerFacts, PlaceFacts, Question};
pub(crate) use weigh::showable;
pub use weigh::{Adjusted, Adjustment, Fault, MOST, Opinion, Speaker, Wish, total, weigh};
