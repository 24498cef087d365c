//! Several hosts on one database, from a seed.
//!
//! The real desks, engines, feeds and timers of two or three hosts run on one thread, on a store that behaves like PostgreSQL
//! ([`ilt_core::testing::ReadCommitted`]). Which of them goes on at each step, which dies, whose clock jumps and whose answer
//! is lost is said by a seed, so whatever is found can be played again.
//!
//! # Flow
//! [`script`] writes a history down beforehand → [`play`] plays it: what is asked is drawn as things are then ([`draw`]), the
//! [`executor`] takes one step after the other → after every commit, [`check`] looks whether all that is promised still holds
//! → when it does not, [`shrink`] leaves out whatever is not needed for that, and the history is told in words.
//!
//! # Not here
//! HTTP, SQL, disks, networks: the mixes on a real PostgreSQL try those.

pub mod check;
pub mod client;
pub mod clocks;
#[cfg(feature = "planted")]
pub mod controls;
pub mod dice;
pub mod draw;
pub mod executor;
pub mod followers;
pub mod host;
pub mod kind;
pub mod play;
pub mod run;
pub mod script;
pub mod shrink;
pub mod town;
pub mod words;
