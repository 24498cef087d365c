//! Publishing to a real Kafka: everything, in order, with its headers; whatever happens to the brokers meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ilt_core::ports::Numbered;
use ilt_core::statement::Topic;
use ilt_kafka::testing::{Own, everything, settings, shared, told};
use ilt_kafka::{Published, Publisher, Settings, Trouble};
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;

fn batch(numbers: std::ops::Range<u32>) -> Vec<Numbered> {
    numbers.map(told).collect()
}

/// The ids of a session's records in the order of their first appearance.
fn order(settings: &Settings, topic: Topic) -> BTreeMap<String, Vec<String>> {
    let mut order: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for record in everything(&settings.brokers, &settings.topics.name(topic)) {
        let id = record.header("ce_id").to_owned();
        if seen.insert(id.clone()) {
            order.entry(record.key).or_default().push(id);
        }
    }
    order
}

/// What the order should be.
fn sent(batch: &[Numbered], topic: Topic) -> BTreeMap<String, Vec<String>> {
    let mut order: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in batch.iter().filter(|one| one.told.topic == topic) {
        order.entry(one.told.key.to_string()).or_default().push(one.told.id.to_string());
    }
    order
}

#[tokio::test]
async fn everything_arrives_word_for_word_and_in_order() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "arrives");
    let publisher = Publisher::new(settings.clone());
    let batch = batch(1..2_001);
    for part in batch.chunks(300) {
        let said = publisher.publish(part).await.expect("published");
        assert_eq!(said, Published { sent: part.len() as u64, dead: 0 });
    }
    for topic in [Topic::Registration, Topic::Attendance] {
        assert_eq!(order(&settings, topic), sent(&batch, topic));
    }
    let records = everything(&brokers, &settings.topics.name(Topic::Attendance));
    let partitions: BTreeMap<_, BTreeSet<_>> = records.iter().fold(BTreeMap::new(), |mut all, it| {
        all.entry(it.key.clone()).or_insert_with(BTreeSet::new).insert(it.partition);
        all
    });
    assert!(partitions.values().all(|of_key| of_key.len() == 1), "one session, one partition");
    let first = records.iter().find(|it| it.header("ce_id") == told(5).told.id.to_string()).expect("there");
    assert_eq!(first.value, told(5).told.body);
}

#[tokio::test]
async fn a_record_carries_the_headers_of_an_event() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "headers");
    Publisher::new(settings.clone()).publish(&batch(1..2)).await.expect("published");
    let record = everything(&brokers, &settings.topics.name(Topic::Registration)).remove(0);
    let expected = [
        ("ce_specversion", "1.0"),
        ("ce_id", "00000000-0000-0000-0000-000000000001"),
        ("ce_type", "nlj.training.registration.registered.v1"),
        ("ce_source", "http://nlj.platform/registration"),
        ("ce_subject", "00000000-0000-0000-0000-0000000f4241"),
        ("ce_time", "2027-03-01T08:00:00Z"),
        ("ce_partitionkey", "00000000-0000-0000-0000-0000000f4241"),
        ("ce_dataschema", "http://nlj.platform/schemas/nlj.training.registration.registered.v1.json"),
        ("content-type", "application/json"),
        ("ce_correlationid", "00000000-0000-0000-0000-00000000004d"),
        ("ce_causationid", "00000000-0000-0000-0000-000000000058"),
        ("traceparent", "00-0000000000000000000000000000004d-0000000000000058-01"),
    ];
    let headers: Vec<_> = record.headers.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(headers, expected);
}

#[tokio::test]
async fn a_record_that_is_too_large_holds_nobody_up() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "large");
    let mut batch = batch(1..51);
    batch[20].told.body = "x".repeat(1_200_000);
    let dead_id = batch[20].told.id.to_string();
    let published = Publisher::new(settings.clone()).publish(&batch).await.expect("published");
    assert_eq!(published, Published { sent: 49, dead: 1 });
    let dead = everything(&brokers, &settings.topics.dead(batch[20].told.topic));
    assert_eq!(dead.iter().map(|it| it.header("ce_id")).collect::<Vec<_>>(), [dead_id]);
    assert_eq!((dead[0].header("dlq.reason"), dead[0].header("dlq.size")), ("too_large", "1200000"));
    assert_eq!(dead[0].header("dlq.consumer_group"), "ilt-relay", "whoever buries is named");
}

