//! What people do in a calendar by themselves, as it is found there.

use std::collections::BTreeMap;
use std::fmt;

use super::kept::SeatAt;
use crate::ids::RegistrationId;

/// Somebody who booked over there by themselves, and of whom it is to be decided. Only ever in memory; printing it shows no address.
#[derive(Clone, PartialEq, Eq)]
pub struct Stranger {
    /// In which part, the first being 0.
    pub part: u16,
    /// The seat.
    pub at: SeatAt,
    /// Mail address, lower-case; nothing where the calendar knows none.
    pub mail: String,
}

impl fmt::Debug for Stranger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stranger").field("part", &self.part).field("at", &self.at).finish_non_exhaustive()
    }
}

/// Somebody of ours who is called absent over there, of which nobody has said anything here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Absence {
    /// Whose registration.
    pub registration: RegistrationId,
    /// In which part, the first being 0.
    pub part: u16,
}

/// Seats over there that their owners cannot have, and what each of them is told.
pub type Turned = BTreeMap<SeatAt, String>;
