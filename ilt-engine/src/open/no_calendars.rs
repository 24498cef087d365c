//! Calendars, where this program was built without them: there are none, and whatever was heard of some is forgotten in time.

use std::sync::Arc;

use ilt_core::ports::Mirrors;
use ilt_store::SqlStore;
use uuid::Uuid;

use crate::calendars::Shows;
use crate::calendars::letters::{Mailbox, forget_letters};
use crate::config::Config;
use crate::engine::Engine;
use crate::followers::{Follower, Followers};

#[expect(clippy::unnecessary_wraps, reason = "with calendars it can fail")]
pub(super) fn mirrors(_: &Config, _: &Arc<SqlStore>) -> anyhow::Result<Option<Arc<dyn Mirrors>>> {
    Ok(None)
}

#[expect(clippy::unnecessary_wraps, reason = "with calendars it can fail")]
pub(super) fn follower(_: &Config, _: &Arc<SqlStore>) -> anyhow::Result<Option<Box<dyn Follower>>> {
    Ok(None)
}

#[expect(clippy::unnecessary_wraps, reason = "with calendars it can fail")]
pub(super) fn kept(
    followers: Followers,
    _: &Config,
    _: &Arc<SqlStore>,
    _: &Engine,
    _: Uuid,
) -> anyhow::Result<Followers> {
    Ok(followers)
}

/// Nobody is listened to.
///
/// # Errors
/// None.
#[expect(clippy::unnecessary_wraps, reason = "with calendars it can fail")]
pub fn mailbox(
    _: &Config,
    store: &SqlStore,
    engine: &Engine,
    followers: Followers,
) -> anyhow::Result<(Followers, Option<Mailbox>)> {
    engine.alongside(forget_letters(Arc::new(store.clone()), engine.ports().clock.clone()));
    Ok((followers, None))
}

/// Nothing is shown anywhere.
///
/// # Errors
/// None.
#[expect(clippy::unnecessary_wraps, reason = "with calendars it can fail")]
pub fn shows(_: &Config, _: &SqlStore) -> anyhow::Result<Option<Shows>> {
    Ok(None)
}
