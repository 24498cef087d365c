//! The engine of instructor-led training: everything around the core that runs without a request, for a host or for whoever embeds it.
//!
//! # Flow
//! [`config`] reads the settings → [`open`] opens the store that they name, starts an [`Engine`] on it and what follows its journal
//! ([`followers`]) → [`Engine::ask`] takes orders, one by one or from files ([`import`]); what happened is told as [`events`].
//!
//! # Not here
//! HTTP, tokens and the command line: they are the host's, and know this crate.

pub mod calendars;
pub mod check_in;
pub mod config;
#[cfg(feature = "kafka")]
pub mod consumers;
mod engine;
pub mod events;
pub mod followers;
pub mod hearing;
pub mod import;
pub mod open;
#[cfg(feature = "plugins")]
pub mod plugins;
pub mod rehearsal;
mod signed_in;
pub mod workshop;

pub use engine::*;
