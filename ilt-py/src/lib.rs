//! The engine for Python: `ilt._native`, which the package `ilt` is written on.
//!
//! # Flow
//! Python asks for something ([`engine`]) and goes on. It is done by threads that know nothing of Python; what comes of it lies in the
//! [`inbox`] of the event loop that asked, and a byte on a socket that the loop watches says so. What the engine has to log waits in [`log`]
//! until a thread of Python's fetches it. Rules that need no engine are asked by plain functions ([`rules`]).
//!
//! # Invariants
//! * No thread of ours ever takes the interpreter's lock, so none can hold it, wait for it, or need it when the interpreter is gone.
//! * Whatever was asked is answered once, also when it panics or its engine is gone.
//!
//! # Not here
//! Types, names and exceptions: these are Python's, in `ilt-py/python/ilt`. Rules: these are `ilt-core`'s.

mod answer;
mod engine;
mod import;
mod inbox;
mod log;
mod pid;
mod rules;
mod running;

use pyo3::prelude::*;

/// What the package `ilt` is written on.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::engine::{Engine, Stream, Task};
    #[pymodule_export]
    use super::inbox::Inbox;
    #[pymodule_export]
    use super::log::{close_log, next_log, open_log};
    #[pymodule_export]
    use super::rules::{Sessions, clashes, missing, seats};
    use ilt_host::http::inside::LARGEST_UPLOAD;
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("VERSION", env!("CARGO_PKG_VERSION"))?;
        module.add("LARGEST_BODY", LARGEST_UPLOAD)?;
        module.add("CONTRACT", include_str!("../../docs/openapi.json"))
    }
}
