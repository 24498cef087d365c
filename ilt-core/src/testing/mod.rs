//! What tests of this crate and of its adapters share: an in-memory store, the contract that every store passes, builders,
//! and a clock and ids that do as they are told.

pub mod build;
pub mod contract;
mod memory;
mod memory_reads;

pub use build::{CountingIds, FixedClock};
pub use memory::MemoryStore;
