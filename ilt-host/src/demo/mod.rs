//! The demo: a realistic network on one SQLite file, filled through the doors that everybody uses, and a story to try.

mod ask;
mod days;
mod dealings;
mod fill;
mod life;
mod story;

pub use fill::{Demo, fill};
pub use story::{Story, check};
