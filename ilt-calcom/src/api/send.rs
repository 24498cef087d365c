//! Sending a call, and sending it again where that is safe.

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{RequestBuilder, StatusCode};
use secrecy::ExposeSecret as _;
use serde::de::DeserializeOwned;

use super::account::Account;
use super::answer::{Pagination, Unread, is_success, open, read};
use super::call::{Call, Repeat};
use super::error::{Error, Kind, RequestId};
use super::limiter::Seen;
use super::retry::pause;
use super::understand::understand;
use super::watcher::Outcome;

/// A yes.
pub struct Answer {
    pub status: StatusCode,
    pub body: Vec<u8>,
    pub request_id: Option<RequestId>,
    pub seen: Option<Seen>,
}

impl Answer {
    /// That it is none that can be used.
    pub fn refused(&self, call: &Call, kind: Kind) -> Error {
        let (status, request_id) = (Some(self.status.as_u16()), self.request_id.clone());
        Error { what: call.what, status, kind, request_id, source: None }
    }
}

impl Account {
    /// Makes a call and reads what it answers.
    pub(super) async fn call<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Error> {
        self.paged(call).await.map(|(data, _)| data)
    }

    /// The same, with what is said of pages.
    pub(super) async fn paged<T: DeserializeOwned>(
        &self,
        call: &Call,
    ) -> Result<(T, Option<Pagination>), Error> {
        let answer = self.send(call).await?;
        open(&answer.body).map_err(|kind| answer.refused(call, kind))
    }

    /// Makes a call that is answered with what nobody needs.
    pub(super) async fn tell(&self, call: &Call) -> Result<(), Error> {
        let answer = self.send(call).await?;
        is_success(&answer.body).map_err(|kind| answer.refused(call, kind))
    }

    /// Sends a call until it is answered: again after failures that say nothing, when it changes nothing, and again after a time in
    /// which Cal.com takes nothing from this key, since it has not looked at the call then.
    pub(super) async fn send(&self, call: &Call) -> Result<Answer, Error> {
        let limits = &self.instance.limits;
        let mut failures = 0;
        loop {
            let sent = self.send_once(call).await;
            let outcome = sent.as_ref().map_or_else(Outcome::of, |_| Outcome::Yes);
            self.instance.watcher.answered(call.family, outcome, self.instance.least_left());
            let error = match sent {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            failures += 1;
            let is_worth_it = match &error.kind {
                // Not sent, or not looked at. The limiter waits, or knows that it takes too long.
                Kind::Throttled { .. } => error.status.is_some(),
                Kind::Away | Kind::Silent | Kind::Broken | Kind::Server | Kind::Gateway => {
                    call.repeat == Repeat::Safe
                }
                _ => false,
            };
            if !is_worth_it || failures >= limits.tries {
                return Err(error);
            }
            tracing::debug!(
                call = call.what,
                attempt = failures,
                status = error.status,
                "the call is made again"
            );
            if !matches!(error.kind, Kind::Throttled { .. }) {
                tokio::time::sleep(pause(limits.pause, failures, self.instance.dice.roll())).await;
            }
        }
    }

    async fn send_once(&self, call: &Call) -> Result<Answer, Error> {
        let limits = &self.instance.limits;
        let request = self.request(call)?;
        let turn = self.limiter.turn(call.what, limits.turn).await?;
        let mut answer = request.send().await.map_err(|error| interrupted(call, error))?;
        let (status, headers) = (answer.status(), answer.headers());
        let (seen, request_id) = (Seen::of(headers), request_id(headers));
        match seen {
            Some(seen) => turn.learn(seen),
            None => drop(turn),
        }
        let failed = |kind, source| Error {
            what: call.what,
            status: Some(status.as_u16()),
            kind,
            request_id: request_id.clone(),
            source,
        };
        let body = match read(&mut answer, limits.answer).await {
            Ok(body) => body,
            Err(Unread::TooLong) => return Err(failed(Kind::TooLong, None)),
            Err(Unread::Broken(error)) => {
                let kind = if error.is_timeout() { Kind::Silent } else { Kind::Broken };
                return Err(failed(kind, Some(error.without_url())));
            }
        };
        if status.is_success() {
            return Ok(Answer { status, body, request_id, seen });
        }
        let kind = understand(status, &body, call.family, seen.map(|it| it.reset));
        if let Kind::Throttled { reset } = kind {
            self.limiter.shut_out(reset);
        }
        Err(failed(kind, None))
    }

    fn request(&self, call: &Call) -> Result<RequestBuilder, Error> {
        // Nothing is asked without a key: some of it would be let all the same.
        let key = HeaderValue::from_str(&format!("Bearer {}", self.key.expose_secret()));
        let mut key = key.map_err(|_| Error::unsent(call.what, Kind::BadKey))?;
        let parts: Vec<_> = call.path.iter().map(String::as_str).collect();
        let mut url = self.instance.base.join(&parts);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let mut request = self.instance.client.request(call.method.clone(), url);
        if let Some(version) = call.family.version() {
            request = request.header("cal-api-version", version);
        }
        key.set_sensitive(true);
        request = request.header(AUTHORIZATION, key);
        Ok(match &call.body {
            Some(body) => request.json(body),
            None => request,
        })
    }
}

fn interrupted(call: &Call, error: reqwest::Error) -> Error {
    let kind = if error.is_connect() {
        Kind::Away
    } else if error.is_timeout() {
        Kind::Silent
    } else {
        Kind::Broken
    };
    Error { source: Some(error.without_url()), ..Error::unsent(call.what, kind) }
}

fn request_id(headers: &HeaderMap) -> Option<RequestId> {
    RequestId::new(headers.get("x-request-id")?.to_str().ok()?)
}
