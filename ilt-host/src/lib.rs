//! The host: what the outside sees of an engine, over HTTP and on the command line.

pub mod cli;
pub mod demo;
pub mod http;
pub mod metrics;
mod shutdown;
