//! Who asks. A handler that takes a [`Caller`] is for anybody we know; one that takes an [`Admin`] is for admins.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use ilt_core::access;
use ilt_core::catalog::Person;
use ilt_core::journal::Actor;
use ilt_engine::alternatives::Facts;
use jiff::Timestamp;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::auth::{BadToken, Bearer};
use crate::http::access::vouched::{Vouched, Who, application};
use crate::http::wire::problem::Problem;
use crate::http::wire::trace::TraceId;

/// An active person with a valid token, or whom the program around this engine vouches for.
#[derive(Clone)]
pub struct Caller {
    person: Arc<Person>,
    /// That program itself, in the name of nobody.
    is_application: bool,
    /// When the token is no longer accepted.
    until: Timestamp,
    /// Ties together what this request causes.
    pub correlation: Uuid,
}

impl Caller {
    /// Whether they may still be told what they asked for: a stream outlives the request that began it.
    pub async fn is_still_known(&self, app: &App) -> bool {
        if self.is_application {
            return true;
        }
        // Whoever cannot be looked up just now is not known to have left.
        let has_left = |person: Option<Arc<Person>>| person.is_none_or(|person| !person.active);
        app.engine.ports().clock.now() < self.until
            && !app.engine.people().get(self.person.id).await.is_ok_and(has_left)
    }

    /// What is known of the caller as a learner; nothing of the program around this engine.
    pub async fn facts(&self, app: &App) -> Result<Option<Facts>, Problem> {
        if self.is_application { Ok(None) } else { Ok(Some(app.engine.facts(self.person.id).await?)) }
    }

    /// The caller, as the journal knows them.
    pub fn actor(&self) -> Actor {
        if self.is_application { Actor::application() } else { Actor::Person(self.person.id) }
    }

    /// Somebody whom the program around this engine vouches for; it answers for how often they ask, unless it lets us count.
    async fn vouched(vouched: &Vouched, app: &App, correlation: Uuid) -> Result<Self, Problem> {
        let Who::Person(id) = vouched.who else {
            let (person, until) = (application(), Timestamp::MAX);
            return Ok(Self { person, is_application: true, until, correlation });
        };
        let person = app.engine.people().get(id).await?.filter(|person| person.active);
        let stranger = "the person who is vouched for is not known here, or their account is not active";
        let person = person.ok_or_else(|| Problem::new("unauthenticated", stranger))?;
        if vouched.is_paced {
            app.rates.take(id, app.engine.ports().clock.now())?;
        }
        Ok(Self { person, is_application: false, until: Timestamp::MAX, correlation })
    }

    /// Somebody with a token.
    async fn with_token(parts: &Parts, app: &App, correlation: Uuid) -> Result<Self, Problem> {
        let now = app.engine.ports().clock.now();
        let unknown = |detail: &str| {
            let asks = (&parts.headers, &parts.extensions);
            let too_often = app.rates.take_unknown(asks, now).err();
            too_often.unwrap_or_else(|| Problem::new("unauthenticated", detail))
        };
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let given = header.and_then(|value| value.split_once(' '));
        let given = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let (_, token) = given.ok_or_else(|| unknown("the request came without a token"))?;
        let Bearer { person, until } = app.auth.bearer(token.trim()).await.map_err(|bad| match bad {
            BadToken::NoKeys => Problem::new("busy", bad.to_string()),
            _ => unknown(&bad.to_string()),
        })?;
        let person = app.engine.people().get(person).await?;
        let person = person
            .filter(|person| person.active)
            .ok_or_else(|| unknown("the token's person is not known here, or their account is not active"))?;
        app.rates.take(person.id, now)?;
        Ok(Self { person, is_application: false, until, correlation })
    }
}

impl Deref for Caller {
    type Target = Person;

    fn deref(&self) -> &Person {
        &self.person
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let correlation = parts.extensions.get::<TraceId>().map_or(Uuid::nil(), |id| id.0);
        match parts.extensions.get::<Vouched>() {
            Some(vouched) => Self::vouched(vouched, app, correlation).await,
            None => Self::with_token(parts, app, correlation).await,
        }
    }
}

/// A caller who holds the role admin.
pub struct Admin(pub Caller);

impl FromRequestParts<App> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        access::admin(&caller)?;
        Ok(Self(caller))
    }
}

/// Somebody whom nobody need know, asking as often as one address may.
pub struct Anybody;

impl FromRequestParts<App> for Anybody {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let asks = (&parts.headers, &parts.extensions);
        app.rates.take_unknown(asks, app.engine.ports().clock.now())?;
        Ok(Self)
    }
}
