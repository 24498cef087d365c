//! What happened, as xAPI statements: a pure function from the journal and what is known to bytes.
//!
//! # Flow
//! [`needs`] says what must be known to tell of some entries → a [`Teller`] is given it and tells entry by entry, each as no,
//! one or several [`Told`]. Whoever stores them stores the bytes: a statement is built once and sent the same for ever,
//! since a learning record store refuses an id that comes back with other bytes.
//!
//! # Invariants
//! * The same entry gives the same ids for ever; another entry never gives one of them.
//! * What was told wrongly is voided, then told anew; a cancellation is a fact of its own and voids nothing.
//! * Whoever has a mail address that not every record store takes is told of by an account, so that nothing of theirs is refused.
//! * No nulls, no field without a meaning; instants in UTC with three digits; one way to write a length.
//!
//! # Not here
//! `passed` and `failed`: nobody is examined in this system. When somebody came and went, where
//! nothing is known but for how many minutes they were there. A place in the queue but for the one somebody joins at: it changes
//! without an event of its own. Sending: the followers of the journal do.

mod bytes;
mod claim;
mod mail;
mod naming;
mod style;
mod teller;
mod verb;

#[cfg(test)]
mod references;
#[cfg(test)]
mod rules;

pub use style::{Actors, Dialect, Style};
pub use teller::{Teller, Told, needs};
pub use verb::{Topic, Verb, event_type, sort_of, sorts};
