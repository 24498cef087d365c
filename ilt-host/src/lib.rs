//! The host: an engine around the core, and what the outside sees of it.

pub mod engine;
pub mod http;
