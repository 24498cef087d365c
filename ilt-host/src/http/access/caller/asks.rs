//! How somebody is known: by a token, by the cookie of a sign-in, or on the word of the program around this engine.

use std::sync::Arc;

use axum::extract::MatchedPath;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use ilt_core::catalog::Person;
use ilt_core::desk::Refusal;
use ilt_core::ids::PersonId;
use ilt_core::ports::Whose;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Caller, Opened};
use crate::http::App;
use crate::http::access::auth::{BadToken, Bearer};
use crate::http::access::rate::Standing;
use crate::http::access::sender::{self, Asked};
use crate::http::access::vouched::{Vouched, Who, application};
use crate::http::contract::needs::Costly;
use crate::http::keys;
use crate::http::keys::kept::{Keys, MARK};
use crate::http::sign_in::cookie::{self, Jar};
use crate::http::sign_in::kept::{SignIns, Token};
use crate::http::sign_in::same_site;
use crate::http::wire::problem::Problem;

/// What an open page asks for again and again, whether anybody sits before it or not.
const STREAM: &str = "/v1/live";

/// A request of somebody who is not known yet.
pub(super) struct Asks<'a> {
    pub parts: &'a Parts,
    pub app: &'a App,
    pub correlation: Uuid,
}

impl Asks<'_> {
    /// Somebody whom the program around this engine vouches for; it answers for how often they ask, unless it lets us count.
    pub async fn vouched(self, vouched: &Vouched) -> Result<Caller, Problem> {
        self.standing().count();
        let Who::Person(id) = vouched.who else {
            let (person, until) = (application(), Timestamp::MAX);
            let correlation = self.correlation;
            return Ok(Caller {
                person,
                is_application: true,
                until,
                opened: Opened::Otherwise,
                correlation,
            });
        };
        let person = self.active(id).await?;
        let stranger = "the person who is vouched for is not known here, or their account is not active";
        let person = person.ok_or_else(|| Problem::new("unauthenticated", stranger))?;
        if vouched.is_paced {
            self.take(id)?;
        }
        Ok(self.caller(person, Timestamp::MAX))
    }

    /// Somebody who shows who they are.
    pub async fn for_itself(self) -> Result<Caller, Problem> {
        let is_private = sender::is_private(self.asked(), &self.app.limits.proxies);
        let cookie = self.app.sign_ins.as_ref().zip(cookie::token(&self.parts.headers, is_private));
        match (self.parts.headers.get(AUTHORIZATION), cookie) {
            (Some(_), Some(_)) => Err(Problem::unreadable(
                "Authorization",
                "a request comes with a token or with the cookie of a sign-in, not with both",
            )),
            (None, Some((kept, token))) => self.signed_in(kept, &token, is_private).await,
            _ => self.with_token().await,
        }
    }

    /// Somebody with a token.
    async fn with_token(self) -> Result<Caller, Problem> {
        let header = self.parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let given = header.and_then(|value| value.split_once(' '));
        let given = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let (_, token) = given.ok_or_else(|| self.unknown("the request came without a token"))?;
        if let Some(keys) = self.app.keys.as_ref().filter(|_| token.trim().starts_with(MARK)) {
            return self.with_key(keys, token.trim()).await;
        }
        let Bearer { person, until } = self.app.auth.bearer(token.trim()).await.map_err(|bad| match bad {
            BadToken::NoKeys => Problem::new("busy", bad.to_string()),
            _ => self.unknown(&bad.to_string()),
        })?;
        let person = self.active(person).await?;
        let stranger = "the token's person is not known here, or their account is not active";
        let person = person.ok_or_else(|| self.unknown(stranger))?;
        self.take(person.id)?;
        Ok(self.caller(person, until))
    }

    /// Another system, in somebody's name.
    async fn with_key(self, keys: &Keys, text: &str) -> Result<Caller, Problem> {
        let mistyped = "this is no key: it was cut off or mistyped";
        let digest = keys::kept::read(text).ok_or_else(|| self.unknown(mistyped))?;
        let gone = "this key opens nothing any more, or never did: its owner makes another";
        let key = keys.find(&digest).await?.ok_or_else(|| self.unknown(gone))?;
        let left = "the key's owner is not known here, or their account is not active";
        let person = self.active(key.owner).await?.ok_or_else(|| self.unknown(left))?;
        self.app.rates.take_key(key.id, &self.standing(), self.app.engine.ports().clock.now())?;
        let group = self.route().and_then(|route| keys::scopes::group(&self.parts.method, route));
        if !group.is_some_and(|group| key.is_for(group, !same_site::is_safe(&self.parts.method))) {
            let needed = match group {
                Some(group) => format!("a key with the scope {group}"),
                None => "a token, and no key".to_owned(),
            };
            return Err(Refusal::Forbidden { needed }.into());
        }
        keys.used(&key, &digest).await?;
        Ok(Caller { opened: Opened::ByKey(digest), ..self.caller(person, key.ends_at) })
    }

    /// Somebody who has signed in to the pages.
    async fn signed_in(self, kept: &SignIns, token: &Token, is_private: bool) -> Result<Caller, Problem> {
        if !same_site::is_safe(&self.parts.method) {
            same_site::check(self.asked(), &self.app.limits)?;
        }
        let (digest, now) = (token.digest(), self.app.engine.ports().clock.now());
        let jar = Jar::of(&self.parts.extensions);
        let out = || {
            jar.put(cookie::taken_back(is_private));
            self.unknown("you are signed in no more: sign in again")
        };
        let sign_in = kept.find(&digest).await?.ok_or_else(out)?;
        let Some(person) = self.active(sign_in.person).await? else {
            kept.end(Whose::All(sign_in.person)).await?;
            return Err(out());
        };
        let until = sign_in.until(&person);
        if until <= now {
            return Err(out());
        }
        self.take(person.id)?;
        let is_stream = self.route() == Some(STREAM);
        if let Some(token) = kept.stay(&sign_in, &digest, &person, !is_stream).await? {
            jar.put(cookie::given(&token, &person, is_private));
        }
        Ok(Caller { opened: Opened::BySignIn(sign_in.id, digest), ..self.caller(person, until) })
    }

    fn asked(&self) -> Asked<'_> {
        (&self.parts.headers, &self.parts.extensions)
    }

    fn caller(&self, person: Arc<Person>, until: Timestamp) -> Caller {
        Caller {
            person,
            is_application: false,
            until,
            opened: Opened::Otherwise,
            correlation: self.correlation,
        }
    }

    async fn active(&self, id: PersonId) -> Result<Option<Arc<Person>>, Problem> {
        Ok(self.app.engine.people().get(id).await?.filter(|person| person.active))
    }

    fn route(&self) -> Option<&str> {
        self.parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str)
    }

    /// What somebody is told whom nobody knows, unless that was asked too often.
    fn unknown(&self, detail: &str) -> Problem {
        let too_often = self.app.rates.take_unknown(self.asked(), self.app.engine.ports().clock.now()).err();
        too_often.unwrap_or_else(|| Problem::new("unauthenticated", detail))
    }

    /// Takes a request out of what somebody may ask in a minute.
    fn take(&self, person: PersonId) -> Result<(), Problem> {
        let costly = self.route().and_then(|route| Costly::of(&self.parts.method, route));
        self.app.rates.take(person, costly, &self.standing(), self.app.engine.ports().clock.now())
    }

    fn standing(&self) -> Standing {
        self.parts.extensions.get::<Standing>().cloned().unwrap_or_default()
    }
}
