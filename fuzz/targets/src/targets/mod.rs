//! One file for each parser.

pub mod body;
pub mod civil;
pub mod claims;
pub mod code;
pub mod csv;
pub mod cursor;
pub mod key;
pub mod last_event_id;
pub mod query;
pub mod record;
pub mod statement;
pub mod token;
pub mod webhook;
