//! A record store, as one speaks with it: what is sent, what is asked, and what its answer comes to.

use std::collections::BTreeSet;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, RequestBuilder, Response};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::answer::{Answer, is_same, only};
use crate::yes::Yes;
use crate::{Settings, Trouble, words};

/// A statement on its way: its id and its bytes.
pub type Statement<'a> = (Uuid, &'a str);

/// Bytes of an answer that are read.
const LONGEST_ANSWER: usize = 1 << 20;
/// Ways of saying yes that are remembered.
const MOST_WAYS: usize = 16;

/// A record store.
pub struct Store {
    client: Client,
    settings: Settings,
    /// Ways in which it says yes, each confirmed by a question.
    ways: Mutex<BTreeSet<String>>,
}

/// What one request came to.
pub enum Sent {
    /// All of it is stored.
    Stored,
    /// It was refused, in these words.
    Refused(Answer, String),
    /// The connection broke while it was used.
    Broken(reqwest::Error),
    /// Nothing came in time.
    Silent(reqwest::Error),
}

/// What is found under a statement's id.
pub enum Found {
    /// This very statement.
    Same,
    /// Another one.
    Other,
    /// Nothing.
    Nothing,
}

impl Store {
    /// One that is reached so. Nothing is asked of it yet.
    ///
    /// # Errors
    /// [`Trouble::Settings`] when no client can be made of the settings.
    pub fn new(settings: Settings) -> Result<Self, Trouble> {
        // Whoever follows a redirection asks for a page with GET, and takes it for a yes.
        let client = Client::builder().timeout(settings.patience).redirect(Policy::none());
        let authorities = Certificate::from_pem_bundle(&settings.authorities).map_err(Trouble::Settings)?;
        let client = client.tls_certs_merge(authorities).build().map_err(Trouble::Settings)?;
        Ok(Self { client, settings, ways: Mutex::default() })
    }

    /// Sends these. What says nothing about them is [`Trouble`].
    pub async fn send(&self, part: &[Statement<'_>]) -> Result<Sent, Trouble> {
        let url = format!("{}/statements", self.settings.endpoint);
        let bodies: Vec<_> = part.iter().map(|(_, body)| *body).collect();
        let request = self.client.post(url).header("content-type", "application/json");
        let mut answer = match self.signed(request).body(format!("[{}]", bodies.join(","))).send().await {
            Ok(answer) => answer,
            Err(error) if error.is_connect() => return Err(Trouble::Away(error)),
            Err(error) => return Ok(Sent::interrupted(error)),
        };
        let meaning = answered(&answer)?;
        let body = read(&mut answer).await;
        match (meaning, body) {
            (Answer::Yes(_), Err(error)) => Ok(Sent::interrupted(error)),
            (Answer::Yes(status), Ok(body)) => {
                self.confirm(&Yes::new(status, answer.headers(), &body), part).await
            }
            // What it says only tells people more.
            (refused, body) => {
                let about = if let [(_, one)] = part { one } else { "" };
                Ok(Sent::Refused(refused, words::said(&body.unwrap_or_default(), about)))
            }
        }
    }

    /// Whether a yes can be believed: at its word, or once a question has shown that what was sent is there.
    async fn confirm(&self, yes: &Yes<'_>, part: &[Statement<'_>]) -> Result<Sent, Trouble> {
        let sent = part.iter().map(|(id, _)| *id).collect();
        if yes.is_plain(&sent) {
            return Ok(Sent::Stored);
        }
        let way = yes.way(&sent);
        if self.is_known(way.as_deref()).await {
            return Ok(Sent::Stored);
        }
        // Of a page nothing is believed, not even the next time.
        let asked = if way.is_some() { &part[part.len() - 1..] } else { part };
        for one in asked {
            if !matches!(self.find(*one).await?, Found::Same) {
                return Err(Trouble::Unconfirmed(yes.status));
            }
        }
        let mut ways = self.ways.lock().await;
        if ways.len() < MOST_WAYS {
            ways.extend(way);
        }
        Ok(Sent::Stored)
    }

    async fn is_known(&self, way: Option<&str>) -> bool {
        let ways = self.ways.lock().await;
        way.is_some_and(|way| ways.contains(way))
    }

    /// What it has under a statement's id. One that was voided is found under another name only.
    pub async fn find(&self, (id, body): Statement<'_>) -> Result<Found, Trouble> {
        for name in ["statementId", "voidedStatementId"] {
            let mut found = self.get(&format!("{name}={id}")).await?;
            match answered(&found) {
                Err(Trouble::Elsewhere(404)) => {}
                Err(trouble) => return Err(trouble),
                Ok(Answer::Failed(status)) => return Err(Trouble::Failing(status)),
                Ok(Answer::Yes(_)) => {
                    let stored = read(&mut found).await.map_err(Trouble::Away)?;
                    let Ok(stored) = serde_json::from_slice::<Value>(&stored).map(only) else {
                        return Ok(Found::Nothing);
                    };
                    let sent = serde_json::from_str::<Value>(body);
                    let is_same = sent.is_ok_and(|sent| is_same(&stored, &sent));
                    let is_other = stored["id"] == Value::String(id.to_string());
                    return Ok(match (is_same, is_other) {
                        (true, _) => Found::Same,
                        (false, true) => Found::Other,
                        (false, false) => Found::Nothing,
                    });
                }
                Ok(_) => return Ok(Found::Nothing),
            }
        }
        Ok(Found::Nothing)
    }

    /// Asks a plain question, to see whether a record store is there and takes us for whom we are.
    ///
    /// # Errors
    /// [`Trouble`] that says what is in the way.
    pub async fn greet(&self) -> Result<(), Trouble> {
        let mut answer = self.get("limit=1").await?;
        match answered(&answer) {
            Ok(Answer::Yes(status)) => {
                let said = read(&mut answer).await.map_err(Trouble::Away)?;
                let is_list = serde_json::from_slice::<Value>(&said).is_ok();
                if is_list { Ok(()) } else { Err(Trouble::Elsewhere(status)) }
            }
            // Whoever may write need not be let read.
            Err(Trouble::Unauthorised(403)) => Ok(()),
            Ok(Answer::Invalid(status)) => Err(Trouble::NotUnderstood(status)),
            Ok(Answer::Failed(status)) => Err(Trouble::Failing(status)),
            Ok(other) => Err(Trouble::Elsewhere(other.status())),
            Err(trouble) => Err(trouble),
        }
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

/// What an answer says, as far as it is not too long for one.
async fn read(answer: &mut Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut said = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        said.extend_from_slice(&chunk);
        if said.len() > LONGEST_ANSWER {
            break;
        }
    }
    Ok(said)
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

impl Sent {
    fn interrupted(error: reqwest::Error) -> Self {
        if error.is_timeout() { Self::Silent(error) } else { Self::Broken(error) }
    }

    /// Whether it says that something else is known under an id.
    pub const fn is_conflict(&self) -> bool {
        matches!(self, Self::Refused(Answer::Conflict, _))
    }
}

/// Of one that was refused, when nothing is known to pass.
impl From<Sent> for Trouble {
    fn from(failed: Sent) -> Self {
        match failed {
            Sent::Broken(error) => Self::Away(error),
            Sent::Silent(error) => Self::Silent(error),
            Sent::Refused(answer, _) => Self::Failing(answer.status()),
            Sent::Stored => Self::Failing(200),
        }
    }
}
