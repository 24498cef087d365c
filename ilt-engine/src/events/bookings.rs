//! What a calendar tells of bookings, as it is passed on: its own words, of which we say what stands around them.

use ilt_kafka::{Booked, Settings};
use serde_json::{Map, Value, json};

use super::parts;

/// Channels by name: where each is sent, and where what is never taken lies.
pub fn channels(kafka: &Settings) -> Vec<(String, Value)> {
    let both = |booked: Booked| {
        let (address, dead) = (kafka.topics.booking(booked), kafka.topics.dead_booking(booked));
        let said = "Webhooks of Cal.com, to the byte, in the order in which they came.";
        let dead_said = "Webhooks that are too large for their topic, without what they say.";
        [
            (booked.word().to_owned(), channel(&address, said, booked.event_type(), kafka)),
            (format!("{}-dead", booked.word()), channel(&dead, dead_said, &dead_name(booked), kafka)),
        ]
    };
    Booked::ALL.into_iter().flat_map(both).collect()
}

/// What is in them.
pub fn messages() -> Vec<(String, Value)> {
    let both = |booked: Booked| {
        let name = booked.event_type().to_owned();
        [(name, message(booked, false)), (dead_name(booked), message(booked, true))]
    };
    Booked::ALL.into_iter().flat_map(both).collect()
}

/// The headers that all of them have.
pub fn headers() -> Value {
    let properties = json!({
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "The SHA-256 of the value: the same when it comes twice."},
        "ce_type": {"enum": Booked::ALL.map(Booked::event_type)},
        "ce_source": parts::iri(),
        "ce_subject": {"type": "string", "description": "The booking's uid."},
        "ce_time": {"type": "string", "format": "date-time", "description": "When it came."},
        "ce_partitionkey": {"type": "string"},
        "content-type": {"const": "application/json"},
    });
    let required: Vec<_> = properties.as_object().into_iter().flat_map(Map::keys).cloned().collect();
    json!({"type": "object", "required": required, "properties": properties})
}

fn dead_name(booked: Booked) -> String {
    format!("{}.dead", booked.event_type())
}

fn channel(address: &str, said: &str, message: &str, kafka: &Settings) -> Value {
    json!({
        "address": address,
        "description": said,
        "messages": {message: {"$ref": format!("#/components/messages/{message}")}},
        "bindings": {"kafka": {"topic": address, "partitions": kafka.partitions, "replicas": kafka.replication}},
    })
}

fn message(booked: Booked, is_dead: bool) -> Value {
    let summary = match booked {
        Booked::Created => "Somebody booked a seat over there, we included.",
        Booked::Cancelled => "A seat, or all of a booking, was given back over there.",
        Booked::Rescheduled => "A seat was moved over there.",
    };
    let name = booked.event_type();
    let (booking, dead) = (
        json!({"$ref": "#/components/messageTraits/booking"}),
        json!({"$ref": "#/components/messageTraits/dead"}),
    );
    let payload = if is_dead {
        json!({"description": "None: it was too large."})
    } else {
        json!({"type": "object", "description": "Cal.com's webhook as it came: `triggerEvent`, `createdAt`, `payload`. There are names and mail addresses in it."})
    };
    json!({
        "name": name,
        "title": if is_dead { format!("{name}, never taken") } else { name.to_owned() },
        "summary": summary,
        "contentType": "application/json",
        "traits": if is_dead { vec![booking, dead] } else { vec![booking] },
        "payload": payload,
        "bindings": {"kafka": {"key": {"type": "string", "description": "The booking's uid, so that what is told of it stays in order."}}},
    })
}
