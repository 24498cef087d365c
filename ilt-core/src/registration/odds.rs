//! How likely a place in the queue is to become a seat, judged by how many were placed before.

use serde::{Deserialize, Serialize};

/// Fewer sessions than this tell nothing.
const LEAST: usize = 5;

/// What past sessions of the same course say about a place in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Odds {
    /// Past sessions of the course behind which people waited.
    pub sessions: u32,
    /// Those of them in which as many people were placed as would be needed now.
    pub placed_in: u32,
    /// From 0 to 1. Never either: the next session may be the first of its kind (Laplace's rule of succession).
    pub likely: f64,
}

/// The odds of the one at `position`, counted from 1, when in past sessions so many people were `placed` from the queue.
/// Nothing while there are too few sessions to say anything.
pub fn odds(position: u32, placed: &[u32]) -> Option<Odds> {
    if placed.len() < LEAST {
        return None;
    }
    let placed_in = placed.iter().filter(|count| **count >= position).count();
    #[expect(clippy::cast_precision_loss, reason = "a few hundred sessions")]
    let likely = (placed_in + 1) as f64 / (placed.len() + 2) as f64;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Some(Odds { sessions: count(placed.len()), placed_in: count(placed_in), likely })
}
