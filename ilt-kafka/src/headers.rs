//! What stands beside a statement: CloudEvents 1.0 in Kafka's binary mode.

use std::fmt::{Display, Write as _};

use ilt_core::statement::{Told, event_type};
use rdkafka::message::{Header, OwnedHeaders};

use crate::Settings;
use crate::booked::Parcel;

/// The headers of a statement.
pub fn of(told: &Told, settings: &Settings) -> OwnedHeaders {
    let kind = event_type(told.topic, told.verb);
    Written::default()
        .with("ce_specversion", "1.0")
        .with("ce_id", told.id)
        .with("ce_type", &kind)
        .with("ce_source", &settings.source)
        .with("ce_subject", told.key)
        .with("ce_time", told.at)
        .with("ce_partitionkey", told.key)
        .with("ce_dataschema", format_args!("{}/{kind}.json", settings.schema_base))
        .with("content-type", "application/json")
        .with("ce_correlationid", told.correlation)
        .with("ce_causationid", told.causation)
        .with("traceparent", traceparent(told))
        .headers
}

/// The headers of a record that Kafka does not take.
pub fn of_dead(told: &Told, settings: &Settings, reason: &str, error: &str) -> OwnedHeaders {
    Written { headers: of(told, settings), ..Written::default() }
        .with("dlq.original.topic", settings.topics.name(told.topic))
        .with("dlq.reason", reason)
        .with("dlq.error", error)
        .with("dlq.size", told.body.len())
        .with("dlq.consumer_group", format_args!("{}-relay", settings.group))
        .headers
}

/// The headers of what another system told of a booking. What it says has a schema of theirs.
pub fn of_booking(parcel: &Parcel<'_>, settings: &Settings) -> OwnedHeaders {
    Written::default()
        .with("ce_specversion", "1.0")
        .with("ce_id", parcel.digest)
        .with("ce_type", parcel.booked.event_type())
        .with("ce_source", format_args!("{}/calendars/{}", settings.source, parcel.instance))
        .with("ce_subject", parcel.booking)
        .with("ce_time", parcel.at)
        .with("ce_partitionkey", parcel.booking)
        .with("content-type", "application/json")
        .headers
}

/// The headers of one that Kafka does not take.
pub fn of_dead_booking(parcel: &Parcel<'_>, settings: &Settings) -> OwnedHeaders {
    Written { headers: of_booking(parcel, settings), ..Written::default() }
        .with("dlq.original.topic", settings.topics.booking(parcel.booked))
        .with("dlq.reason", "too_large")
        .with("dlq.error", "the record is too large")
        .with("dlq.size", parcel.body.len())
        .with("dlq.consumer_group", format_args!("{}-bookings", settings.group))
        .headers
}

/// The trace of the request that caused it (W3C Trace Context).
fn traceparent(told: &Told) -> String {
    let (_, span) = told.causation.as_u64_pair();
    format!("00-{}-{span:016x}-01", told.correlation.simple())
}

/// Headers that are being written. One text serves all their values: there are twelve for each record.
struct Written {
    headers: OwnedHeaders,
    text: String,
}

impl Default for Written {
    fn default() -> Self {
        Self { headers: OwnedHeaders::new_with_capacity(12), text: String::with_capacity(128) }
    }
}

impl Written {
    fn with(mut self, key: &str, value: impl Display) -> Self {
        self.text.clear();
        write!(self.text, "{value}").expect("a text takes everything");
        self.headers = self.headers.insert(Header { key, value: Some(&self.text) });
        self
    }
}
