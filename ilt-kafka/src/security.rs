//! How the way to Kafka is secured, and who we are there.

use std::path::PathBuf;

use rdkafka::ClientConfig;
use secrecy::{ExposeSecret as _, SecretString};

/// Whether this library can speak TLS (feature `tls`).
pub const HAS_TLS: bool = cfg!(feature = "tls");

/// How the way to Kafka is secured, and who we are there.
#[derive(Debug, Clone, Default)]
pub struct Security {
    /// With TLS, and whom to trust then.
    pub tls: Option<Tls>,
    /// By name and password.
    pub login: Option<Login>,
}

/// Certificates, in PEM files.
#[derive(Debug, Clone, Default)]
pub struct Tls {
    /// Authorities that are trusted; those of the system when absent.
    pub ca: Option<PathBuf>,
    /// Our own certificate and its key, where brokers ask for one.
    pub own: Option<(PathBuf, PathBuf)>,
}

/// A name and a password.
#[derive(Debug, Clone)]
pub struct Login {
    /// `PLAIN`, `SCRAM-SHA-256` or `SCRAM-SHA-512`.
    pub mechanism: String,
    /// The name.
    pub user: String,
    /// The password.
    pub secret: SecretString,
}

impl Security {
    /// Says it in librdkafka's words.
    pub(crate) fn apply(&self, config: &mut ClientConfig) {
        let protocol = match (&self.tls, &self.login) {
            (None, None) => return,
            (Some(_), None) => "ssl",
            (None, Some(_)) => "sasl_plaintext",
            (Some(_), Some(_)) => "sasl_ssl",
        };
        config.set("security.protocol", protocol);
        if let Some(Tls { ca, own }) = &self.tls {
            let mut file = |key: &str, path: &PathBuf| {
                config.set(key, path.display().to_string());
            };
            if let Some(ca) = ca {
                file("ssl.ca.location", ca);
            }
            if let Some((certificate, key)) = own {
                file("ssl.certificate.location", certificate);
                file("ssl.key.location", key);
            }
        }
        if let Some(Login { mechanism, user, secret }) = &self.login {
            config.set("sasl.mechanism", mechanism).set("sasl.username", user);
            config.set("sasl.password", secret.expose_secret());
        }
    }
}
