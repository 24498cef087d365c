//! Kafka: what happened, sent word for word and in order.
//!
//! # Flow
//! [`Topics`] name where statements go → a [`Publisher`] makes them where they are missing, and sends batches: every record
//! is acknowledged by the brokers before the batch counts.
//!
//! # Invariants
//! * A batch that was acknowledged is in Kafka; one that failed may be in part, and is sent again. Nothing is lost, and what
//!   comes twice has the same id.
//! * Records of one key are in one partition, in the order of the journal, also across failures: a producer that could not
//!   deliver a record delivers none after it, and is thrown away.
//! * A record that Kafka never takes does not hold up the others: it goes to the dead letters, without its value when that
//!   is what is too large.
//!
//! What another system tells of bookings is passed on by a [`Courier`]. What comes in is taken by a [`consume::Consumer`].
//!
//! # Not here
//! Where statements come from and how far they were sent: the host keeps that.

mod admin;
mod booked;
pub mod consume;
mod courier;
mod ears;
mod growth;
mod headers;
mod lag;
mod line;
mod publisher;
mod redrive;
mod security;
mod settings;
#[cfg(feature = "testing")]
pub mod testing;
mod topics;

pub use admin::brokers;
pub use booked::{Booked, Parcel};
pub use courier::Courier;
pub use lag::lag;
pub use publisher::{Published, Publisher, Trouble};
pub use redrive::{LeftAlone, REDRIVEN, REDRIVEN_FOR, Redrive, RedriveTrouble};
pub use security::{HAS_TLS, Login, Security, Tls};
pub use settings::Settings;
pub use topics::Topics;
