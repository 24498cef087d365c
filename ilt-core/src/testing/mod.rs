//! What tests of this crate and of its adapters share: an in-memory store, one that behaves like several hosts on one PostgreSQL,
//! the contract that every store passes, builders, a small network with a desk, what dealers' rules are asked, an academy beside it, and a clock and ids that do as they are told.

mod academy;
pub mod build;
pub mod contract;
mod memory;
mod memory_analytics;
mod memory_api_keys;
mod memory_components;
mod memory_deliveries;
mod memory_mirrors;
mod memory_reads;
mod memory_sign_ins;
mod memory_telling;
mod network;
pub mod plans;
pub mod questions;
pub mod read_committed;
pub mod statements;

pub use academy::Academy;
pub use build::{CountingIds, FixedClock};
pub use memory::{MemoryStore, put_rows};
pub use network::Network;
pub use read_committed::ReadCommitted;
