//! Threads do not survive a fork: an engine belongs to the process that started it.

use std::process;
use std::sync::OnceLock;

/// The process that started the first engine.
static FIRST: OnceLock<u32> = OnceLock::new();

/// What whoever forked is told.
pub const FORKED: &str = "an engine was started before this process was forked, and its threads did not come along: start engines after the \
                          fork (with multiprocessing, use the start method `spawn`)";

/// Whether an engine may be started here: in no process that was forked from one with an engine.
pub fn may_start() -> bool {
    *FIRST.get_or_init(process::id) == process::id()
}

/// The process that something belongs to.
#[derive(Clone, Copy)]
pub struct Home(u32);

impl Home {
    /// This one.
    pub fn here() -> Self {
        Self(process::id())
    }

    /// Whether this is it.
    pub fn is_here(self) -> bool {
        self.0 == process::id()
    }
}
