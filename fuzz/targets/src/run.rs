//! Trying a target, and telling of what breaks it.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use fastrand::Rng;

use crate::Target;
use crate::mutate::neighbour;

/// How often a finding is tried with something less in it.
const SHORTENED: usize = 400;

/// An input after which something does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The target's name.
    pub target: &'static str,
    /// The input, as short as it could be made.
    pub input: Vec<u8>,
    /// What does not hold.
    pub said: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\nafter this input:\n{}", self.target, self.said, self.input.escape_ascii())
    }
}

impl std::error::Error for Finding {}

/// Tries one input.
///
/// # Errors
/// What does not hold.
pub fn one(target: &Target, input: &[u8]) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(|| (target.run)(input))).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(|it| (*it).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        text.unwrap_or_else(|| "a panic without words".to_owned())
    })
}

/// Tries all that is known.
///
/// # Errors
/// The first of them after which something does not hold.
pub fn known(target: &Target, known: &[Vec<u8>]) -> Result<(), Finding> {
    known.iter().try_for_each(|input| found(target, input))
}

/// Tries neighbours of what is known as long as `goes_on` says, and answers how many there were.
///
/// # Errors
/// The first after which something does not hold.
pub fn neighbours(
    target: &Target,
    known: &[Vec<u8>],
    seed: u64,
    mut goes_on: impl FnMut(u64) -> bool,
) -> Result<u64, Finding> {
    let mut chance = Rng::with_seed(seed);
    let mut tried = 0;
    while goes_on(tried) {
        found(target, &neighbour(&mut chance, known, target.words))?;
        tried += 1;
    }
    Ok(tried)
}

fn found(target: &Target, input: &[u8]) -> Result<(), Finding> {
    one(target, input)
        .map_err(|said| shortened(target, Finding { target: target.name, input: input.to_vec(), said }))
}

/// The same finding with as much left out as still breaks something.
fn shortened(target: &Target, mut finding: Finding) -> Finding {
    let (mut size, mut left) = (finding.input.len() / 2, SHORTENED);
    while size > 0 && left > 0 {
        let mut at = 0;
        while at + size <= finding.input.len() && left > 0 {
            left -= 1;
            let mut less = finding.input.clone();
            drop(less.drain(at..at + size));
            match one(target, &less) {
                Err(said) => finding = Finding { input: less, said, ..finding },
                Ok(()) => at += size,
            }
        }
        size /= 2;
    }
    finding
}
