//! What stands beside a statement: CloudEvents 1.0 in Kafka's binary mode.

use ilt_core::statement::{Told, event_type};
use rdkafka::message::{Header, OwnedHeaders};

use crate::Settings;

/// The headers of a statement.
pub fn of(told: &Told, settings: &Settings) -> OwnedHeaders {
    let kind = event_type(told.topic, told.verb);
    let schema = format!("{}/{kind}.json", settings.schema_base);
    let key = told.key.to_string();
    let all = [
        ("ce_specversion", "1.0".to_owned()),
        ("ce_id", told.id.to_string()),
        ("ce_type", kind),
        ("ce_source", settings.source.clone()),
        ("ce_subject", key.clone()),
        ("ce_time", told.at.to_string()),
        ("ce_partitionkey", key),
        ("ce_dataschema", schema),
        ("content-type", "application/json".to_owned()),
        ("ce_correlationid", told.correlation.to_string()),
        ("ce_causationid", told.causation.to_string()),
        ("traceparent", traceparent(told)),
    ];
    all.into_iter().fold(OwnedHeaders::new_with_capacity(12), |headers, (key, value)| {
        headers.insert(Header { key, value: Some(value.as_str()) })
    })
}

/// The headers of a record that Kafka does not take.
pub fn of_dead(told: &Told, settings: &Settings, reason: &str, error: &str) -> OwnedHeaders {
    let (topic, size) = (settings.topics.name(told.topic), told.body.len().to_string());
    let dead = [
        ("dlq.original.topic", topic.as_str()),
        ("dlq.reason", reason),
        ("dlq.error", error),
        ("dlq.size", &size),
    ];
    dead.into_iter()
        .fold(of(told, settings), |headers, (key, value)| headers.insert(Header { key, value: Some(value) }))
}

/// The trace of the request that caused it (W3C Trace Context).
fn traceparent(told: &Told) -> String {
    let span = told.causation.simple().to_string();
    format!("00-{}-{}-01", told.correlation.simple(), &span[16..])
}
