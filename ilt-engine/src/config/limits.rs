//! What REST takes from the configuration: how requests are limited, and what tokens must look like.

use std::time::Duration;

use secrecy::SecretString;

/// How requests are limited.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a body at most.
    pub body: usize,
    /// How long a request may take; live updates excepted.
    pub request: Duration,
    /// Requests a minute of one person; 0 is any number.
    pub per_minute: u32,
    /// Under which address the outside reaches this host, for addresses in answers; empty for relative ones.
    pub public_url: String,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body: 1 << 20, request: Duration::from_secs(10), per_minute: 0, public_url: String::new() }
    }
}

/// What tokens must look like.
#[derive(Clone)]
pub struct Expected {
    /// Where keys come from.
    pub keys: Keys,
    /// Seconds that clocks may differ.
    pub leeway: u64,
    /// The issuer, when it is checked.
    pub issuer: Option<String>,
    /// The audience, when it is checked.
    pub audience: Option<String>,
}

/// Where keys come from.
#[derive(Clone)]
pub enum Keys {
    /// A secret shared with whoever issues tokens: HS256.
    Secret(SecretString),
    /// An address that publishes public keys, and the signatures they are for.
    Jwks(String, Signature),
}

/// Signatures that a published key can check. One with a shared secret is none of them, so that nobody signs with a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// RSA with SHA-256.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl Signature {
    /// By its word in tokens.
    pub(super) fn read(word: &str) -> Option<Self> {
        match word {
            "RS256" => Some(Self::Rs256),
            "ES256" => Some(Self::Es256),
            "EdDSA" => Some(Self::EdDsa),
            _ => None,
        }
    }
}
