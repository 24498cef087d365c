//! The seat ledger: five numbers that add up to the capacity, and the people behind and beyond them.

use serde::{Deserialize, Serialize};

/// What a registration claims of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Claim {
    /// A seat.
    Confirmed,
    /// A seat that waits for an approval.
    Held,
    /// A seat that is kept until an offer expires.
    Offered,
    /// A place in the queue, no seat.
    Waitlisted,
    /// A seat that there is not: an admin let somebody in beyond the capacity.
    Beyond,
}

/// Lowering the capacity below what is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{taken} seats are taken, so the capacity cannot be {asked}")]
pub struct BelowTaken {
    /// The capacity that was asked for.
    pub asked: u32,
    /// Seats that are confirmed, held, offered or reserved.
    pub taken: u32,
}

/// One session's seats. Every page, answer, event and export shows these numbers.
///
/// `capacity = confirmed + held + offered + reserved + open`; `open` is derived, so that it cannot disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Seats {
    /// Seats there are.
    pub capacity: u32,
    /// Seats that somebody has.
    pub confirmed: u32,
    /// Seats that wait for an approval.
    pub held: u32,
    /// Seats kept for somebody who was offered one.
    pub offered: u32,
    /// Seats set aside for a dealer.
    pub reserved: u32,
    /// People in the queue.
    pub waitlisted: u32,
    /// People let in beyond the capacity by an admin, counted apart.
    pub over_capacity: u32,
}

impl Seats {
    /// The seats of a session that nobody has registered for.
    pub fn empty(capacity: u32) -> Self {
        Self { capacity, ..Self::default() }
    }

    /// Seats that are spoken for.
    pub fn taken(&self) -> u32 {
        self.confirmed + self.held + self.offered + self.reserved
    }

    /// Seats that anybody may take. None while people sit beyond the capacity: they are the first to be worked off.
    pub fn open(&self) -> u32 {
        self.capacity.saturating_sub(self.taken())
    }

    /// Moves one person's claim from one column to another; `None` is outside the session. Nothing when nobody has such a claim.
    ///
    /// Seats that leave a session with people beyond its capacity take one of those in, before any becomes open.
    #[must_use]
    pub fn shift(mut self, from: Option<Claim>, to: Option<Claim>) -> Option<Self> {
        if from == to {
            return Some(self);
        }
        // Nobody sits on a particular seat: whoever leaves is the first to make room for those beyond the capacity.
        let from = match from {
            Some(Claim::Confirmed) if self.over_capacity > 0 => Some(Claim::Beyond),
            from => from,
        };
        if let Some(claim) = from {
            *self.column(claim) = self.column(claim).checked_sub(1)?;
        }
        if let Some(claim) = to {
            *self.column(claim) = self.column(claim).checked_add(1)?;
        }
        Some(self.take_in())
    }

    /// Gives open seats to those who sit beyond the capacity.
    #[must_use]
    pub(crate) fn take_in(mut self) -> Self {
        let taken_in = self.over_capacity.min(self.open());
        self.over_capacity -= taken_in;
        self.confirmed += taken_in;
        self
    }

    /// The same seats with so many set aside.
    #[must_use]
    pub fn with_reserved(self, reserved: u32) -> Self {
        Self { reserved, ..self }
    }

    /// The same seats with another capacity.
    ///
    /// # Errors
    /// [`BelowTaken`] when more seats are taken than would be left.
    pub fn with_capacity(self, capacity: u32) -> Result<Self, BelowTaken> {
        if capacity < self.taken() {
            return Err(BelowTaken { asked: capacity, taken: self.taken() });
        }
        Ok(Self { capacity, ..self }.take_in())
    }

    fn column(&mut self, claim: Claim) -> &mut u32 {
        match claim {
            Claim::Confirmed => &mut self.confirmed,
            Claim::Held => &mut self.held,
            Claim::Offered => &mut self.offered,
            Claim::Waitlisted => &mut self.waitlisted,
            Claim::Beyond => &mut self.over_capacity,
        }
    }
}
