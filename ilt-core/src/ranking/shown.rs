//! An alternative as it was shown to one learner.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{AlternativeId, PersonId, RegistrationId, SessionId};
use crate::opinion::Adjustment;

/// The three parts of a score, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Parts {
    /// How near it is.
    pub proximity: f64,
    /// How soon it is, and how sure a seat.
    pub availability: f64,
    /// How well it stands in for what was wanted.
    pub relevance: f64,
}

/// How much each part counts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// Of proximity.
    pub proximity: f64,
    /// Of availability.
    pub availability: f64,
    /// Of relevance.
    pub relevance: f64,
}

impl Default for Weights {
    /// PRODUCT.md, "Alternatives".
    fn default() -> Self {
        Self { proximity: 0.40, availability: 0.35, relevance: 0.25 }
    }
}

/// An alternative as it was shown to one learner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// Its id: what the learner takes.
    pub id: AlternativeId,
    /// To whom it was shown.
    pub learner: PersonId,
    /// The session that was wanted.
    pub wanted: SessionId,
    /// The session that was shown instead.
    pub session: SessionId,
    /// Its place among those shown together, from 1.
    pub rank: u32,
    /// Weighted sum of the parts, moved by the adjustments; from 0 to 1.
    pub score: f64,
    /// The parts.
    pub parts: Parts,
    /// What the dealer's own rules changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adjustments: Vec<Adjustment>,
    /// The weights they were summed with.
    pub weights: Weights,
    /// Kilometres from the learner, when it is known where they are.
    pub distance_km: Option<f64>,
    /// Days after the session that was wanted; before it when negative.
    pub days_later: i32,
    /// Open seats when it was shown; with none, taking it is joining its queue.
    pub seats_open: u32,
    /// One sentence of reason.
    pub reason: String,
    /// What would have to change for another order, as a sentence.
    pub would_change: Option<String>,
    /// When it was shown.
    pub shown_at: Timestamp,
    /// Until when it can be taken.
    pub expires_at: Timestamp,
    /// The registration it led to.
    pub taken: Option<RegistrationId>,
}
