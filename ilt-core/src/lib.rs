//! The domain of instructor-led training.
//!
//! A dealer's people are trained in [`session`]s: scheduled runs of a course, at a location, with so many seats. A learner's
//! claim on one is a [`registration`]: it takes a seat, or a place in the queue behind a full session, and gives it back. When
//! no seat is open, [`ranking`] says which other sessions to take instead, and why.
//!
//! Everything here is decided by pure functions. What somebody wants is a command at the [`desk`]; what is known is a
//! [`world`]; what happens is an entry of the [`journal`], and applying the entries one by one is the only way the world
//! changes. Time, ids and storage come through [`ports`].
//!
//! # Not here
//! I/O, SQL, HTTP, threads, a clock, random numbers.

pub mod access;
pub mod attendance;
pub mod calendar;
pub mod catalog;
pub mod compliance;
pub mod desk;
pub mod fault;
pub mod ids;
pub mod journal;
pub mod notice;
pub mod opinion;
pub mod planted;
pub mod plugin;
pub mod policy;
pub mod ports;
pub mod prerequisite;
pub mod ranking;
pub mod registration;
pub mod retry;
pub mod schedule;
pub mod session;
pub mod statement;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod text;
pub mod world;
