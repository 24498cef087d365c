//! What is published and taken, as an AsyncAPI 3 document: which topics there are, what is in them, and how records look.

use ilt_core::desk::Key;
use ilt_core::statement::{Topic, Verb, event_type, sorts};
use ilt_kafka::Settings;
use serde_json::{Map, Value, json};

use super::{Names, bookings, parts, said, schema, wanted};

/// What the name of a message ends with when it is a dead letter.
const DEAD: &str = ".dead";

/// The document for an installation that names things like this and sends them there.
pub fn document(names: &Names, kafka: &Settings) -> Value {
    let (mut channels, mut operations) = (Map::new(), Map::new());
    for topic in Topic::ALL {
        let (word, dead) = (topic.word(), format!("{}-dead", topic.word()));
        channels.insert(word.to_owned(), channel(topic, kafka, false));
        channels.insert(dead.clone(), channel(topic, kafka, true));
        operations.insert(
            format!("send-{word}"),
            operation("send", word, "Told as it happens, in the order of each session."),
        );
        operations.insert(
            format!("send-{dead}"),
            operation("send", &dead, "Told when somebody never takes a record."),
        );
    }
    let both = |(topic, verb)| {
        let kind = event_type(topic, verb);
        let summary = said::title(topic, verb);
        [(kind.clone(), message(&kind, summary, false)), (kind.clone() + DEAD, message(&kind, summary, true))]
    };
    let mut messages: Map<_, _> = sorts().into_iter().flat_map(both).collect();
    let receive = operation("receive", "wanted", "Planned by the same rules as everything else, each once.");
    for (name, channel) in bookings::channels(kafka) {
        let summary = "Passed on as Cal.com told it, once or more often.";
        operations.insert(format!("send-{name}"), operation("send", &name, summary));
        channels.insert(name, channel);
    }
    messages.extend(bookings::messages());
    channels.insert("wanted".to_owned(), wanted_channel());
    operations.insert("receive-wanted".to_owned(), receive);
    messages.extend(wanted::SORTS.map(|(sort, summary)| (sort.to_owned(), wanted_message(sort, summary))));
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Instructor-led training: events",
            "version": "1.0.0",
            "description": "What happens to sessions and seats, as xAPI statements in Kafka, and what other systems may have planned. The value of a record is the bare statement; \
                            what else is known of it is in its headers (CloudEvents 1.0, binary mode). A record may come twice, with the same \
                            `ce_id` and the same bytes. Within `v1` nothing is taken away and nothing new is required.",
            "license": {"name": "Apache-2.0 OR MIT"},
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": messages,
            "messageTraits": {"event": {"headers": headers()}, "booking": {"headers": bookings::headers()}, "dead": {"headers": dead_headers()}},
            "schemas": schema::all(names).into_iter().chain(wanted::all(names)).collect::<Map<_, _>>(),
        },
    })
}

fn of_topic(topic: Topic) -> impl Iterator<Item = (Topic, Verb)> {
    sorts().into_iter().filter(move |sort| sort.0 == topic)
}

fn channel(topic: Topic, kafka: &Settings, is_dead: bool) -> Value {
    let address = if is_dead { kafka.topics.dead(topic) } else { kafka.topics.name(topic) };
    let ending = if is_dead { DEAD } else { "" };
    let reference = |(topic, verb)| {
        let kind = event_type(topic, verb) + ending;
        let reference = json!({"$ref": format!("#/components/messages/{kind}")});
        (kind, reference)
    };
    let description = match (topic, is_dead) {
        (_, true) => "Records that somebody never takes, as they were, with headers that say why.",
        (Topic::Scheduled, _) => {
            "Sessions: that they take place, when, and that they do not; and what courses there are."
        }
        (Topic::Registration, _) => "Seats, and places in queues.",
        (Topic::Attendance, _) => "Who was there.",
        (Topic::Completion, _) => "Who has completed a course.",
    };
    json!({
        "address": address,
        "description": description,
        "messages": of_topic(topic).map(reference).collect::<Map<_, _>>(),
        "bindings": {"kafka": {"topic": address, "partitions": kafka.partitions, "replicas": kafka.replication}},
    })
}

fn operation(action: &str, channel: &str, summary: &str) -> Value {
    json!({"action": action, "channel": {"$ref": format!("#/channels/{channel}")}, "summary": summary})
}

