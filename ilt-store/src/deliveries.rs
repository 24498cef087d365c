//! The port of what calendars told: letters by number, and what becomes due by them.

use std::collections::BTreeSet;

use async_trait::async_trait;
use ilt_core::ports::{Deliveries, Delivery, Letter, NumberedLetter, StoreError, Taken};
use jiff::Timestamp;

use crate::connect::SqlStore;
use crate::mirrors::FREE;
use crate::seam::{Param, Record, Row, Tx, record};

#[async_trait]
impl Deliveries for SqlStore {
    async fn take_deliveries(&self, deliveries: &[Delivery], now: Timestamp) -> Result<Taken, StoreError> {
        if deliveries.is_empty() {
            return Ok(Taken::default());
        }
        let mut tx = self.pool.write().await?;
        // Whoever keeps letters holds this row to the end: so numbers follow the commits, and nobody keeps one that another does.
        let head = tx.rows("SELECT last FROM letter_head {lock}", Vec::new()).await?;
        let last: u64 = head.first().map_or(Ok(0), |row| row.count("last"))?;
        let mut known = known(&mut tx, deliveries).await?;
        let is_new = |it: &&Delivery| known.insert((it.letter.instance.clone(), it.letter.digest.clone()));
        let new: Vec<_> = deliveries.iter().filter(is_new).collect();
        let kept = new.len() as u64;
        keep(&mut tx, last, &new).await?;
        let due = want(&mut tx, &new, now).await?;
        tx.commit().await?;
        Ok(Taken { kept, doubled: deliveries.len() as u64 - kept, due })
    }

    async fn letters_after(&self, number: u64, limit: u32) -> Result<Vec<NumberedLetter>, StoreError> {
        let text = "SELECT * FROM letter WHERE number > $1 ORDER BY number LIMIT $2";
        let after = Param::Int(i64::try_from(number).unwrap_or(i64::MAX));
        self.pool.rows(text, vec![after, Param::Int(limit.into())]).await?.iter().map(letter).collect()
    }

    async fn last_letter(&self) -> Result<u64, StoreError> {
        let rows = self.pool.rows("SELECT last FROM letter_head", Vec::new()).await?;
        rows.first().map_or(Ok(0), |row| row.count("last"))
    }

    async fn forget_letters(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let text = "DELETE FROM letter WHERE number IN (
                           SELECT number FROM letter WHERE received_at < $1 ORDER BY received_at, number LIMIT $2)";
        let mut tx = self.pool.write().await?;
        let count = tx.run(text, vec![Param::Instant(before), Param::Int(limit.into())]).await?;
        tx.commit().await?;
        Ok(count)
    }
}

/// Which of these are kept already.
async fn known(tx: &mut Tx, deliveries: &[Delivery]) -> Result<BTreeSet<(String, String)>, StoreError> {
    let text = "SELECT l.instance, l.digest FROM {rows $1 r: instance text, digest text}
                  JOIN letter l ON l.instance = r.instance AND l.digest = r.digest";
    let record = |it: &Delivery| record! { instance: &it.letter.instance, digest: &it.letter.digest };
    let rows = tx.rows(text, vec![Param::Records(deliveries.iter().map(record).collect())]).await?;
    rows.iter().map(|row| Ok((row.text("instance")?, row.text("digest")?))).collect()
}

/// Keeps these, numbered from the last number on.
async fn keep(tx: &mut Tx, last: u64, new: &[&Delivery]) -> Result<(), StoreError> {
    if new.is_empty() {
        return Ok(());
    }
    let record = |(number, Delivery { letter, .. }): (u64, &&Delivery)| {
        record! {
            number: number, instance: &letter.instance, digest: &letter.digest, received_at: letter.received_at,
            kind: &letter.trigger, booking: letter.booking.as_ref(), body: &letter.body,
        }
    };
    let records = (last + 1..).zip(new).map(record).collect();
    let text = "INSERT INTO letter (number, instance, digest, received_at, kind, booking, body)
                SELECT r.number, r.instance, r.digest, r.received_at, r.kind, r.booking, r.body
                  FROM {rows $1 r: number int, instance text, digest text, received_at instant, kind text, booking text,
                        body text} WHERE true";
    tx.run(text, vec![Param::Records(records)]).await?;
    let last = i64::try_from(last + new.len() as u64).unwrap_or(i64::MAX);
    tx.run("UPDATE letter_head SET last = $1", vec![Param::Int(last)]).await.map(drop)
}

/// Makes due what these are about, in the order in which others do.
async fn want(tx: &mut Tx, new: &[&Delivery], now: Timestamp) -> Result<u64, StoreError> {
    let text = "INSERT INTO calendar_due (session_id, wanted, since, due_at, leased_until, attempts)
                SELECT c.id, 1, $1, $1, $2, 0
                  FROM (SELECT s.id FROM {rows $3 r: session_id uuid} JOIN session s ON s.id = r.session_id
                         UNION SELECT p.session_id FROM {rows $4 e: event_type text}
                                 JOIN calendar_place p ON p.event_type = e.event_type
                         UNION SELECT g.session_id FROM {rows $5 b: booking text}
                                 JOIN calendar_seat g ON g.booking = b.booking) AS c
                 WHERE true ORDER BY c.id
                ON CONFLICT (session_id) DO UPDATE SET wanted = calendar_due.wanted + 1,
                   due_at = CASE WHEN excluded.due_at < calendar_due.due_at THEN excluded.due_at
                                 ELSE calendar_due.due_at END";
    let about = || new.iter().map(|it| &it.about);
    let sessions: Vec<Record> =
        about().filter_map(|it| it.session).map(|it| record! { session_id: it.0 }).collect();
    let event_types: Vec<Record> =
        about().filter_map(|it| it.event_type.as_ref()).map(|it| record! { event_type: it }).collect();
    let bookings: Vec<Record> =
        about().flat_map(|it| &it.bookings).map(|it| record! { booking: it }).collect();
    if sessions.is_empty() && event_types.is_empty() && bookings.is_empty() {
        return Ok(0);
    }
    let lists = [sessions, event_types, bookings].map(Param::Records);
    tx.run(text, [Param::Instant(now), Param::Instant(FREE)].into_iter().chain(lists).collect()).await
}

fn letter(row: &Row) -> Result<NumberedLetter, StoreError> {
    let letter = Letter {
        instance: row.text("instance")?,
        digest: row.text("digest")?,
        received_at: row.instant("received_at")?,
        trigger: row.text("kind")?,
        booking: row.maybe_text("booking")?,
        body: row.text("body")?,
    };
    Ok(NumberedLetter { number: row.count("number")?, letter })
}
