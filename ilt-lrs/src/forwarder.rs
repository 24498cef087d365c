//! Sending statements until each is settled.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::Settings;
use crate::answer::{Answer, is_same, only};

/// A statement that the record store never takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dead {
    /// Its id.
    pub id: Uuid,
    /// `invalid`, `conflict`, `too_large` or `server_error`.
    pub reason: &'static str,
    /// What the record store answered, when it did.
    pub status: Option<u16>,
}

/// Why statements could not be settled; all of them are to be sent again.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// Nobody answers, or not in time.
    #[error("the record store cannot be reached")]
    Away(#[source] reqwest::Error),
    /// Whoever sends may not. Somebody has to mend the credentials.
    #[error("the record store answers {0}: its credentials must be mended")]
    Unauthorised(u16),
    /// It wants to be left alone for a while.
    #[error("the record store wants to be left alone")]
    Later(Option<Duration>),
    /// It fails at whatever it is sent.
    #[error("the record store answers {0} to everything")]
    Failing(u16),
    /// The settings make no sense.
    #[error("the record store's settings cannot be used")]
    Settings(#[source] reqwest::Error),
}

/// A statement on its way: its id and its bytes.
type Statement<'a> = (Uuid, &'a str);

/// Sends statements to a record store.
pub struct Forwarder {
    client: Client,
    settings: Settings,
    /// What was stored last: sending it again tells a record store that fails from a statement that makes it fail.
    good: Mutex<Option<String>>,
    retries: AtomicU64,
}

/// What one request came to.
enum Sent {
    Answered(Answer),
    /// The connection broke while it was used.
    Broken(reqwest::Error),
}

impl Forwarder {
    /// One with these settings. Nothing is asked of the record store yet.
    ///
    /// # Errors
    /// [`Trouble::Settings`] when no client can be made of them.
    pub fn new(settings: Settings) -> Result<Self, Trouble> {
        let client = Client::builder().timeout(settings.patience).build().map_err(Trouble::Settings)?;
        Ok(Self { client, settings, good: Mutex::new(None), retries: AtomicU64::new(0) })
    }