/// Which topics these are is the installation's choice.
fn wanted_channel() -> Value {
    let reference = |sort: &str| json!({"$ref": format!("#/components/messages/{sort}")});
    let messages: Map<_, _> =
        wanted::SORTS.into_iter().map(|(sort, _)| (sort.to_owned(), reference(sort))).collect();
    json!({
        "address": null,
        "description": "Sessions that another system schedules, in the topics that `kafka.sessions_from` names: a statement, a structured \
                        CloudEvent with one as its data, or a list of either. What we tell ourselves is left alone there, as is what has \
                        another verb, which is counted; what is never taken goes to the topic's dead letters.",
        "messages": messages,
    })
}

fn wanted_message(sort: &str, summary: &str) -> Value {
    let verbs = if sort.ends_with("cancelled") {
        &[Verb::Cancelled][..]
    } else {
        &[Verb::Scheduled, Verb::Rescheduled]
    };
    let kinds: Vec<_> = verbs.iter().map(|verb| event_type(Topic::Scheduled, *verb)).collect();
    let properties = json!({
        "ce_id": {"type": "string", "maxLength": Key::LONGEST, "description": "The same when a record comes again; else the statement's id, else what it says."},
        "ce_type": {"type": "string", "description": format!("The verb says it when this is none of {}.", kinds.join(", "))},
        "ce_source": {"type": "string", "description": "Whose ids these are."},
        "ce_correlationid": parts::uuid(),
    });
    json!({
        "name": sort,
        "summary": summary,
        "contentType": "application/json",
        "headers": {"type": "object", "properties": properties},
        "payload": {"$ref": format!("#/components/schemas/{sort}")},
        "bindings": {"kafka": {"key": {"type": "string", "description": "The session, so that what is said of it stays in order."}}},
    })
}

fn message(kind: &str, summary: &str, is_dead: bool) -> Value {
    let event = json!({"$ref": "#/components/messageTraits/event"});
    let dead = json!({"$ref": "#/components/messageTraits/dead"});
    json!({
        "name": kind,
        "title": if is_dead { format!("{kind}, never taken") } else { kind.to_owned() },
        "summary": summary,
        "contentType": "application/json",
        "traits": if is_dead { vec![event, dead] } else { vec![event] },
        "payload": if is_dead { dead_payload() } else { json!({"$ref": format!("#/components/schemas/{kind}")}) },
        "bindings": {"kafka": {"key": parts::uuid()}},
    })
}

fn dead_payload() -> Value {
    json!({"description": "The record as it was, which may be why it is dead; none when it was too large."})
}

fn headers() -> Value {
    let mut properties = json!({
        "ce_specversion": {"const": "1.0"},
        "ce_id": parts::uuid(),
        "ce_type": {"type": "string", "pattern": r"^nlj\.training\.[a-z]+\.[a-z-]+\.v1$"},
        "ce_source": parts::iri(),
        "ce_subject": parts::uuid(),
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_partitionkey": parts::uuid(),
        "ce_dataschema": parts::iri(),
        "content-type": {"const": "application/json"},
        "ce_correlationid": parts::uuid(),
        "ce_causationid": parts::uuid(),
        "traceparent": {"type": "string", "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"},
    });
    let required: Vec<_> = properties.as_object().into_iter().flat_map(Map::keys).cloned().collect();
    properties["dlq.redriven"] = json!({"type": "string", "description": "How often it was put back after it had been a dead letter."});
    properties["redriven_for"] = json!({"type": "string", "description": "The group that had buried it, once for each time; the others have it already."});
    json!({"type": "object", "required": required, "properties": properties})
}

fn dead_headers() -> Value {
    json!({
        "type": "object",
        "required": ["dlq.original.topic", "dlq.reason"],
        "properties": {
            "dlq.original.topic": parts::text(),
            "dlq.original.partition": parts::text(),
            "dlq.original.offset": parts::text(),
            "dlq.original.timestamp": parts::text(),
            "dlq.reason": parts::one_of(&["invalid", "conflict", "too_large", "server_error", "undecodable", "stale"]),
            "dlq.http_status": parts::text(),
            "dlq.error": parts::text(),
            "dlq.attempts": parts::text(),
            "dlq.first_failed_at": {"type": "string", "format": "date-time"},
            "dlq.consumer_group": parts::text(),
            "dlq.size": parts::text(),
        },
    })
}
