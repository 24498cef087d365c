//! How requests are read and refused, whatever they are about.

pub mod extract;
pub mod media;
pub mod nul;
pub mod page;
pub mod params;
pub mod problem;
pub mod query;
pub mod shape;
pub mod sheet;
pub mod trace;
pub mod unread;
pub mod wanted;
