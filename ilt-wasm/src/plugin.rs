//! A plugin that can be asked.

use std::fmt;
use std::time::Duration;

use ilt_core::opinion::{Joining, Opinion, Precedence, Question, Speaker};
use wasmtime::{Store, Trap};

use crate::bindings::exports::ilt::plugin::{about, scoring};
use crate::bindings::{Scorer, ScorerPre};
use crate::guest::Guest;
use crate::sandbox::{TICK, in_a_line};
use crate::{Limits, Line, ask};

/// What a plugin says that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// What it is called.
    pub name: String,
    /// Its own version.
    pub version: String,
    /// What it does, in a sentence.
    pub summary: String,
    /// A JSON Schema of its settings.
    pub settings: String,
}

/// What is wrong with settings, as the plugin itself says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, as a JSON pointer.
    pub pointer: String,
    /// What.
    pub detail: String,
}

/// How asking ended when there was no answer; for the plugin's owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It used all its fuel.
    OutOfFuel,
    /// It took too long.
    OutOfTime,
    /// It called itself too deeply.
    OutOfStack,
    /// It panicked, or ended itself.
    Panicked,
    /// It wanted more memory, or more of something else, than there is for it, or did what no program may.
    Broke(String),
    /// It said itself that it cannot answer.
    Refused(String),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfFuel => f.write_str("it used all its fuel: is there a loop that does not end?"),
            Self::OutOfTime => f.write_str("it took too long"),
            Self::OutOfStack => f.write_str("it called itself too deeply"),
            Self::Panicked => f.write_str("it panicked, or ended itself"),
            Self::Broke(why) => write!(f, "it was stopped: {why}"),
            Self::Refused(why) => write!(f, "it says that it cannot answer: {why}"),
        }
    }
}

impl std::error::Error for Outcome {}

/// What came of asking.
#[derive(Debug)]
pub struct Said<T> {
    /// The answer, or why there is none.
    pub answer: Result<T, Outcome>,
    /// What it wrote in its journal.
    pub lines: Vec<Line>,
    /// Fuel that it used.
    pub fuel: u64,
    /// Bytes of memory that it took; none is ever given back.
    pub memory: usize,
}

/// A plugin that can be asked.
pub struct Plugin {
    ready: ScorerPre<Guest>,
    limits: Limits,
    description: Description,
    digest: String,
}

impl Plugin {
    pub(crate) fn new(ready: ScorerPre<Guest>, limits: Limits, digest: String) -> Self {
        let (name, version, summary) = (String::new(), String::new(), String::new());
        let description = Description { name, version, summary, settings: String::new() };
        Self { ready, limits, description, digest }
    }

    pub(crate) fn described(self, description: Description) -> Self {
        Self { description, ..self }
    }

    /// What it says that it is.
    pub const fn description(&self) -> &Description {
        &self.description
    }

    /// Whose opinions these are.
    pub fn speaker(&self) -> Speaker {
        let Description { name, version, .. } = self.description.clone();
        Speaker { plugin: name, version, digest: self.digest.clone() }
    }

    pub(crate) fn describe(&self) -> Result<Description, Outcome> {
        let said = self.call(|guest, store| guest.ilt_plugin_about().call_describe(store));
        let about::Description { name, version, summary, settings } = said.answer?;
        Ok(Description { name, version, summary, settings })
    }

    /// What is wrong with settings (JSON); nothing when they can be used.
    pub fn check_config(&self, settings: &str) -> Said<Vec<Problem>> {
        let said = self.call(|guest, store| guest.ilt_plugin_about().call_check_config(store, settings));
        let problem = |it: about::Problem| Problem { pointer: it.pointer, detail: it.detail };
        said.map(|all| Ok(all.into_iter().map(problem).collect()))
    }

    /// What it would change of what somebody is shown.
    pub fn adjust(&self, question: &Question, settings: &str) -> Said<Opinion> {
        let asked = ask::question(question);
        let said = self.call(|guest, store| guest.ilt_plugin_scoring().call_adjust(store, &asked, settings));
        let by = self.speaker();
        said.map(|answer| Ok(Opinion { by, wishes: ask::wishes(question, answer.map_err(refused)?) }))
    }

    /// How far in front it would put one who joins a queue; nothing for the order of joining.
    pub fn prioritise(&self, joining: &Joining, settings: &str) -> Said<Option<Precedence>> {
        let asked = ask::joining(joining);
        let said =
            self.call(|guest, store| guest.ilt_plugin_scoring().call_prioritise(store, &asked, settings));
        let by = self.speaker();
        said.map(|answer| {
            let front = |it: scoring::Priority| Precedence { by, level: it.level, reason: it.reason };
            Ok(answer.map_err(refused)?.map(front))
        })
    }

    /// Asks an instance that has never been asked before, and drops it.
    pub(crate) fn call<T>(
        &self,
        ask: impl FnOnce(&Scorer, &mut Store<Guest>) -> wasmtime::Result<T>,
    ) -> Said<T> {
        let mut store = Store::new(self.ready.engine(), Guest::new(&self.limits));
        store.limiter(|guest| &mut guest.limits);
        store.set_hostcall_fuel(self.limits.answer);
        store.set_epoch_deadline(ticks(self.limits.time));
        let given = store.set_fuel(self.limits.fuel);
        let answer =
            given.and_then(|()| self.ready.instantiate(&mut store)).and_then(|guest| ask(&guest, &mut store));
        let fuel = self.limits.fuel.saturating_sub(store.get_fuel().unwrap_or(0));
        let answer = answer.map_err(|error| outcome(&error));
        let guest = store.data_mut();
        Said { answer, lines: std::mem::take(&mut guest.lines), fuel, memory: guest.limits.memory }
    }
}

impl<T> Said<T> {
    pub(crate) fn map<U>(self, read: impl FnOnce(T) -> Result<U, Outcome>) -> Said<U> {
        let Self { answer, lines, fuel, memory } = self;
        Said { answer: answer.and_then(read), lines, fuel, memory }
    }
}

/// Ticks of the clock that are at least as long.
fn ticks(time: Duration) -> u64 {
    u64::try_from(time.as_millis().div_ceil(TICK.as_millis())).unwrap_or(u64::MAX).saturating_add(1)
}

/// What a plugin gave as its reason not to answer; not all of it.
#[allow(clippy::needless_pass_by_value)]
fn refused(why: String) -> Outcome {
    Outcome::Refused(why.chars().take(200).collect())
}

fn outcome(error: &wasmtime::Error) -> Outcome {
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => Outcome::OutOfFuel,
        Some(Trap::Interrupt) => Outcome::OutOfTime,
        Some(Trap::StackOverflow) => Outcome::OutOfStack,
        Some(Trap::UnreachableCodeReached) => Outcome::Panicked,
        _ => Outcome::Broke(in_a_line(&wasmtime::Error::msg(error.root_cause().to_string()))),
    }
}
