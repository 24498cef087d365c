//! Compiling what somebody uploaded, and trying it before it is asked anything that matters.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ilt_core::text::in_line;
use sha2::{Digest as _, Sha256};
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Cache, Config, Engine, InstanceAllocationStrategy};

use crate::bindings::Everything;
use crate::cache;
use crate::exports::Exports;
use crate::guest::Guest;
use crate::pool::Pool;
use crate::{Description, Heft, Limits, Outcome, Plugin, Unsafe, kit};

/// Stack of a guest.
const STACK: usize = 512 << 10;
/// How often the clock for guests ticks.
pub(crate) const TICK: Duration = Duration::from_millis(5);

/// Why something is no plugin that can be used; for whoever uploaded it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Too many bytes.
    #[error("the component has {bytes} bytes: at most {most} are taken")]
    TooLarge {
        /// How many it has.
        bytes: usize,
        /// How many are taken.
        most: usize,
    },
    /// The compiler would be at work for too long.
    #[error(
        "it has functions with so many locals and so much code that they would take minutes to compile: make them smaller"
    )]
    TooHeavy,
    /// It is no WebAssembly component.
    #[error("this is no WebAssembly component: {0}")]
    NoComponent(String),
    /// It could not be given what it begins with.
    #[error("it wants more than a plugin is given: {0}")]
    TooMuch(String),
    /// It does not speak our contract.
    #[error("it does not speak ilt:plugin@0.1.0, or wants more of the host than its journal: {0}")]
    OtherContract(String),
    /// It could not say what it is.
    #[error("it could not describe itself: {0}")]
    Undescribed(Outcome),
    /// What it says that it is cannot be.
    #[error("it describes itself with {what}")]
    Misdescribed {
        /// What is wrong.
        what: &'static str,
    },
}

/// Where plugins run. Clones are the same.
#[derive(Clone)]
pub struct Sandbox {
    engine: Engine,
    linker: Linker<Guest>,
    limits: Limits,
    pool: Arc<Pool>,
    _clock: Arc<Ticking>,
}

/// The clock for guests, as long as somebody has a sandbox.
struct Ticking(Arc<AtomicBool>);

impl Sandbox {
    /// One in which every plugin has these limits.
    ///
    /// # Panics
    /// When the machine is none that WebAssembly is compiled for.
    pub fn new(limits: Limits) -> Self {
        Self::compiling(limits, None)
    }

    /// The same, which keeps what it has compiled in a folder that is for nothing else.
    ///
    /// # Errors
    /// When others could put something in there.
    ///
    /// # Panics
    /// As [`Sandbox::new`].
    pub fn keeping(limits: Limits, folder: &Path) -> Result<Self, Unsafe> {
        Ok(Self::compiling(limits, Some(cache::in_folder(folder)?)))
    }

    fn compiling(limits: Limits, cache: Option<Cache>) -> Self {
        let mut config = Config::new();
        config.cache(cache);
        config.allocation_strategy(Pool::layout(&limits));
        config.consume_fuel(true).epoch_interruption(true).max_wasm_stack(STACK);
        // Blocks that pass on many values at once are another way to keep the compiler at work; no kit makes any.
        config.wasm_multi_value(false);
        let engine = Engine::new(&config).or_else(|error| {
            tracing::warn!(%error, "no address space for a pool: each guest asks for memory of its own, which is slower");
            Engine::new(config.allocation_strategy(InstanceAllocationStrategy::OnDemand))
        });
        let engine = engine.expect("a machine that WebAssembly is compiled for");
        let mut linker = Linker::new(&engine);
        Everything::add_to_linker::<_, HasSelf<_>>(&mut linker, |guest| guest).expect("each name once");
        unasked(&mut linker).expect("each name once");
        let clock = Arc::new(AtomicBool::new(true));
        let (ticks, goes_on) = (engine.weak(), clock.clone());
        std::thread::spawn(move || {
            while goes_on.load(Ordering::Relaxed) {
                std::thread::sleep(TICK);
                let Some(engine) = ticks.upgrade() else { break };
                engine.increment_epoch();
            }
        });
        Self { engine, linker, limits, pool: Arc::new(Pool::new()), _clock: Arc::new(Ticking(clock)) }
    }

