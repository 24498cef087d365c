//! Who asks. A handler that takes a [`Caller`] is for anybody we know; one that takes an [`Admin`] is for admins.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use ilt_core::access;
use ilt_core::catalog::Person;
use ilt_core::journal::Actor;
use jiff::Timestamp;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::auth::BadToken;
use crate::http::wire::problem::Problem;
use crate::http::wire::trace::TraceId;

/// An active person with a valid token.
#[derive(Clone)]
pub struct Caller {
    person: Arc<Person>,
    /// When the token is no longer accepted.
    until: Timestamp,
    /// Ties together what this request causes.
    pub correlation: Uuid,
}

impl Caller {
    /// Whether they may still be told what they asked for: a stream outlives the request that began it.
    pub async fn is_still_known(&self, app: &App) -> bool {
        // Whoever cannot be looked up just now is not known to have left.
        let has_left = |person: Option<Arc<Person>>| person.is_none_or(|person| !person.active);
        app.engine.ports().clock.now() < self.until
            && !app.engine.people().get(self.person.id).await.is_ok_and(has_left)
    }

    /// The caller, as the journal knows them.
    pub fn actor(&self) -> Actor {
        Actor::Person(self.person.id)
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
        let bearer = app.auth.bearer(token.trim()).await.map_err(|bad| match bad {
            BadToken::NoKeys => Problem::new("busy", bad.to_string()),
            _ => unknown(&bad.to_string()),
        })?;
        let person = app.engine.people().get(bearer.person).await?;
        let person = person
            .filter(|person| person.active)
            .ok_or_else(|| unknown("the token's person is not known here, or their account is not active"))?;
        app.rates.take(person.id, now)?;
        let correlation = parts.extensions.get::<TraceId>().map_or(Uuid::nil(), |id| id.0);
        Ok(Self { person, until: bearer.until, correlation })
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