#[tokio::test]
async fn a_record_that_the_brokers_find_too_large_holds_nobody_up() {
    let Some(brokers) = shared() else { return };
    // The client would let it through.
    let extra = [("message.max.bytes".to_owned(), "5000000".to_owned())].into();
    let settings = Settings { extra, compression: "none".to_owned(), ..settings(&brokers, "refused") };
    let mut batch = batch(1..51);
    batch[20].told.body = "x".repeat(2_000_000);
    let publisher = Publisher::new(settings.clone());
    let came = publisher.publish(&batch).await.expect("published");
    assert_eq!(came, Published { sent: 49, dead: 1 });
    let dead = everything(&brokers, &settings.topics.dead(batch[20].told.topic));
    assert_eq!(dead.iter().map(|it| it.header("dlq.size")).collect::<Vec<_>>(), ["2000000"]);
    let mut rest = batch.clone();
    rest.remove(20);
    for topic in [Topic::Registration, Topic::Attendance] {
        assert_eq!(order(&settings, topic), sent(&rest, topic));
    }
}

#[tokio::test]
async fn a_topic_that_takes_less_than_a_batch_takes_its_records_all_the_same() {
    let Some(brokers) = shared() else { return };
    let (create_topics, compression) = (false, "none".to_owned());
    let settings = Settings { create_topics, compression, ..settings(&brokers, "narrow") };
    make_narrow(&settings, "20000").await;
    let mut batch = batch(1..301);
    batch[20].told.body = "x".repeat(30_000);
    batch[220].told.body = "x".repeat(30_000);
    let published = Publisher::new(settings.clone()).publish(&batch).await.expect("published");
    assert_eq!(published, Published { sent: 298, dead: 2 });
    let mut rest = batch.clone();
    rest.retain(|one| one.told.body.len() < 30_000);
    for topic in [Topic::Registration, Topic::Attendance] {
        assert_eq!(order(&settings, topic), sent(&rest, topic));
    }
}

/// Topics that somebody else made, and that take so many bytes at once.
async fn make_narrow(settings: &Settings, bytes: &str) {
    let mut config = ClientConfig::new();
    let admin: AdminClient<DefaultClientContext> =
        config.set("bootstrap.servers", &settings.brokers).create().expect("a client");
    let names = settings.topics.all();
    let narrow = |name| NewTopic::new(name, 3, TopicReplication::Fixed(1)).set("max.message.bytes", bytes);
    let topics: Vec<_> = names.iter().map(|name: &String| narrow(name)).collect();
    for made in admin.create_topics(&topics, &AdminOptions::new()).await.expect("an answer") {
        made.expect("a topic");
    }
}

#[tokio::test]
async fn a_faulty_statement_that_is_too_large_as_well_holds_nobody_up() {
    let Some(brokers) = shared() else { return };
    // Once the client finds it too large, and once the brokers do.
    for (number, extra) in [None, Some(("message.max.bytes", "5000000"))].into_iter().enumerate() {
        let extra = extra.map(|(key, value)| (key.to_owned(), value.to_owned())).into_iter().collect();
        let name = format!("faulty-large-{number}");
        let settings = Settings { extra, compression: "none".to_owned(), ..settings(&brokers, &name) };
        let mut batch = batch(1..51);
        (batch[20].told.body, batch[20].told.fault) = ("x".repeat(1_200_000), Some("/actor".to_owned()));
        let came = Publisher::new(settings.clone()).publish(&batch).await.expect("published");
        assert_eq!(came, Published { sent: 49, dead: 1 });
        let dead = everything(&brokers, &settings.topics.dead(batch.remove(20).told.topic));
        let said: Vec<_> = dead.iter().map(|it| (it.value.as_str(), it.header("dlq.reason"))).collect();
        assert_eq!(said, [("", "invalid")]);
        for topic in [Topic::Registration, Topic::Attendance] {
            assert_eq!(order(&settings, topic), sent(&batch, topic));
        }
    }
}

#[tokio::test]
async fn a_statement_that_is_not_as_its_schema_says_is_buried_as_it_is() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "faulty");
    let mut batch = batch(1..51);
    batch[20].told.fault = Some("/actor is not as it should be".to_owned());
    let came = Publisher::new(settings.clone()).publish(&batch).await.expect("published");
    assert_eq!(came, Published { sent: 49, dead: 1 });
    let faulty = batch.remove(20).told;
    let dead = everything(&brokers, &settings.topics.dead(faulty.topic));
    let said: Vec<_> =
        dead.iter().map(|it| (it.value.as_str(), it.header("dlq.reason"), it.header("dlq.error"))).collect();
    assert_eq!(said, [(faulty.body.as_str(), "invalid", "/actor is not as it should be")]);
    for topic in [Topic::Registration, Topic::Attendance] {
        assert_eq!(order(&settings, topic), sent(&batch, topic));
    }
}

