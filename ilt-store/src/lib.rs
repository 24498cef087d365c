//! The ports of `ilt-core` on SQL: SQLite, embedded, and PostgreSQL.
//!
//! There is one text of SQL for both. What differs (types, lists as parameters, row locks) is known to [`seam`] and to
//! nobody else; [`load`] and [`save`] are the two halves of a desk's transaction, the other modules a port each.
//!
//! # Not here
//! Decisions. A rule that could be kept by reading a row and choosing belongs to the core; the database only refuses what
//! must never be: a ledger that does not add up, a second live registration.

mod alone;
mod analytics;
mod api_keys;
mod components;
mod connect;
mod deliveries;
mod elsewhere;
mod error;
mod journal;
mod load;
mod migrate;
mod mirrors;
mod people;
mod places;
mod reads;
mod reference;
mod refold;
mod rows;
mod save;
mod seam;
mod sign_ins;
mod statements;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod timers;
#[cfg(test)]
mod upgrade;

pub use alone::Alone;
pub use connect::{BadUrl, Options, SqlStore};
pub use elsewhere::{BadView, View};
pub use migrate::{Migrated, Pending};
