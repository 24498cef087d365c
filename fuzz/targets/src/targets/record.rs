//! Records from Kafka, as the consumers that plan sessions and that count take them: headers, an empty line, the statement.

use ilt_core::ports::MonthlyQuery;
use ilt_engine::consumers::failures::Failures;
use ilt_engine::consumers::numbers::Numbers;
use ilt_engine::consumers::others::Others;
use ilt_engine::consumers::sessions::Sessions;
use ilt_kafka::consume::{Handler, Poison, Record};

use crate::host::{Host, on_host};
use crate::script::headers;
use crate::{Target, privacy};

pub const TARGET: Target = Target {
    name: "record",
    reads: "records from Kafka, headers and statement, as consumers read them",
    run,
    words: &[
        "ce_type: nlj.training.scheduled.scheduled.v1\n",
        "ce_type: nlj.training.registration.registered.v1\n",
        "ce_id: ",
        "ce_source: ",
        "ce_correlationid: ",
        "redriven_for: group\n",
        "\"mbox\":\"mailto:ada@dealer.example\"",
        "\"http://nlj.platform/extensions/capacity\":",
        "\"http://nlj.platform/extensions/duration\":\"-PT6H\"",
        "\"http://nlj.platform/extensions/scheduled_time\":\"-009999-01-01T00:00:00Z\"",
        "\"timestamp\":\"-009999-01-01T00:00:00Z\"",
        "9999-12-31T23:59",
        "PT2562047788015215H",
        "4294967295",
        "\\u0000",
    ],
};

/// Bytes that may be said of a record's death, however long the record is.
const MOST_SAID: usize = 4 << 10;

fn run(input: &[u8]) {
    let (headers, value) = headers(input);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let record = Record {
        topic: "training.scheduled".to_owned(),
        partition: 0,
        offset: 0,
        at: None,
        key: None,
        value: Some(value.to_vec()),
        headers: headers.iter().map(|(name, value)| (text(name), Some(value.to_vec()))).collect(),
    };
    on_host(|host| {
        // What the desk answers to a statement is remembered.
        if serde_json::from_slice::<serde_json::Value>(value).is_ok() {
            host.spend();
        }
        let sessions = Sessions {
            engine: host.engine.clone(),
            source: "http://ilt.example".to_owned(),
            extension_base: "http://nlj.platform/extensions".to_owned(),
            group: "group".to_owned(),
            failures: Failures::default(),
            told: host.told.clone(),
            others: Others::default(),
        };
        twice(host, &sessions, &record, Host::head);
        let numbers = Numbers(host.analytics.clone());
        twice(host, &numbers, &record, |host| {
            let all = MonthlyQuery { course: None, from: None, to: None, after: None, limit: 10 };
            host.wait(host.analytics.monthly(&all)).expect("numbers")
        });
    });
}

/// A record that comes twice is settled the same way, and does nothing more.
fn twice<T: PartialEq + std::fmt::Debug>(
    host: &Host,
    handler: &dyn Handler,
    record: &Record,
    look: impl Fn(&Host) -> T,
) {
    let records = std::slice::from_ref(record);
    let settle =
        || host.wait(handler.settle(records)).unwrap_or_else(|wait| panic!("it waits: {}", wait.said));
    let first = settle();
    let seen = look(host);
    for (place, poison) in &first {
        assert_eq!(*place, 0);
        is_told_well(record, poison);
    }
    assert_eq!(settle(), first, "the same record");
    assert_eq!(look(host), seen, "the same record once more");
}

fn is_told_well(record: &Record, poison: &Poison) {
    let said = &poison.said;
    assert!(!said.is_empty() && said.len() <= MOST_SAID, "{} bytes: {said}", said.len());
    privacy::no_mail(record.value.as_deref().unwrap_or_default(), said);
    for (_, value) in &record.headers {
        privacy::no_mail(value.as_deref().unwrap_or_default(), said);
    }
}
