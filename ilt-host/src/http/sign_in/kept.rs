//! Sign-ins as hosts keep them: found by a token's digest, for a moment without asking the store.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ilt_core::access::{MOST_SIGN_INS, SignIn, TOKEN_OVERLAPS, powers};
use ilt_core::catalog::Person;
use ilt_core::ids::{PersonId, SignInId};
use ilt_core::ports::{Clock, Ids, StoreError, TokenDigest, Whose};
use jiff::{SignedDuration, Timestamp};

use crate::http::access::secret::{self, Known, NOTED_EVERY};
use crate::http::wire::problem::Problem;

/// What a browser keeps: 32 random bytes, in base64. Printing it shows nothing.
#[derive(Clone)]
pub struct Token(String);

impl From<String> for Token {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

impl Token {
    fn new() -> Result<Self, Problem> {
        Ok(Self(URL_SAFE_NO_PAD.encode(secret::random()?)))
    }

    /// The text of it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn digest(&self) -> TokenDigest {
        TokenDigest(secret::digest(&self.0))
    }
}

/// Who is signed in. Clones are the same.
#[derive(Clone)]
pub struct SignIns {
    store: Arc<dyn ilt_core::ports::SignIns>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    known: Known<SignIn>,
}

impl SignIns {
    /// Those that this store keeps.
    pub fn new(store: Arc<dyn ilt_core::ports::SignIns>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { store, clock, ids, known: Known::new() }
    }

    /// Signs somebody in; the token is for their browser alone.
    pub(super) async fn begin(&self, person: &Person, way: &str) -> Result<Token, Problem> {
        let (token, now) = (Token::new()?, self.clock.now());
        let sign_in = SignIn {
            id: SignInId(self.ids.next()),
            person: person.id,
            way: way.to_owned(),
            begun_at: now,
            seen_at: now,
            proven_at: now,
            powers: powers(person),
        };
        self.store.begin_sign_in(&sign_in, &token.digest(), MOST_SIGN_INS).await?;
        Ok(token)
    }

    /// Whose token it is; nobody's once it has ended.
    pub async fn find(&self, token: &TokenDigest) -> Result<Option<SignIn>, StoreError> {
        self.known.or_found(token, self.store.sign_in(token, self.clock.now())).await
    }

    /// Notes that something is asked with it, where that counts: what a page asks by itself keeps nobody signed in. Where they may do more or
    /// less than when their token was made, another one takes its place: what a browser kept from before must not open what came since.
    pub async fn stay(
        &self,
        sign_in: &SignIn,
        token: &TokenDigest,
        person: &Person,
        counts: bool,
    ) -> Result<Option<Token>, Problem> {
        let now = self.clock.now();
        if counts && now.duration_since(sign_in.seen_at) >= NOTED_EVERY {
            self.store.sign_in_seen(sign_in.id, now).await?;
            self.known.put(token, SignIn { seen_at: now, ..sign_in.clone() }).await;
        }
        let powers = powers(person);
        if powers == sign_in.powers {
            return Ok(None);
        }
        let (new, until) = (Token::new()?, after(now, TOKEN_OVERLAPS));
        let is_renewed = self.store.renew_sign_in(sign_in.id, (token, until), &new.digest(), &powers).await?;
        self.known.forget(token).await;
        Ok(is_renewed.then_some(new))
    }

    /// Where somebody is signed in.
    pub(super) async fn of(&self, person: PersonId) -> Result<Vec<SignIn>, StoreError> {
        self.store.sign_ins(person).await
    }

    /// Ends these: here at once, on other hosts within a moment.
    pub async fn end(&self, whose: Whose) -> Result<u64, StoreError> {
        let ended = self.store.end_sign_ins(whose, self.clock.now()).await?;
        self.known.forget_all();
        Ok(ended)
    }
}

fn after(now: Timestamp, time: SignedDuration) -> Timestamp {
    now.saturating_add(time).unwrap_or(Timestamp::MAX)
}
