//! The rules that can be set, their defaults, and where each answer came from.
//!
//! A rule is set for everybody, for a dealer group or for a course; the narrowest wins: course, then group, then
//! everybody, then the default built in here. [`Rules`] is what the decisions read; each setting names its source so that
//! a page can say "2 business days, set for this course".

mod resolve;
mod rule;

pub use resolve::{Override, Rules, Scope, Setting, Source, muddled};
pub use rule::{BadValue, Rule};

#[cfg(test)]
mod rules;
