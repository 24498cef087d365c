//! The journal's port: following what was committed, and looking things up in it.

use async_trait::async_trait;
use ilt_core::ids::RegistrationId;
use ilt_core::journal::Entry;
use ilt_core::ports::{EntryQuery, Journal, StoreError};
use jiff::Timestamp;

use crate::connect::SqlStore;
use crate::rows;
use crate::seam::{Param, Pool, Tx};

/// What is asked for, latest first, along the index that leads to the fewest.
macro_rules! page {
    ($along:expr) => {
        concat!(
            "SELECT * FROM journal WHERE ",
            $along,
            " AND ($1 = '' OR actor = $1)
              AND ($2 IS NULL OR learner_id = $2)
              AND ($3 IS NULL OR session_id = $3)
              AND ($4 IS NULL OR registration_id = $4)
              AND ($5 IS NULL OR correlation = $5)
              AND ($6 = '' OR kind = $6 OR substr(kind, 1, length($6) + 1) = $6 || '.')
              AND sequence >= $7 AND sequence < $8
              ORDER BY sequence DESC LIMIT $9"
        )
    };
}

const OF_ACTOR: &str = page!("actor = $1");
const OF_LEARNER: &str = page!("learner_id = $2");
const OF_SESSION: &str = page!("session_id = $3");
const OF_REGISTRATION: &str = page!("registration_id = $4");
const OF_ALL: &str = page!("true");

#[async_trait]
impl Journal for SqlStore {
    async fn after(&self, after: u64, limit: u32) -> Result<Vec<Entry>, StoreError> {
        // Numbers follow the order of commits (see save), so whatever is missing below the last one seen is not there.
        let text = "SELECT * FROM journal WHERE sequence > $1 ORDER BY sequence LIMIT $2";
        let after = Param::Int(i64::try_from(after).unwrap_or(i64::MAX));
        self.pool.rows(text, vec![after, Param::Int(limit.into())]).await?.iter().map(rows::entry).collect()
    }

    async fn head(&self) -> Result<u64, StoreError> {
        let rows = self.pool.rows("SELECT last FROM journal_head", Vec::new()).await?;
        rows.first().map_or(Ok(0), |row| row.count("last"))
    }

    async fn of_registration(&self, registration: RegistrationId) -> Result<Vec<Entry>, StoreError> {
        let text = "SELECT * FROM journal WHERE registration_id = $1 ORDER BY sequence LIMIT 1000";
        self.pool.rows(text, vec![Param::Id(registration.0)]).await?.iter().map(rows::entry).collect()
    }

    async fn find(&self, query: &EntryQuery) -> Result<Vec<Entry>, StoreError> {
        let EntryQuery { actor, learner, session, registration, correlation, what, from, to, before, limit } =
            query;
        let text = match (registration, learner, session, actor) {
            (Some(_), ..) => OF_REGISTRATION,
            (None, Some(_), ..) => OF_LEARNER,
            (None, None, Some(_), _) => OF_SESSION,
            (None, None, None, Some(_)) => OF_ACTOR,
            (None, None, None, None) => OF_ALL,
        };
        let first = match from {
            Some(from) => first_since(&self.pool, *from, self.head().await?).await?,
            None => 0,
        };
        let end = match to {
            Some(to) => first_since(&self.pool, *to, self.head().await?).await?,
            None => i64::MAX,
        };
        let before = before.map_or(i64::MAX, |before| i64::try_from(before).unwrap_or(i64::MAX));
        let params = vec![
            Param::Text(actor.as_ref().map(ToString::to_string).unwrap_or_default()),
            Param::MaybeId(learner.map(|id| id.0)),
            Param::MaybeId(session.map(|id| id.0)),
            Param::MaybeId(registration.map(|id| id.0)),
            Param::MaybeId(*correlation),
            Param::Text(what.clone().unwrap_or_default()),
            Param::Int(first),
            Param::Int(end.min(before)),
            Param::Int((*limit).into()),
        ];
        self.pool.rows(text, params).await?.iter().map(rows::entry).collect()
    }

    async fn checkpoint(&self, follower: &str) -> Result<u64, StoreError> {
        let text = "SELECT sequence FROM follower WHERE name = $1";
        let rows = self.pool.rows(text, vec![Param::Text(follower.to_owned())]).await?;
        rows.first().map_or(Ok(0), |row| row.count("sequence"))
    }

    async fn set_checkpoint(&self, follower: &str, sequence: u64) -> Result<(), StoreError> {
        let mut tx = self.pool.write().await?;
        move_checkpoint(&mut tx, follower, sequence).await?;
        tx.commit().await
    }
}

/// The number of the first entry of that time or later, found by halves: no entry happened before the one it follows.
async fn first_since(pool: &Pool, at: Timestamp, head: u64) -> Result<i64, StoreError> {
    let (mut low, mut high) = (1, i64::try_from(head).unwrap_or(i64::MAX).saturating_add(1));
    while low < high {
        let middle = low + (high - low) / 2;
        let text = "SELECT at FROM journal WHERE sequence >= $1 ORDER BY sequence LIMIT 1";
        let found = pool.rows(text, vec![Param::Int(middle)]).await?;
        if found.first().map(|row| row.instant("at")).transpose()?.is_some_and(|then| then < at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// Moves a follower's checkpoint on, never back.
pub(crate) async fn move_checkpoint(tx: &mut Tx, follower: &str, sequence: u64) -> Result<(), StoreError> {
    let text = "INSERT INTO follower (name, sequence) VALUES ($1, $2)
                ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence
                WHERE follower.sequence < excluded.sequence";
    let sequence = Param::Int(i64::try_from(sequence).unwrap_or(i64::MAX));
    tx.run(text, vec![Param::Text(follower.to_owned()), sequence]).await.map(drop)
}