/// Brokers refuse records that say they are from the future.
#[tokio::test]
async fn a_host_whose_clock_is_far_ahead_is_heard_all_the_same() {
    let Some(brokers) = shared() else { return };
    let settings = settings(&brokers, "ahead");
    let mut batch = batch(1..51);
    for one in &mut batch {
        one.told.at = "2999-01-01T00:00:00Z".parse().expect("an instant");
    }
    let came = Publisher::new(settings.clone()).publish(&batch).await.expect("published");
    assert_eq!(came, Published { sent: 50, dead: 0 });
    let found = everything(&brokers, &settings.topics.name(Topic::Registration));
    assert!(
        found.iter().all(|it| it.header("ce_time").starts_with("2999-01-01")),
        "it says when it happened"
    );
}

#[tokio::test]
async fn nobody_at_the_address_is_a_clear_answer_within_the_patience() {
    let settings = Settings {
        brokers: "127.0.0.1:1".to_owned(),
        patience: Duration::from_secs(1),
        ..Settings::default()
    };
    let publishing = async { Publisher::new(settings).publish(&batch(1..3)).await };
    let said = tokio::time::timeout(Duration::from_secs(20), publishing).await.expect("in time");
    assert!(matches!(said, Err(Trouble::Away(_) | Trouble::Unreachable { .. })), "{said:?}");
}

#[tokio::test]
async fn more_copies_than_there_are_brokers_is_a_clear_answer() {
    let Some(brokers) = shared() else { return };
    let settings = Settings { replication: 3, ..settings(&brokers, "copies") };
    let said = Publisher::new(settings).publish(&batch(1..2)).await.expect_err("one broker only").to_string();
    assert!(said.contains("is missing and cannot be made: "), "{said}");
}

/// Sends everything in batches, each again until it was acknowledged, while `trouble` is made after the batch it names.
async fn through_trouble(settings: &Settings, all: &[Numbered], trouble: impl Fn(usize) + Send) -> u32 {
    let publisher = Publisher::new(settings.clone());
    let mut failures = 0;
    for (number, part) in all.chunks(200).enumerate() {
        trouble(number);
        while let Err(trouble) = publisher.publish(part).await {
            assert!(
                matches!(trouble, Trouble::Away(_) | Trouble::Unreachable { .. } | Trouble::Topic { .. }),
                "{trouble:?}"
            );
            failures += 1;
            assert!(failures < 200, "it never comes back: {trouble:?}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    failures
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_killed_and_comes_back_has_everything_in_order() {
    if shared().is_none() {
        return;
    }
    let kafka = Own::start("killed", 1);
    let settings = Settings { patience: Duration::from_secs(1), ..settings(&kafka.brokers, "killed") };
    let all = batch(1..4_001);
    let failures = std::thread::scope(|scope| {
        let handle = tokio::runtime::Handle::current();
        let (kafka, settings, all) = (&kafka, &settings, &all);
        let trouble = move |number: usize| {
            if number == 5 || number == 12 {
                kafka.kill(1);
                scope.spawn(|| {
                    std::thread::sleep(Duration::from_secs(3));
                    kafka.resume();
                });
            }
        };
        tokio::task::block_in_place(|| handle.block_on(through_trouble(settings, all, trouble)))
    });
    assert!(failures > 0, "it was away");
    for topic in [Topic::Registration, Topic::Attendance] {
        assert_eq!(order(&settings, topic), sent(&all, topic));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_three_brokers_may_die() {
    if shared().is_none() {
        return;
    }
    let kafka = Own::start("three", 3);
    let settings =
        Settings { replication: 3, patience: Duration::from_secs(5), ..settings(&kafka.brokers, "three") };
    let all = batch(1..4_001);
    through_trouble(&settings, &all, |number| {
        if number == 7 {
            kafka.kill(2);
        }
    })
    .await;
    for topic in [Topic::Registration, Topic::Attendance] {
        assert_eq!(order(&settings, topic), sent(&all, topic));
    }
}

/// Whoever asks how far a group is hears within the patience of the settings what is in the way, in a sentence.
#[tokio::test]
async fn with_nobody_there_a_question_ends_with_a_sentence() {
    let patience = Duration::from_millis(500);
    let settings = Settings { brokers: "127.0.0.1:1".to_owned(), patience, ..Settings::default() };
    let topics = ["topic".to_owned()];
    let asked = ilt_kafka::lag(&settings, "anybody", &topics);
    // It is listened for a few seconds what is in the way.
    let said =
        tokio::time::timeout(Duration::from_secs(5), asked).await.expect("in time").expect_err("nobody");
    assert!(said.to_string().starts_with("Kafka cannot be reached: "), "{said}");
}
