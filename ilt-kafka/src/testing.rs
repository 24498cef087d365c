//! A real Kafka for tests, and what is in it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use ilt_core::ports::Numbered;
use ilt_core::statement::{Told, Topic, Verb};
use ilt_core::testing::plans::{id, now};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::{BorrowedMessage, Header, Headers as _, OwnedHeaders};
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::{ClientConfig, Message as _, Offset, TopicPartitionList};

use crate::{Settings, Topics};

/// A Kafka that one test has to itself, since it kills it.
#[derive(Debug)]
pub struct Own {
    folder: PathBuf,
    /// Where it is reached.
    pub brokers: String,
}

impl Own {
    /// Starts so many nodes.
    pub fn start(name: &str, nodes: u32) -> Self {
        let folder = std::env::temp_dir().join(format!("ilt-kafka-{name}-{}", std::process::id()));
        let brokers = script(&["start", &folder.display().to_string(), &nodes.to_string()]);
        Self { folder, brokers }
    }

    /// Starts one that wants TLS, and to know who comes.
    pub fn secure(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("ilt-kafka-{name}-{}", std::process::id()));
        let brokers = script(&["start", &folder.display().to_string(), "secure"]);
        Self { folder, brokers }
    }

    /// Where its certificates are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Kills a node, as a machine that loses its power.
    pub fn kill(&self, node: u32) {
        script(&["kill", &self.folder.display().to_string(), &node.to_string()]);
    }

    /// Makes a node answer nothing any more while its connections stay open, as a machine that hangs.
    pub fn freeze(&self, node: u32) {
        let pid = std::fs::read_to_string(self.folder.join(format!("{node}/pid"))).expect("it runs");
        let done = Command::new("kill").args(["-STOP", pid.trim()]).status().expect("kill runs");
        assert!(done.success(), "{pid}");
    }

    /// Starts what was killed again, on what it has kept.
    pub fn resume(&self) {
        script(&["resume", &self.folder.display().to_string()]);
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        script(&["stop", &self.folder.display().to_string()]);
        let _left_behind = std::fs::remove_dir_all(&self.folder);
    }
}

fn script(arguments: &[&str]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/kafka");
    let output = Command::new(script).args(arguments).output().expect("the script runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// The Kafka that `scripts/test` starts; without one, only continuous integration insists.
pub fn shared() -> Option<String> {
    let brokers = std::env::var("ILT_TEST_KAFKA").ok();
    assert!(brokers.is_some() || std::env::var("CI").is_err(), "ILT_TEST_KAFKA must name brokers");
    if brokers.is_none() {
        eprintln!("skipped: ILT_TEST_KAFKA names no brokers; scripts/test starts one");
    }
    brokers
}

/// Settings for topics of a test's own.
pub fn settings(brokers: &str, name: &str) -> Settings {
    let prefix = format!("{name}-{}.", std::process::id());
    Settings {
        brokers: brokers.to_owned(),
        topics: Topics { prefix, ..Topics::default() },
        partitions: 3,
        ..Settings::default()
    }
}

/// Statement number so much, of one of seven sessions.
pub fn told(number: u32) -> Numbered {
    let told = Told {
        id: id(number),
        sequence: u64::from(number),
        topic: if number.is_multiple_of(5) { Topic::Attendance } else { Topic::Registration },
        verb: if number.is_multiple_of(5) { Verb::Attended } else { Verb::Registered },
        key: id(1_000_000 + number % 7),
        subject: None,
        at: now(),
        correlation: id(77),
        causation: id(88),
        body: format!(r#"{{"id":"{}","where":"Köln","filler":"{}"}}"#, id(number), "x".repeat(900)),
        fault: None,
    };
    Numbered { number: u64::from(number), told }
}

/// A record as it was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its key.
    pub key: String,
    /// Its value, as text.
    pub value: String,
    /// Where it was.
    pub partition: i32,
    /// Its headers, in their order.
    pub headers: Vec<(String, String)>,
}

impl Found {
    /// A header by its name; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

fn found(message: &BorrowedMessage<'_>) -> Found {
    let text = |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
    let headers = message.headers().map_or_else(Vec::new, |headers| {
        headers.iter().map(|it| (it.key.to_owned(), text(it.value))).collect()
    });
    Found {
        key: text(message.key()),
        value: text(message.payload()),
        partition: message.partition(),
        headers,
    }
}

/// Everything in a topic, partition by partition in order.
pub fn everything(brokers: &str, topic: &str) -> Vec<Found> {
    let patience = Duration::from_secs(20);
    let metadata = consumer(brokers).fetch_metadata(Some(topic), patience).expect("metadata");
    let partitions = metadata.topics()[0].partitions();
    partitions.iter().flat_map(|partition| all_of(brokers, topic, partition.id())).collect()
}

fn consumer(brokers: &str) -> BaseConsumer {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", brokers).set("group.id", "tests").create().expect("a consumer")
}

fn all_of(brokers: &str, topic: &str, partition: i32) -> Vec<Found> {
    let (consumer, patience) = (consumer(brokers), Duration::from_secs(20));
    let (low, high) = consumer.fetch_watermarks(topic, partition, patience).expect("watermarks");
    let mut list = TopicPartitionList::new();
    list.add_partition_offset(topic, partition, Offset::Offset(low)).expect("an offset");
    consumer.assign(&list).expect("assigned");
    let (mut all, mut next, mut silent) = (Vec::new(), low, 0);
    while next < high {
        match consumer.poll(Duration::from_millis(200)) {
            Some(Ok(message)) => {
                assert_eq!(
                    message.offset(),
                    next,
                    "{topic}/{partition}: a record was passed over by whoever reads"
                );
                next = message.offset() + 1;
                all.push(found(&message));
            }
            // A broker that is dead is in nobody's way.
            Some(Err(_)) | None => silent += 1,
        }
        assert!(silent < 200, "{topic}/{partition} has {low} to {high}, and ends before {next}");
    }
    all
}

/// Puts one record into a topic, as somebody else would.
pub async fn send(brokers: &str, topic: &str, key: &str, value: &str, headers: &[(&str, &str)]) {
    let mut config = ClientConfig::new();
    let producer: FutureProducer = config.set("bootstrap.servers", brokers).create().expect("a producer");
    let headers = headers
        .iter()
        .fold(OwnedHeaders::new(), |all, (key, value)| all.insert(Header { key, value: Some(*value) }));
    let record = FutureRecord::to(topic).key(key).payload(value).headers(headers);
    producer.send(record, Duration::from_secs(20)).await.expect("it is taken");
}
