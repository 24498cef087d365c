//! What the host keeps for one instance: its journal and its limits.

use wasmtime::{StoreLimits, StoreLimitsBuilder};

use crate::Limits;
use crate::bindings::ilt::plugin::journal;

/// Characters of a line that are kept.
const LINE: usize = 200;
/// Tables and instances that a component may have: interpreters bring many.
const PARTS: usize = 64;
/// Elements of a table.
const ELEMENTS: usize = 100_000;

/// A line in a plugin's journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Whether it is more than a remark.
    pub is_warning: bool,
    /// What it says.
    pub text: String,
}

/// What the host keeps for one instance.
pub(crate) struct Guest {
    pub limits: StoreLimits,
    pub lines: Vec<Line>,
    most_lines: usize,
}

impl Guest {
    pub fn new(limits: &Limits) -> Self {
        let builder = StoreLimitsBuilder::new().memory_size(limits.memory).memories(PARTS).tables(PARTS);
        let builder = builder.instances(PARTS).table_elements(ELEMENTS).trap_on_grow_failure(true);
        Self { limits: builder.build(), lines: Vec::new(), most_lines: limits.lines }
    }
}

impl journal::Host for Guest {
    fn log(&mut self, level: journal::Level, line: String) {
        if self.lines.len() < self.most_lines {
            let text = line.chars().take(LINE).map(|it| if it.is_control() { ' ' } else { it }).collect();
            self.lines.push(Line { is_warning: level == journal::Level::Warning, text });
        }
    }
}
