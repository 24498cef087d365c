//! What others are told, as a contract: a JSON Schema for each type of event, and a document of it all.
//!
//! # Flow
//! [`schema`] writes what statements of each sort look like here → [`Check`] holds every statement against it before it is
//! kept → [`asyncapi`] says in which topics they are → the host serves both, and `docs/events` has them with the names that
//! an installation begins with.
//!
//! # Invariants
//! * What is published has been checked, or goes to the dead letters and nowhere else.
//! * Within `v1` a schema only grows: what was a statement stays one.
//! * What is taken from others is described beside it (`wanted`), and read by the same rules (`crate::consumers`).
//!
//! # Not here
//! What is told of which entry (`ilt_core::statement`), sending.

#[cfg(feature = "kafka")]
pub mod asyncapi;
#[cfg(feature = "kafka")]
mod bookings;
mod check;
pub mod counting;
mod parts;
mod said;
pub mod schema;
pub mod wanted;

pub use check::{BadSchema, Check};
pub use schema::Names;
