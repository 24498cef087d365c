//! The in-memory store: statements, leases and dead letters.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use crate::ports::{DeadLetter, DeadLetters, Leases, Numbered, Statements, StoreError, TELLER};
use crate::statement::{Told, Verb};
use crate::testing::MemoryStore;
use crate::testing::memory::Kept;

impl Kept {
    fn numbered(&self) -> impl Iterator<Item = Numbered> {
        let numbered = (1..).zip(&self.told);
        numbered.filter_map(|(number, told)| Some(Numbered { number, told: told.clone()? }))
    }
}

#[async_trait]
impl Statements for MemoryStore {
    async fn last_told(&self, subjects: &[String]) -> Result<BTreeMap<String, Uuid>, StoreError> {
        let kept = self.kept();
        let last = |subject: &String| {
            let last = kept.told.iter().rev().flatten().find(|it| it.subject.as_ref() == Some(subject))?;
            (last.verb != Verb::Voided).then(|| (subject.clone(), last.id))
        };
        Ok(subjects.iter().filter_map(last).collect())
    }

    async fn keep_told(&self, from: u64, to: u64, told: &[Told]) -> Result<bool, StoreError> {
        let mut kept = self.kept();
        let checkpoint = kept.checkpoints.entry(TELLER.to_owned()).or_default();
        if *checkpoint != from {
            return Ok(false);
        }
        *checkpoint = to;
        kept.told.extend(told.iter().cloned().map(Some));
        Ok(true)
    }

    async fn told_after(&self, after: u64, limit: u32) -> Result<Vec<Numbered>, StoreError> {
        Ok(self.kept().numbered().filter(|it| it.number > after).take(limit as usize).collect())
    }

    async fn told(&self, ids: &[Uuid]) -> Result<Vec<Numbered>, StoreError> {
        Ok(self.kept().numbered().filter(|it| ids.contains(&it.told.id)).collect())
    }

    async fn faulty(&self, limit: u32) -> Result<Vec<Numbered>, StoreError> {
        Ok(self.kept().numbered().filter(|it| it.told.fault.is_some()).take(limit as usize).collect())
    }

    async fn mend(&self, told: &[Told]) -> Result<(), StoreError> {
        let mut kept = self.kept();
        for one in told {
            let is_meant = |it: &Told| it.id == one.id && it.fault.is_some();
            if let Some(faulty) = kept.told.iter_mut().find(|it| it.as_ref().is_some_and(is_meant)) {
                *faulty = None;
                kept.told.push(Some(one.clone()));
            }
        }
        drop(kept);
        Ok(())
    }

    async fn last_number(&self) -> Result<u64, StoreError> {
        Ok(self.kept().told.len() as u64)
    }
}

#[async_trait]
impl Leases for MemoryStore {
    async fn hold(
        &self,
        name: &str,
        holder: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut kept = self.kept();
        let is_anothers = kept.leases.get(name).is_some_and(|(by, end)| *by != holder && now < *end);
        if !is_anothers {
            kept.leases.insert(name.to_owned(), (holder, until));
        }
        Ok(!is_anothers)
    }

    async fn let_go(&self, name: &str, holder: Uuid) -> Result<(), StoreError> {
        self.kept().leases.retain(|known, (by, _)| known != name || *by != holder);
        Ok(())
    }
}

#[async_trait]
impl DeadLetters for MemoryStore {
    async fn bury(&self, follower: &str, letters: &[DeadLetter], number: u64) -> Result<(), StoreError> {
        let mut kept = self.kept();
        kept.dead.extend(letters.iter().map(|it| ((follower.to_owned(), it.statement), it.clone())));
        let known = kept.checkpoints.entry(follower.to_owned()).or_default();
        *known = number.max(*known);
        Ok(())
    }

    async fn exhume(&self, follower: &str, statements: &[Uuid]) -> Result<(), StoreError> {
        self.kept().dead.retain(|(its, id), _| its != follower || !statements.contains(id));
        Ok(())
    }

    async fn dead(&self, follower: &str, limit: u32) -> Result<Vec<DeadLetter>, StoreError> {
        let kept = self.kept();
        let mut dead: Vec<_> =
            kept.dead.iter().filter(|((by, _), _)| by == follower).map(|(_, it)| it.clone()).collect();
        dead.sort_by_key(|it| (it.at, it.statement));
        dead.truncate(limit as usize);
        Ok(dead)
    }
}
