//! Sending statements until each is settled.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;
use uuid::Uuid;

use crate::answer::Answer;
use crate::store::{Found, Sent, Statement, Store};
use crate::{Dead, Settings, Trouble};

/// The longest that a record store is left alone since it asked for it.
const LONGEST_QUIET: Duration = Duration::from_hours(1);

/// Sends statements to a record store.
pub struct Forwarder {
    store: Store,
    settings: Settings,
    /// What was stored last: sending it again tells a record store that is sick from a statement that it does not take.
    good: Mutex<Option<(Uuid, String)>>,
    /// Until when it wants to be left alone, whoever sends.
    quiet_until: Mutex<Option<Instant>>,
    retries: AtomicU64,
    /// How often nothing was known to pass, and a statement had to be tried of which nothing is known either.
    trials: AtomicUsize,
}

impl Forwarder {
    /// One with these settings. Nothing is asked of the record store yet.
    ///
    /// # Errors
    /// [`Trouble::Settings`] when no client can be made of them.
    pub fn new(settings: Settings) -> Result<Self, Trouble> {
        let store = Store::new(settings.clone())?;
        let (good, quiet_until) = (Mutex::new(None), Mutex::new(None));
        let (retries, trials) = (AtomicU64::new(0), AtomicUsize::new(0));
        Ok(Self { store, settings, good, quiet_until, retries, trials })
    }

    /// Sends statements, and answers which of them are never taken. Those that come twice are sent once.
    ///
    /// # Errors
    /// [`Trouble`] when it is not settled what became of them all.
    pub async fn forward(&self, statements: &[Statement<'_>]) -> Result<Vec<Dead>, Trouble> {
        let now = stopwatch();
        if let Some(until) = self.quiet_until.lock().await.filter(|until| now < *until) {
            return Err(Trouble::Later(Some(until - now)));
        }
        let settled = self.forward_all(statements).await;
        if let Err(Trouble::Later(Some(pause))) = &settled {
            *self.quiet_until.lock().await = now.checked_add((*pause).min(LONGEST_QUIET));
        }
        settled
    }

    async fn forward_all(&self, statements: &[Statement<'_>]) -> Result<Vec<Dead>, Trouble> {
        let mut seen = BTreeMap::new();
        let once: Vec<_> =
            statements.iter().filter(|(id, body)| seen.insert(*id, *body).is_none()).copied().collect();
        let mut dead = Vec::new();
        for batch in self.batches(&once) {
            self.settle(batch, &mut dead).await?;
        }
        Ok(dead)
    }

    /// How many statements are sent in one request at most.
    pub fn batch(&self) -> usize {
        self.settings.batch.max(1)
    }

    /// How many requests were sent again since this was last asked.
    pub fn take_retries(&self) -> u64 {
        self.retries.swap(0, Ordering::Relaxed)
    }

    /// Asks a plain question, to see whether the record store is there and takes us for whom we are.
    ///
    /// # Errors
    /// [`Trouble`] that says what is in the way.
    pub async fn greet(&self) -> Result<(), Trouble> {
        self.store.greet().await
    }

    /// As many at once as is allowed; a statement that is too large alone is sent alone.
    fn batches<'s, 'b>(&self, statements: &'s [Statement<'b>]) -> Vec<&'s [Statement<'b>]> {
        let (mut batches, mut from, mut bytes) = (Vec::new(), 0, 2);
        for (at, (_, body)) in statements.iter().enumerate() {
            let is_full = at - from >= self.batch() || bytes + body.len() > self.settings.bytes;
            if is_full && at > from {
                batches.push(&statements[from..at]);
                (from, bytes) = (at, 2);
            }
            bytes += body.len() + 1;
        }
        if from < statements.len() {
            batches.push(&statements[from..]);
        }
        batches
    }

