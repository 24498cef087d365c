//! Another place where people complete courses.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::ports::{Doubt, Elsewhere, Evidence};

/// An academy that says what it is told to say, and remembers what it was asked. Clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Academy(Arc<Mutex<(Elsewhere, Vec<BTreeSet<Doubt>>)>>);

impl Academy {
    /// From now on it says this, whatever it is asked.
    pub fn says(&self, elsewhere: Elsewhere) {
        self.inside().0 = elsewhere;
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<BTreeSet<Doubt>> {
        self.inside().1.clone()
    }

    fn inside(&self) -> MutexGuard<'_, (Elsewhere, Vec<BTreeSet<Doubt>>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Evidence for Academy {
    async fn about(&self, doubts: &BTreeSet<Doubt>) -> Elsewhere {
        let mut inside = self.inside();
        inside.1.push(doubts.clone());
        inside.0.clone()
    }
}
