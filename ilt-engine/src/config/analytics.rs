//! Where numbers are counted from, as it is configured.

use serde::Deserialize;

use super::{BadConfig, bad};

/// Where statements are taken from, to count or to forward them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// Straight from the journal, by one host at a time.
    Journal,
    /// From Kafka, by all hosts together.
    Kafka,
}

impl From {
    /// The word that names it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Journal => "journal",
            Self::Kafka => "kafka",
        }
    }

    /// The place that a word names, where Kafka may be missing.
    pub(super) fn read(key: &'static str, word: &str, has_kafka: bool) -> Result<Self, BadConfig> {
        match word {
            "journal" => Ok(Self::Journal),
            "kafka" if has_kafka => Ok(Self::Kafka),
            "kafka" => Err(bad(key, "is kafka, but no kafka.brokers are configured")),
            _ => Err(bad(key, "must be journal or kafka")),
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key")]
pub struct Analytics {
    pub from: String,
}

impl Analytics {
    /// Where numbers are counted from; none when nobody counts.
    pub(super) fn from(&self, has_kafka: bool) -> Result<Option<From>, BadConfig> {
        match self.from.as_str() {
            "off" => Ok(None),
            word @ ("journal" | "kafka") => From::read("analytics.from", word, has_kafka).map(Some),
            _ => Err(bad("analytics.from", "must be off, journal or kafka")),
        }
    }
}
