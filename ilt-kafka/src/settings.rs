//! How Kafka is reached.

use std::collections::BTreeMap;
use std::time::Duration;

use rdkafka::ClientConfig;

use crate::{Security, Topics};

/// How Kafka is reached, and what is made there.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `host:port`, several with commas.
    pub brokers: String,
    /// Where statements go.
    pub topics: Topics,
    /// Whether topics that are missing are made.
    pub create_topics: bool,
    /// Partitions of topics that are made.
    pub partitions: i32,
    /// Copies of each record in topics that are made.
    pub replication: i32,
    /// What events say of where they come from (`ce_source`), an address.
    pub source: String,
    /// What groups are named after; dead letters say which of them has buried a record.
    pub group: String,
    /// What the addresses of schemas begin with (`ce_dataschema`).
    pub schema_base: String,
    /// How long it may take until something that was sent is acknowledged.
    pub patience: Duration,
    /// How long records are gathered before they are sent.
    pub linger: Duration,
    /// `none`, `lz4`, `gzip` or `snappy`.
    pub compression: String,
    /// How the way there is secured.
    pub security: Security,
    /// Further settings of librdkafka, such as `socket.keepalive.enable`; they win.
    pub extra: BTreeMap<String, String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            brokers: "127.0.0.1:9092".to_owned(),
            topics: Topics::default(),
            create_topics: true,
            partitions: 6,
            replication: 1,
            source: "http://nlj.platform/registration".to_owned(),
            group: "ilt".to_owned(),
            schema_base: "http://nlj.platform/schemas".to_owned(),
            patience: Duration::from_secs(5),
            linger: Duration::from_millis(5),
            compression: "lz4".to_owned(),
            security: Security::default(),
            extra: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// What every client needs.
    pub(crate) fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.brokers).set("client.id", "ilt");
        config.set("reconnect.backoff.max.ms", "1000");
        self.security.apply(&mut config);
        config
    }

    /// A producer that never lets a record overtake another. So none times out by itself.
    pub(crate) fn producer(&self) -> ClientConfig {
        let mut config = self.timing_out_after(Duration::ZERO);
        // Whether topics have grown is looked at.
        config.set("statistics.interval.ms", "10000");
        self.with_extra(config)
    }

    /// A producer of records that need not be in order: one that is lost does not end those after it.
    pub(crate) fn letter_producer(&self) -> ClientConfig {
        let mut config = self.timing_out_after(self.patience);
        config.set("enable.gapless.guarantee", "false");
        config
    }

    /// A producer, each of whose records times out by itself after so long; never, when that is zero.
    fn timing_out_after(&self, timeout: Duration) -> ClientConfig {
        let mut config = self.client();
        config
            .set("enable.idempotence", "true")
            // Once a record could not be delivered, none after it is.
            .set("enable.gapless.guarantee", "true")
            // A topic that is missing is said to be, before everything is too late.
            .set("topic.metadata.propagation.max.ms", (self.patience.as_millis() / 2).to_string())
            .set("acks", "all")
            .set("compression.type", &self.compression)
            .set("linger.ms", self.linger.as_millis().to_string())
            .set("batch.size", "262144")
            .set("message.timeout.ms", timeout.as_millis().to_string())
            .set("queue.buffering.max.messages", "100000")
            .set("queue.buffering.max.kbytes", "262144");
        self.with_extra(config)
    }

    /// A member of a group. What it has taken counts when it says so, and what it was told of is said for it twice a second.
    pub(crate) fn consumer(&self, group: &str) -> ClientConfig {
        let mut config = self.client();
        config
            .set("group.id", group)
            .set("enable.auto.offset.store", "false")
            .set("enable.auto.commit", "true")
            .set("auto.commit.interval.ms", "500")
            .set("auto.offset.reset", "earliest")
            .set("session.timeout.ms", "10000")
            .set("queued.max.messages.kbytes", "16384")
            .set("statistics.interval.ms", "1000")
            // Topics that somebody makes later are found.
            .set("topic.metadata.refresh.interval.ms", "5000");
        self.with_extra(config)
    }

    /// What makes topics.
    pub(crate) fn admin(&self) -> ClientConfig {
        self.with_extra(self.client())
    }

    fn with_extra(&self, mut config: ClientConfig) -> ClientConfig {
        for (key, value) in &self.extra {
            config.set(key, value);
        }
        config
    }
}
