//! What takes, tries and shows plugins: what the outside (REST, the command line) asks of a plugin host, without a word of WebAssembly.

use std::sync::Arc;

use async_trait::async_trait;
use ilt_core::ids::PluginId;
use ilt_core::journal::{Actor, Entry};
use ilt_core::opinion::Speaker;
use ilt_core::plugin::{Edition, Plugin};
use ilt_core::ports::Description;
use jiff::Timestamp;

use uuid::Uuid;

use crate::Trouble;
use crate::rehearsal::{Progress, Report, Window};

/// A line of a plugin's log, for its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// When.
    pub at: Timestamp,
    /// Whether it is more than a remark.
    pub is_warning: bool,
    /// What.
    pub text: String,
}

/// How a rehearsal stands.
#[derive(Debug, Clone)]
pub enum Stand {
    /// It is under way.
    Running(Progress),
    /// It is done.
    Done(Arc<Report>),
    /// It was stopped, or the journal could not be read.
    Failed(String),
}

/// What takes, tries and shows plugins.
#[async_trait]
pub trait Workshop: Send + Sync {
    /// Takes what somebody uploaded: it is compiled, tried and asked what it is, and kept. The same once more is answered at once.
    ///
    /// # Errors
    /// `invalid-request` with `/component` when it is no plugin that can be used; busy when others are being tried.
    async fn take(&self, bytes: Vec<u8>, by: Actor) -> Result<Description, Trouble>;

    /// What was uploaded says that it is.
    ///
    /// # Errors
    /// `invalid-request` with `/component` when nothing with this digest was uploaded.
    async fn describe(&self, digest: &str) -> Result<Description, Trouble>;

    /// Whose opinions these will be, once the plugin itself has found nothing wrong with the settings (JSON).
    ///
    /// # Errors
    /// `invalid-request` with every problem below `/settings`.
    async fn try_settings(&self, digest: &str, settings: &str) -> Result<Speaker, Trouble>;

    /// What was done to a plugin, the latest first.
    ///
    /// # Errors
    /// When the store fails.
    async fn history(&self, plugin: PluginId) -> Result<Vec<Entry>, Trouble>;

    /// What a plugin wrote in its journal, and what went wrong with it, on this host, the latest last.
    fn log(&self, plugin: PluginId) -> Vec<Noted>;

    /// Begins to rehearse an edition, for the people for whom the plugin speaks; answers what the rehearsal is called.
    ///
    /// # Errors
    /// Busy when others are being rehearsed; `invalid-request` when the edition cannot be loaded.
    async fn rehearse(&self, plugin: &Plugin, edition: &Edition, window: Window) -> Result<Uuid, Trouble>;

    /// How a rehearsal of a plugin stands; nothing when there is none of that name on this host.
    fn rehearsal(&self, plugin: PluginId, id: Uuid) -> Option<Stand>;

    /// Stops a rehearsal, and forgets it.
    fn drop_rehearsal(&self, plugin: PluginId, id: Uuid);

    /// Waits until this host uses what was committed.
    async fn caught_up(&self);
}
