//! What came of something, and how Python sees it.

use std::any::Any;

use ilt_host::http::inside::{Answer, Said};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyTuple};
use tokio::runtime::Handle;

use crate::engine::Stream;

/// What came of something.
pub enum Outcome {
    /// It is done.
    Done,
    /// An answer, and where to go on reading it.
    Answered(Answer, Handle),
    /// The next piece of a stream; nothing at its end.
    Piece(Option<bytes::Bytes>),
    /// Why it was not done: a word to switch on, and a sentence.
    Failed(&'static str, String),
}

impl Outcome {
    /// It was not done.
    pub fn failed(kind: &'static str, why: impl Into<String>) -> Self {
        Self::Failed(kind, why.into())
    }

    /// It panicked.
    pub fn panicked(payload: &(dyn Any + Send)) -> Self {
        let said = payload.downcast_ref::<&str>().map(|said| (*said).to_owned());
        let said = said.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
        Self::failed("broken", format!("a fault of ours: {said}"))
    }

    /// `None`; a tuple of status, headers and body; bytes; a tuple of kind and sentence.
    pub fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        Ok(match self {
            Self::Done | Self::Piece(None) => py.None().into_bound(py),
            Self::Piece(Some(piece)) => PyBytes::new(py, &piece).into_any(),
            Self::Failed(kind, why) => (kind, why).into_pyobject(py)?.into_any(),
            Self::Answered(answer, handle) => answered(py, answer, handle)?.into_any(),
        })
    }
}

fn answered(py: Python<'_>, answer: Answer, handle: Handle) -> PyResult<Bound<'_, PyTuple>> {
    let header =
        |(name, value): (bytes::Bytes, bytes::Bytes)| (PyBytes::new(py, &name), PyBytes::new(py, &value));
    let headers = PyList::new(py, answer.headers.into_iter().map(header))?;
    let body = match answer.body {
        Said::Whole(body) => PyBytes::new(py, &body).into_any(),
        Said::Stream(pieces) => Stream::of(pieces, handle).into_pyobject(py)?.into_any(),
    };
    (answer.status, headers, body).into_pyobject(py)
}
