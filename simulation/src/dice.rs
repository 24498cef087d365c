//! Chance from a seed.

use std::sync::{Arc, Mutex, PoisonError};

/// Dice that everything in one history shares.
#[derive(Clone)]
pub struct Dice(Arc<Mutex<fastrand::Rng>>);

impl Dice {
    /// Dice that fall as the seed says.
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(fastrand::Rng::with_seed(seed))))
    }

    /// A number below `end`.
    pub fn below(&self, end: u32) -> u32 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).u32(0..end.max(1))
    }
}
