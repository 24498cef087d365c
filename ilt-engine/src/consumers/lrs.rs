//! Forwards statements from Kafka to a learning record store.

use std::collections::BTreeMap;

use async_trait::async_trait;
use ilt_kafka::consume::{Handler, Poison, Reason, Record, Wait};
use ilt_lrs::{Dead, Forwarder};
use serde::Deserialize;
use uuid::Uuid;

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

#[async_trait]
impl Handler for Forwarding {
    async fn settle(&self, records: &[Record]) -> Result<Vec<(usize, Poison)>, Wait> {
        let (mut statements, mut dead) = (Vec::with_capacity(records.len()), Vec::new());
        for (place, record) in records.iter().enumerate() {
            let body = record.text().unwrap_or_default();
            match serde_json::from_str::<Statement>(body) {
                Ok(statement) => statements.push((place, statement.id, body)),
                Err(_) => {
                    dead.push((place, Poison::new(Reason::Undecodable, "it is no statement with an id")));
                }
            }
        }
        for part in without_rivals(&statements) {
            let sent: Vec<_> = part.iter().map(|(_, id, body)| (*id, *body)).collect();
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
type Placed<'a> = (usize, Uuid, &'a str);

/// Parts in which each id stands for one statement: what was mended, or is somebody else's, is judged by itself.
fn without_rivals<'s, 'a>(all: &'s [Placed<'a>]) -> Vec<&'s [Placed<'a>]> {
    let (mut parts, mut from, mut seen) = (Vec::new(), 0, BTreeMap::new());
    for (at, (_, id, body)) in all.iter().enumerate() {
        if seen.insert(*id, *body).is_some_and(|before| before != *body) {
            parts.push(&all[from..at]);
            (from, seen) = (at, BTreeMap::from([(*id, *body)]));
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
        let parts: Vec<_> = without_rivals(&all).into_iter().map(<[_]>::len).collect();
        assert_eq!(parts, [3, 2, 1]);
        assert_eq!(without_rivals(&[]).concat(), []);
    }
}
