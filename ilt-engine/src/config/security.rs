//! How the way to Kafka is secured, as it is configured.

use std::path::{Path, PathBuf};

use ilt_kafka::{HAS_TLS, Login, Security, Tls};
use secrecy::SecretString;
use serde::Deserialize;

use super::{BadConfig, bad, secret};

const MECHANISMS: [&str; 3] = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"];

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KafkaSecurity {
    pub tls: bool,
    pub ca_file: PathBuf,
    pub certificate_file: PathBuf,
    pub key_file: PathBuf,
    pub mechanism: String,
    pub user: String,
    pub secret: SecretString,
    pub secret_file: PathBuf,
}

impl KafkaSecurity {
    /// How the way is secured.
    pub(super) fn settings(&self) -> Result<Security, BadConfig> {
        let security = Security { tls: self.tls()?, login: self.login()? };
        let is_scram = security.login.as_ref().is_some_and(|login| login.mechanism != "PLAIN");
        if !HAS_TLS && (security.tls.is_some() || is_scram) {
            let problem = "this host was built without TLS and SCRAM: build it with the feature `kafka-tls`";
            return Err(bad("kafka.security", problem));
        }
        Ok(security)
    }

    fn tls(&self) -> Result<Option<Tls>, BadConfig> {
        let file = |key: &'static str, path: &Path| {
            if path.as_os_str().is_empty() {
                return Ok(None);
            }
            match (self.tls, path.is_file()) {
                (false, _) => Err(bad(key, "needs kafka.security.tls = true")),
                (true, false) => Err(bad(key, format!("there is no file {}", path.display()))),
                (true, true) => Ok(Some(path.to_owned())),
            }
        };
        let ca = file("kafka.security.ca_file", &self.ca_file)?;
        let certificate = file("kafka.security.certificate_file", &self.certificate_file)?;
        let own = match (certificate, file("kafka.security.key_file", &self.key_file)?) {
            (None, None) => None,
            (Some(certificate), Some(key)) => Some((certificate, key)),
            _ => return Err(bad("kafka.security", "certificate_file and key_file belong together")),
        };
        Ok(self.tls.then_some(Tls { ca, own }))
    }

    fn login(&self) -> Result<Option<Login>, BadConfig> {
        if !MECHANISMS.contains(&self.mechanism.as_str()) {
            return Err(bad("kafka.security.mechanism", format!("must be one of {}", MECHANISMS.join(", "))));
        }
        let secret = secret("kafka.security.secret_file", &self.secret, &self.secret_file)?;
        match (self.user.is_empty(), secret) {
            (true, None) => Ok(None),
            (false, Some(secret)) => {
                Ok(Some(Login { mechanism: self.mechanism.clone(), user: self.user.clone(), secret }))
            }
            _ => Err(bad("kafka.security", "user and secret belong together")),
        }
    }
}
