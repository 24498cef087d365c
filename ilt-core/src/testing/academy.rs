//! Another place where people complete courses.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::ports::{Doubt, Elsewhere, Evidence};

/// An academy that says what it is told to say, and remembers what it was asked. Clones are the same one.
#[derive(Clone, Default)]
pub struct Academy(Arc<Mutex<Inside>>);

#[derive(Default)]
struct Inside {
    says: Elsewhere,
    asked: Vec<BTreeSet<Doubt>>,
    meanwhile: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Academy {
    /// From now on it says this, whatever it is asked.
    pub fn says(&self, elsewhere: Elsewhere) {
        self.inside().says = elsewhere;
    }

    /// This happens while it is asked the next time.
    pub fn meanwhile(&self, happens: impl Future<Output = ()> + Send + 'static) {
        self.inside().meanwhile = Some(Box::pin(happens));
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<BTreeSet<Doubt>> {
        self.inside().asked.clone()
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Evidence for Academy {
    async fn about(&self, doubts: &BTreeSet<Doubt>) -> Elsewhere {
        self.inside().asked.push(doubts.clone());
        let meanwhile = self.inside().meanwhile.take();
        if let Some(happens) = meanwhile {
            happens.await;
        }
        self.inside().says.clone()
    }
}
