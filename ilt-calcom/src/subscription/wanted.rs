//! Where we want to be told, and what signs it.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};

/// Where webhooks are taken, below the address of a host.
const PATH: &str = "v1/webhooks/calcom";
/// Letters of an instance's name.
const LONGEST_NAME: usize = 40;
/// Letters that a secret has at least: whoever guesses it can pretend to be Cal.com.
const SHORTEST: usize = 32;
/// Secrets at once: the newest, and those that are being replaced.
const MOST: usize = 5;

/// Why webhooks cannot be taken so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSubscription {
    /// The instance's name.
    #[error("must be 1 to {LONGEST_NAME} letters, digits and dashes")]
    Instance,
    /// The address is none.
    #[error(
        "must be the address of this host as Cal.com reaches it, such as https://training.example, without ? and #"
    )]
    Address,
    /// Names and addresses of people would go through the open.
    #[error(
        "must begin with https://, unless the host is of the same machine or network: people's names and addresses are sent"
    )]
    Open,
    /// No secret.
    #[error("is wanted: without one, anybody could say that they are Cal.com")]
    NoSecret,
    /// One that could be guessed.
    #[error("each line must have at least {SHORTEST} letters, drawn by chance")]
    ShortSecret,
    /// Too many.
    #[error("has more than {MOST} lines: which of them do you still need?")]
    ManySecrets,
}

/// Where we want to be told, and what signs it.
#[derive(Clone)]
pub struct Subscription {
    instance: String,
    address: String,
    /// The newest first.
    secrets: Vec<SecretString>,
}

impl Subscription {
    /// Whether an instance can be called so.
    ///
    /// # Errors
    /// [`BadSubscription::Instance`].
    pub fn names(instance: &str) -> Result<(), BadSubscription> {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        let is_name = (1..=LONGEST_NAME).contains(&instance.len()) && instance.chars().all(is_plain);
        is_name.then_some(()).ok_or(BadSubscription::Instance)
    }

    /// On the host at this address, signed with the secret of the first line; what was signed with those of further lines is taken
    /// as well.
    ///
    /// # Errors
    /// [`BadSubscription`] that says what is wrong with which.
    pub fn new(at: &str, instance: &str, secrets: &SecretString) -> Result<Self, BadSubscription> {
        Self::names(instance)?;
        let url = Url::parse(at).map_err(|_| BadSubscription::Address)?;
        let host = url.host_str().ok_or(BadSubscription::Address)?;
        let is_bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        match url.scheme() {
            "https" | "http" if !is_bare || url.password().is_some() => return Err(BadSubscription::Address),
            "https" => {}
            "http" if is_near(host) => {}
            "http" => return Err(BadSubscription::Open),
            _ => return Err(BadSubscription::Address),
        }
        let address = format!("{}/{PATH}/{instance}", url.as_str().trim_end_matches('/'));
        let lines = secrets.expose_secret().lines().map(str::trim).filter(|it| !it.is_empty());
        let secrets: Vec<SecretString> = lines.map(Into::into).collect();
        if secrets.is_empty() {
            return Err(BadSubscription::NoSecret);
        }
        if secrets.iter().any(|it| it.expose_secret().chars().count() < SHORTEST) {
            return Err(BadSubscription::ShortSecret);
        }
        if secrets.len() > MOST {
            return Err(BadSubscription::ManySecrets);
        }
        Ok(Self { instance: instance.to_owned(), address, secrets })
    }

    /// What the instance is called here.
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// Where we are told.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What may have signed, the newest first.
    pub fn secrets(&self) -> &[SecretString] {
        &self.secrets
    }

    /// What signs from now on.
    pub fn newest(&self) -> &SecretString {
        &self.secrets[0]
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Whether a host is of the same machine or network: by an address that is nobody's outside, or a name without a domain.
fn is_near(host: &str) -> bool {
    match host.trim_matches(['[', ']']).parse() {
        Ok(IpAddr::V4(it)) => it.is_loopback() || it.is_private(),
        Ok(IpAddr::V6(it)) => it.is_loopback() || it.is_unique_local(),
        Err(_) => !host.contains('.'),
    }
}
