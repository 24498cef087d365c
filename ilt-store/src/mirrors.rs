//! The port of what calendars are to show: what is due, and what differs.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use ilt_core::calendar::{Concern, Kept, Link, References, Settled, Showing, Spot};
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::ports::{CALENDAR, Differing, Due, Mirrors, StoreError, Waiting};
use jiff::Timestamp;
use uuid::Uuid;

use crate::connect::SqlStore;
use crate::journal;
use crate::places;
use crate::rows::json_of;
use crate::seam::{Param, Row, record};

/// Before any lease.
pub(crate) const FREE: Timestamp = Timestamp::UNIX_EPOCH;

#[async_trait]
impl Mirrors for SqlStore {
    async fn want(&self, concern: &Concern, now: Timestamp, through: Option<u64>) -> Result<u64, StoreError> {
        let text = "INSERT INTO calendar_due (session_id, wanted, since, due_at, leased_until, attempts)
                    SELECT c.id, 1, $1, $1, $2, 0
                      FROM (SELECT r.id FROM {rows $3 r: id uuid}
                             UNION SELECT id FROM session
                                    WHERE course_id {in $4} AND ends_at > $1 AND status = 'published'
                             UNION SELECT id FROM session
                                    WHERE location_id {in $5} AND ends_at > $1 AND status = 'published'
                             UNION SELECT s.id FROM registration g JOIN session s ON s.id = g.session_id
                                    WHERE g.learner_id {in $6} AND g.status = 'confirmed'
                                      AND s.ends_at > $1 AND s.status = 'published') AS c
                     WHERE true ORDER BY c.id
                    ON CONFLICT (session_id) DO UPDATE SET wanted = calendar_due.wanted + 1,
                       due_at = CASE WHEN excluded.due_at < calendar_due.due_at THEN excluded.due_at
                                     ELSE calendar_due.due_at END";
        let Concern { sessions, courses, locations, people } = concern;
        let params = vec![
            Param::Instant(now),
            Param::Instant(FREE),
            Param::Records(sessions.iter().map(|it| record! { id: it.0 }).collect()),
            ids(courses.iter().map(|it| it.0)),
            ids(locations.iter().map(|it| it.0)),
            ids(people.iter().map(|it| it.0)),
        ];
        let mut tx = self.pool.write().await?;
        let count = if concern.is_empty() { 0 } else { tx.run(text, params).await? };
        if let Some(through) = through {
            journal::move_checkpoint(&mut tx, CALENDAR, through).await?;
        }
        tx.commit().await?;
        Ok(count)
    }

    async fn want_all(&self, now: Timestamp) -> Result<u64, StoreError> {
        let text = "INSERT INTO calendar_due (session_id, wanted, since, due_at, leased_until, attempts)
                    SELECT c.id, 1, $1, $1, $2, 0
                      FROM (SELECT id FROM session WHERE ends_at > $1 AND status = 'published'
                             UNION SELECT s.id FROM calendar_place p JOIN session s ON s.id = p.session_id
                                    WHERE s.ends_at > $1 OR s.status IN ('draft', 'cancelled')) AS c
                     WHERE true ORDER BY c.id
                    ON CONFLICT (session_id) DO UPDATE SET wanted = calendar_due.wanted + 1,
                       due_at = CASE WHEN excluded.due_at < calendar_due.due_at THEN excluded.due_at
                                     ELSE calendar_due.due_at END";
        let mut tx = self.pool.write().await?;
        let count = tx.run(text, vec![Param::Instant(now), Param::Instant(FREE)]).await?;
        tx.commit().await?;
        Ok(count)
    }

