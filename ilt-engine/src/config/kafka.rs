//! How Kafka is reached, as it is configured.

use std::collections::BTreeMap;

use ilt_core::statement::Topic;
use ilt_kafka::{Booked, Settings, Topics};
use serde::Deserialize;

use super::security::KafkaSecurity;
use super::values::Duration;
use super::{BadConfig, bad};
use crate::followers::TURN;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key")]
pub struct Kafka {
    pub brokers: String,
    pub prefix: String,
    pub topics: BTreeMap<String, String>,
    pub create_topics: bool,
    pub partitions: i32,
    pub replication: i32,
    pub source: String,
    pub patience: Duration,
    pub linger: Duration,
    pub compression: String,
    pub group: String,
    pub sessions_from: Vec<String>,
    pub security: KafkaSecurity,
    pub client: BTreeMap<String, String>,
}

impl Kafka {
    /// How Kafka is reached; none when there is no Kafka.
    pub(super) fn settings(&self, schema_base: String) -> Result<Option<Settings>, BadConfig> {
        if self.brokers.is_empty() {
            return Ok(None);
        }
        if self.patience.0.is_zero() || self.patience.0 >= TURN {
            return Err(bad("kafka.patience", format!("must be less than {} s", TURN.as_secs())));
        }
        if self.linger.0 >= self.patience.0 {
            return Err(bad(
                "kafka.linger",
                "must be less than kafka.patience: nothing would be sent in time",
            ));
        }
        if self.partitions < 1 || self.replication < 1 {
            return Err(bad("kafka", "partitions and replication must be at least 1"));
        }
        if !matches!(self.compression.as_str(), "none" | "lz4" | "gzip" | "snappy") {
            return Err(bad("kafka.compression", "must be none, lz4, gzip or snappy"));
        }
        let topics = self.topics()?;
        Ok(Some(Settings {
            brokers: self.brokers.clone(),
            topics,
            create_topics: self.create_topics,
            partitions: self.partitions,
            replication: self.replication,
            source: self.source.clone(),
            group: self.group.clone(),
            schema_base,
            patience: self.patience.0,
            linger: self.linger.0,
            compression: self.compression.clone(),
            security: self.security.settings()?,
            extra: self.client.clone(),
        }))
    }

    /// The names of topics.
    fn topics(&self) -> Result<Topics, BadConfig> {
        let mut topics = Topics { prefix: self.prefix.clone(), ..Topics::default() };
        for (word, name) in &self.topics {
            match (Topic::from_word(word), Booked::from_word(word)) {
                (Some(topic), _) => drop(topics.names.insert(topic, name.clone())),
                (None, Some(booked)) => drop(topics.bookings.insert(booked, name.clone())),
                (None, None) => {
                    let words: Vec<_> = Topic::ALL
                        .map(Topic::word)
                        .into_iter()
                        .chain(Booked::ALL.map(Booked::word))
                        .collect();
                    return Err(bad("kafka.topics", format!("`{word}` is none of {}", words.join(", "))));
                }
            }
        }
        Ok(topics)
    }
}
