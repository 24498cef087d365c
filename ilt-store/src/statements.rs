//! The ports of followers: statements as they were told, and leases.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use ilt_core::ports::{DeadLetter, DeadLetters, Leases, Numbered, Statements, StoreError, TELLER};
use ilt_core::statement::{Told, Topic, Verb};
use jiff::Timestamp;
use uuid::Uuid;

use crate::connect::SqlStore;
use crate::error::corrupt;
use crate::journal;
use crate::seam::{Param, Row, record};

#[async_trait]
impl Statements for SqlStore {
    async fn last_told(&self, subjects: &[String]) -> Result<BTreeMap<String, Uuid>, StoreError> {
        if subjects.is_empty() {
            return Ok(BTreeMap::new());
        }
        let text = "SELECT s.subject, s.id FROM statement s
                      JOIN (SELECT t.subject, max(t.number) AS number
                              FROM {rows $1 r: subject text} JOIN statement t ON t.subject = r.subject
                             GROUP BY t.subject) AS l ON l.number = s.number
                     WHERE s.verb <> 'voided'";
        let subjects = subjects.iter().map(|subject| record! { subject: subject }).collect();
        let rows = self.pool.rows(text, vec![Param::Records(subjects)]).await?;
        rows.iter().map(|row| Ok((row.text("subject")?, row.id("id")?))).collect()
    }

    async fn keep_told(&self, from: u64, to: u64, told: &[Told]) -> Result<bool, StoreError> {
        let mut tx = self.pool.write().await?;
        let name = || Param::Text(TELLER.to_owned());
        let begin = "INSERT INTO follower (name, sequence) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING";
        tx.run(begin, vec![name()]).await?;
        // Whoever moves the checkpoint holds its row to the end, so numbers have no gaps and follow the commits.
        let text = "UPDATE follower SET sequence = $2 WHERE name = $1 AND sequence = $3 RETURNING sequence";
        let moved = tx.rows(text, vec![name(), number(to), number(from)]).await?;
        if moved.is_empty() {
            return Ok(false);
        }
        let last = last_number(&tx.rows(LAST, Vec::new()).await?)?;
        let text = "INSERT INTO statement (number, id, sequence, topic, verb, key, subject, at, correlation, causation, body,
                                           fault)
                    SELECT r.number, r.id, r.sequence, r.topic, r.verb, r.key, r.subject, r.at, r.correlation, r.causation, r.body,
                           r.fault
                      FROM {rows $1 r: number int, id uuid, sequence int, topic text, verb text, key uuid, subject text,
                            at instant, correlation uuid, causation uuid, body text, fault text} WHERE true";
        let records = (last + 1..).zip(told).map(|(number, it)| {
            record! {
                number: number, id: it.id, sequence: it.sequence, topic: it.topic.word(), verb: it.verb.word(), key: it.key,
                subject: it.subject.as_deref(), at: it.at, correlation: it.correlation, causation: it.causation, body: &it.body,
                fault: it.fault.as_deref(),
            }
        });
        tx.run(text, vec![Param::Records(records.collect())]).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn told_after(&self, after: u64, limit: u32) -> Result<Vec<Numbered>, StoreError> {
        let text = "SELECT * FROM statement WHERE number > $1 ORDER BY number LIMIT $2";
        let rows = self.pool.rows(text, vec![number(after), Param::Int(limit.into())]).await?;
        rows.iter().map(numbered).collect()
    }

    async fn told(&self, ids: &[Uuid]) -> Result<Vec<Numbered>, StoreError> {
        let text = "SELECT * FROM statement WHERE id {in $1} ORDER BY number";
        self.pool.rows(text, vec![Param::Ids(ids.to_vec())]).await?.iter().map(numbered).collect()
    }

    async fn faulty(&self, limit: u32) -> Result<Vec<Numbered>, StoreError> {
        let text = "SELECT * FROM statement WHERE fault IS NOT NULL ORDER BY number LIMIT $1";
        self.pool.rows(text, vec![Param::Int(limit.into())]).await?.iter().map(numbered).collect()
    }

    async fn mend(&self, told: &[Told]) -> Result<(), StoreError> {
        let mut tx = self.pool.write().await?;
        // Whoever tells waits meanwhile, so that nobody is given the same numbers.
        tx.run(
            "UPDATE follower SET sequence = sequence WHERE name = $1",
            vec![Param::Text(TELLER.to_owned())],
        )
        .await?;
        let ids = told.iter().map(|it| it.id).collect();
        let text = "SELECT id FROM statement WHERE id {in $1} AND fault IS NOT NULL ORDER BY number";
        let faulty = tx.rows(text, vec![Param::Ids(ids)]).await?;
        let faulty: BTreeSet<_> = faulty.iter().map(|row| row.id::<Uuid>("id")).collect::<Result<_, _>>()?;
        let last = last_number(&tx.rows(LAST, Vec::new()).await?)?;
        let mended = told.iter().filter(|it| faulty.contains(&it.id));
        let record = |(number, it): (u64, &Told)| record! { number: number, id: it.id, body: &it.body };
        let records = (last + 1..).zip(mended).map(record).collect();
        let text = "UPDATE statement SET number = r.number, body = r.body, fault = NULL
                      FROM {rows $1 r: number int, id uuid, body text} WHERE statement.id = r.id";
        tx.run(text, vec![Param::Records(records)]).await?;
        tx.commit().await
    }

