//! What a dealer's own rules may change of who is told of what, and when.
//!
//! # Flow
//! [`planned`] says who is told of an entry → [`tellings`] puts that, and what happened, into a [`Telling`] without names → whoever has
//! rules of their own gives [`Advice`] ([`crate::ports::Rules`]) → [`heed`] says what of it counts, and when each is told in the end
//! ([`Heard`]).
//!
//! # Invariants
//! * What is urgent is told, at once, whatever anybody advises; nothing is made urgent.
//! * Whoever is added may see the learner, by the rules that hold for everybody ([`crate::access`]), and hears once.
//! * Advice that is missing leaves everything as it is.
//!
//! # Not here
//! Who gives advice and how long that may take (adapters), saving what is to be told, sending it.

mod added;
mod heed;
mod planned;
mod question;
mod said;

#[cfg(test)]
mod rules;

pub use heed::heed;
pub use planned::{Planned, concerned, planned};
pub use question::{Happening, Known, Notification, Pace, Telling, ToldAs, tellings};
pub use said::{Advice, Advised, Change, Heard, When};
