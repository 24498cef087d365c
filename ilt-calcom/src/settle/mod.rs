//! Making a Cal.com show a session: what is wanted, what is there, and the fewest calls that make them the same.
//!
//! # Flow
//! [`Calcom`] takes one session at a time: each of its days is [`Wanted`] at one instructor's, and whatever else is remembered of it is
//! to be cleared away. What is [`There`] is read → [`plan()`] compares, without asking anybody → its steps are performed one after the
//! other (`perform`), each of which can be repeated after a crash between any two calls, since what is there is read again.
//!
//! # Invariants
//! * A seat is ours when its metadata names a registration, or when we remember that it is one's. All others are strangers', and are
//!   never given back, moved or called off: they are told of.
//! * Seats are given back before a day has fewer, and a day has more before they are booked.
//! * A new calendar has its seats before the old one is cleared away.
//! * What is over is left alone, but for who was absent. Nobody is booked into what has begun.
//! * Where all is as it should be, nothing is written.
//!
//! # Not here
//! When this happens, and for how many sessions at once. Whether somebody's own booking is taken in: webhooks tell of it.

mod busy;
mod calendar;
mod chairs;
mod perform;
mod plan;
#[cfg(test)]
mod rules;
mod seal;
mod step;
mod there;
mod wanted;

pub use calendar::Calcom;
pub use plan::plan;
pub use seal::{BadSecret, Seal, Unsealable};
pub use step::{Plan, Step};
pub use there::There;
pub use wanted::{Wanted, WantedSeat};
