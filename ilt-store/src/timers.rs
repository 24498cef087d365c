//! The timers' port: claiming what is due.

use async_trait::async_trait;
use ilt_core::desk::{Timer, TimerKind};
use ilt_core::ports::{StoreError, Timers};
use jiff::Timestamp;

use crate::connect::SqlStore;
use crate::error::corrupt;
use crate::seam::{Param, Row, record};

#[async_trait]
impl Timers for SqlStore {
    async fn claim(
        &self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Timer>, StoreError> {
        // Most of the time nothing is due, and a look at the end of an index is cheaper than a writer's lock.
        if self.next_due().await?.is_none_or(|due| due > now) {
            return Ok(Vec::new());
        }
        let text = "UPDATE timer SET free_at = $2
                     WHERE (kind, subject_id) IN (
                           SELECT kind, subject_id FROM timer
                            WHERE free_at <= $1
                            ORDER BY free_at, kind, subject_id LIMIT $3 {skip})
                 RETURNING kind, subject_id, due";
        let mut tx = self.pool.write().await?;
        let params = vec![Param::Instant(now), Param::Instant(leased_until), Param::Int(limit.into())];
        let mut claimed = tx.rows(text, params).await?.iter().map(timer).collect::<Result<Vec<_>, _>>()?;
        tx.commit().await?;
        claimed.sort_by_key(|timer| (timer.due, timer.kind, timer.subject));
        Ok(claimed)
    }

    async fn renew(
        &self,
        claimed: &[Timer],
        leased_until: Timestamp,
        longer: Timestamp,
    ) -> Result<(), StoreError> {
        let record = |it: &Timer| record! { kind: it.kind.word(), subject_id: it.subject, due: it.due };
        let text = "UPDATE timer SET free_at = $3
                      FROM {rows $1 r: kind text, subject_id uuid, due instant}
                     WHERE timer.kind = r.kind AND timer.subject_id = r.subject_id AND timer.due = r.due
                       AND timer.free_at = $2";
        let records = Param::Records(claimed.iter().map(record).collect());
        let mut tx = self.pool.write().await?;
        tx.run(text, vec![records, Param::Instant(leased_until), Param::Instant(longer)]).await?;
        tx.commit().await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let text = "SELECT min(free_at) AS due FROM timer";
        let rows = self.pool.rows(text, Vec::new()).await?;
        rows.first().map_or(Ok(None), |row| row.maybe_instant("due"))
    }
}

fn timer(row: &Row) -> Result<Timer, StoreError> {
    let word = row.text("kind")?;
    let kind = TimerKind::from_word(&word).ok_or_else(|| corrupt(format!("timer kind {word}")))?;
    Ok(Timer { kind, subject: row.id("subject_id")?, due: row.instant("due")? })
}