    async fn claim_due(
        &self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due>, StoreError> {
        // Most of the time nothing is due, and a look is cheaper than a writer's lock.
        let look = "SELECT session_id FROM calendar_due WHERE due_at <= $1 AND leased_until <= $1 LIMIT 1";
        if self.pool.rows(look, vec![Param::Instant(now)]).await?.is_empty() {
            return Ok(Vec::new());
        }
        let text = "UPDATE calendar_due SET leased_until = $2
                     WHERE session_id IN (
                           SELECT session_id FROM calendar_due
                            WHERE due_at <= $1 AND leased_until <= $1
                            ORDER BY due_at, session_id LIMIT $3 {skip})
                 RETURNING session_id, wanted, since, due_at, leased_until, attempts";
        let params = vec![Param::Instant(now), Param::Instant(leased_until), Param::Int(limit.into())];
        let mut tx = self.pool.write().await?;
        let mut claimed = tx.rows(text, params).await?.iter().map(due).collect::<Result<Vec<_>, _>>()?;
        tx.commit().await?;
        claimed.sort_by_key(|(due_at, due)| (*due_at, due.session));
        Ok(claimed.into_iter().map(|(_, due)| due).collect())
    }

    async fn keep_claim(&self, due: &Due, until: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let text = "UPDATE calendar_due SET leased_until = $3 WHERE session_id = $1 AND leased_until = $2
                 RETURNING leased_until";
        let params = vec![Param::Id(due.session.0), Param::Instant(due.leased_until), Param::Instant(until)];
        let mut tx = self.pool.write().await?;
        let held = tx.rows(text, params).await?.first().map(|row| row.instant("leased_until")).transpose()?;
        tx.commit().await?;
        Ok(held)
    }

    async fn remembered(&self, session: SessionId) -> Result<Kept, StoreError> {
        let mut view = self.pool.view().await?;
        let kept = places::read(&mut view, session).await?;
        view.commit().await?;
        Ok(kept)
    }

    async fn showing(&self, session: SessionId) -> Result<Showing, StoreError> {
        let mut view = self.pool.view().await?;
        let of = || vec![Param::Id(session.0)];
        let waits = view.rows("SELECT since FROM calendar_due WHERE session_id = $1", of()).await?;
        let look = view.rows("SELECT at, differs FROM calendar_look WHERE session_id = $1", of()).await?;
        let kept = places::read(&mut view, session).await?;
        view.commit().await?;
        Ok(Showing {
            kept,
            waits_since: waits.first().map(|row| row.instant("since")).transpose()?,
            looked_at: look.first().map(|row| row.instant("at")).transpose()?,
            differs: look.first().map(|row| row.json("differs")).transpose()?.unwrap_or_default(),
        })
    }

    async fn references(&self, sessions: &BTreeSet<SessionId>) -> Result<References, StoreError> {
        let mut view = self.pool.view().await?;
        let of = || vec![ids(sessions.iter().map(|it| it.0))];
        let text = "SELECT session_id, min(event_type) AS event_type FROM calendar_place
                     WHERE session_id {in $1} AND part = 0 AND event_type IS NOT NULL GROUP BY session_id";
        let place = |row: &Row| Ok::<_, StoreError>((row.id("session_id")?, row.text("event_type")?));
        let event_types = view.rows(text, of()).await?.iter().map(place).collect::<Result<_, _>>()?;
        let text = "SELECT registration_id, booking FROM calendar_seat WHERE session_id {in $1} AND part = 0";
        let seat = |row: &Row| Ok::<_, StoreError>((row.id("registration_id")?, row.text("booking")?));
        let bookings = view.rows(text, of()).await?.iter().map(seat).collect::<Result<_, _>>()?;
        view.commit().await?;
        Ok(References { event_types, bookings })
    }

    async fn foresee(&self, session: SessionId, spots: &BTreeSet<Spot>) -> Result<(), StoreError> {
        let mut tx = self.pool.write().await?;
        places::foresee(&mut tx, session, spots).await?;
        tx.commit().await
    }

    async fn settled(&self, due: &Due, settled: &Settled, at: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.pool.write().await?;
        places::keep(&mut tx, due.session, &settled.kept).await?;
        let look = record! {
            session_id: due.session.0, at: at, differences: settled.differs.len() as u64, differs: json_of(&settled.differs)?,
        };
        let text = "INSERT INTO calendar_look (session_id, at, differences, differs)
                    SELECT r.session_id, r.at, r.differences, r.differs
                      FROM {rows $1 r: session_id uuid, at instant, differences int, differs json} WHERE true
                    ON CONFLICT (session_id) DO UPDATE SET at = excluded.at, differences = excluded.differences,
                       differs = excluded.differs";
        tx.run(text, vec![Param::Records(vec![look])]).await?;
        let ours = || vec![Param::Id(due.session.0), Param::Instant(due.leased_until)];
        let text = "DELETE FROM calendar_due WHERE session_id = $1 AND leased_until = $2 AND wanted = $3";
        let wanted = Param::Int(i64::try_from(due.wanted).unwrap_or(i64::MAX));
        tx.run(text, [ours(), vec![wanted]].concat()).await?;
        let text = "UPDATE calendar_due SET since = $3, due_at = $3, leased_until = $4, attempts = 0
                     WHERE session_id = $1 AND leased_until = $2";
        tx.run(text, [ours(), vec![Param::Instant(at), Param::Instant(FREE)]].concat()).await?;
        tx.commit().await
    }

    async fn put_off(&self, due: &Due, until: Timestamp, blame: bool) -> Result<(), StoreError> {
        let text = "UPDATE calendar_due SET due_at = $3, leased_until = $4, attempts = attempts + $5
                     WHERE session_id = $1 AND leased_until = $2";
        let params = vec![
            Param::Id(due.session.0),
            Param::Instant(due.leased_until),
            Param::Instant(until),
            Param::Instant(FREE),
            Param::Int(blame.into()),
        ];
        let mut tx = self.pool.write().await?;
        tx.run(text, params).await?;
        tx.commit().await
    }

    async fn waiting(&self) -> Result<Waiting, StoreError> {
        let text = "SELECT count(*) AS count, min(since) AS since FROM calendar_due";
        let rows = self.pool.rows(text, Vec::new()).await?;
        let Some(row) = rows.first() else { return Ok(Waiting::default()) };
        Ok(Waiting { count: row.count("count")?, since: row.maybe_instant("since")? })
    }

    async fn differing(&self, now: Timestamp, limit: u32) -> Result<Vec<Differing>, StoreError> {
        let text = "SELECT session_id, at, differs FROM calendar_look
                     WHERE differences > 0
                       AND NOT EXISTS (SELECT 1 FROM session s WHERE s.id = session_id AND s.ends_at <= $1)
                     ORDER BY at, session_id LIMIT $2";
        let differing = |row: &Row| {
            Ok(Differing {
                session: row.id("session_id")?,
                at: row.instant("at")?,
                how: row.json("differs")?,
            })
        };
        let params = vec![Param::Instant(now), Param::Int(limit.into())];
        self.pool.rows(text, params).await?.iter().map(differing).collect()
    }

    async fn link(&self, instructor: PersonId, link: &Link) -> Result<(), StoreError> {
        let text = "INSERT INTO calendar_link (instructor_id, user_id, username, sealed, linked_at)
                    VALUES ($1, $2, $3, $4, $5)
                    ON CONFLICT (instructor_id) DO UPDATE SET user_id = excluded.user_id, username = excluded.username,
                       sealed = excluded.sealed, linked_at = excluded.linked_at";
        let Link { user, username, sealed, at } = link.clone();
        let user = Param::Text(user);
        let params = vec![
            Param::Id(instructor.0),
            user,
            Param::Text(username),
            Param::Bytes(sealed),
            Param::Instant(at),
        ];
        let mut tx = self.pool.write().await?;
        tx.run(text, params).await?;
        tx.commit().await
    }

    async fn unlink(&self, instructor: PersonId) -> Result<bool, StoreError> {
        let mut tx = self.pool.write().await?;
        let whose = || vec![Param::Id(instructor.0)];
        let text = "DELETE FROM calendar_seat
                     WHERE EXISTS (SELECT 1 FROM calendar_place p
                                    WHERE p.instructor_id = $1 AND p.session_id = calendar_seat.session_id
                                      AND p.part = calendar_seat.part)";
        tx.run(text, whose()).await?;
        tx.run("DELETE FROM calendar_place WHERE instructor_id = $1", whose()).await?;
        let gone = tx.run("DELETE FROM calendar_link WHERE instructor_id = $1", whose()).await?;
        tx.commit().await?;
        Ok(gone > 0)
    }

    async fn links(&self, of: Option<&BTreeSet<PersonId>>) -> Result<BTreeMap<PersonId, Link>, StoreError> {
        let rows = match of {
            Some(of) => {
                let text = "SELECT * FROM calendar_link WHERE instructor_id {in $1}";
                self.pool.rows(text, vec![ids(of.iter().map(|it| it.0))]).await?
            }
            None => self.pool.rows("SELECT * FROM calendar_link", Vec::new()).await?,
        };
        let link = |row: &Row| {
            let (user, username) = (row.text("user_id")?, row.text("username")?);
            let (sealed, at) = (row.bytes("sealed")?, row.instant("linked_at")?);
            Ok((row.id("instructor_id")?, Link { user, username, sealed, at }))
        };
        rows.iter().map(link).collect()
    }
}

fn ids(ids: impl Iterator<Item = Uuid>) -> Param {
    Param::Ids(ids.collect())
}

/// With when it was due.
fn due(row: &Row) -> Result<(Timestamp, Due), StoreError> {
    let due = Due {
        session: row.id("session_id")?,
        wanted: row.count("wanted")?,
        since: row.instant("since")?,
        attempts: row.count("attempts")?,
        leased_until: row.instant("leased_until")?,
    };
    Ok((row.instant("due_at")?, due))
}
