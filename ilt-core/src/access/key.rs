//! Keys with which other systems ask in somebody's name.
//!
//! # Not here
//! What a key may be used for is said by its scopes; what its owner may do is looked at as for anybody, each time.

use jiff::{SignedDuration, Timestamp};

use crate::ids::{KeyId, PersonId};

/// Days that a key is good for, when nothing is said.
pub const KEY_DAYS: u16 = 90;
/// Days that a key is good for at most.
pub const MOST_KEY_DAYS: u16 = 365;
/// Keys of one owner that are good at once, at most.
pub const MOST_KEYS: usize = 20;

/// A key, without that which opens anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: KeyId,
    /// In whose name it asks.
    pub owner: PersonId,
    /// What it is for, as whoever made it said.
    pub name: String,
    /// What it may ask for: `sessions` for all of a group of operations, `sessions:read` for what changes nothing.
    pub scopes: Vec<String>,
    /// Who made it.
    pub made_by: PersonId,
    /// When.
    pub made_at: Timestamp,
    /// The first instant at which it opens nothing.
    pub ends_at: Timestamp,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
}

impl ApiKey {
    /// Whether it may ask for something of this group, which changes something or does not.
    pub fn is_for(&self, group: &str, changes: bool) -> bool {
        let is_it = |scope: &String| match scope.split_once(':') {
            Some((of, "read")) => of == group && !changes,
            Some(_) => false,
            None => scope == group,
        };
        self.scopes.iter().any(is_it)
    }
}

/// When a key ends that is made now, for so many days.
pub fn key_ends(now: Timestamp, days: u16) -> Timestamp {
    let lasts = SignedDuration::from_hours(i64::from(days.min(MOST_KEY_DAYS)) * 24);
    now.saturating_add(lasts).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_for_what_its_scopes_say_and_nothing_else() {
        let key = |scopes: &[&str]| ApiKey {
            id: KeyId(uuid::Uuid::nil()),
            owner: PersonId(uuid::Uuid::nil()),
            name: String::new(),
            scopes: scopes.iter().map(|it| (*it).to_owned()).collect(),
            made_by: PersonId(uuid::Uuid::nil()),
            made_at: Timestamp::UNIX_EPOCH,
            ends_at: Timestamp::MAX,
            used_at: None,
        };
        for (scopes, group, changes, expected) in [
            (&["sessions"][..], "sessions", true, true),
            (&["sessions"], "sessions", false, true),
            (&["sessions:read"], "sessions", false, true),
            (&["sessions:read"], "sessions", true, false),
            (&["sessions"], "registrations", false, false),
            (&["sessions:write"], "sessions", true, false),
            (&["people:read", "sessions"], "sessions", true, true),
            (&[], "sessions", false, false),
        ] {
            assert_eq!(key(scopes).is_for(group, changes), expected, "{scopes:?} {group} {changes}");
        }
    }
}
