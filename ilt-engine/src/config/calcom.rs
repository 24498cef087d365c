//! How a Cal.com is reached, as it is configured.

use std::path::{Path, PathBuf};

use ilt_calcom::api::Base;
use ilt_calcom::mapping::{Attendees, Domain};
use ilt_calcom::settle::Seal;
use ilt_calcom::subscription::{BadSubscription, Subscription};
use ilt_calcom::{Limits, Settings};
use jiff::SignedDuration;
use secrecy::SecretString;
use serde::Deserialize;

use super::values::Duration;
use super::{BadConfig, bad, secret};
use crate::calendars::Habits;

/// The shortest time between two comparisons: each asks for every session that is to come.
const OFTEN: std::time::Duration = std::time::Duration::from_mins(1);
/// The longest that one request may take: a session is given up after four minutes.
const LONGEST: std::time::Duration = std::time::Duration::from_mins(1);
/// Sessions looked after at once at most.
const MOST: usize = 64;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key")]
pub struct Calcom {
    pub url: String,
    pub pages_at: String,
    pub secret: SecretString,
    pub secret_file: PathBuf,
    pub attendees: String,
    pub aliases_at: String,
    pub instance: String,
    pub webhooks_at: String,
    pub webhook_secret: SecretString,
    pub webhook_secret_file: PathBuf,
    pub ca_file: PathBuf,
    pub patience: Duration,
    pub requests_per_minute: u32,
    pub at_once: usize,
    pub compare_every: Duration,
}

/// A Cal.com as it is configured.
#[derive(Debug)]
pub struct CalcomSettings {
    /// How it is reached.
    pub settings: Settings,
    /// Under which addresses learners are known there.
    pub attendees: Attendees,
    /// What seals instructors' keys.
    pub seal: Seal,
    /// Where it is to tell us what happens there; nothing where this host does not listen.
    pub subscription: Option<Subscription>,
    /// How sessions are looked after.
    pub habits: Habits,
    /// Where its pages are, when people are told of them.
    pub pages_at: Option<Base>,
}

impl Calcom {
    /// How it is reached; none when there is none.
    pub(super) fn settings(&self) -> Result<Option<CalcomSettings>, BadConfig> {
        if self.url.is_empty() {
            return Ok(None);
        }
        let base = Base::new(&self.url).map_err(|it| bad("calcom.url", it.to_string()))?;
        let attendees = match (self.attendees.as_str(), self.aliases_at.as_str()) {
            ("own", "") => Attendees::Own,
            ("own", _) => return Err(bad("calcom.aliases_at", "goes with calcom.attendees = alias only")),
            ("alias", at) => {
                Attendees::Alias(Domain::new(at).map_err(|it| bad("calcom.aliases_at", it.to_string()))?)
            }
            _ => return Err(bad("calcom.attendees", "must be own or alias")),
        };
        if self.patience.0.is_zero() || self.patience.0 > LONGEST {
            return Err(bad("calcom.patience", "must be at most 60 s, and not 0"));
        }
        if self.requests_per_minute == 0 {
            return Err(bad("calcom.requests_per_minute", "must be at least 1"));
        }
        if !(1..=MOST).contains(&self.at_once) {
            return Err(bad("calcom.at_once", format!("must be 1 to {MOST}")));
        }
        if self.compare_every.0 < OFTEN {
            return Err(bad("calcom.compare_every", "must be at least 1m"));
        }
        let secret = secret("calcom.secret_file", &self.secret, &self.secret_file)?;
        let none = "is wanted, of 32 letters or more: it seals the keys of instructors";
        let seal = Seal::new(&secret.ok_or_else(|| bad("calcom.secret", none))?);
        let seal = seal.map_err(|it| bad("calcom.secret", it.to_string()))?;
        let limits =
            Limits { patience: self.patience.0, requests: self.requests_per_minute, ..Limits::default() };
        let compare_every =
            SignedDuration::try_from(self.compare_every.0).unwrap_or(SignedDuration::from_hours(1));
        let habits = Habits { at_once: self.at_once, compare_every };
        let settings = Settings { base, authorities: authorities(&self.ca_file)?, limits };
        let pages_at = (!self.pages_at.is_empty()).then(|| Base::new(&self.pages_at)).transpose();
        let pages_at = pages_at.map_err(|it| bad("calcom.pages_at", it.to_string()))?;
        let subscription = self.subscription()?;
        Ok(Some(CalcomSettings { settings, attendees, seal, subscription, habits, pages_at }))
    }

    /// Where it is to tell us what happens there.
    fn subscription(&self) -> Result<Option<Subscription>, BadConfig> {
        let refused = |it: BadSubscription| {
            let key = match it {
                BadSubscription::Instance => "calcom.instance",
                BadSubscription::Address | BadSubscription::Open => "calcom.webhooks_at",
                BadSubscription::NoSecret | BadSubscription::ShortSecret | BadSubscription::ManySecrets => {
                    "calcom.webhook_secret"
                }
            };
            bad(key, it.to_string())
        };
        Subscription::names(&self.instance).map_err(refused)?;
        if self.webhooks_at.is_empty() {
            return Ok(None);
        }
        let secrets = secret("calcom.webhook_secret_file", &self.webhook_secret, &self.webhook_secret_file)?;
        let wanted = Subscription::new(&self.webhooks_at, &self.instance, &secrets.unwrap_or_default());
        wanted.map(Some).map_err(refused)
    }
}

fn authorities(file: &Path) -> Result<Vec<u8>, BadConfig> {
    if file.as_os_str().is_empty() {
        return Ok(Vec::new());
    }
    std::fs::read(file).map_err(|error| bad("calcom.ca_file", format!("{}: {error}", file.display())))
}
