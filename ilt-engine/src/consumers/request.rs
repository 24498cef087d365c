//! What makes a record that comes again the same request.

use ilt_core::desk::Key;
use ilt_core::ids::PersonId;
use ilt_kafka::REDRIVEN_FOR;
use ilt_kafka::consume::{Poison, Reason, Record};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::check_in::hex;

/// Whose requests these are, for the answers that are remembered. It is nobody.
const OTHERS: PersonId = PersonId(Uuid::nil());

/// The key under which the answer to a record is remembered, and the digest of what it says. A record is the same request when
/// it has the id of one of the same system, and was not put back for this group since: what another group had buried, this one
/// has done.
///
/// # Errors
/// A [`Poison`] for an id that no store can keep as a key.
pub fn key(record: &Record, statement: &Value, group: &str) -> Result<(Key, String), Poison> {
    let told = record.header("ce_id").map(|id| ("ce_id", id));
    let id = match told.or_else(|| Some(("/id", statement["id"].as_str()?))) {
        Some((_, id)) if Key::is_plain(id) => id.to_owned(),
        Some((place, _)) => {
            let said = format!("{place} must be 1 to {} visible characters", Key::LONGEST);
            return Err(Poison::new(Reason::Invalid, said));
        }
        None => format!("{}/{}/{}", record.topic, record.partition, record.offset),
    };
    let key = format!("kafka/{}/{id}/{}", system(record), times_put_back(record, group));
    let digest = Sha256::digest(record.value.as_deref().unwrap_or_default());
    Ok((Key { person: OTHERS, key }, hex(&digest)))
}

/// Whose id it is: ids are unique for each source only. A digest, since a source may be of any length.
fn system(record: &Record) -> String {
    record.header("ce_source").map_or_else(String::new, |source| hex(&Sha256::digest(source)))
}

/// How often it was put back after this group had buried it.
fn times_put_back(record: &Record, group: &str) -> usize {
    let is_ours = |(name, value): &&(String, Option<Vec<u8>>)| {
        name == REDRIVEN_FOR && value.as_deref() == Some(group.as_bytes())
    };
    record.headers.iter().filter(is_ours).count()
}

/// What the record belongs to, as whoever sent it says; else an id that follows from its key, the same whenever it comes.
pub fn correlation(record: &Record, key: &Key) -> Uuid {
    let said = record.header("ce_correlationid").and_then(|id| id.parse().ok());
    said.unwrap_or_else(|| Uuid::new_v5(&Uuid::NAMESPACE_URL, key.key.as_bytes()))
}
