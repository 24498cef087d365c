//! Where requests come in: the address, TLS or the proxy before it, and how much of everything there may be.

use std::net::IpAddr;
use std::path::PathBuf;

use serde::Deserialize;

use super::limits::{Connections, Limits, PerMinute, Proxies, UPLOAD};
use super::values::{Duration, Size};
use super::{BadConfig, bad};

/// What answering may take longer than reading what was asked.
const SPARE: std::time::Duration = std::time::Duration::from_secs(2);

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key")]
pub struct Http {
    pub address: IpAddr,
    pub port: u16,
    pub public_url: String,
    pub trusted_proxies: Proxies,
    pub tls: Tls,
    pub body_limit: Size,
    pub request_timeout: Duration,
    pub grace: Duration,
    pub requests_per_minute: u32,
    pub people_per_minute: u32,
    pub alternatives_per_minute: u32,
    pub key_per_minute: u32,
    pub unknown_per_minute: u32,
    pub connections: usize,
    pub connections_of_one: usize,
    pub idle: Duration,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key")]
pub struct Tls {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Http {
    /// The files with which TLS ends here; none when it does not.
    ///
    /// # Errors
    /// [`BadConfig`] when one of them is named without the other.
    pub fn tls(&self) -> Result<Option<&Tls>, BadConfig> {
        let is_named = |path: &PathBuf| !path.as_os_str().is_empty();
        match (is_named(&self.tls.certificate), is_named(&self.tls.key)) {
            (false, false) => Ok(None),
            (true, true) => Ok(Some(&self.tls)),
            _ => Err(bad("http.tls", "certificate and key belong together")),
        }
    }

    /// That nobody between here and whoever asks reads along.
    ///
    /// # Errors
    /// [`BadConfig`] where other machines reach an address at which neither this host nor a proxy ends TLS.
    pub fn is_private(&self) -> Result<(), BadConfig> {
        if self.address.is_loopback() || self.tls()?.is_some() || !self.trusted_proxies.is_empty() {
            return Ok(());
        }
        Err(bad(
            "http.address",
            format!(
                "other machines reach {}, and tokens would cross the network for everybody to read: name a certificate and its key \
                 (http.tls), or the proxy before this host that ends TLS (http.trusted_proxies), or listen on 127.0.0.1",
                self.address
            ),
        ))
    }

    pub(super) fn limits(&self) -> Limits {
        Limits {
            body: self.body_limit.0,
            request: self.request_timeout.0,
            per_minute: PerMinute {
                person: self.requests_per_minute,
                people: self.people_per_minute,
                alternatives: self.alternatives_per_minute,
                key: self.key_per_minute,
                unknown: self.unknown_per_minute,
            },
            proxies: self.trusted_proxies.clone(),
            connections: Connections {
                most: self.connections,
                most_of_one: self.connections_of_one,
                head: self.request_timeout.0 + SPARE,
                // Whatever was asked in time is answered by then, uploads included.
                asking: self.request_timeout.0.max(UPLOAD) + SPARE,
                idle: self.idle.0,
            },
            public_url: self.public_url.trim_end_matches('/').to_owned(),
        }
    }
}
