//! Who asks, from where, and how often they may.

pub mod auth;
pub mod caller;
mod claims;
pub mod rate;
pub(in crate::http) mod secret;
pub mod sender;
pub mod vouched;
