//! Seat blocks: seats set aside for a dealer until a release date.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::DealerId;

/// Seats set aside for a dealer. The dealer's people take them without asking for them; one that is given back is set aside
/// again, until the release date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// For whom.
    pub dealer: DealerId,
    /// Seats that are set aside, taken ones included.
    pub seats: u32,
    /// Seats of these that the dealer's people have taken.
    pub used: u32,
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
}
