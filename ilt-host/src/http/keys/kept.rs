//! Keys as hosts look at them: the text that somebody has, and what is kept of it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ilt_core::access::ApiKey;
use ilt_core::ids::KeyId;
use ilt_core::ports::{ApiKeys, Clock, StoreError, TokenDigest};

use crate::http::access::secret::{self, Known, NOTED_EVERY};
use crate::http::wire::problem::Problem;

/// What every key begins with, so that people and programs that look for lost secrets know one.
pub const MARK: &str = "ilt_";
/// Letters of the id, of what nobody can guess, and of the sum that a slip of the pen does not survive.
const PARTS: [usize; 3] = [22, 43, 6];

/// A new key for this id: the text that is shown once, and what is kept of it.
///
/// # Errors
/// When the machine has no random numbers.
pub fn new(id: KeyId) -> Result<(String, TokenDigest), Problem> {
    let (id, secret) = (URL_SAFE_NO_PAD.encode(id.0.as_bytes()), URL_SAFE_NO_PAD.encode(secret::random()?));
    let text = format!("{MARK}{id}_{secret}");
    let text = format!("{text}_{}", sum(&text));
    let digest = digest(&text);
    Ok((text, digest))
}

/// What is kept of a key; nothing when it was cut off or mistyped.
pub fn read(text: &str) -> Option<TokenDigest> {
    let [id, secret, check] = PARTS;
    let whole = MARK.len() + id + 1 + secret + 1 + check;
    let is_whole = text.is_ascii() && text.len() == whole && text.starts_with(MARK);
    let (said, its_sum) = is_whole.then(|| text.split_at(whole - check - 1))?;
    (its_sum.strip_prefix('_') == Some(&sum(said))).then(|| digest(text))
}

fn digest(text: &str) -> TokenDigest {
    TokenDigest(secret::digest(text))
}

fn sum(text: &str) -> String {
    secret::digest(text)[..PARTS[2]].to_owned()
}

/// Keys that are good. Clones are the same.
#[derive(Clone)]
pub struct Keys {
    /// Where they are kept.
    pub store: Arc<dyn ApiKeys>,
    clock: Arc<dyn Clock>,
    known: Known<ApiKey>,
}

impl Keys {
    /// Those that this store keeps.
    pub fn new(store: Arc<dyn ApiKeys>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, known: Known::new() }
    }

    /// The key with this digest; none once it has ended.
    pub async fn find(&self, digest: &TokenDigest) -> Result<Option<ApiKey>, StoreError> {
        let now = self.clock.now();
        let found = self.known.or_found(digest, self.store.api_key(digest, now)).await?;
        Ok(found.filter(|key| key.ends_at > now))
    }

    /// Notes that something is asked with it.
    pub async fn used(&self, key: &ApiKey, digest: &TokenDigest) -> Result<(), StoreError> {
        let now = self.clock.now();
        if key.used_at.is_none_or(|at| now.duration_since(at) >= NOTED_EVERY) {
            self.store.key_used(key.id, now).await?;
            self.known.put(digest, ApiKey { used_at: Some(now), ..key.clone() }).await;
        }
        Ok(())
    }

    /// Forgets what is known by heart: one has ended.
    pub fn forget(&self) {
        self.known.forget_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_made_and_no_slip_of_the_pen_is() {
        let (text, digest) = new(KeyId(uuid::Uuid::max())).expect("random numbers");
        assert_eq!(read(&text), Some(digest));
        assert_eq!((text.len(), text.split('_').next()), (77, Some("ilt")));
        for at in 0..text.len() {
            let mut slip = text.clone().into_bytes();
            slip[at] = if slip[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(read(std::str::from_utf8(&slip).expect("ASCII")), None, "{at}");
            assert_eq!(read(&text[..at]), None, "cut off at {at}");
        }
        assert_eq!(read(&format!("{text} ")), None);
        assert_eq!(read(&"ü".repeat(39)), None);
    }
}
