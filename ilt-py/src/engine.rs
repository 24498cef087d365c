//! An engine, as Python holds it.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::FutureExt as _;
use ilt_core::ids::PersonId;
use ilt_engine::config::{Config, Own, environment, layers_on};
use ilt_host::http::inside::{Pieces, Question, Who};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use crate::answer::Outcome;
use crate::import::bring_in;
use crate::inbox::{Inbox, Promise};
use crate::pid::{self, FORKED, Home};
use crate::running::{Here, Running};

/// An engine with its configuration.
#[pyclass(frozen, module = "ilt._native")]
pub struct Engine {
    config: Arc<Config>,
    state: Mutex<State>,
    home: Home,
}

enum State {
    Idle,
    Running(Running),
    Stopped,
}

/// Something that is under way.
#[pyclass(frozen, module = "ilt._native")]
pub struct Task(AbortHandle);

#[pymethods]
impl Task {
    /// Stops waiting for it. What the engine has accepted is decided all the same.
    fn abandon(&self) {
        self.0.abort();
    }
}

#[pymethods]
impl Engine {
    /// An engine of the configuration in `file`, or of `said` (a tree as JSON), or of the usual file when there is neither.
    #[new]
    #[pyo3(signature = (said, file, with_environment))]
    fn new(said: Option<&str>, file: Option<PathBuf>, with_environment: bool) -> PyResult<Self> {
        let wrong = |error: &dyn std::fmt::Display| PyValueError::new_err(error.to_string());
        let environment = if with_environment { environment() } else { Vec::new() };
        let layers = match (said, file) {
            (Some(said), _) => {
                let tree = serde_json::from_str(said).map_err(|error| wrong(&error))?;
                layers_on(Own::Said(tree), environment)
            }
            (None, Some(file)) => layers_on(Own::File(&file), environment),
            (None, None) => layers_on(Own::Usual, environment),
        };
        let layers = layers.map_err(|error| wrong(&error))?;
        let config = Config::of(&layers).map_err(|error| wrong(&error))?;
        Ok(Self { config: Arc::new(config), state: Mutex::new(State::Idle), home: Home::here() })
    }

    /// What is to be logged, by part.
    fn log_filter(&self) -> &str {
        &self.config.log.filter
    }

    /// Whether it was started, and has not been let go of.
    fn has_begun(&self) -> bool {
        !matches!(&*self.state(), State::Idle)
    }

    /// Starts it.
    fn start(&self, inbox: &Inbox, number: u64) {
        let promise = inbox.promise(number);
        if !pid::may_start() {
            return promise.keep(Outcome::failed("forked", FORKED));
        }
        let mut state = self.state();
        match &*state {
            State::Idle => match Running::start(self.config.clone(), promise) {
                Ok(running) => *state = State::Running(running),
                Err(_) => *state = State::Idle,
            },
            State::Running(_) => {
                promise.keep(Outcome::failed("started", "the engine has been started already"));
            }
            State::Stopped => {
                promise.keep(Outcome::failed("closed", "the engine was stopped: make a new one"));
            }
        }
    }

    /// Stops it. One that does not run is stopped.
    fn stop(&self, inbox: &Inbox, number: u64) {
        let promise = inbox.promise(number);
        if !self.home.is_here() {
            return promise.keep(Outcome::failed("forked", FORKED));
        }
        match std::mem::replace(&mut *self.state(), State::Stopped) {
            State::Running(running) => drop(std::thread::spawn(move || running.stop(promise))),
            State::Idle | State::Stopped => promise.keep(Outcome::Done),
        }
    }

    /// Lets go of everything at once; it can be started again.
    fn abandon(&self) {
        let was = std::mem::replace(&mut *self.state(), State::Idle);
        self.let_go(was);
    }