    async fn last_number(&self) -> Result<u64, StoreError> {
        last_number(&self.pool.rows(LAST, Vec::new()).await?)
    }
}

#[async_trait]
impl Leases for SqlStore {
    async fn hold(
        &self,
        name: &str,
        holder: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let text = "INSERT INTO lease (name, holder, until) VALUES ($1, $2, $3)
                    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
                     WHERE lease.holder = excluded.holder OR lease.until <= $4
                    RETURNING holder";
        let name = Param::Text(name.to_owned());
        let params = vec![name, Param::Id(holder), Param::Instant(until), Param::Instant(now)];
        let mut tx = self.pool.write().await?;
        let held = !tx.rows(text, params).await?.is_empty();
        tx.commit().await?;
        Ok(held)
    }

    async fn let_go(&self, name: &str, holder: Uuid) -> Result<(), StoreError> {
        let mut tx = self.pool.write().await?;
        let text = "DELETE FROM lease WHERE name = $1 AND holder = $2";
        tx.run(text, vec![Param::Text(name.to_owned()), Param::Id(holder)]).await?;
        tx.commit().await
    }
}

#[async_trait]
impl DeadLetters for SqlStore {
    async fn bury(&self, follower: &str, letters: &[DeadLetter], number: u64) -> Result<(), StoreError> {
        let mut tx = self.pool.write().await?;
        let text = "INSERT INTO dead_letter (follower, statement_id, reason, status, at)
                    SELECT r.follower, r.statement_id, r.reason, r.status, r.at
                      FROM {rows $1 r: follower text, statement_id uuid, reason text, status int, at instant} WHERE true
                    ON CONFLICT (follower, statement_id) DO UPDATE SET reason = excluded.reason, status = excluded.status,
                       at = excluded.at";
        let record = |it: &DeadLetter| {
            record! { follower: follower, statement_id: it.statement, reason: &it.reason, status: it.status, at: it.at }
        };
        tx.run(text, vec![Param::Records(letters.iter().map(record).collect())]).await?;
        journal::move_checkpoint(&mut tx, follower, number).await?;
        tx.commit().await
    }

    async fn exhume(&self, follower: &str, statements: &[Uuid]) -> Result<(), StoreError> {
        let mut tx = self.pool.write().await?;
        let text = "DELETE FROM dead_letter WHERE follower = $1 AND statement_id {in $2}";
        tx.run(text, vec![Param::Text(follower.to_owned()), Param::Ids(statements.to_vec())]).await?;
        tx.commit().await
    }

    async fn dead(&self, follower: &str, limit: u32) -> Result<Vec<DeadLetter>, StoreError> {
        let text = "SELECT statement_id, reason, status, at FROM dead_letter WHERE follower = $1
                     ORDER BY at, statement_id LIMIT $2";
        let params = vec![Param::Text(follower.to_owned()), Param::Int(limit.into())];
        let letter = |row: &Row| {
            Ok(DeadLetter {
                statement: row.id("statement_id")?,
                reason: row.text("reason")?,
                status: row.maybe_count("status")?,
                at: row.instant("at")?,
            })
        };
        self.pool.rows(text, params).await?.iter().map(letter).collect()
    }
}

/// The last number given.
const LAST: &str = "SELECT max(number) AS number FROM statement";

fn last_number(rows: &[Row]) -> Result<u64, StoreError> {
    Ok(rows.first().map_or(Ok(None), |row| row.maybe_count("number"))?.unwrap_or(0))
}

fn number(number: u64) -> Param {
    Param::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn numbered(row: &Row) -> Result<Numbered, StoreError> {
    let (topic, verb) = (row.text("topic")?, row.text("verb")?);
    let told = Told {
        id: row.id("id")?,
        sequence: row.count("sequence")?,
        topic: Topic::from_word(&topic).ok_or_else(|| corrupt(format!("topic {topic}")))?,
        verb: Verb::from_word(&verb).ok_or_else(|| corrupt(format!("verb {verb}")))?,
        key: row.id("key")?,
        subject: row.maybe_text("subject")?,
        at: row.instant("at")?,
        correlation: row.id("correlation")?,
        causation: row.id("causation")?,
        body: row.text("body")?,
        fault: row.maybe_text("fault")?,
    };
    Ok(Numbered { number: row.count("number")?, told })
}
