//! Dealers' own rules: WebAssembly components that have an opinion, in a sandbox.
//!
//! # Flow
//! A [`Sandbox`] compiles what somebody uploaded and tries it ([`Sandbox::load`]): what imports anything but the journal, does not
//! speak our contract, or does not describe itself is [`Unfit`] → a [`Plugin`] is asked what it has a say in ([`Say`]: sessions
//! [`Within::adjust`], notices [`Within::advise`]) in an instance of its own each time, with so much fuel, time and memory ([`Limits`]) → what it says goes to the core, which decides what of it counts.
//!
//! # Invariants
//! * Nothing that a plugin does fails a registration: what goes wrong is an [`Outcome`], counted and told to its owner.
//! * The same question costs the same fuel and gives the same answer: a guest has no clock, no chance, no network, and nothing is left
//!   of an instance once it has answered.
//! * What is compiled was compiled here: code that somebody else compiled is never loaded.
//!
//! # Not here
//! Which dealer has which plugin (the engine), what an opinion may do (`ilt_core::opinion`), and advice (`ilt_core::notice::advice`).

mod active;
mod ask;
mod bindings;
mod cache;
mod exports;
mod guest;
mod heft;
pub mod kit;
mod limits;
mod plugin;
mod plugins;
mod pool;
mod sandbox;
mod tell;
mod trial;

pub use active::{Active, Noted};
pub use cache::Unsafe;
pub use exports::Say;
pub use guest::Line;
pub use heft::Heft;
pub use limits::Limits;
pub use plugin::{Description, Outcome, Plugin, Problem, Said, Within};
pub use plugins::{Order, Plugins, Source};
pub use sandbox::{Sandbox, Unfit, digest_of};
pub use trial::Trial;
