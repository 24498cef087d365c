//! Where people complete what this ledger does not see, as it is configured.

use std::path::PathBuf;
use std::time::Duration as Span;

use ilt_evidence::BadService;
use secrecy::SecretString;
use serde::Deserialize;

use super::values::Duration;
use super::{BadConfig, bad, secret};

/// A learner waits for it.
const LONGEST: Span = Span::from_secs(5);

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key")]
pub struct Evidence {
    pub from: String,
    pub view: String,
    pub database: SecretString,
    pub service: String,
    pub secret: SecretString,
    pub secret_file: PathBuf,
    pub patience: Duration,
}

/// Where it is.
#[derive(Debug)]
pub enum Elsewhere {
    /// Nowhere.
    Nowhere,
    /// In a view.
    View {
        /// Its name.
        name: String,
        /// The URL of its database; empty for the store's.
        database: SecretString,
        /// How long an answer may take.
        patience: Span,
    },
    /// At a service.
    Service {
        /// Which.
        service: ilt_evidence::Service,
        /// How long an answer may take.
        patience: Span,
    },
}

impl Evidence {
    /// `request` is how long a request may take.
    pub(super) fn elsewhere(&self, request: Span) -> Result<Elsewhere, BadConfig> {
        let patience = self.patience.0;
        if patience.is_zero() || patience > LONGEST.min(request / 2) {
            let most =
                "must be at most 5s and half of http.request_timeout, and not 0: a learner waits for it";
            return Err(bad("evidence.patience", most));
        }
        match (self.from.as_str(), self.view.is_empty(), self.service.is_empty()) {
            ("own", true, true) => Ok(Elsewhere::Nowhere),
            ("own", ..) => Err(bad(
                "evidence.from",
                "is own, so that evidence.view and evidence.service are not asked: leave them out, or name one here",
            )),
            ("view", false, true) => {
                let (name, database) = (self.view.clone(), self.database.clone());
                Ok(Elsewhere::View { name, database, patience })
            }
            ("service", true, false) => {
                let secret = secret("evidence.secret_file", &self.secret, &self.secret_file)?;
                let service =
                    ilt_evidence::Service::new(&self.service, secret, patience).map_err(|error| {
                        let key = if matches!(error, BadService::Secret) {
                            "evidence.secret"
                        } else {
                            "evidence.service"
                        };
                        bad(key, error.to_string())
                    })?;
                Ok(Elsewhere::Service { service, patience })
            }
            ("view" | "service", ..) => Err(bad(
                "evidence",
                "view or service must be given, the one that `from` names and not the other",
            )),
            _ => Err(bad("evidence.from", "must be own, view or service")),
        }
    }
}
