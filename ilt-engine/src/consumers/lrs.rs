//! Forwards statements from Kafka to a learning record store.

use std::borrow::Cow;
use std::collections::BTreeMap;

use async_trait::async_trait;
use ilt_kafka::consume::{Handler, Poison, Reason, Record, Wait};
use ilt_lrs::{Dead, Forwarder};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::envelope::id_from_content;
use super::wait;
use crate::followers::forward::send;

/// The name of the consumer.
pub const LRS: &str = "lrs";

/// Forwards statements from Kafka to a learning record store.
pub struct Forwarding(pub Forwarder);

/// What must be known of a statement to forward it.
#[derive(Deserialize)]
struct Statement {
    id: Uuid,
}

/// A statement and its id. One that has none is given one that follows from what it says: a record that comes twice would else
/// be stored twice.
fn with_id(body: &str) -> Option<(Uuid, Cow<'_, str>)> {
    if let Ok(Statement { id }) = serde_json::from_str(body) {
        return Some((id, Cow::Borrowed(body)));
    }
    let mut said = serde_json::from_str::<Value>(body).ok()?;
    let id = id_from_content(&said);
    let statement = said.as_object_mut().filter(|it| it.contains_key("verb") && !it.contains_key("id"))?;
    statement.insert("id".to_owned(), Value::String(id.to_string()));
    Some((id, Cow::Owned(said.to_string())))
}

#[async_trait]
impl Handler for Forwarding {
    async fn settle(&self, records: &[Record]) -> Result<Vec<(usize, Poison)>, Wait> {
        let (mut statements, mut dead) = (Vec::with_capacity(records.len()), Vec::new());
        for (place, record) in records.iter().enumerate() {
            match record.text().and_then(with_id) {
                Some((id, body)) => statements.push((place, id, body)),
                None => dead.push((place, Poison::new(Reason::Undecodable, "it is no statement"))),
            }
        }
        for part in without_rivals(&statements) {
            let sent: Vec<_> = part.iter().map(|(_, id, body)| (*id, &**body)).collect();
            for refused in send(&self.0, &sent).await.map_err(wait)? {
                let places = part.iter().filter(|(_, id, _)| *id == refused.id);
                dead.extend(places.map(|(place, ..)| (*place, poison(&refused))));
            }
        }
        dead.sort_unstable_by_key(|(place, _)| *place);
        Ok(dead)
    }
}

/// A record's place among others, and its statement.
type Placed<'a> = (usize, Uuid, Cow<'a, str>);

/// Parts in which each id stands for one statement: what was mended, or is somebody else's, is judged by itself.
fn without_rivals<'s, 'a>(all: &'s [Placed<'a>]) -> Vec<&'s [Placed<'a>]> {
    let (mut parts, mut from, mut seen) = (Vec::new(), 0, BTreeMap::new());
    for (at, (_, id, body)) in all.iter().enumerate() {
        if seen.insert(*id, body).is_some_and(|before| before != body) {
            parts.push(&all[from..at]);
            (from, seen) = (at, BTreeMap::from([(*id, body)]));
        }
    }
    parts.push(&all[from..]);
    parts
}

fn poison(dead: &Dead) -> Poison {
    let reason = match dead.reason {
        "conflict" => Reason::Conflict,
        "too_large" => Reason::TooLarge,
        "server_error" => Reason::ServerError,
        _ => Reason::Invalid,
    };
    let said = match dead.said.as_str() {
        "" => "the record store does not take the statement".to_owned(),
        said => format!("the record store does not take the statement: {said}"),
    };
    Poison { status: dead.status, ..Poison::new(reason, said) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stands_for_one_statement_in_each_part() {
        let [a, b] = [1, 2].map(Uuid::from_u128);
        let all = [(0, a, "x"), (1, b, "x"), (2, a, "x"), (3, a, "y"), (4, b, "x"), (5, a, "z")];
        let all = all.map(|(place, id, body)| (place, id, Cow::Borrowed(body)));
        let parts: Vec<_> = without_rivals(&all).into_iter().map(<[_]>::len).collect();
        assert_eq!(parts, [3, 2, 1]);
        assert_eq!(without_rivals(&[]).concat(), []);
    }

    #[test]
    fn a_statement_without_an_id_gets_the_same_one_whenever_it_comes() {
        let (id, body) =
            with_id(r#"{"verb": {"id": "x:y"}, "actor": {"name": "Ada"}}"#).expect("a statement");
        let (again, same) =
            with_id(r#"{"actor": {"name": "Ada"}, "verb": {"id": "x:y"}}"#).expect("a statement");
        assert_eq!((id, &body), (again, &same), "in whatever order");
        assert_eq!(with_id(&body), Some((id, Cow::Borrowed(&*body))), "from now on it has one");
        for none in ["", "[]", "{}", r#"{"verb": {}, "id": 7}"#, r#"{"verb": {}, "id": null}"#] {
            assert_eq!(with_id(none), None, "{none}");
        }
    }
}
