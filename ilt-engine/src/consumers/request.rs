//! What makes a record that comes again the same request.

use ilt_core::desk::Key;
use ilt_core::ids::PersonId;
use ilt_kafka::REDRIVEN_FOR;
use ilt_kafka::consume::{Poison, Reason, Record};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::envelope::{Event, id_from_content};
use crate::check_in::hex;

/// Whose requests these are, for the answers that are remembered. It is nobody.
const OTHERS: PersonId = PersonId(Uuid::nil());

/// The keys under which the answer to an event may be remembered, and the digest of what it says. An event is the same request when
/// it has the id of one of the same system, or says the same without one. Each time that it was put back for this group it has one
/// key more: what was refused under one is asked under the next, and what was done stays as it is, such as the rest of a list; what
/// another group had buried, this one has done.
///
/// # Errors
/// A [`Poison`] for an id that no store can keep as a key.
pub fn keys(record: &Record, event: &Event, group: &str) -> Result<Vec<(Key, String)>, Poison> {
    let told = event.id.as_deref().map(|id| ("ce_id", id));
    let (id, digest) = match told.or_else(|| Some(("/id", event.statement["id"].as_str()?))) {
        Some((_, id)) if Key::is_plain(id) => (id.to_owned(), event.digest.clone()),
        Some((place, _)) => {
            let said = format!("{place} must be 1 to {} visible characters", Key::LONGEST);
            return Err(Poison::new(Reason::Invalid, said));
        }
        // This id says it all, whatever the bytes.
        None => {
            let id = id_from_content(&event.statement).to_string();
            (id.clone(), id)
        }
    };
    let key = |time| Key { person: OTHERS, key: format!("kafka/{}/{id}/{time}", system(event)) };
    Ok((0..=times_put_back(record, group)).map(|time| (key(time), digest.clone())).collect())
}

/// Whose id it is: ids are unique for each source only. A digest, since a source may be of any length.
fn system(event: &Event) -> String {
    event.source.as_ref().map_or_else(String::new, |source| hex(&Sha256::digest(source)))
}

/// How often it was put back after this group had buried it.
fn times_put_back(record: &Record, group: &str) -> usize {
    let is_ours = |(name, value): &&(String, Option<Vec<u8>>)| {
        name == REDRIVEN_FOR && value.as_deref() == Some(group.as_bytes())
    };
    record.headers.iter().filter(is_ours).count()
}

/// What the event belongs to, as whoever sent it says; else an id that follows from its key, the same whenever it comes.
pub fn correlation(event: &Event, key: &Key) -> Uuid {
    let said = event.correlation.as_ref().and_then(|id| id.parse().ok());
    said.unwrap_or_else(|| Uuid::new_v5(&Uuid::NAMESPACE_URL, key.key.as_bytes()))
}
