//! Memory for guests, laid out once: an instance takes a place in it instead of asking the system for memory of its own.

use std::sync::{Condvar, Mutex, PoisonError};

use wasmtime::{Enabled, PoolingAllocationConfig};

use crate::Limits;

/// Guests at once, whatever they are asked: questions have turns of their own before, so only those that are tried, checked or rehearsed
/// beside each other ever wait here.
const PLACES: u32 = 16;
/// Tables and instances that a component may have: interpreters bring many.
pub(crate) const PARTS: u32 = 64;
/// Memories that a component may have.
pub(crate) const MEMORIES: u32 = 8;
/// Elements of a table.
pub(crate) const ELEMENTS: usize = 100_000;
/// What of a memory is cleaned by hand: given back to the system, each page costs its fault once more.
const KEPT: usize = 256 << 10;

/// How many places are free.
pub(crate) struct Pool {
    free: Mutex<u32>,
    freed: Condvar,
}

/// A place that is somebody's.
pub(crate) struct Place<'a>(&'a Pool);

impl Pool {
    pub fn new() -> Self {
        Self { free: Mutex::new(PLACES), freed: Condvar::new() }
    }

    /// How the runtime lays it out, so that whoever has a place finds all that a component may have.
    pub fn layout(limits: &Limits) -> PoolingAllocationConfig {
        let mut layout = PoolingAllocationConfig::new();
        layout
            .total_component_instances(PLACES)
            .total_core_instances(PLACES * PARTS)
            .max_core_instances_per_component(PARTS)
            .total_memories(PLACES * MEMORIES)
            .max_memories_per_component(MEMORIES)
            .total_tables(PLACES * PARTS)
            .max_tables_per_component(PARTS)
            .table_elements(ELEMENTS)
            .max_memory_size(limits.memory)
            .pagemap_scan(Enabled::Auto)
            .linear_memory_keep_resident(KEPT)
            .table_keep_resident(KEPT);
        layout
    }

    /// Waits for a place. Nobody keeps one for longer than a question may take.
    pub fn place(&self) -> Place<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self.freed.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Place(self)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}
