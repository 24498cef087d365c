//! Statements that wait to be sent.

use anyhow::ensure;
use ilt_core::ports::{Clock as _, Ids as _, Journal as _, Statements as _, TELLER};
use ilt_core::statement::{Told, Topic, Verb};
use ilt_engine::system::{SystemClock, SystemIds};
use ilt_store::SqlStore;
use uuid::Uuid;

/// Sessions that the statements are of.
const SESSIONS: u128 = 1_000;
/// Statements kept at once.
const AT_ONCE: u64 = 5_000;

/// The payload with an id of its own.
pub fn with_id(body: &str, id: Uuid) -> String {
    body.replacen("ID", &id.to_string(), 1)
}

/// Keeps so many more statements, each with an id of its own in the payload.
pub async fn fill(store: &SqlStore, count: u64, body: &str) -> anyhow::Result<()> {
    let at = SystemClock.now();
    let mut from = store.checkpoint(TELLER).await?;
    let last = from + count;
    while from < last {
        let to = (from + AT_ONCE).min(last);
        let told = (from + 1..=to).map(|number| {
            let id = SystemIds.next();
            Told {
                id,
                sequence: number,
                topic: Topic::Registration,
                verb: Verb::Registered,
                key: Uuid::from_u128(u128::from(number) % SESSIONS),
                subject: None,
                at,
                correlation: id,
                causation: id,
                body: with_id(body, id),
                fault: None,
            }
        });
        ensure!(store.keep_told(from, to, &told.collect::<Vec<_>>()).await?, "somebody else tells");
        from = to;
    }
    Ok(())
}
