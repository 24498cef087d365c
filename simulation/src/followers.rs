//! Whoever follows the journal for good: what is told in statements, and what is counted of them.

use std::sync::Arc;

use ilt_core::ports::{Analytics, Journal, MonthlyQuery, Statements, TELLER};
use ilt_core::testing::{MemoryStore, ReadCommitted};
use ilt_engine::events::Names;
use ilt_engine::events::counting::counting;
use ilt_engine::followers::numbers::{NUMBERS, Numbers};
use ilt_engine::followers::teller::Teller;
use ilt_engine::followers::{Follower, TurnFailed};

use crate::check::{Broken, Promise};

/// Statements that are looked at in the end, at most.
const MOST: u32 = 10_000;

/// One host's followers. Clones are the same.
#[derive(Clone)]
pub struct Followers {
    teller: Arc<Teller>,
    numbers: Arc<Numbers>,
}

/// A teller whose schemas are compiled, for others to begin with.
///
/// # Errors
/// When a schema cannot be used.
pub fn teller(store: &ReadCommitted) -> anyhow::Result<Teller> {
    let store = Arc::new(store.clone());
    Ok(Teller::new(store.clone(), store.clone(), store, Names::default())?)
}

impl Followers {
    /// Those of a host.
    pub fn on(store: &ReadCommitted, teller: &Teller) -> Self {
        let store = Arc::new(store.clone());
        let teller = Arc::new(teller.at(store.clone(), store.clone(), store.clone()));
        let numbers = Numbers { journal: store.clone(), statements: store.clone(), analytics: store };
        Self { teller, numbers: Arc::new(numbers) }
    }

    /// Each takes a turn.
    ///
    /// # Errors
    /// Why one could not.
    pub async fn turn(&self) -> Result<(), TurnFailed> {
        self.teller.turn().await?;
        self.numbers.turn().await?;
        Ok(())
    }
}

/// Whether all that happened was told once, and all that was told is counted once. Everybody has done what they had to.
pub async fn broken(store: &ReadCommitted) -> Option<Broken> {
    let broken = |how: String| Some(Broken::new(Promise::Following, how));
    let (head, told_to) = (store.head().await.ok()?, store.checkpoint(TELLER).await.ok()?);
    if head != told_to {
        return broken(format!("the journal has {head} entries, and {told_to} of them are told of"));
    }
    let told = store.told_after(0, MOST).await.ok()?;
    let mut ids: Vec<_> = told.iter().map(|it| it.told.id).collect();
    ids.sort_unstable();
    if ids.windows(2).any(|pair| pair[0] == pair[1]) {
        return broken("a statement was told twice".to_owned());
    }
    let (last, counted_to) = (told.last().map_or(0, |it| it.number), store.checkpoint(NUMBERS).await.ok()?);
    if last != counted_to {
        return broken(format!("{last} statements were told, and {counted_to} are counted"));
    }
    let sound = told.iter().filter(|it| it.told.fault.is_none());
    let all: Vec<_> = sound.filter_map(|it| counting(it.told.verb, &it.told.body).ok().flatten()).collect();
    let anew = MemoryStore::new();
    anew.count(&all, None).await.ok()?;
    let query = MonthlyQuery { from: None, to: None, course: None, after: None, limit: 1_000 };
    let (kept, expected) = (store.monthly(&query).await.ok()?, anew.monthly(&query).await.ok()?);
    (kept != expected).then(|| Broken::new(Promise::Following, "statements were told that are not counted"))
}
