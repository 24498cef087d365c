//! A plugin that can be asked.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ilt_core::notice::advice::{Advice, Telling};
use ilt_core::opinion::{Joining, Opinion, Precedence, Question, Speaker};
use ilt_core::text::in_line;
use wasmtime::component::{Instance, InstancePre};
use wasmtime::{Store, Trap};

use crate::bindings::exports::ilt::plugin::{about, scoring};
use crate::exports::Exports;
use crate::guest::Guest;
use crate::pool::Pool;
use crate::sandbox::{TICK, in_a_line};
use crate::{Limits, Line, Say, Unfit, ask, tell};

/// Characters of what a plugin says about itself, or of what is wrong, that are passed on.
const SAID: usize = 200;
/// How many times as long the first call of all may take: the first instance lays out what the others begin with, and languages that bring an
/// interpreter bring megabytes of it.
const FIRST: u32 = 10;

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
    /// What it has a say in.
    pub say: Say,
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
    /// It read or wrote where it has no memory.
    OutOfBounds,
    /// Its answer, or what it wrote in its journal, was too long.
    SaidTooMuch,
    /// It panicked, or ended itself.
    Panicked,
    /// It wanted more memory, or more of something else, than there is for it, or did what no program may.
    Broke(String),
    /// It said itself that it cannot answer.
    Refused(String),
}

impl Outcome {
    /// Which sort of failure it is, in a few words that are the same for all of a sort.
    pub const fn sort(&self) -> &'static str {
        match self {
            Self::OutOfFuel => "out of fuel",
            Self::OutOfTime => "out of time",
            Self::OutOfStack => "out of stack",
            Self::OutOfBounds => "out of bounds",
            Self::SaidTooMuch => "said too much",
            Self::Panicked => "panicked",
            Self::Broke(_) => "stopped",
            Self::Refused(_) => "says that it cannot answer",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfFuel => f.write_str("it used all its fuel: is there a loop that does not end?"),
            Self::OutOfTime => f.write_str("it took too long"),
            Self::OutOfStack => f.write_str("it called itself too deeply"),
            Self::OutOfBounds => {
                f.write_str("it read or wrote outside of its memory: did it call itself too deeply?")
            }
            Self::SaidTooMuch => f.write_str("its answer, or what it wrote in its journal, is too long"),
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

/// A plugin, and how long it may take to answer.
#[derive(Clone, Copy)]
pub struct Within<'a> {
    plugin: &'a Plugin,
    time: Duration,
}

/// A plugin that can be asked.
pub struct Plugin {
    ready: InstancePre<Guest>,
    pub(crate) exports: Exports,
    limits: Limits,
    pool: Arc<Pool>,
    description: Description,
    digest: String,
}

impl Plugin {
    /// One that speaks the contract in every function, and says what it is.
    pub(crate) fn tried(
        ready: InstancePre<Guest>,
        exports: Exports,
        limits: Limits,
        pool: Arc<Pool>,
        digest: String,
    ) -> Result<Self, Unfit> {
        let (name, version, summary, settings) = Default::default();
        let description = Description { name, version, summary, settings, say: exports.say() };
        let mut plugin = Self { ready, exports, limits, pool, description, digest };
        let said = plugin.within(plugin.limits.time * FIRST).call(|store, instance| {
            // A record that changed under the same name passes everything before.
            if let Err(error) = plugin.exports.check(store, instance) {
                return Ok(Err(Unfit::OtherContract(in_a_line(&error))));
            }
            plugin.exports.about.load(&mut *store, instance)?.call_describe(store).map(Ok)
        });
        let about::Description { name, version, summary, settings } =
            said.answer.map_err(Unfit::Undescribed)??;
        plugin.description = Description { name, version, summary, settings, ..plugin.description };
        Ok(plugin)
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

    /// What is wrong with settings (JSON); nothing when they can be used.
    pub fn check_config(&self, settings: &str) -> Said<Vec<Problem>> {
        let said = self.alone().call(|store, instance| {
            self.exports.about.load(&mut *store, instance)?.call_check_config(store, settings)
        });
        let problem = |it: about::Problem| Problem {
            pointer: in_line(&it.pointer, SAID),
            detail: in_line(&it.detail, SAID),
        };
        said.map(|all| Ok(all.into_iter().map(problem).collect()))
    }

    /// It, to be asked what it has a say in, with so much time.
    pub const fn within(&self, time: Duration) -> Within<'_> {
        Within { plugin: self, time }
    }

