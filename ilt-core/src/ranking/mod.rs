//! Alternatives: which other sessions to offer instead of one that is full, and why.

mod shown;

pub use shown::{Parts, Shown, Weights};
