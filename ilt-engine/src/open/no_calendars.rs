//! Calendars, where this program was built without them: there are none.

use std::sync::Arc;

use ilt_core::ports::Mirrors;
use ilt_store::SqlStore;
use uuid::Uuid;

use crate::calendars::Shows;
use crate::calendars::letters::Mailbox;
use crate::config::Config;
use crate::engine::Engine;
use crate::followers::{Follower, Followers};

pub(super) enum Calendars {}

#[expect(clippy::unnecessary_wraps, reason = "with calendars it can fail")]
impl Calendars {
    pub(super) fn of(_: &Config, _: &Arc<SqlStore>) -> anyhow::Result<Option<Self>> {
        Ok(None)
    }

    pub(super) fn shows(&self) -> Shows {
        match *self {}
    }

    pub(super) fn kept(
        self,
        _: Followers,
        _: &Arc<SqlStore>,
        _: &Engine,
        _: Uuid,
    ) -> (Followers, Option<Mailbox>) {
        match self {}
    }
}

#[expect(clippy::unnecessary_wraps, reason = "with calendars it can fail")]
pub(super) fn mirrors(_: &Config, _: &Arc<SqlStore>) -> anyhow::Result<Option<Arc<dyn Mirrors>>> {
    Ok(None)
}

#[expect(clippy::unnecessary_wraps, reason = "with calendars it can fail")]
pub(super) fn follower(_: &Config, _: &Arc<SqlStore>) -> anyhow::Result<Option<Box<dyn Follower>>> {
    Ok(None)
}
