//! Registration: one learner's claim on one session, and all that happens to it.
//!
//! # Flow
//! [`decide::register`] takes a seat or a place in the queue → [`promote`] gives seats that came free to whoever is next →
//! [`decide::cancel`] gives a seat back. Each is a pure function from what is known to what happens.
//!
//! # Invariants
//! * A learner has at most one live registration per session; asking twice answers with the same one.
//! * A seat leaves `open` only together with the registration that takes it.
//! * The queue is in order of priority, which has a reason, and then of joining; whoever is passed over is told why and stays in line.
//!
//! # Not here
//! Who may ask ([`crate::access`]), which other session to take instead ([`crate::ranking`]), mail.

pub mod decide;
pub mod hand_on;
mod odds;
mod offer;
pub mod promote;
mod state;
mod step;

pub use odds::{Odds, odds};
pub use offer::{Asking, asking, waits_until};
pub use state::{Priority, Registration, Status, Wait, WrongState};

#[cfg(test)]
mod rules;
