//! The in-memory store: numbers, counted anew whenever somebody asks.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::ports::{Analytics, Counting, Measure, Monthly, MonthlyQuery, StoreError};
use crate::testing::MemoryStore;

#[async_trait]
impl Analytics for MemoryStore {
    async fn count(
        &self,
        statements: &[Counting],
        checkpoint: Option<(&str, u64)>,
    ) -> Result<(), StoreError> {
        let mut kept = self.kept();
        for one in statements {
            if let Counting::Counts { statement, course, month, measure } = one {
                kept.counted.entry(*statement).or_insert(Some((*month, *course, *measure)));
            }
        }
        for one in statements {
            if let Counting::TakesBack { statement } = one {
                kept.counted.insert(*statement, None);
            }
        }
        if let Some((follower, number)) = checkpoint {
            let known = kept.checkpoints.entry(follower.to_owned()).or_default();
            *known = number.max(*known);
        }
        Ok(())
    }

    async fn monthly(&self, query: &MonthlyQuery) -> Result<Vec<Monthly>, StoreError> {
        let mut lines = BTreeMap::new();
        for (month, course, measure) in self.kept().counted.values().flatten() {
            let is_asked = query.from.is_none_or(|from| *month >= from)
                && query.to.is_none_or(|to| *month <= to)
                && query.course.is_none_or(|asked| asked == *course)
                && query.after.is_none_or(|after| (*month, *course) > after);
            if is_asked {
                let counts: &mut [u64; Measure::ALL.len()] = lines.entry((*month, *course)).or_default();
                counts[*measure as usize] += 1;
            }
        }
        let lines = lines.into_iter().take(query.limit as usize);
        Ok(lines.map(|((month, course), counts)| Monthly { month, course, counts }).collect())
    }
}
