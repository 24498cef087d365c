//! Who asks. A handler that takes a [`Caller`] is for anybody we know; one that takes an [`Admin`] is for admins. How somebody is known:
//! [`asks`].

mod asks;

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use ilt_core::access;
use ilt_core::catalog::Person;
use ilt_core::ids::SignInId;
use ilt_core::journal::Actor;
use ilt_core::ports::TokenDigest;
use ilt_engine::alternatives::Facts;
use jiff::Timestamp;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::vouched::Vouched;
use crate::http::wire::problem::Problem;
use crate::http::wire::trace::TraceId;
use asks::Asks;

/// An active person with a valid token or cookie, or whom the program around this engine vouches for.
#[derive(Clone)]
pub struct Caller {
    person: Arc<Person>,
    /// That program itself, in the name of nobody.
    is_application: bool,
    /// When the token is no longer accepted.
    until: Timestamp,
    /// What of ours they came with.
    opened: Opened,
    /// Ties together what this request causes.
    pub correlation: Uuid,
}

/// What of ours somebody came with, that can end before its time.
#[derive(Clone)]
enum Opened {
    /// The cookie of a sign-in, whose token has this digest.
    BySignIn(SignInId, TokenDigest),
    /// A key with this digest.
    ByKey(TokenDigest),
    /// Neither.
    Otherwise,
}

impl Caller {
    /// Whether they may still be told what they asked for: a stream outlives the request that began it. Whoever may do more or less since begins it
    /// anew, so that it shows what they may see now.
    pub async fn is_still_known(&self, app: &App) -> bool {
        if self.is_application {
            return true;
        }
        // Whoever cannot be looked up just now is not known to have left.
        let may_as_much = |person: &Person| {
            // Asked for each event of each stream: texts are made of roles only where these are others.
            person.roles == self.person.roles || access::powers(person) == access::powers(&self.person)
        };
        let has_left =
            |person: Option<Arc<Person>>| person.is_none_or(|person| !person.active || !may_as_much(&person));
        let is_out = match (&self.opened, &app.sign_ins, &app.keys) {
            (Opened::BySignIn(_, token), Some(kept), _) => {
                kept.find(token).await.is_ok_and(|it| it.is_none())
            }
            (Opened::ByKey(digest), _, Some(kept)) => kept.find(digest).await.is_ok_and(|it| it.is_none()),
            _ => false,
        };
        app.engine.ports().clock.now() < self.until
            && !is_out
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

    /// The sign-in that the request came with, where it came with one.
    pub fn sign_in(&self) -> Option<SignInId> {
        if let Opened::BySignIn(id, _) = &self.opened { Some(*id) } else { None }
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
        let asks = Asks { parts, app, correlation };
        match parts.extensions.get::<Vouched>() {
            Some(vouched) => asks.vouched(vouched).await,
            None => asks.for_itself().await,
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
