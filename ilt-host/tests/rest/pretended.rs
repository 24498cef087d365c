//! A workshop that takes anything, for tests that are about the requests and not about plugins.

use async_trait::async_trait;
use ilt_core::desk::Refusal;
use ilt_core::ids::PluginId;
use ilt_core::journal::{Actor, Entry};
use ilt_core::opinion::Speaker;
use ilt_core::plugin::{Edition, Plugin};
use ilt_core::ports::Description;
use ilt_engine::Trouble;
use ilt_engine::rehearsal::Window;
use ilt_engine::workshop::{Noted, Stand, Workshop};
use uuid::Uuid;

/// The digest of the only component that there is.
pub const DIGEST: &str = "abababababababababababababababababababababababababababababababab";

pub struct Pretended;

pub fn speaker() -> Speaker {
    Speaker { plugin: "near-first".to_owned(), version: "1.0.0".to_owned(), digest: DIGEST.to_owned() }
}

#[async_trait]
impl Workshop for Pretended {
    async fn take(&self, _: Vec<u8>, _: Actor) -> Result<Description, Trouble> {
        self.describe(DIGEST).await
    }

    async fn describe(&self, digest: &str) -> Result<Description, Trouble> {
        let said =
            Description { by: speaker(), summary: "Near first.".to_owned(), settings: "{}".to_owned() };
        if digest == DIGEST { Ok(said) } else { Err(Refusal::invalid("/component", "is unknown").into()) }
    }

    async fn try_settings(&self, _: &str, _: &str) -> Result<Speaker, Trouble> {
        Ok(speaker())
    }

    async fn history(&self, _: PluginId) -> Result<Vec<Entry>, Trouble> {
        Ok(Vec::new())
    }

    fn log(&self, _: PluginId) -> Vec<Noted> {
        Vec::new()
    }

    async fn rehearse(&self, _: &Plugin, _: &Edition, _: Window) -> Result<Uuid, Trouble> {
        Ok(Uuid::nil())
    }

    fn rehearsal(&self, _: PluginId, _: Uuid) -> Option<Stand> {
        Some(Stand::Failed("nothing is rehearsed here".to_owned()))
    }

    fn drop_rehearsal(&self, _: PluginId, _: Uuid) {}

    async fn caught_up(&self) {}
}
