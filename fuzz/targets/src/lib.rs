//! Every parser that meets the outside, each as a [`Target`]: a function of any bytes, with what must hold whatever they are.
//!
//! # Flow
//! Somebody thinks of bytes: cargo-fuzz, which sees what code they reach; or [`mutate`], which runs on any compiler and from a seed
//! → a target makes of them what the outside would send, and sends it by the way the outside has: a file to the importer, a record to
//! a consumer, a request to the real router on a [`host`] in memory → it looks at what comes back ([`answer`], [`privacy`]), and
//! panics when that breaks what is promised.
//!
//! # What must hold
//! * Nothing panics, and no answer is a 500.
//! * What is read and printed is read as the same; what we issued is accepted, and not once a byte of it is another.
//! * An error names the place, in one of our words, and repeats neither a mail address nor a token.
//! * An answer is at most so many times as long as what was asked.
//!
//! # Not here
//! What decisions come to (`ilt-core/tests/properties`, `simulation`): whatever is asked here is asked once, of a small town.

pub mod answer;
pub mod corpus;
pub mod host;
pub mod mutate;
pub mod privacy;
pub mod run;
pub mod script;
mod targets;
#[path = "../../../ilt-host/tests/rest/town.rs"]
mod town;

/// A parser that meets the outside, and what must hold of it.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, which is that of its folder of `fuzz/corpus` and of its file in `fuzz/fuzz_targets`.
    pub name: &'static str,
    /// What is read.
    pub reads: &'static str,
    /// Tries any bytes; panics when something does not hold.
    pub run: fn(&[u8]),
    /// Words that lead further than chance does.
    pub words: &'static [&'static str],
}

/// All of them.
pub const TARGETS: [Target; 13] = [
    targets::body::TARGET,
    targets::civil::TARGET,
    targets::claims::TARGET,
    targets::code::TARGET,
    targets::csv::TARGET,
    targets::cursor::TARGET,
    targets::key::TARGET,
    targets::last_event_id::TARGET,
    targets::query::TARGET,
    targets::record::TARGET,
    targets::statement::TARGET,
    targets::token::TARGET,
    targets::webhook::TARGET,
];

/// Tries bytes on the target of this name: all that a file of `fuzz/fuzz_targets` has to say.
///
/// # Panics
/// When there is no such target, or something does not hold.
pub fn fuzz(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target of this name");
    (target.run)(input);
}