    /// It, to be asked with all the time that a question has.
    pub const fn alone(&self) -> Within<'_> {
        self.within(self.limits.time)
    }
}

impl Within<'_> {
    /// What it would change of what somebody is shown; nothing when it has no say in sessions.
    pub fn adjust(self, question: &Question, settings: &str) -> Said<Opinion> {
        let by = self.plugin.speaker();
        let Some(scoring) = &self.plugin.exports.scoring else {
            return Said::unasked(Opinion { by, wishes: Vec::new() });
        };
        let asked = ask::question(question);
        let said = self.call(|store, instance| {
            scoring.load(&mut *store, instance)?.call_adjust(store, &asked, settings)
        });
        said.map(|answer| Ok(Opinion { by, wishes: ask::wishes(question, answer.map_err(refused)?) }))
    }

    /// How far in front it would put one who joins a queue; nothing for the order of joining.
    pub fn prioritise(self, joining: &Joining, settings: &str) -> Said<Option<Precedence>> {
        let Some(scoring) = &self.plugin.exports.scoring else { return Said::unasked(None) };
        let asked = ask::joining(joining);
        let said = self.call(|store, instance| {
            scoring.load(&mut *store, instance)?.call_prioritise(store, &asked, settings)
        });
        let by = self.plugin.speaker();
        said.map(|answer| {
            let front = |it: scoring::Priority| Precedence { by, level: it.level, reason: it.reason };
            Ok(answer.map_err(refused)?.map(front))
        })
    }

    /// What it would change of who is told, and when; nothing when it has no say in notices.
    pub fn advise(self, telling: &Telling, settings: &str) -> Said<Vec<Advice>> {
        let Some(noticing) = &self.plugin.exports.noticing else { return Said::unasked(Vec::new()) };
        let asked = tell::question(telling);
        let said = self.call(|store, instance| {
            noticing.load(&mut *store, instance)?.call_advise(store, &asked, settings)
        });
        let by = self.plugin.speaker();
        said.map(|answer| Ok(answer.map_err(refused)?.into_iter().map(|it| tell::advice(&by, it)).collect()))
    }

    /// Asks an instance that has never been asked before, and drops it.
    pub(crate) fn call<T>(
        self,
        ask: impl FnOnce(&mut Store<Guest>, &Instance) -> wasmtime::Result<T>,
    ) -> Said<T> {
        let Self { plugin: Plugin { ready, limits, pool, .. }, time } = self;
        let _place = pool.place();
        let mut store = Store::new(ready.engine(), Guest::new(limits));
        store.limiter(|guest| &mut guest.limits);
        store.set_hostcall_fuel(limits.answer);
        store.set_epoch_deadline(ticks(time));
        let given = store.set_fuel(limits.fuel);
        let answer = given
            .and_then(|()| ready.instantiate(&mut store))
            .and_then(|instance| ask(&mut store, &instance));
        let fuel = limits.fuel.saturating_sub(store.get_fuel().unwrap_or(0));
        let answer = answer.map_err(|error| outcome(&error));
        let guest = store.data_mut();
        Said { answer, lines: std::mem::take(&mut guest.lines), fuel, memory: guest.limits.memory }
    }
}

impl<T> Said<T> {
    /// What comes of not asking at all.
    const fn unasked(answer: T) -> Self {
        Self { answer: Ok(answer), lines: Vec::new(), fuel: 0, memory: 0 }
    }

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
#[expect(clippy::needless_pass_by_value, reason = "it is what an error is mapped with")]
fn refused(why: String) -> Outcome {
    Outcome::Refused(in_line(&why, SAID))
}

fn outcome(error: &wasmtime::Error) -> Outcome {
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => Outcome::OutOfFuel,
        Some(Trap::Interrupt) => Outcome::OutOfTime,
        Some(Trap::StackOverflow) => Outcome::OutOfStack,
        Some(Trap::UnreachableCodeReached) => Outcome::Panicked,
        Some(Trap::MemoryOutOfBounds) => Outcome::OutOfBounds,
        // The runtime has no type for it, and counts it as fuel of another sort.
        None if error.root_cause().to_string().contains("fuel allocated for hostcalls") => {
            Outcome::SaidTooMuch
        }
        _ => Outcome::Broke(in_a_line(&wasmtime::Error::msg(error.root_cause().to_string()))),
    }
}
