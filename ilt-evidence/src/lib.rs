//! What people completed elsewhere, asked of another service.
//!
//! | | |
//! |---|---|
//! | asked | `POST` of `{"doubts": [{"person": "…", "course": "…"}]}`, up to 500 in one request, with a bearer token where one is set |
//! | answered | 200 and `{"completed": [{"person": "…", "course": "…", "completed_at": "2026-03-28T16:00:00Z"}], "unknown": [{"person": "…", "course": "…"}]}` |
//! | means | in `completed`: yes, and since when; in `unknown`: the service cannot say; in neither: no |
//!
//! Whatever else comes, or does not come in time, means that nothing is known: never that somebody completed nothing.
//!
//! # Not here
//! Asking again: whoever wants the answer is waiting for it, and asks again by registering again.

mod answer;

use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::join_all;
use ilt_core::ports::{Doubt, Elsewhere, Evidence};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Client, Url};
use secrecy::{ExposeSecret as _, SecretString};

use answer::{Answer, Named};

/// Questions in one request at most.
const PAGE: usize = 500;
/// Bytes that an answer may have.
const LONGEST: usize = 1 << 20;

/// A service that knows what people completed.
#[derive(Debug)]
pub struct Service {
    client: Client,
    url: Url,
    token: Option<HeaderValue>,
}

/// What makes no service.
#[derive(Debug, thiserror::Error)]
pub enum BadService {
    /// It is no address of a service.
    #[error("must be the address of a service: https://academy.example/completed")]
    Url,
    /// It cannot be sent.
    #[error("has a character that no request can carry, such as the end of a line")]
    Secret,
    /// No client can be made.
    #[error("no client can be made: {0}")]
    Client(#[source] reqwest::Error),
}

/// Why nothing is known.
#[derive(Debug, thiserror::Error)]
enum Silence {
    #[error("it cannot be reached, or did not answer in time")]
    Away(#[source] reqwest::Error),
    #[error("it answered {0}")]
    Status(u16),
    #[error("its answer has more than {LONGEST} bytes")]
    TooLong,
    #[error("its answer makes no sense: {0}")]
    Nonsense(#[from] serde_json::Error),
}

impl Service {
    /// The service at this address, which has so long for each answer.
    ///
    /// # Errors
    /// When the address makes no sense.
    pub fn new(url: &str, token: Option<SecretString>, patience: Duration) -> Result<Self, BadService> {
        let url = Url::parse(url).map_err(|_| BadService::Url)?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(BadService::Url);
        }
        let client = Client::builder().timeout(patience).redirect(reqwest::redirect::Policy::none());
        let client = client.build().map_err(BadService::Client)?;
        let token = token.map(|token| bearer(&token)).transpose()?;
        Ok(Self { client, url, token })
    }

    async fn ask(&self, doubts: &[Doubt]) -> Result<Elsewhere, Silence> {
        let mut request = self.client.post(self.url.clone()).json(&answer::question(doubts));
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, token.clone());
        }
        let mut response = request.send().await.map_err(away)?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(Silence::Status(response.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(away)? {
            if body.len() + chunk.len() > LONGEST {
                return Err(Silence::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let Named(answer) = serde_json::from_slice::<Named<Answer>>(&body)?;
        Ok(answer.into())
    }
}

#[async_trait]
impl Evidence for Service {
    async fn about(&self, doubts: &BTreeSet<Doubt>) -> Elsewhere {
        let mut known = Elsewhere::default();
        let doubts: Vec<_> = doubts.iter().copied().collect();
        let asked = join_all(doubts.chunks(PAGE).map(async |page| (page, self.ask(page).await))).await;
        for (page, answer) in asked {
            match answer {
                Ok(answer) => {
                    known.completed.extend(answer.completed);
                    known.unknown.extend(answer.unknown);
                }
                Err(why) => {
                    let error = &why as &dyn std::error::Error;
                    tracing::warn!(error, "what was completed elsewhere (evidence.service) is not known");
                    known.unknown.extend(page);
                }
            }
        }
        known
    }
}

fn bearer(token: &SecretString) -> Result<HeaderValue, BadService> {
    let value = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()));
    let mut value = value.map_err(|_| BadService::Secret)?;
    value.set_sensitive(true);
    Ok(value)
}

/// The address is nobody's business in a log: there may be a secret in it.
fn away(error: reqwest::Error) -> Silence {
    Silence::Away(error.without_url())
}
