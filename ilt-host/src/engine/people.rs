//! Who is asking: people and their roles, read from the database and kept for a short while.
//!
//! The journal says when somebody changes, so that a role taken away is gone within the feed's pace on every host; the time
//! limit is for a feed that cannot read.

use std::sync::Arc;
use std::time::Duration;

use ilt_core::catalog::Person;
use ilt_core::desk::Ask;
use ilt_core::ids::PersonId;
use ilt_core::ports::{Reads, StoreError};
use moka::future::Cache;

/// People kept at most.
const MOST: u64 = 50_000;
/// How long somebody is kept.
const KEPT_FOR: Duration = Duration::from_secs(30);

/// People by id.
#[derive(Clone)]
pub struct People {
    reads: Arc<dyn Reads>,
    cache: Cache<PersonId, Arc<Person>>,
}

impl People {
    pub(super) fn new(reads: Arc<dyn Reads>) -> Self {
        Self { reads, cache: Cache::builder().max_capacity(MOST).time_to_live(KEPT_FOR).build() }
    }

    /// The person with this id, if there is one.
    pub async fn get(&self, id: PersonId) -> Result<Option<Arc<Person>>, StoreError> {
        if let Some(known) = self.cache.get(&id).await {
            return Ok(Some(known));
        }
        let ask = Ask { named: [id].into(), ..Ask::default() };
        let Some(person) = self.reads.look(&ask).await?.people.remove(&id) else { return Ok(None) };
        let person = Arc::new(person);
        self.cache.insert(id, person.clone()).await;
        Ok(Some(person))
    }

    /// Forgets people who have changed.
    pub(super) async fn forget(&self, ids: impl Iterator<Item = PersonId>) {
        for id in ids {
            self.cache.invalidate(&id).await;
        }
    }
}
