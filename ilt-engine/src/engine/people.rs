//! Who is asking: people and their roles, read from the database and kept for a short while.
//!
//! The journal says when somebody changes, so that a role taken away is gone within the feed's pace on every host; the time
//! limit is for a feed that cannot read.
//!
//! One look at the database is under way at a time. Whoever comes meanwhile leaves a name and waits for a turn; the first
//! to get one looks everybody up who has left theirs.
//!
//! What is kept is found without waiting: a cache that tidies up by the clock in the middle of a wait would make a simulation differ from
//! itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ilt_core::catalog::Person;
use ilt_core::desk::Ask;
use ilt_core::ids::PersonId;
use ilt_core::ports::{Reads, StoreError};
use moka::sync::Cache;

/// People kept at most.
const MOST: u64 = 50_000;
/// How long somebody is kept.
const KEPT_FOR: Duration = Duration::from_secs(30);

/// People by id.
#[derive(Clone)]
pub struct People {
    reads: Arc<dyn Reads>,
    cache: Cache<PersonId, Arc<Person>>,
    wanted: Arc<Mutex<BTreeSet<PersonId>>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl People {
    pub(super) fn new(reads: Arc<dyn Reads>) -> Self {
        let cache = Cache::builder().max_capacity(MOST).time_to_live(KEPT_FOR).build();
        Self { reads, cache, wanted: Arc::default(), turn: Arc::default() }
    }

    /// The person with this id, if there is one.
    pub async fn get(&self, id: PersonId) -> Result<Option<Arc<Person>>, StoreError> {
        self.looked_for(id, |_| true).await
    }

    /// The person with this id, for an asker who `may` know of them, or not: whoever is hidden is looked up like whoever does not exist, so
    /// that the time does not tell them apart.
    pub async fn looked_for(
        &self,
        id: PersonId,
        may: impl Fn(&Person) -> bool,
    ) -> Result<Option<Arc<Person>>, StoreError> {
        if let Some(known) = self.cache.get(&id).filter(|known| may(known)) {
            return Ok(Some(known));
        }
        self.wanted().insert(id);
        let _turn = self.turn.lock().await;
        if let Some(known) = self.cache.get(&id).filter(|known| may(known)) {
            return Ok(Some(known));
        }
        // Whoever took this name from the list may have given up since.
        let mut named = std::mem::take(&mut *self.wanted());
        named.insert(id);
        Ok(self.look_up(named).await?.remove(&id))
    }

    /// These people, as far as they exist: those that are not kept are looked up together.
    pub async fn several(
        &self,
        ids: BTreeSet<PersonId>,
    ) -> Result<BTreeMap<PersonId, Arc<Person>>, StoreError> {
        let (mut found, mut named) = (BTreeMap::new(), BTreeSet::new());
        for id in ids {
            match self.cache.get(&id) {
                Some(known) => drop(found.insert(id, known)),
                None => drop(named.insert(id)),
            }
        }
        if named.is_empty() {
            return Ok(found);
        }
        found.extend(self.look_up(named).await?);
        Ok(found)
    }

    /// Looks people up together, and keeps them.
    async fn look_up(
        &self,
        named: BTreeSet<PersonId>,
    ) -> Result<BTreeMap<PersonId, Arc<Person>>, StoreError> {
        let mut found = BTreeMap::new();
        for (id, person) in self.reads.look(&Ask { named, ..Ask::default() }).await?.people {
            let person = Arc::new(person);
            self.cache.insert(id, person.clone());
            found.insert(id, person);
        }
        Ok(found)
    }

    fn wanted(&self) -> std::sync::MutexGuard<'_, BTreeSet<PersonId>> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets people who have changed.
    pub(super) fn forget(&self, ids: impl Iterator<Item = PersonId>) {
        for id in ids {
            self.cache.invalidate(&id);
        }
    }
}
