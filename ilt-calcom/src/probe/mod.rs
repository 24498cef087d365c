//! What a Cal.com can do, asked before anything relies on it.
//!
//! There are several that bear the name: hosted, Cal.diy, images from before it, most with the API as a service of its own that
//! need not run. A version number tells less than what is answered, so each family of resources is asked for something small, and
//! the answer is looked at: a Cal.com that does not know a version answers in its oldest one without a word.
//!
//! # Not here
//! Trying writes. What a plan or a licence allows shows at the first of them.

mod look;
mod report;

pub use look::probe;
pub use report::{Report, State, Verdict};
