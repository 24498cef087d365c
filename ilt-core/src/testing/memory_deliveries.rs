//! The in-memory store: what calendars told, as it came.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::ids::SessionId;
use crate::ports::{About, Deliveries, Delivery, NumberedLetter, StoreError, Taken};
use crate::testing::MemoryStore;
use crate::testing::memory::Kept;

/// What is kept of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Letters {
    all: Vec<NumberedLetter>,
    last: u64,
}

fn concerned(kept: &Kept, about: &About) -> BTreeSet<SessionId> {
    let named = about.session.filter(|it| kept.world.sessions.get(it).is_some());
    kept.mirrors.known_by(about).chain(named).collect()
}

#[async_trait]
impl Deliveries for MemoryStore {
    async fn take_deliveries(&self, deliveries: &[Delivery], now: Timestamp) -> Result<Taken, StoreError> {
        let mut kept = self.kept();
        let (mut taken, mut due) = (Taken::default(), BTreeSet::new());
        for Delivery { letter, about } in deliveries {
            let is_it = |it: &NumberedLetter| {
                (&it.letter.instance, &it.letter.digest) == (&letter.instance, &letter.digest)
            };
            if kept.letters.all.iter().any(is_it) {
                taken.doubled += 1;
                continue;
            }
            kept.letters.last += 1;
            let number = kept.letters.last;
            kept.letters.all.push(NumberedLetter { number, letter: letter.clone() });
            taken.kept += 1;
            due.extend(concerned(&kept, about));
        }
        taken.due = kept.mirrors.want(&due, now);
        Ok(taken)
    }

    async fn letters_after(&self, number: u64, limit: u32) -> Result<Vec<NumberedLetter>, StoreError> {
        let kept = self.kept();
        let after = kept.letters.all.iter().filter(|it| it.number > number);
        Ok(after.take(limit as usize).cloned().collect())
    }

    async fn last_letter(&self) -> Result<u64, StoreError> {
        Ok(self.kept().letters.last)
    }

    async fn forget_letters(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let mut kept = self.kept();
        let letters = &mut kept.letters.all;
        let count = letters.len();
        let mut left = limit;
        letters.retain(|it| {
            let is_old = it.letter.received_at < before && left > 0;
            left -= u32::from(is_old);
            !is_old
        });
        Ok((count - letters.len()) as u64)
    }
}