    /// Sends statements, and answers which of them are never taken. Those that come twice are sent once.
    ///
    /// # Errors
    /// [`Trouble`] when it is not settled what became of them all.
    pub async fn forward(&self, statements: &[Statement<'_>]) -> Result<Vec<Dead>, Trouble> {
        let mut seen = BTreeMap::new();
        let once: Vec<_> =
            statements.iter().filter(|(id, body)| seen.insert(*id, *body).is_none()).copied().collect();
        let mut dead = Vec::new();
        for batch in self.batches(&once) {
            self.settle(batch, &mut dead).await?;
        }
        Ok(dead)
    }

    /// How many requests were sent again since this was last asked.
    pub fn take_retries(&self) -> u64 {
        self.retries.swap(0, Ordering::Relaxed)
    }

    /// As many at once as is allowed; a statement that is too large alone is sent alone.
    fn batches<'s, 'b>(&self, statements: &'s [Statement<'b>]) -> Vec<&'s [Statement<'b>]> {
        let (mut batches, mut from, mut bytes) = (Vec::new(), 0, 2);
        for (at, (_, body)) in statements.iter().enumerate() {
            let is_full = at - from >= self.settings.batch.max(1) || bytes + body.len() > self.settings.bytes;
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
            tries = if part.len() == batch.len() { 1 } else { tries };
            let (id, is_alone) = (part[0].0, part.len() == 1);
            match sent {
                Sent::Answered(Answer::Stored) => {
                    *self.good.lock().await = Some(part[0].1.to_owned());
                }
                Sent::Answered(Answer::Unauthorised(status)) => return Err(Trouble::Unauthorised(status)),
                Sent::Answered(Answer::Later(pause)) => return Err(Trouble::Later(pause)),
                _ if !is_alone => {
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.push_front(second);
                    parts.push_front(first);
                }
                Sent::Answered(Answer::Invalid(status)) => {
                    dead.push(Dead { id, reason: "invalid", status: Some(status) });
                }
                Sent::Answered(Answer::TooLarge) => {
                    dead.push(Dead { id, reason: "too_large", status: Some(413) });
                }
                Sent::Answered(Answer::Conflict) if self.is_stored(part[0]).await? => {}
                Sent::Answered(Answer::Conflict) => {
                    dead.push(Dead { id, reason: "conflict", status: Some(409) });
                }
                Sent::Answered(Answer::Failed(status)) => suspects.push((id, Some(status), None)),
                Sent::Broken(error) => suspects.push((id, None, Some(error))),
            }
        }
        self.judge(suspects, dead).await
    }

    /// Whether those that failed alone are at fault, or the record store is.
    async fn judge(
        &self,
        suspects: Vec<(Uuid, Option<u16>, Option<reqwest::Error>)>,
        dead: &mut Vec<Dead>,
    ) -> Result<(), Trouble> {
        if suspects.is_empty() {
            return Ok(());
        }
        let good = self.good.lock().await.clone();
        let takes_others = match &good {
            Some(good) => matches!(self.send(&format!("[{good}]")).await, Ok(Sent::Answered(Answer::Stored))),
            None => false,
        };
        for (id, status, error) in suspects {
            match (takes_others, status, error) {
                (true, Some(status), _) => {
                    dead.push(Dead { id, reason: "server_error", status: Some(status) });
                }
                (true, None, _) => dead.push(Dead { id, reason: "too_large", status: None }),
                (false, Some(status), _) => return Err(Trouble::Failing(status)),
                (false, None, Some(error)) => return Err(Trouble::Away(error)),
                (false, None, None) => return Err(Trouble::Failing(0)),
            }
        }
        Ok(())
    }

    /// Sends a part; again, later and later, while the record store fails inside.
    async fn send_patiently(&self, part: &[Statement<'_>], tries: u32) -> Result<Sent, Trouble> {
        let bodies: Vec<_> = part.iter().map(|(_, body)| *body).collect();
        let body = format!("[{}]", bodies.join(","));
        let mut pause = self.settings.pause;
        for _ in 1..tries {
            match self.send(&body).await? {
                Sent::Answered(Answer::Failed(_)) => {}
                other => return Ok(other),
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
            self.retries.fetch_add(1, Ordering::Relaxed);
        }
        self.send(&body).await
    }

    async fn send(&self, body: &str) -> Result<Sent, Trouble> {
        let url = format!("{}/statements", self.settings.endpoint);
        let request = self.client.post(url).header("content-type", "application/json");
        match self.signed(request).body(body.to_owned()).send().await {
            Ok(answer) => Ok(Sent::Answered(Answer::of(answer.status().as_u16(), answer.headers()))),
            Err(error) if error.is_connect() || error.is_timeout() => Err(Trouble::Away(error)),
            Err(error) => Ok(Sent::Broken(error)),
        }
    }

    /// Whether the record store has this very statement.
    async fn is_stored(&self, (id, body): Statement<'_>) -> Result<bool, Trouble> {
        let url = format!("{}/statements?statementId={id}", self.settings.endpoint);
        let answer = self.signed(self.client.get(url)).send().await.map_err(Trouble::Away)?;
        if !answer.status().is_success() {
            return Ok(false);
        }
        let stored = answer.bytes().await.map_err(Trouble::Away)?;
        let (stored, sent) = (serde_json::from_slice::<Value>(&stored), serde_json::from_str::<Value>(body));
        Ok(stored.map(only).is_ok_and(|stored| sent.is_ok_and(|sent| is_same(&stored, &sent))))
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.header("X-Experience-API-Version", &self.settings.version);
        match &self.settings.credentials {
            Some((name, secret)) => request.basic_auth(name, Some(secret.expose_secret())),
            None => request,
        }
    }
}
