//! Seat blocks: seats set aside for a dealer until a release date.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{DealerId, RegistrationId};

/// Seats set aside for a dealer. The dealer's people take them without asking for them; one that is given back is set aside
/// again, until the release date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// For whom.
    pub dealer: DealerId,
    /// Seats that are set aside, taken ones included.
    pub seats: u32,
    /// Seats of these that the dealer's people have taken.
    pub used: u32,
    /// Whose registrations took them: a seat comes back to the block it was taken from, wherever its learner works by then. What
    /// was taken before this was kept is counted alone.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub users: BTreeSet<RegistrationId>,
    /// By when the dealer is to say who comes; it is reminded then. Nothing once it was.
    pub name_by: Option<Timestamp>,
    /// When what is left is open to everybody.
    pub release_at: Timestamp,
}

impl Block {
    /// Seats that nobody has taken yet.
    pub fn free(&self) -> u32 {
        self.seats.saturating_sub(self.used)
    }

    /// Whether seats were taken of which it is not known by whom: before that was kept.
    pub(crate) fn has_unknown_users(&self) -> bool {
        self.used as usize > self.users.len()
    }
}
