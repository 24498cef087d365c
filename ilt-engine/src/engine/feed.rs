//! The feed: what was committed, by this host or another, in order, to whoever follows inside this process.
//!
//! One reader follows the journal. It is woken by this host's commits, and looks on its own for those of others; it keeps
//! the catalogue and the cache of people current, and passes every entry on to live listeners.

use std::sync::Arc;

use ilt_core::journal::{Entry, Event};
use ilt_core::planted::{self, Bug};
use tokio::sync::{broadcast, watch};

use super::Engine;

/// Entries read at once.
const PAGE: u32 = 1_000;
/// Entries a listener may lag behind before it must read the journal itself.
const BACKLOG: usize = 4_096;

/// Where listeners find what was committed.
#[derive(Clone)]
pub struct Feed {
    bell: watch::Sender<u64>,
    entries: broadcast::Sender<Arc<Entry>>,
    seen: watch::Sender<u64>,
}

impl Feed {
    /// A feed that begins after entry `head`.
    pub(super) fn new(head: u64) -> Self {
        Self {
            bell: watch::Sender::new(head),
            entries: broadcast::Sender::new(BACKLOG),
            seen: watch::Sender::new(head),
        }
    }

    /// Rung with the last journal number after each commit.
    pub fn bell(&self) -> watch::Sender<u64> {
        self.bell.clone()
    }

    /// Entries as they come, from now on. Whoever lags too far behind reads the journal from where it was.
    pub fn listen(&self) -> broadcast::Receiver<Arc<Entry>> {
        self.entries.subscribe()
    }

    /// The number of the last entry passed on.
    pub fn seen(&self) -> u64 {
        *self.seen.borrow()
    }

    /// The last number this host has committed itself.
    pub fn committed(&self) -> u64 {
        *self.bell.borrow()
    }

    /// Waits until entry `sequence` has been passed on: what a page needs to read its own writes.
    pub async fn wait_for(&self, sequence: u64) {
        let mut seen = self.seen.subscribe();
        // The sender lives as long as this feed.
        let _closed = seen.wait_for(|seen| *seen >= sequence).await;
    }

    fn pass_on(&self, entry: Entry) {
        let sequence = entry.sequence;
        // Nobody listening is no failure.
        let _nobody = self.entries.send(Arc::new(entry));
        self.seen.send_replace(sequence);
    }
}

/// Follows the journal until the engine stops.
pub(super) async fn follow(engine: Engine) {
    let mut bell = engine.feed.bell.subscribe();
    let mut failures = 0_u32;
    loop {
        match catch_up(&engine).await {
            Ok(()) => failures = 0,
            Err(error) => {
                failures += 1;
                tracing::warn!(
                    failures,
                    error = &error as &dyn std::error::Error,
                    "the journal could not be read"
                );
            }
        }
        // A database that is away is asked less and less often, at least every five seconds or so.
        let pause = engine.settings.feed_every * 2_u32.pow(failures.min(5));
        tokio::select! {
            () = engine.stopping.cancelled() => return,
            _ = bell.changed(), if failures == 0 => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Reads what was committed since, and passes it on.
pub async fn catch_up(engine: &Engine) -> Result<(), ilt_core::ports::StoreError> {
    loop {
        let entries = engine.ports.journal.after(engine.feed.seen(), PAGE).await?;
        let was_last_page = entries.len() < PAGE as usize;
        let head =
            if planted::is(Bug::ReaderSkipsLateCommits) { engine.ports.journal.head().await? } else { 0 };
        {
            let mut catalogue = engine.catalogue.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            for entry in &entries {
                catalogue.apply(entry);
            }
        }
        for entry in entries {
            if let Event::PeopleSaved(people) = &entry.event {
                engine.people.forget(people.iter().map(|person| person.id));
            }
            engine.feed.pass_on(entry);
        }
        if head > engine.feed.seen() {
            engine.feed.seen.send_replace(head);
        }
        if was_last_page {
            return Ok(());
        }
    }
}
