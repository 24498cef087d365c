//! Who is signed in, kept where every host of an installation looks.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::access::SignIn;
use crate::ids::{PersonId, SignInId};
use crate::ports::StoreError;

/// The SHA-256 of a token, in base64: whoever reads it can sign in nowhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenDigest(pub String);

/// Which of somebody's sign-ins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// This one of theirs.
    One(PersonId, SignInId),
    /// All of theirs.
    All(PersonId),
}

/// Who is signed in. What ended is kept for a while, and found no more.
#[async_trait]
pub trait SignIns: Send + Sync {
    /// Keeps a new one. Of the same person's those that were left alone for longest end, so that `most` are left.
    async fn begin_sign_in(
        &self,
        sign_in: &SignIn,
        token: &TokenDigest,
        most: usize,
    ) -> Result<(), StoreError>;

    /// Whose token it is, or was until a moment ago.
    async fn sign_in(&self, token: &TokenDigest, now: Timestamp) -> Result<Option<SignIn>, StoreError>;

    /// Notes that something was asked with it.
    async fn sign_in_seen(&self, id: SignInId, at: Timestamp) -> Result<(), StoreError>;

    /// Puts a new token in the place of this one, which is good until `until`; whether it was still that one's.
    async fn renew_sign_in(
        &self,
        id: SignInId,
        (before, until): (&TokenDigest, Timestamp),
        token: &TokenDigest,
        powers: &str,
    ) -> Result<bool, StoreError>;

    /// Where somebody is signed in, the one that was used last first.
    async fn sign_ins(&self, person: PersonId) -> Result<Vec<SignIn>, StoreError>;

    /// Ends these; how many there were.
    async fn end_sign_ins(&self, whose: Whose, at: Timestamp) -> Result<u64, StoreError>;

    /// Forgets those that ended, or were last seen, before then; how many.
    async fn forget_sign_ins(&self, before: Timestamp) -> Result<u64, StoreError>;
}
