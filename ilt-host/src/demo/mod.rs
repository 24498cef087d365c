//! The demo: a realistic network on one SQLite file, filled through the doors that everybody uses, and a story to try.

mod ask;
mod cast;
mod days;
mod dealings;
mod fill;
mod life;
#[cfg(not(feature = "plugins"))]
#[path = "no_samples.rs"]
mod samples;
#[cfg(feature = "plugins")]
mod samples;
mod story;

pub use cast::{keep, kept};
pub use fill::{fill, is_full};
pub use samples::use_samples;
pub use story::{Story, check};
