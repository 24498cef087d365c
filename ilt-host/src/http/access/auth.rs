//! Whose token it is: JWTs signed with a shared secret (HS256), or with a key that a JWKS address publishes.
//!
//! A token says who somebody is and nothing more: roles are read from the database. The algorithm is pinned by what is
//! configured, never taken from the token; `exp` is required, and that it says what it is for.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use ilt_core::ids::PersonId;
use ilt_core::ports::Clock;
use ilt_engine::config::{Expected, Keys, Signature};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use secrecy::ExposeSecret as _;
use tokio::sync::Mutex;

use super::claims::{Claims, Purpose};

/// Bytes a shared secret must have at least.
pub const LEAST_SECRET: usize = 32;
/// A secret that everybody knows.
const KNOWN_SECRET: &str = "your-secret-key-change-in-production";
/// How long tokens last at most: one that was lost opens nothing tomorrow.
pub const LONGEST_HOURS: i64 = 24;
/// Seconds by which clocks may differ where a token's length is looked at, whatever the leeway.
const CLOCKS_APART: i64 = 60;
/// Keys are fetched anew at most so often, however many unknown ones are shown to us.
const FETCH_FLOOR: SignedDuration = SignedDuration::from_secs(10);
/// How long keys are used before they are fetched anew.
const KEYS_LAST: SignedDuration = SignedDuration::from_mins(10);
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);

/// A setting that would let strangers in.
#[derive(Debug, thiserror::Error)]
pub enum BadAuth {
    /// Too short to be a secret.
    #[error(
        "the token secret must have at least {LEAST_SECRET} bytes; `openssl rand -base64 48` makes a good one"
    )]
    ShortSecret,
    /// Everybody knows it.
    #[error("the token secret is a well-known default; `openssl rand -base64 48` makes a good one")]
    KnownSecret,
}

/// Why a token is not accepted. The sentence is for the client; it never repeats the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// It cannot be read, or nobody we trust has signed it.
    #[error("the token cannot be read, or was not signed by anybody we trust")]
    Unreadable,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// It is not yet valid.
    #[error("the token is not valid yet")]
    TooEarly,
    /// It is for something else than access.
    #[error("the token is not an access token")]
    NotAccess,
    /// It does not say what it is for.
    #[error("the token does not say (`type` or `typ`) that it is an access token")]
    Untyped,
    /// It would be good for longer than any is.
    #[error("the token is valid for longer than {LONGEST_HOURS} hours, which none may be")]
    TooLong,
    /// It was given to an application that is not among those named here.
    #[error("the token was not issued to an application (`azp`) that is known here")]
    Party,
    /// It says that something of it must be understood, which is not understood here.
    #[error("the token demands (`crit`) what is not understood here")]
    Critical,
    /// Its subject is no person.
    #[error("the token's subject is not a person's id")]
    Subject,
    /// Tokens are not taken here.
    #[error("tokens are not taken here: whoever asks is vouched for")]
    NotTaken,
    /// The keys cannot be fetched.
    #[error("the keys to check tokens with cannot be fetched just now")]
    NoKeys,
}

/// Whose a token is, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// Whose.
    pub person: PersonId,
    /// The first instant at which it is no longer accepted.
    pub until: Timestamp,
}

/// Checks tokens. Clones share what was fetched.
#[derive(Clone)]
pub struct Auth {
    expected: Expected,
    clock: Arc<dyn Clock>,
    fetched: Arc<RwLock<Option<(JwkSet, Timestamp)>>>,
    /// When keys were last asked for, in vain or not; held while they are.
    asked: Arc<Mutex<Option<Timestamp>>>,
    client: Option<reqwest::Client>,
}

impl Auth {
    /// # Errors
    /// [`BadAuth`] when the settings would let strangers in.
    pub fn new(expected: Expected, clock: Arc<dyn Clock>) -> Result<Self, BadAuth> {
        match &expected.keys {
            Keys::Secret(secret) if secret.expose_secret() == KNOWN_SECRET => {
                return Err(BadAuth::KnownSecret);
            }
            Keys::Secret(secret) if secret.expose_secret().len() < LEAST_SECRET => {
                return Err(BadAuth::ShortSecret);
            }
            Keys::Secret(_) | Keys::Jwks(..) | Keys::Nowhere => {}
        }
        let client = match expected.keys {
            Keys::Jwks(..) => reqwest::Client::builder().timeout(FETCH_TIMEOUT).build().ok(),
            Keys::Secret(_) | Keys::Nowhere => None,
        };
        Ok(Self { expected, clock, fetched: Arc::default(), asked: Arc::default(), client })
    }

    /// Whose token it is.
    ///
    /// # Errors
    /// [`BadToken`] when it is nobody's.
    pub async fn subject(&self, token: &str) -> Result<PersonId, BadToken> {
        self.bearer(token).await.map(|bearer| bearer.person)
    }