    /// Settles a batch, halving it until whatever is at fault is alone. Parts are sent in their order.
    async fn settle(&self, batch: &[Statement<'_>], dead: &mut Vec<Dead>) -> Result<(), Trouble> {
        let mut parts = VecDeque::from([batch]);
        let mut suspects = Vec::new();
        let mut tries = self.settings.tries.max(1);
        while let Some(part) = parts.pop_front() {
            let sent = self.send_patiently(part, tries).await?;
            // Whoever is looked for among those that failed has been waited for already.
            tries = 1;
            match sent {
                Sent::Stored => self.passed(part[0]).await,
                // Two are few enough to see which of them it is.
                Sent::Silent(error) if part.len() > 2 => return Err(Trouble::Away(error)),
                failed if part.len() > 1 => {
                    if part.len() == batch.len() {
                        self.probe(batch, failed).await?;
                    }
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.push_front(second);
                    parts.push_front(first);
                }
                failed => suspects.push((part[0], failed)),
            }
        }
        self.judge(suspects, dead).await
    }

    /// Sees whether anything passes, by one statement, before whoever is at fault is looked for among many.
    async fn probe(&self, batch: &[Statement<'_>], failed: Sent) -> Result<(), Trouble> {
        // Under ids that are taken nothing else passes either, and who is silent costs too much time.
        if failed.is_conflict() || matches!(failed, Sent::Silent(_)) {
            return Ok(());
        }
        let known = self.good.lock().await.clone();
        let one = match &known {
            Some((id, body)) => (*id, body.as_str()),
            // Another one each time, since any may be at fault itself; the first has failed alone most often.
            None => batch[batch.len() - 1 - self.trials.fetch_add(1, Ordering::Relaxed) % batch.len()],
        };
        match self.send_patiently(&[one], self.settings.tries.clamp(1, 2)).await? {
            Sent::Stored => self.passed(one).await,
            other if other.is_conflict() => {}
            _ => return Err(self.nothing_passes(failed).await),
        }
        Ok(())
    }

    /// What becomes of statements that failed alone. One is at fault when others pass before and after it fails once more; else
    /// the record store is, or the way to it.
    async fn judge(&self, suspects: Vec<(Statement<'_>, Sent)>, dead: &mut Vec<Dead>) -> Result<(), Trouble> {
        let mut is_well = false;
        for (suspect, failed) in suspects {
            if failed.is_conflict() && self.is_settled(suspect, &failed, dead).await? {
                continue;
            }
            if !is_well && !self.takes_others(&failed).await? {
                return Err(self.nothing_passes(failed).await);
            }
            let again = self.send_patiently(&[suspect], self.settings.tries.max(1)).await?;
            if matches!(again, Sent::Stored)
                || again.is_conflict() && self.is_settled(suspect, &again, dead).await?
            {
                continue;
            }
            if !self.takes_others(&again).await? {
                return Err(self.nothing_passes(failed).await);
            }
            is_well = !again.is_conflict();
            dead.push(death(suspect.0, again));
        }
        Ok(())
    }

    /// Whether a conflict is none, since this very statement is stored; or is one for sure, since another one is.
    async fn is_settled(
        &self,
        suspect: Statement<'_>,
        conflict: &Sent,
        dead: &mut Vec<Dead>,
    ) -> Result<bool, Trouble> {
        let found = self.store.find(suspect).await?;
        if let (Found::Other, Sent::Refused(answer, said)) = (&found, conflict) {
            dead.push(death(suspect.0, Sent::Refused(answer.clone(), said.clone())));
        }
        Ok(!matches!(found, Found::Nothing))
    }

    /// Whether it takes what it took before. A conflict says so as well, unless it answers that to everything.
    async fn takes_others(&self, than: &Sent) -> Result<bool, Trouble> {
        let Some((id, good)) = self.good.lock().await.clone() else { return Ok(false) };
        // Many a record store closes the connection after it has failed, so that the next request on it breaks.
        let sent = self.send_patiently(&[(id, &good)], self.settings.tries.max(1)).await?;
        Ok(matches!(sent, Sent::Stored) || sent.is_conflict() && !than.is_conflict())
    }

    /// What is in the way when nothing passes. A record store that does not know the version it is spoken to in finds everything
    /// invalid, a plain question too.
    async fn nothing_passes(&self, failed: Sent) -> Trouble {
        let is_invalid = matches!(failed, Sent::Refused(Answer::Invalid(_), _));
        if is_invalid && let Err(trouble @ Trouble::NotUnderstood(_)) = self.greet().await {
            return trouble;
        }
        failed.into()
    }

    async fn passed(&self, (id, body): Statement<'_>) {
        *self.good.lock().await = Some((id, body.to_owned()));
    }

    /// Sends a part; again, later and later, while the record store fails inside, for about as long as one request may take. One
    /// statement alone is not too much at once, so that a connection that broke under it is tried again as well.
    async fn send_patiently(&self, part: &[Statement<'_>], tries: u32) -> Result<Sent, Trouble> {
        let (mut pause, begun) = (self.settings.pause, stopwatch());
        for _ in 1..tries {
            match self.store.send(part).await? {
                Sent::Refused(Answer::Failed(_), _) => {}
                Sent::Broken(_) if part.len() == 1 => {}
                other => return Ok(other),
            }
            if begun.elapsed() + pause > self.settings.patience {
                break;
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
            self.retries.fetch_add(1, Ordering::Relaxed);
        }
        self.store.send(part).await
    }
}

/// A statement that is never taken, and why.
fn death(id: Uuid, failed: Sent) -> Dead {
    let (reason, status, said) = match failed {
        Sent::Refused(answer, said) => {
            let reason = match answer {
                Answer::TooLarge => "too_large",
                Answer::Conflict => "conflict",
                Answer::Failed(_) => "server_error",
                _ => "invalid",
            };
            (reason, Some(answer.status()), said)
        }
        Sent::Broken(_) => ("too_large", None, String::new()),
        Sent::Silent(_) | Sent::Stored => ("server_error", None, String::new()),
    };
    Dead { id, reason, status, said }
}

#[expect(
    clippy::disallowed_methods,
    reason = "it measures how long something takes, and nothing is decided by what time it is"
)]
fn stopwatch() -> Instant {
    Instant::now()
}
