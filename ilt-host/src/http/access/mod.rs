//! Who asks, and how often they may.

pub mod auth;
pub mod caller;
pub mod rate;
pub mod vouched;