    /// Whose token it is, and until when.
    ///
    /// # Errors
    /// [`BadToken`] when it is nobody's.
    pub async fn bearer(&self, token: &str) -> Result<Bearer, BadToken> {
        let header = decode_header(token).map_err(|_| BadToken::Unreadable)?;
        if header.crit.is_some() {
            return Err(BadToken::Critical);
        }
        let claims = match &self.expected.keys {
            Keys::Secret(secret) => {
                let key = DecodingKey::from_secret(secret.expose_secret().as_bytes());
                self.claims(token, &key, Algorithm::HS256)?
            }
            Keys::Jwks(url, signature) => {
                let key = self.published_key(header.kid.as_deref(), url).await?;
                self.claims(token, &key, algorithm(*signature))?
            }
            Keys::Nowhere => return Err(BadToken::NotTaken),
        };
        let (now, leeway) = (self.clock.now().as_second(), i64::try_from(self.expected.leeway).unwrap_or(0));
        let until = claims.exp.saturating_add(leeway);
        if until <= now {
            return Err(BadToken::Expired);
        }
        if claims.nbf.is_some_and(|from| from > now.saturating_add(leeway)) {
            return Err(BadToken::TooEarly);
        }
        if claims.exp > now.saturating_add(LONGEST_HOURS * 3_600 + leeway.max(CLOCKS_APART)) {
            return Err(BadToken::TooLong);
        }
        match claims.purpose(header.typ.as_deref()) {
            Purpose::Access => {}
            Purpose::Unsaid if self.expected.untyped => {}
            Purpose::Unsaid => return Err(BadToken::Untyped),
            Purpose::Another => return Err(BadToken::NotAccess),
        }
        let parties = &self.expected.parties;
        if !parties.is_empty() && !claims.azp.is_some_and(|party| parties.contains(&party)) {
            return Err(BadToken::Party);
        }
        let person = claims.sub.parse().map_err(|_| BadToken::Subject)?;
        Ok(Bearer { person, until: Timestamp::from_second(until).unwrap_or(Timestamp::MAX) })
    }

    /// A token for a person, when the secret is ours to sign with.
    pub fn mint(&self, person: PersonId, lasts: SignedDuration) -> Option<String> {
        let Keys::Secret(secret) = &self.expected.keys else { return None };
        let exp = self.clock.now().saturating_add(lasts).ok()?.as_second();
        let claims = Claims::for_access(person, exp);
        let key = EncodingKey::from_secret(secret.expose_secret().as_bytes());
        encode(&Header::new(Algorithm::HS256), &claims, &key).ok()
    }

    fn claims(&self, token: &str, key: &DecodingKey, algorithm: Algorithm) -> Result<Claims, BadToken> {
        let mut validation = Validation::new(algorithm);
        // Times are compared by our own clock.
        (validation.validate_exp, validation.validate_nbf) = (false, false);
        let mut required = vec!["exp", "sub"];
        if let Some(issuer) = &self.expected.issuer {
            validation.set_issuer(&[issuer]);
            required.push("iss");
        }
        match &self.expected.audience {
            Some(audience) => {
                validation.set_audience(&[audience]);
                required.push("aud");
            }
            None => validation.validate_aud = false,
        }
        // A claim that is checked must be there.
        validation.set_required_spec_claims(&required);
        decode::<Claims>(token, key, &validation).map(|data| data.claims).map_err(|_| BadToken::Unreadable)
    }

    /// The published key that the token names.
    async fn published_key(&self, kid: Option<&str>, url: &str) -> Result<DecodingKey, BadToken> {
        if let Some(key) = self.known_key(kid, KEYS_LAST) {
            return Ok(key);
        }
        // One asks, the others wait for what it learns: unknown keys must not make us a hammer.
        let mut asked = self.asked.lock().await;
        if let Some(key) = self.known_key(kid, KEYS_LAST) {
            return Ok(key);
        }
        let Some(client) = &self.client else { return Err(BadToken::NoKeys) };
        let now = self.clock.now();
        if asked.is_none_or(|asked| now.duration_since(asked) >= FETCH_FLOOR) {
            *asked = Some(now);
            match fetch(client, url).await {
                Ok(keys) => *self.fetched.write().unwrap_or_else(PoisonError::into_inner) = Some((keys, now)),
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "the keys for tokens could not be fetched"
                    );
                }
            }
        }
        // Old keys are better than none while their address is away.
        let nobody_knows = self.fetched.read().unwrap_or_else(PoisonError::into_inner).is_none();
        let unknown = if nobody_knows { BadToken::NoKeys } else { BadToken::Unreadable };
        self.known_key(kid, SignedDuration::MAX).ok_or(unknown)
    }

    /// A key that was fetched no longer than `age` ago.
    fn known_key(&self, kid: Option<&str>, age: SignedDuration) -> Option<DecodingKey> {
        let known = self.fetched.read().unwrap_or_else(PoisonError::into_inner);
        let (keys, at) = known.as_ref()?;
        if self.clock.now().duration_since(*at) >= age { None } else { find(keys, kid) }
    }
}

fn algorithm(signature: Signature) -> Algorithm {
    match signature {
        Signature::Rs256 => Algorithm::RS256,
        Signature::Es256 => Algorithm::ES256,
        Signature::EdDsa => Algorithm::EdDSA,
    }
}

async fn fetch(client: &reqwest::Client, url: &str) -> Result<JwkSet, reqwest::Error> {
    client.get(url).send().await?.error_for_status()?.json().await
}

fn find(keys: &JwkSet, kid: Option<&str>) -> Option<DecodingKey> {
    let key = match kid {
        Some(kid) => keys.find(kid),
        None => keys.keys.first().filter(|_| keys.keys.len() == 1),
    };
    key.and_then(|key| DecodingKey::from_jwk(key).ok())
}
