//! What a record brings: one event, bare or wrapped as a `CloudEvent` (structured mode), or a list of either.

use ilt_kafka::consume::{Poison, Reason, Record};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::check_in::hex;

/// One event, and what stands beside its statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id, unique for its source.
    pub id: Option<String>,
    /// Who tells of it.
    pub source: Option<String>,
    /// Its type.
    pub kind: Option<String>,
    /// What it belongs to.
    pub correlation: Option<String>,
    /// What it says.
    pub statement: Value,
    /// The digest of what it says.
    pub digest: String,
    /// Where it is in its record: empty when it is all of it.
    pub place: String,
}

/// An id for a statement that has none: the same whenever the same is said, in whatever order.
pub fn id_from_content(statement: &Value) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, statement.to_string().as_bytes())
}

/// The events of a record, one at least.
///
/// # Errors
/// A [`Poison`] when a part of it is none, or there is none.
pub fn open(record: &Record) -> Result<Vec<Event>, Poison> {
    let value = record.text().and_then(|it| serde_json::from_str::<Value>(it).ok());
    let value = value.ok_or_else(|| Poison::new(Reason::Undecodable, "it is no JSON"))?;
    let header = |name| record.header(name).map(str::to_owned);
    let event = Event {
        id: header("ce_id"),
        source: header("ce_source"),
        kind: header("ce_type"),
        correlation: header("ce_correlationid"),
        statement: Value::Null,
        digest: String::new(),
        place: String::new(),
    };
    let mut events = Vec::new();
    unfold(value, event, &mut events)?;
    Ok(events)
}

fn unfold(value: Value, beside: Event, events: &mut Vec<Event>) -> Result<(), Poison> {
    let wrong = |reason, problem: &str| {
        let at = if beside.place.is_empty() { String::new() } else { format!("{}: ", beside.place) };
        Err(Poison::new(reason, format!("{at}{problem}")))
    };
    match value {
        Value::Array(list) if list.is_empty() => wrong(Reason::Invalid, "it is an empty list"),
        Value::Array(list) => list.into_iter().enumerate().try_for_each(|(number, it)| {
            // What stands beside the record is the id of no single one of them.
            let place = format!("{}/{number}", beside.place);
            unfold(it, Event { id: None, place, ..beside.clone() }, events)
        }),
        Value::Object(mut wrapped) if wrapped.contains_key("specversion") => {
            let data = match wrapped.remove("data") {
                Some(Value::String(text)) => serde_json::from_str(&text).ok(),
                data => data,
            };
            let Some(data) = data else {
                return wrong(
                    Reason::Invalid,
                    "/data must be the statement as JSON; data_base64 is not read",
                );
            };
            let said = |name: &str| wrapped.get(name).and_then(Value::as_str).map(str::to_owned);
            let place = beside.place + "/data";
            let (id, source, kind) = (said("id"), said("source"), said("type"));
            let correlation = said("correlationid").or(beside.correlation);
            unfold(data, Event { id, source, kind, correlation, place, ..beside }, events)
        }
        Value::Object(_) => {
            // What it says, however it is written: the same may come bare, or in a list.
            let digest = hex(&Sha256::digest(value.to_string()));
            events.push(Event { statement: value, digest, ..beside });
            Ok(())
        }
        _ => wrong(Reason::Undecodable, "it is no statement"),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn record(value: &str, headers: &[(&str, &str)]) -> Record {
        let text = |(name, value): &(&str, &str)| ((*name).to_owned(), Some(value.as_bytes().to_vec()));
        Record {
            topic: "elsewhere".to_owned(),
            partition: 0,
            offset: 0,
            at: None,
            key: None,
            value: Some(value.as_bytes().to_vec()),
            headers: headers.iter().map(text).collect(),
        }
    }

    /// Each event of a record: its id, its type, where it is, what it says.
    fn opened(value: &Value, headers: &[(&str, &str)]) -> Value {
        let events = open(&record(&value.to_string(), headers)).expect("events");
        let shown = |it: &Event| json!([it.id, it.source, it.kind, it.place, it.statement["n"]]);
        events.iter().map(shown).collect()
    }

    #[test]
    fn events_are_found_however_they_are_wrapped() {
        let headers = [("ce_id", "7"), ("ce_source", "us"), ("ce_type", "t")];
        assert_eq!(opened(&json!({"n": 1}), &[]), json!([[null, null, null, "", 1]]));
        assert_eq!(opened(&json!({"n": 1}), &headers), json!([["7", "us", "t", "", 1]]));
        let wrapped =
            json!({"specversion": "1.0", "id": "8", "source": "them", "type": "u", "data": {"n": 2}});
        assert_eq!(opened(&wrapped, &[]), json!([["8", "them", "u", "/data", 2]]));
        let text =
            json!({"specversion": "1.0", "id": "8", "source": "them", "type": "u", "data": "{\"n\": 2}"});
        assert_eq!(opened(&text, &headers), opened(&wrapped, &[]));
        let list = json!([{"n": 3}, wrapped]);
        let both = json!([[null, "us", "t", "/0", 3], ["8", "them", "u", "/1/data", 2]]);
        assert_eq!(opened(&list, &headers), both);
    }

    #[rstest]
    #[case::nothing("null", "undecodable", "it is no statement")]
    #[case::no_json("{", "undecodable", "it is no JSON")]
    #[case::a_number("7", "undecodable", "it is no statement")]
    #[case::none("[]", "invalid", "it is an empty list")]
    #[case::nothing_among_some("[{}, null]", "undecodable", "/1: it is no statement")]
    #[case::nothing_in_it(
        r#"{"specversion": "1.0", "data_base64": "e30="}"#,
        "invalid",
        "/data must be the statement as JSON; data_base64 is not read"
    )]
    fn what_is_no_event_is_said(#[case] value: &str, #[case] reason: &str, #[case] said: &str) {
        let poison = open(&record(value, &[])).expect_err("no events");
        assert_eq!((poison.reason.word(), poison.said.as_str()), (reason, said));
    }

    #[test]
    fn an_id_from_content_is_the_same_for_the_same() {
        let id = |value: &Value| {
            id_from_content(&open(&record(&value.to_string(), &[])).expect("events")[0].statement)
        };
        assert_eq!(id(&json!({"n": 1})), id(&json!({"n": 1})));
        assert_ne!(id(&json!({"n": 1})), id(&json!({"n": 2})));
        assert_eq!(id(&json!({"n": 1})).get_version_num(), 5);
    }
}
