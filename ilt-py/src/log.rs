//! What the engine logs, until a thread of Python's fetches it.
//!
//! # Invariants
//! * Whoever logs never waits: when nobody fetches, what is new is counted and dropped.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry};

/// Lines that wait at most.
const MOST: usize = 10_000;

static QUEUE: Mutex<Queue> = Mutex::new(Queue { lines: VecDeque::new(), dropped: 0, is_open: false });
static COME: Condvar = Condvar::new();

struct Queue {
    lines: VecDeque<Line>,
    dropped: u64,
    is_open: bool,
}

/// A level of Python's, where it comes from, and what it says.
type Line = (u8, String, String);

fn queue() -> MutexGuard<'static, Queue> {
    QUEUE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Begins to keep lines. Whatever else this program has for them stays as it is.
#[pyfunction]
pub fn open_log(filter: &str) -> bool {
    queue().is_open = true;
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    Registry::default().with(filter).with(Lines).try_init().is_ok()
}

/// The lines that have come; waits for the first. `None` once nobody keeps them any more.
#[pyfunction]
pub fn next_log(py: Python<'_>) -> Option<(Vec<Line>, u64)> {
    py.detach(|| {
        let waits = |queue: &mut Queue| queue.is_open && queue.lines.is_empty();
        let mut queue = COME.wait_while(queue(), waits).unwrap_or_else(PoisonError::into_inner);
        if queue.lines.is_empty() {
            return None;
        }
        let dropped = std::mem::take(&mut queue.dropped);
        Some((queue.lines.drain(..).collect(), dropped))
    })
}

/// Keeps no more lines.
#[pyfunction]
pub fn close_log() {
    queue().is_open = false;
    COME.notify_all();
}

struct Lines;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        let mut said = Said::default();
        event.record(&mut said);
        let name = metadata.target().trim_start_matches("ilt_").replace("::", ".");
        let mut queue = queue();
        if !queue.is_open {
            return;
        }
        if queue.lines.len() >= MOST {
            queue.dropped += 1;
            return;
        }
        queue.lines.push_back((level(*metadata.level()), name, said.message + &said.fields));
        drop(queue);
        COME.notify_one();
    }
}

/// As `logging` numbers them; what is finer than its finest is half of that.
fn level(level: Level) -> u8 {
    match level {
        Level::ERROR => 40,
        Level::WARN => 30,
        Level::INFO => 20,
        Level::DEBUG => 10,
        Level::TRACE => 5,
    }
}

#[derive(Default)]
struct Said {
    message: String,
    fields: String,
}

impl Visit for Said {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        // Writing to a text never fails.
        let _written = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let _written = write!(self.fields, " {}={value}", field.name());
        let mut source = value.source();
        while let Some(cause) = source {
            let _written = write!(self.fields, ": {cause}");
            source = cause.source();
        }
    }
}
