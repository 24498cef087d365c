//! Making a Cal.com show a session: what is wanted, what is there, and the fewest calls that make them the same.
//!
//! # Flow
//! [`Calcom`] takes one session at a time: each of its days is [`Wanted`] at one instructor's, and whatever else is remembered of it is
//! to be cleared away. What is [`There`] is read → [`plan()`] compares, without asking anybody → its steps are performed one after the
//! other (`perform`), each of which can be repeated after a crash between any two calls, since what is there is read again.
//!
//! # Invariants
//! * A seat is ours when its metadata names a registration, when we remember that it is one's, or when it is under the very address of
//!   somebody who is to have one and has none. All others are strangers' ([`Meeting`]): they are left alone until it is said what
//!   their owners are told on leaving, but for those that nobody can have any more.
//! * Seats are given back before a day has fewer, and a day has more before they are booked.
//! * A new calendar has its seats before the old one is cleared away.
//! * What is over is left alone, but for who was absent. Nobody is booked into what has begun.
//! * Where all is as it should be, nothing is written.
//!
//! # Not here
//! When this happens, and for how many sessions at once. Who of the strangers is registered: whoever settles decides.

mod busy;
mod calendar;
mod chairs;
mod guests;
mod perform;
mod plan;
#[cfg(test)]
mod rules;
mod seal;
mod step;
mod there;
mod wanted;

pub use calendar::Calcom;
pub use guests::{Meeting, Met, Seen};
pub use plan::plan;
pub use seal::{BadSecret, Seal, Unsealable};
pub use step::{Plan, Step};
pub use there::{Remembered, There};
pub use wanted::{Wanted, WantedSeat};
