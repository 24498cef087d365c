//! Sending statements until each is settled.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, RequestBuilder, Response};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;
use uuid::Uuid;

use crate::answer::{Answer, is_same, only};
use crate::{Dead, Settings, Trouble};

/// A statement on its way: its id and its bytes.
type Statement<'a> = (Uuid, &'a str);

/// The longest that a record store is left alone since it asked for it.
const LONGEST_QUIET: Duration = Duration::from_hours(1);

/// Sends statements to a record store.
pub struct Forwarder {
    client: Client,
    settings: Settings,
    /// What was stored last: sending it again tells a record store that fails from a statement that makes it fail.
    good: Mutex<Option<String>>,
    /// Until when it wants to be left alone, whoever sends.
    quiet_until: Mutex<Option<Instant>>,
    retries: AtomicU64,
}

/// What one request came to.
enum Sent {
    Answered(Answer),
    /// The connection broke while it was used.
    Broken(reqwest::Error),
    /// Nothing came in time.
    Silent(reqwest::Error),
}

impl Forwarder {
    /// One with these settings. Nothing is asked of the record store yet.
    ///
    /// # Errors
    /// [`Trouble::Settings`] when no client can be made of them.
    pub fn new(settings: Settings) -> Result<Self, Trouble> {
        // Whoever follows a redirection asks for a page with GET, and takes it for a yes.
        let client = Client::builder().timeout(settings.patience).redirect(Policy::none());
        let authorities = Certificate::from_pem_bundle(&settings.authorities).map_err(Trouble::Settings)?;
        let client = client.tls_certs_merge(authorities).build().map_err(Trouble::Settings)?;
        let (good, quiet_until) = (Mutex::new(None), Mutex::new(None));
        Ok(Self { client, settings, good, quiet_until, retries: AtomicU64::new(0) })
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
            let answer = self.send_patiently(part, tries).await?;
            // Whoever is looked for among those that failed has been waited for already.
            tries = if part.len() == batch.len() { 1 } else { tries };
            match answer {
                Sent::Answered(Answer::Stored) => *self.good.lock().await = Some(part[0].1.to_owned()),
                // Two are few enough to see which of them it is.
                Sent::Silent(error) if part.len() > 2 => return Err(Trouble::Away(error)),
                _ if part.len() > 1 => {
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.push_front(second);
                    parts.push_front(first);
                }
                Sent::Answered(Answer::Failed(_)) | Sent::Broken(_) | Sent::Silent(_) => {
                    suspects.push((part[0], answer));
                }
                Sent::Answered(answer) => dead.extend(self.refused(part[0], answer).await?),
            }
        }
        for (suspect, failed) in suspects {
            dead.extend(self.judge(suspect, failed).await?);
        }
        Ok(())
    }

    /// What becomes of a statement that was refused alone; nothing when it is stored already.
    async fn refused(&self, statement: Statement<'_>, answer: Answer) -> Result<Option<Dead>, Trouble> {
        let (reason, status) = match answer {
            Answer::TooLarge => ("too_large", 413),
            Answer::Conflict if self.is_stored(statement).await? => return Ok(None),
            Answer::Conflict => ("conflict", 409),
            Answer::Invalid(status) if !self.is_understood().await? => {
                return Err(Trouble::NotUnderstood(status));
            }
            Answer::Invalid(status) => ("invalid", status),
            other => return Err(Sent::Answered(other).into()),
        };
        Ok(Some(Dead { id: statement.0, reason, status: Some(status) }))
    }

    /// Whether one that failed alone is at fault, or the record store is: it is, when others pass before and after it fails once
    /// more, for as long as anything is tried.
    async fn judge(&self, suspect: Statement<'_>, failed: Sent) -> Result<Option<Dead>, Trouble> {
        if !self.takes_others().await? {
            return Err(failed.into());
        }
        let (reason, status) = match self.send_patiently(&[suspect], self.settings.tries.max(1)).await? {
            Sent::Answered(Answer::Stored) => return Ok(None),
            Sent::Answered(Answer::Failed(status)) => ("server_error", Some(status)),
            Sent::Broken(_) => ("too_large", None),
            Sent::Silent(_) => ("server_error", None),
            Sent::Answered(answer) => return self.refused(suspect, answer).await,
        };
        let is_at_fault = self.takes_others().await?;
        if is_at_fault { Ok(Some(Dead { id: suspect.0, reason, status })) } else { Err(failed.into()) }
    }

    /// Asks a plain question, to see whether the record store is there and takes us for whom we are.
    ///
    /// # Errors
    /// [`Trouble`] that says what is in the way.
    pub async fn greet(&self) -> Result<(), Trouble> {
        let answer = self.get("limit=1").await?;
        match answered(&answer) {
            // Whoever may write need not be let read.
            Ok(Answer::Stored) | Err(Trouble::Unauthorised(403)) => Ok(()),
            Ok(Answer::Invalid(status)) => Err(Trouble::NotUnderstood(status)),
            Ok(Answer::Failed(status)) => Err(Trouble::Failing(status)),
            Ok(_) => Err(Trouble::Elsewhere(answer.status().as_u16())),
            Err(trouble) => Err(trouble),
        }
    }

    /// Whether nothing but the statement can be invalid: something was taken, or a plain question is. A record store that does not
    /// know the version it is spoken to in finds everything invalid.
    async fn is_understood(&self) -> Result<bool, Trouble> {
        if self.good.lock().await.is_some() {
            return Ok(true);
        }
        // Whoever may write and not read is told so, and was understood.
        Ok(!matches!(answered(&self.get("limit=1").await?), Ok(Answer::Invalid(_))))
    }

    /// Whether it takes what it took before.
    async fn takes_others(&self) -> Result<bool, Trouble> {
        let Some(good) = self.good.lock().await.clone() else { return Ok(false) };
        // Many a record store closes the connection after it has failed, so that the next request on it breaks.
        let answer = self.send_patiently(&[(Uuid::nil(), &good)], self.settings.tries.max(1)).await?;
        Ok(matches!(answer, Sent::Answered(Answer::Stored | Answer::Conflict)))
    }

    /// Sends a part; again, later and later, while the record store fails inside, for about as long as one request may take. One
    /// statement alone is not too much at once, so that a connection that broke under it is tried again as well.
    async fn send_patiently(&self, part: &[Statement<'_>], tries: u32) -> Result<Sent, Trouble> {
        let bodies: Vec<_> = part.iter().map(|(_, body)| *body).collect();
        let body = format!("[{}]", bodies.join(","));
        let (mut pause, begun) = (self.settings.pause, stopwatch());
        for _ in 1..tries {
            match self.send(&body).await? {
                Sent::Answered(Answer::Failed(_)) => {}
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
        self.send(&body).await
    }

    /// Sends this. What says nothing about it is [`Trouble`].
    async fn send(&self, body: &str) -> Result<Sent, Trouble> {
        let url = format!("{}/statements", self.settings.endpoint);
        let request = self.client.post(url).header("content-type", "application/json");
        match self.signed(request).body(body.to_owned()).send().await {
            Ok(answer) => answered(&answer).map(Sent::Answered),
            Err(error) if error.is_connect() => Err(Trouble::Away(error)),
            Err(error) if error.is_timeout() => Ok(Sent::Silent(error)),
            Err(error) => Ok(Sent::Broken(error)),
        }
    }

    /// Whether the record store has this very statement. One that was voided is found under another name only.
    async fn is_stored(&self, (id, body): Statement<'_>) -> Result<bool, Trouble> {
        for name in ["statementId", "voidedStatementId"] {
            let found = self.get(&format!("{name}={id}")).await?;
            match answered(&found) {
                Err(Trouble::Elsewhere(404)) => {}
                Err(trouble) => return Err(trouble),
                Ok(Answer::Failed(status)) => return Err(Trouble::Failing(status)),
                Ok(Answer::Stored) => {
                    let stored = found.bytes().await.map_err(Trouble::Away)?;
                    let stored = serde_json::from_slice::<Value>(&stored).map(only);
                    let sent = serde_json::from_str::<Value>(body);
                    return Ok(stored.is_ok_and(|stored| sent.is_ok_and(|sent| is_same(&stored, &sent))));
                }
                Ok(_) => return Ok(false),
            }
        }
        Ok(false)
    }

    /// Asks for statements.
    async fn get(&self, query: &str) -> Result<Response, Trouble> {
        let url = format!("{}/statements?{query}", self.settings.endpoint);
        self.signed(self.client.get(url)).send().await.map_err(Trouble::Away)
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.header("X-Experience-API-Version", &self.settings.version);
        match &self.settings.credentials {
            Some((name, secret)) => request.basic_auth(name, Some(secret.expose_secret())),
            None => request,
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "it measures how long something takes, and nothing is decided by what time it is"
)]
fn stopwatch() -> Instant {
    Instant::now()
}

/// What an answer says about what was sent, or why it says nothing about it.
fn answered(answer: &Response) -> Result<Answer, Trouble> {
    match Answer::of(answer.status().as_u16(), answer.headers()) {
        Answer::Unauthorised(status) => Err(Trouble::Unauthorised(status)),
        Answer::Later(pause) => Err(Trouble::Later(pause)),
        Answer::Elsewhere(status) => Err(Trouble::Elsewhere(status)),
        answer => Ok(answer),
    }
}

/// Of one that failed, when nothing is known to pass.
impl From<Sent> for Trouble {
    fn from(failed: Sent) -> Self {
        match failed {
            Sent::Broken(error) => Self::Away(error),
            Sent::Silent(error) => Self::Silent(error),
            Sent::Answered(Answer::Failed(status)) => Self::Failing(status),
            Sent::Answered(_) => Self::Failing(0),
        }
    }
}
