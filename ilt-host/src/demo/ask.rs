//! Asking the engine as somebody of the demo.

use anyhow::Context as _;
use ilt_core::desk::Command;
use ilt_core::journal::Actor;
use ilt_engine::{Engine, Trouble};

/// Has something done; what a rule refuses is left.
pub(super) async fn ask(engine: &Engine, actor: Actor, command: Command) -> anyhow::Result<()> {
    match engine.ask(actor, command, None, engine.ports().ids.next()).await {
        Ok(_) | Err(Trouble::Refused(_)) => Ok(()),
        Err(trouble) => Err(trouble).context("the demo's dealers could not deal"),
    }
}