    /// Asks the router. `who` is a person's id or `application`; nobody when it is absent.
    #[pyo3(signature = (inbox, number, method, target, headers, body, who, is_paced, peer))]
    #[expect(clippy::too_many_arguments, reason = "the parts of a request, in one call")]
    fn ask(
        &self,
        inbox: &Inbox,
        number: u64,
        method: String,
        target: String,
        headers: Vec<(PyBackedBytes, PyBackedBytes)>,
        body: &[u8],
        who: Option<&str>,
        is_paced: bool,
        peer: Option<&str>,
    ) -> PyResult<Option<Task>> {
        let who = who.map(who_is).transpose()?;
        let from = peer.and_then(|peer| peer.parse::<IpAddr>().ok());
        let body = bytes::Bytes::copy_from_slice(body);
        let headers: Vec<(Vec<u8>, Vec<u8>)> =
            headers.into_iter().map(|(name, value)| (name.to_vec(), value.to_vec())).collect();
        let asked = async move |opened: Here| {
            let headers = headers.iter().map(|(name, value)| (name.as_slice(), value.as_slice())).collect();
            let (method, target) = (method.as_str(), target.as_str());
            let question = Question { method, target, headers, body, who, is_paced, from };
            match opened.inside().ask(question).await {
                Ok(answer) => Outcome::Answered(answer, Handle::current()),
                Err(bad) => Outcome::failed("request", bad.to_string()),
            }
        };
        Ok(self.under_way(inbox.promise(number), asked))
    }

    /// Imports one file of CSV.
    fn bring_in(
        &self,
        inbox: &Inbox,
        number: u64,
        kind: String,
        file: &[u8],
        rehearse: bool,
    ) -> Option<Task> {
        let file = bytes::Bytes::copy_from_slice(file);
        let work = async move |opened: Here| bring_in(&opened, &kind, &file, rehearse).await;
        self.under_way(inbox.promise(number), work)
    }

    /// Panics, so that tests see what comes of it.
    #[cfg(debug_assertions)]
    #[pyo3(name = "_panic")]
    fn panic(&self, inbox: &Inbox, number: u64) -> Option<Task> {
        self.under_way(inbox.promise(number), async |_: Here| panic!("on purpose"))
    }
}

/// Does it, and keeps the promise, also when it panics.
async fn kept(promise: Promise, work: impl Future<Output = Outcome>) {
    let outcome = AssertUnwindSafe(work).catch_unwind().await;
    promise.keep(outcome.unwrap_or_else(|payload| Outcome::panicked(&*payload)));
}

fn who_is(said: &str) -> PyResult<Who> {
    if said == "application" {
        return Ok(Who::Application);
    }
    let id = said.parse().map_err(|_| PyValueError::new_err("actor is no person's id"))?;
    Ok(Who::Person(PersonId(id)))
}

impl Engine {
    /// Does this with what runs, on its threads; nothing when nothing does.
    fn under_way<F>(&self, promise: Promise, work: impl FnOnce(Here) -> F) -> Option<Task>
    where
        F: Future<Output = Outcome> + Send + 'static,
    {
        if !self.home.is_here() {
            promise.keep(Outcome::failed("forked", FORKED));
            return None;
        }
        let state = self.state();
        let running = if let State::Running(running) = &*state { Some(running) } else { None };
        let Some((running, opened)) = running.and_then(|running| Some((running, running.opened()?))) else {
            let why = "the engine is not running: start it, or ask before it is stopped";
            promise.keep(Outcome::failed("closed", why));
            return None;
        };
        let task = running.runtime.spawn(running.asked.track_future(kept(promise, work(opened))));
        Some(Task(task.abort_handle()))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn let_go(&self, was: State) {
        match was {
            State::Running(running) if self.home.is_here() => running.abandon(),
            // Its threads are in another process, and cannot be waited for.
            State::Running(running) => std::mem::forget(running),
            State::Idle | State::Stopped => {}
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let was = std::mem::replace(&mut *self.state(), State::Stopped);
        self.let_go(was);
    }
}

/// An answer that goes on, until it is dropped.
#[pyclass(frozen, module = "ilt._native")]
pub struct Stream {
    pieces: Arc<tokio::sync::Mutex<Option<Pieces>>>,
    handle: Handle,
}

impl Stream {
    /// These pieces, read by that runtime.
    pub fn of(pieces: Pieces, handle: Handle) -> Self {
        Self { pieces: Arc::new(tokio::sync::Mutex::new(Some(pieces))), handle }
    }
}

#[pymethods]
impl Stream {
    /// Reads the next piece.
    fn next(&self, inbox: &Inbox, number: u64) -> Task {
        let pieces = self.pieces.clone();
        let read = async move {
            let mut pieces = pieces.lock().await;
            let Some(open) = pieces.as_mut() else { return Outcome::Piece(None) };
            let piece = open.next().await;
            if piece.is_none() {
                *pieces = None;
            }
            Outcome::Piece(piece)
        };
        Task(self.handle.spawn(kept(inbox.promise(number), read)).abort_handle())
    }
}
