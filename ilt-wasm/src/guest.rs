//! What the host keeps for one instance: its journal and its limits.

use ilt_core::text::in_line;
use wasmtime::{ResourceLimiter, StoreLimits, StoreLimitsBuilder};

use crate::Limits;
use crate::bindings::ilt::plugin::journal;
use crate::pool::{ELEMENTS, MEMORIES, PARTS};

/// Characters of a line that are kept.
const LINE: usize = 200;

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
    pub limits: Metered,
    pub lines: Vec<Line>,
    most_lines: usize,
}

/// Limits, and how much of the memory is taken: by all memories together, since a component may have many.
pub(crate) struct Metered {
    limits: StoreLimits,
    most: usize,
    pub memory: usize,
}

impl Guest {
    pub fn new(limits: &Limits) -> Self {
        let (parts, memories) = (PARTS as usize, MEMORIES as usize);
        let builder = StoreLimitsBuilder::new().memory_size(limits.memory).memories(memories).tables(parts);
        let builder = builder.instances(parts).table_elements(ELEMENTS).trap_on_grow_failure(true);
        let limits_of_all = Metered { limits: builder.build(), most: limits.memory, memory: 0 };
        Self { limits: limits_of_all, lines: Vec::new(), most_lines: limits.lines }
    }
}

impl journal::Host for Guest {
    fn log(&mut self, level: journal::Level, line: String) {
        if self.lines.len() < self.most_lines {
            let text = in_line(&line, LINE);
            self.lines.push(Line { is_warning: level == journal::Level::Warning, text });
        }
    }
}

impl ResourceLimiter for Metered {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let all = self.memory.saturating_add(desired.saturating_sub(current));
        if all > self.most {
            let most = self.most;
            return Err(wasmtime::Error::msg(format!("it wanted {all} bytes of memory: {most} are given")));
        }
        let is_given = self.limits.memory_growing(current, desired, maximum)?;
        if is_given {
            self.memory = all;
        }
        Ok(is_given)
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        self.limits.memory_grow_failed(error)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.limits.table_growing(current, desired, maximum)
    }

    fn table_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        self.limits.table_grow_failed(error)
    }

    fn instances(&self) -> usize {
        self.limits.instances()
    }

    fn tables(&self) -> usize {
        self.limits.tables()
    }

    fn memories(&self) -> usize {
        self.limits.memories()
    }
}
