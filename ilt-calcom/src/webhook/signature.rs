//! Whether a webhook is Cal.com's: HMAC-SHA256 of the raw bytes, as bare small hexadecimal letters.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use super::refused::Refused;

/// What stands in the signature's place when over there no secret is set (recorded: webhook 031).
const NO_SECRET: &str = "no-secret-provided";

/// The SHA-256 of the bytes that came: Cal.com has no delivery ids, and the same bytes are the same delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// That of these bytes.
    pub fn of(body: &[u8]) -> Self {
        Self(Sha256::digest(body).into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Checks a signature against each of the secrets: while one is being replaced, two are good. Time tells nothing of how much of it
/// is right.
///
/// # Errors
/// [`Refused::NoSignature`], [`Refused::NoSecret`], [`Refused::BadSignature`]. Without any secret, none is right.
pub fn verify(signature: Option<&str>, body: &[u8], secrets: &[SecretString]) -> Result<(), Refused> {
    let signature = signature.map(str::trim).filter(|it| !it.is_empty()).ok_or(Refused::NoSignature)?;
    if signature == NO_SECRET {
        return Err(Refused::NoSecret);
    }
    let signature = bytes(signature).ok_or(Refused::BadSignature)?;
    let is_of = |secret: &SecretString| {
        let secret = secret.expose_secret();
        // An empty secret is none: anybody knows it.
        let signer = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok().filter(|_| !secret.is_empty());
        signer.is_some_and(|signer| signer.chain_update(body).verify_slice(&signature).is_ok())
    };
    if secrets.iter().any(is_of) { Ok(()) } else { Err(Refused::BadSignature) }
}

/// 64 digits and small letters as 32 bytes.
fn bytes(text: &str) -> Option<[u8; 32]> {
    let digit = |letter: u8| match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'a'..=b'f' => Some(letter - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}
