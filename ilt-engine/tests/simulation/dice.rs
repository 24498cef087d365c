//! Chance from a seed, shared by everything in one history.

use std::sync::{Arc, Mutex, PoisonError};

#[derive(Clone)]
pub struct Dice(Arc<Mutex<fastrand::Rng>>);

impl Dice {
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(fastrand::Rng::with_seed(seed))))
    }

    /// A number from 0 to `end`, without `end`.
    pub fn below(&self, end: u32) -> u32 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).u32(0..end.max(1))
    }

    /// True one time in `times`.
    pub fn one_in(&self, times: u32) -> bool {
        self.below(times) == 0
    }

    /// One of `items`.
    pub fn pick<T: Copy>(&self, items: &[T]) -> T {
        items[self.below(u32::try_from(items.len()).expect("few items")) as usize]
    }
}
