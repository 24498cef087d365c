//! Learning record stores: statements posted in batches, until each is stored or known never to be.
//!
//! # Flow
//! [`Forwarder::forward`] takes statements → sends batches as large as is allowed → reads each answer for what it means
//! (`store`, `answer`, `yes`) → a batch that is refused is halved until the statement at fault is alone, and that one is a dead
//! letter, with what the record store says of it (`words`).
//!
//! # Invariants
//! * A call that succeeds has settled every statement: it is stored, or it is among the dead letters that are returned.
//! * A statement counts as stored when the record store names it, or has it when asked: a page that says 200 is no yes.
//! * A statement is a dead letter only when others pass before and after it is refused: who refuses everything is sick.
//! * A call that fails has settled none for good; sending all again is safe, since ids are the statements' own.
//! * Credentials that are refused, and whoever else answers at the address, are nobody's dead letter: they are an alarm, and
//!   everything waits.
//!
//! # Not here
//! Where statements come from, how far they were sent, where dead letters are kept: the host does.

mod answer;
mod forwarder;
mod outcome;
mod settings;
mod store;
mod words;
mod yes;

pub use forwarder::Forwarder;
pub use outcome::{Dead, Trouble};
pub use settings::Settings;
