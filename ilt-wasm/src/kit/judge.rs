//! Asking a plugin what a golden file asks, and what is wrong with what it says.

use std::fmt;

use super::asking::{Given, NotAsked, ask};
use super::{Golden, Schema};
use crate::{Line, Outcome, Plugin, Said};

/// How often a plugin is asked that was out of time: whatever else keeps the machine at work is none of its faults, and a loop is out of time
/// each time.
const TRIES: u32 = 3;

/// What came of a golden file.
#[derive(Debug)]
pub struct Verdict {
    /// What the plugin answered, in the form that all answers are compared in; nothing when it was stopped.
    pub given: Option<String>,
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// What a host would drop or cut of the answer.
    pub notes: Vec<String>,
    /// What the plugin wrote in its journal.
    pub lines: Vec<Line>,
    /// Fuel that it used.
    pub fuel: u64,
    /// Bytes of memory that it took.
    pub memory: usize,
}

/// What is wrong with a plugin, or with what is expected of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It cannot be asked that.
    NotAsked(NotAsked),
    /// It gave no answer.
    Stopped(Outcome),
    /// Nobody wrote what to expect.
    Unwritten,
    /// It says something else.
    Differs {
        /// What the file says.
        expected: String,
        /// What the plugin says.
        given: String,
    },
    /// Asked once more, it said something else.
    Unsteady,
    /// Asked once more, it said the same for other fuel.
    UnsteadyFuel(u64, u64),
    /// It takes settings that its schema does not.
    Schema(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAsked(why) => why.fmt(f),
            Self::Stopped(outcome) => write!(f, "there is no answer: {outcome}"),
            Self::Unwritten => f.write_str("no answer is written yet: --update writes it"),
            Self::Differs { .. } => f.write_str("the answer is another one"),
            Self::Unsteady => f.write_str("asked once more, it answers something else"),
            Self::UnsteadyFuel(first, then) => {
                write!(f, "asked once more, it uses {then} steps in the place of {first}")
            }
            Self::Schema(what) => {
                write!(f, "check-config finds nothing wrong with settings that its schema forbids: {what}")
            }
        }
    }
}

/// Asks a plugin, twice, and holds what it says against what is expected.
pub fn judge(plugin: &Plugin, golden: &Golden, schema: Option<&Schema>) -> Verdict {
    let (first, again) = match (patiently(plugin, golden), patiently(plugin, golden)) {
        (Ok(first), Ok(again)) => (first, again),
        (Err(why), _) | (_, Err(why)) => return Verdict::of(Fault::NotAsked(why)),
    };
    let notes = first.answer.as_ref().map_or_else(|_| Vec::new(), |given| given.notes(plugin, golden));
    let (first, again) = (first.map(|it| Ok(it.text())), again.map(|it| Ok(it.text())));
    let mut faults = Vec::new();
    match (&first.answer, &golden.answer) {
        (Err(outcome), _) => faults.push(Fault::Stopped(outcome.clone())),
        (Ok(_), None) => faults.push(Fault::Unwritten),
        (Ok(given), Some(expected)) if given != expected => {
            faults.push(Fault::Differs { expected: expected.clone(), given: given.clone() });
        }
        (Ok(_), Some(_)) => {}
    }
    if again.answer != first.answer {
        faults.push(Fault::Unsteady);
    } else if again.fuel != first.fuel && first.answer.is_ok() {
        faults.push(Fault::UnsteadyFuel(first.fuel, again.fuel));
    }
    let is_taken = || plugin.check_config(&golden.settings.to_string()).answer.is_ok_and(|it| it.is_empty());
    if let Some(what) = schema.and_then(|it| it.fault(&golden.settings)).filter(|_| is_taken()) {
        faults.push(Fault::Schema(what));
    }
    let (given, lines) = (first.answer.ok(), first.lines);
    Verdict { given, faults, notes, lines, fuel: first.fuel, memory: first.memory }
}

fn patiently(plugin: &Plugin, golden: &Golden) -> Result<Said<Given>, NotAsked> {
    let mut said = ask(plugin, golden)?;
    for _ in 1..TRIES {
        if !matches!(said.answer, Err(Outcome::OutOfTime)) {
            break;
        }
        said = ask(plugin, golden)?;
    }
    Ok(said)
}

impl Verdict {
    fn of(fault: Fault) -> Self {
        let (notes, lines) = (Vec::new(), Vec::new());
        Self { given: None, faults: vec![fault], notes, lines, fuel: 0, memory: 0 }
    }
}
