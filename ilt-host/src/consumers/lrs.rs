//! Forwards statements from Kafka to a learning record store.

use async_trait::async_trait;
use ilt_kafka::consume::{Handler, Poison, Reason, Record, Wait};
use ilt_lrs::{Dead, Forwarder};
use serde::Deserialize;
use uuid::Uuid;

use super::wait;

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
        let sent: Vec<_> = statements.iter().map(|(_, id, body)| (*id, *body)).collect();
        for refused in self.0.forward(&sent).await.map_err(wait)? {
            let places = statements.iter().filter(|(_, id, _)| *id == refused.id);
            dead.extend(places.map(|(place, ..)| (*place, poison(&refused))));
        }
        dead.sort_unstable_by_key(|(place, _)| *place);
        Ok(dead)
    }
}

fn poison(dead: &Dead) -> Poison {
    let reason = match dead.reason {
        "conflict" => Reason::Conflict,
        "too_large" => Reason::TooLarge,
        "server_error" => Reason::ServerError,
        _ => Reason::Invalid,
    };
    Poison { status: dead.status, ..Poison::new(reason, "the record store does not take the statement") }
}
