//! Idempotency keys.

use crate::ids::PersonId;

/// What makes a repeated request the same request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Whose key it is.
    pub person: PersonId,
    /// The key, as the client chose it.
    pub key: String,
}

impl Key {
    /// Characters that a client may choose at most.
    pub const LONGEST: usize = 200;

    /// Whether a client may choose this: visible characters, not none and not too many.
    pub fn is_plain(chosen: &str) -> bool {
        (1..=Self::LONGEST).contains(&chosen.len()) && chosen.chars().all(|it| it.is_ascii_graphic())
    }
}
