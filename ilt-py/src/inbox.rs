//! Where answers wait for the event loop that asked.

use std::io::{ErrorKind, Read as _, Write as _};
use std::os::fd::{AsRawFd as _, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;

use crate::answer::Outcome;

/// The answers for one event loop, which watches [`Inbox::fileno`] and takes them when it can be read.
#[pyclass(frozen, module = "ilt._native")]
pub struct Inbox {
    heard: UnixStream,
    shared: Arc<Shared>,
}

struct Shared {
    bell: UnixStream,
    ready: Mutex<Ready>,
}

#[derive(Default)]
struct Ready {
    answers: Vec<(u64, Outcome)>,
    /// Whether the loop was told, and has not come yet.
    has_rung: bool,
}

impl Shared {
    fn ready(&self) -> MutexGuard<'_, Ready> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, number: u64, outcome: Outcome) {
        let mut ready = self.ready();
        ready.answers.push((number, outcome));
        if !std::mem::replace(&mut ready.has_rung, true) {
            // At most one byte waits at a time, so there is room; a loop that is gone hears nothing.
            let _gone = (&self.bell).write(&[1]);
        }
    }
}

#[pymethods]
impl Inbox {
    #[new]
    fn new() -> PyResult<Self> {
        let (heard, bell) = UnixStream::pair()?;
        heard.set_nonblocking(true)?;
        bell.set_nonblocking(true)?;
        Ok(Self { heard, shared: Arc::new(Shared { bell, ready: Mutex::default() }) })
    }

    /// What can be read when there are answers.
    fn fileno(&self) -> RawFd {
        self.heard.as_raw_fd()
    }

    /// The answers that have come, each with the number it was asked under.
    fn take<'py>(&self, py: Python<'py>) -> PyResult<Vec<(u64, Bound<'py, PyAny>)>> {
        let mut bytes = [0; 8];
        while match (&self.heard).read(&mut bytes) {
            Ok(read) => read > 0,
            Err(error) if error.kind() == ErrorKind::Interrupted => true,
            Err(error) if error.kind() == ErrorKind::WouldBlock => false,
            Err(error) => return Err(error.into()),
        } {}
        let answers = {
            let mut ready = self.shared.ready();
            ready.has_rung = false;
            std::mem::take(&mut ready.answers)
        };
        answers.into_iter().map(|(number, outcome)| Ok((number, outcome.into_python(py)?))).collect()
    }
}

impl Inbox {
    /// The promise to answer under this number.
    pub fn promise(&self, number: u64) -> Promise {
        Promise { shared: self.shared.clone(), number, is_kept: false }
    }
}

/// A promise to answer. One that is dropped says that the engine is gone.
pub struct Promise {
    shared: Arc<Shared>,
    number: u64,
    is_kept: bool,
}

impl Promise {
    /// Answers.
    pub fn keep(mut self, outcome: Outcome) {
        self.is_kept = true;
        self.shared.put(self.number, outcome);
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        if !self.is_kept {
            self.shared.put(self.number, Outcome::failed("closed", "the engine was stopped meanwhile"));
        }
    }
}
