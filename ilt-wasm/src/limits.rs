//! How much a plugin may use.

use std::time::Duration;

/// How much a plugin may use, each time that it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a component at most.
    pub component: usize,
    /// Steps, as the runtime counts them: repeatable on every machine. Twenty candidates cost about 60,000 in Rust, and a million in
    /// languages that bring an interpreter.
    pub fuel: u64,
    /// Time by the clock, whatever the fuel says.
    pub time: Duration,
    /// Bytes of memory.
    pub memory: usize,
    /// Bytes that may come out in one answer, or go to the journal in one call.
    pub answer: usize,
    /// Lines in the journal of one call.
    pub lines: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            component: 32 << 20,
            fuel: 50_000_000,
            time: Duration::from_millis(100),
            memory: 64 << 20,
            answer: 256 << 10,
            lines: 20,
        }
    }
}
