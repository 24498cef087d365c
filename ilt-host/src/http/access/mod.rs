//! Who asks, from where, and how often they may.

pub mod auth;
pub mod caller;
mod claims;
pub mod rate;
pub mod sender;
pub mod vouched;
