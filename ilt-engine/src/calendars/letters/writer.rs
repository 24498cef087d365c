//! Keeping what waits in a mailbox, many at once.

use std::sync::Arc;
use std::time::Duration;

use ilt_core::fault::with_causes;
use ilt_core::ports::{Clock, Deliveries, Delivery, StoreError, Taken};
use ilt_core::retry::Backoff;
use tokio_util::sync::CancellationToken;

use super::mailbox::Mailbox;
use crate::followers::Standing;

/// The name under which `/health/ready` tells of it.
pub const LETTERS: &str = "letters";
/// Letters kept in one transaction at most.
const MOST: usize = 1_000;
/// Bytes of them.
const MOST_BYTES: usize = 8 << 20;
/// After which time a transaction has come to nothing.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it says how it stands while it waits for the store.
const LOOK: Duration = Duration::from_secs(2);
/// The longest pause between two attempts: whoever books over there waits for nobody, and letters go on coming.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How often one letter is tried by itself that the store does not take.
const TRIES_ALONE: u32 = 5;
/// For how long it is tried to keep what waits once this host stops: less than a host waits for what is under way.
const LAST_TRIES: Duration = Duration::from_secs(10);

/// Keeps what waits in a mailbox.
pub struct Writer {
    /// Where letters wait.
    pub mailbox: Mailbox,
    /// Where they are kept.
    pub deliveries: Arc<dyn Deliveries>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where it says how it stands.
    pub standing: Standing,
}

/// Why letters are not kept.
enum Trouble {
    /// The store is away or busy: all wait.
    Away(String),
    /// The store does not take them, which may be the fault of one.
    Refused(String),
}

impl Writer {
    /// Works until it is told to stop and nothing waits any more, or nothing can be kept for a while after that.
    pub async fn until_stopped(self, stopping: CancellationToken) {
        let too_late = async {
            stopping.cancelled().await;
            tokio::time::sleep(LAST_TRIES).await;
        };
        tokio::select! {
            () = self.work(&stopping) => {}
            () = too_late => {
                let (letters, _) = self.mailbox.waiting();
                tracing::error!(letters, "webhooks are lost: the store takes nothing. What they told of is found by comparing");
            }
        }
    }

    async fn work(&self, stopping: &CancellationToken) {
        while let Some(batch) = self.mailbox.next(MOST, MOST_BYTES, stopping).await {
            self.keep(&batch).await;
            self.mailbox.kept(&batch);
            self.says_how_it_stands();
        }
    }

    /// Keeps these, for as long as that takes.
    async fn keep(&self, batch: &[Delivery]) {
        let mut backoff = Backoff::default();
        loop {
            match self.attempt(batch).await {
                Ok(()) => return,
                Err(Trouble::Away(said)) => self.rests(&said, &mut backoff).await,
                Err(Trouble::Refused(said)) => {
                    tracing::warn!(said, letters = batch.len(), "webhooks are kept one by one");
                    for one in batch {
                        self.keep_alone(one).await;
                    }
                    return;
                }
            }
        }
    }

    /// Keeps one, or gives it up: a letter that the store never takes must not hold up the others.
    async fn keep_alone(&self, one: &Delivery) {
        let (mut backoff, mut refusals) = (Backoff::default(), 0);
        loop {
            let said = match self.attempt(std::slice::from_ref(one)).await {
                Ok(()) => return,
                Err(Trouble::Away(said)) => said,
                Err(Trouble::Refused(said)) => {
                    refusals += 1;
                    said
                }
            };
            if refusals >= TRIES_ALONE {
                metrics::counter!("ilt_webhooks_total", "what" => "lost").increment(1);
                tracing::error!(
                    digest = one.letter.digest,
                    said,
                    "a webhook is lost: the store does not take it"
                );
                return;
            }
            self.rests(&said, &mut backoff).await;
        }
    }

    async fn attempt(&self, batch: &[Delivery]) -> Result<(), Trouble> {
        let taking = self.deliveries.take_deliveries(batch, self.clock.now());
        let taking = tokio::time::timeout(PATIENCE, taking);
        tokio::pin!(taking);
        let came = loop {
            tokio::select! {
                came = &mut taking => break came,
                () = tokio::time::sleep(LOOK) => {
                    self.standing.failed("the store has not answered yet", self.clock.now());
                    self.says_how_it_stands();
                }
            }
        };
        let taken = match came {
            Ok(Ok(taken)) => taken,
            Ok(Err(error @ (StoreError::Away(_) | StoreError::Conflict(_)))) => {
                return Err(Trouble::Away(with_causes(&error)));
            }
            Ok(Err(
                error @ (StoreError::NotHeld(_)
                | StoreError::Differs(_)
                | StoreError::Corrupt(_)
                | StoreError::Failed(_)),
            )) => return Err(Trouble::Refused(with_causes(&error))),
            Err(_) => return Err(Trouble::Away("the store does not answer".to_owned())),
        };
        let Taken { kept, doubled, due } = taken;
        tracing::debug!(kept, doubled, due, "webhooks are kept");
        metrics::counter!("ilt_webhooks_total", "what" => "taken").increment(kept);
        metrics::counter!("ilt_webhooks_total", "what" => "doubled").increment(doubled);
        self.standing.settled(batch.len() as u64);
        self.standing.flows();
        Ok(())
    }

    async fn rests(&self, said: &str, backoff: &mut Backoff) {
        let now = self.clock.now();
        let pause = backoff.failed(None, now).min(LONGEST_PAUSE);
        self.standing.failed(said, now);
        self.says_how_it_stands();
        tracing::warn!(said, failures = backoff.failures(), "webhooks cannot be kept just now");
        tokio::time::sleep(pause).await;
    }

    fn says_how_it_stands(&self) {
        let (letters, since) = self.mailbox.waiting();
        self.standing.is_behind(letters as u64);
        self.standing.has_since(since);
    }
}