    /// Whether something of so many bytes is taken at all, for whoever would have to read it first.
    ///
    /// # Errors
    /// [`Unfit::TooLarge`].
    pub const fn admit(&self, bytes: usize) -> Result<(), Unfit> {
        let most = self.limits.component;
        if bytes > most { Err(Unfit::TooLarge { bytes, most }) } else { Ok(()) }
    }

    /// What somebody uploaded, compiled, tried and asked what it is. It takes its time: tens of milliseconds for Rust, seconds for languages
    /// that bring an interpreter.
    ///
    /// # Errors
    /// [`Unfit`] says why it cannot be used.
    pub fn load(&self, bytes: &[u8]) -> Result<Plugin, Unfit> {
        self.admit(bytes.len())?;
        let heft = Heft::of(bytes).map_err(|error| Unfit::NoComponent(in_line(&error.to_string(), 300)))?;
        if !heft.is_bearable() {
            return Err(Unfit::TooHeavy);
        }
        let component = Component::from_binary(&self.engine, bytes).map_err(|error| uncompiled(&error))?;
        let other = |error: wasmtime::Error| Unfit::OtherContract(in_a_line(&error));
        let ready = self.linker.instantiate_pre(&component).map_err(other)?;
        let exports = Exports::of(&ready).map_err(other)?;
        let plugin = Plugin::tried(ready, exports, self.limits, self.pool.clone(), digest_of(bytes))?;
        sound(plugin.description())?;
        Ok(plugin)
    }
}

/// The runtime has no type for what does not fit into the memory that is laid out.
fn uncompiled(error: &wasmtime::Error) -> Unfit {
    let said = in_a_line(error);
    match said.rsplit(": ").next() {
        Some(last) if last.contains("exceeds the") => Unfit::TooMuch(last.to_owned()),
        _ => Unfit::NoComponent(said),
    }
}

/// Languages that bring an interpreter import whatever an interface has from which they take a type: for notices that is `scoring`, which
/// is nothing that the host answers.
fn unasked(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    let mut scoring = linker.instance("ilt:plugin/scoring@0.1.0")?;
    for function in ["adjust", "prioritise"] {
        scoring.func_new(function, |_, _, _, _| Err(wasmtime::Error::msg("the host has no opinions")))?;
    }
    Ok(())
}

impl Drop for Ticking {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// What a component is called by what it is: its SHA-256, in hexadecimal.
pub fn digest_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |text, it| format!("{text}{it:02x}"))
}

fn sound(description: &Description) -> Result<(), Unfit> {
    let what = |what| Err(Unfit::Misdescribed { what });
    let is_word = |it: &str, more: &str| {
        (1..=40).contains(&it.len())
            && it.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || more.contains(it))
    };
    if !is_word(&description.name, "-") {
        return what("a name that is not made of small letters, digits and hyphens, 40 at most");
    }
    if !is_word(&description.version, ".-+") {
        return what("a version that is none, such as 1.2.0");
    }
    if description.summary.trim().is_empty() || description.summary.chars().count() > 300 {
        return what("no summary, or one of more than 300 characters");
    }
    if !description.settings.trim_start().starts_with('{') || kit::schema(description).is_err() {
        return what("settings that are no JSON Schema");
    }
    Ok(())
}

/// An error of the runtime without its chain of causes over many lines.
pub(crate) fn in_a_line(error: &wasmtime::Error) -> String {
    let said = format!("{error:#}");
    in_line(&said.split_whitespace().collect::<Vec<_>>().join(" "), 300)
}
