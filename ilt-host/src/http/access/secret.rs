//! What opens something here: made of random bytes, kept as a digest, and known by it for a moment without asking the store.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ilt_core::ports::{StoreError, TokenDigest};
use jiff::SignedDuration;
use moka::future::Cache;
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use sha2::{Digest as _, Sha256};

use crate::http::wire::problem::Problem;

/// How long another host may not hear yet that something has ended.
const KNOWN_FOR: Duration = Duration::from_secs(3);
/// What is known at once.
const MOST_KNOWN: u64 = 100_000;
/// How exactly it is noted when something was last used.
pub const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// What nobody can guess.
///
/// # Errors
/// When the machine has no random numbers.
pub fn random() -> Result<[u8; 32], Problem> {
    let mut bytes = [0; 32];
    OsRng.try_fill_bytes(&mut bytes).map_err(|_| Problem::broken("the machine has no random numbers"))?;
    Ok(bytes)
}

/// The SHA-256 of a text, in base64.
pub fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

/// What was found by a digest, for a moment. Clones are the same.
#[derive(Clone)]
pub struct Known<T: Clone + Send + Sync + 'static>(Cache<TokenDigest, T>);

impl<T: Clone + Send + Sync + 'static> Known<T> {
    /// Nothing yet.
    pub fn new() -> Self {
        Self(Cache::builder().max_capacity(MOST_KNOWN).time_to_live(KNOWN_FOR).build())
    }

    /// What is known by this digest, else what is found now.
    pub async fn or_found(
        &self,
        digest: &TokenDigest,
        find: impl Future<Output = Result<Option<T>, StoreError>>,
    ) -> Result<Option<T>, StoreError> {
        if let Some(known) = self.0.get(digest).await {
            return Ok(Some(known));
        }
        let found = find.await?;
        if let Some(found) = &found {
            self.put(digest, found.clone()).await;
        }
        Ok(found)
    }

    /// Knows it as it is now.
    pub async fn put(&self, digest: &TokenDigest, it: T) {
        self.0.insert(digest.clone(), it).await;
    }

    /// Forgets what is known by this digest.
    pub async fn forget(&self, digest: &TokenDigest) {
        self.0.invalidate(digest).await;
    }

    /// Forgets everything: something has ended.
    pub fn forget_all(&self) {
        self.0.invalidate_all();
    }
}
