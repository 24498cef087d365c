//! What REST takes from the configuration: how requests are limited, and what tokens must look like.

use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;
use secrecy::SecretString;
use serde::Deserialize;

/// How long an upload may take at least: somebody sends megabytes, and a compiler looks at them.
pub const UPLOAD: Duration = Duration::from_mins(2);

/// How requests are limited.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a body at most.
    pub body: usize,
    /// How long a request may take; live updates excepted.
    pub request: Duration,
    /// How many of them there may be in a minute.
    pub per_minute: PerMinute,
    /// Who may stand between whoever asks and this host.
    pub proxies: Proxies,
    /// How connections are limited.
    pub connections: Connections,
    /// Under which address the outside reaches this host, for addresses in answers; empty for relative ones.
    pub public_url: String,
}

impl Default for Limits {
    /// As the default configuration has them, but as often as anybody likes.
    fn default() -> Self {
        Self {
            body: 1 << 20,
            request: Duration::from_secs(10),
            per_minute: PerMinute::default(),
            proxies: Proxies::default(),
            connections: Connections::default(),
            public_url: String::new(),
        }
    }
}

/// Requests a minute; 0 is any number.
#[derive(Debug, Clone, Copy, Default)]
pub struct PerMinute {
    /// Of one person, all of them together.
    pub person: u32,
    /// Of these, looking for people.
    pub people: u32,
    /// Of these, looking for alternatives.
    pub alternatives: u32,
    /// Of one key.
    pub key: u32,
    /// From one address whose sender nobody knows.
    pub unknown: u32,
}

/// Proxies that are believed when they say for whom they ask, and how they were asked: addresses (`10.0.0.5`) and networks (`10.0.0.0/8`).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Proxies(Vec<IpNet>);

impl TryFrom<Vec<String>> for Proxies {
    type Error = String;

    fn try_from(words: Vec<String>) -> Result<Self, String> {
        let read = |word: &String| {
            let net = word.parse().or_else(|_| word.parse::<IpAddr>().map(IpNet::from));
            net.map_err(|_| {
                format!("`{word}` is no address such as 10.0.0.5, and no network such as 10.0.0.0/8")
            })
        };
        words.iter().map(read).collect::<Result<_, _>>().map(Self)
    }
}

impl Proxies {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether what is said from there is believed.
    pub fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|net| net.contains(&address))
    }
}

/// How connections are limited.
#[derive(Debug, Clone, Copy)]
pub struct Connections {
    /// Open ones in all.
    pub most: usize,
    /// Open ones from one address.
    pub most_of_one: usize,
    /// How long the head of a request may take to come.
    pub head: Duration,
    /// How long it may take from there to the first byte of its answer.
    pub asking: Duration,
    /// How long one stays open without anything being asked or told.
    pub idle: Duration,
}

impl Default for Connections {
    fn default() -> Self {
        let (head, idle) = (Duration::from_secs(12), Duration::from_secs(75));
        Self { most: 20_000, most_of_one: 10_000, head, asking: head, idle }
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
    /// The applications (`azp`) that tokens are issued to, when that is checked.
    pub parties: Vec<String>,
    /// Whether tokens are taken that do not say what they are for.
    pub untyped: bool,
}

/// Where keys come from.
#[derive(Clone)]
pub enum Keys {
    /// A secret shared with whoever issues tokens: HS256.
    Secret(SecretString),
    /// An address that publishes public keys, and the signatures they are for.
    Jwks(String, Signature),
    /// Nowhere: tokens are not taken, and whoever asks is vouched for.
    Nowhere,
}

impl Expected {
    /// No token is accepted.
    pub fn none() -> Self {
        Self::by(Keys::Nowhere)
    }

    /// Tokens that these keys have signed, by whomever for whatever, and clocks that do not differ.
    pub fn by(keys: Keys) -> Self {
        Self { keys, leeway: 0, issuer: None, audience: None, parties: Vec::new(), untyped: false }
    }
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
