//! The host: an engine around the core, and what the outside sees of it.

pub mod check_in;
pub mod cli;
pub mod config;
#[cfg(feature = "kafka")]
pub mod consumers;
pub mod demo;
pub mod engine;
pub mod events;
pub mod followers;
pub mod http;
pub mod import;
pub mod metrics;
pub mod open;
mod shutdown;
