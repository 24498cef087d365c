//! The reads' port: pages in order of time, one registration, whole views.

use async_trait::async_trait;
use ilt_core::access::Sight;
use ilt_core::catalog::Person;
use ilt_core::desk::Ask;
use ilt_core::ids::{CourseId, DealerId, PersonId, RegistrationId, SessionId};
use ilt_core::ports::{PeopleQuery, Reads, RegistrationQuery, Roster, SeatsOfDealers, StoreError};
use ilt_core::registration::Registration;
use ilt_core::session::Session;
use ilt_core::world::World;
use jiff::Timestamp;

use crate::connect::SqlStore;
use crate::people::{self, in_reach, in_sight};
use crate::seam::{Param, Row, record};
use crate::{load, rows};

/// A registration's place in its queue; counted along the queue's own index.
macro_rules! with_position {
    () => {
        "SELECT r.*, CASE WHEN r.status = 'waitlisted' THEN (
             SELECT count(*) FROM registration w
              WHERE w.session_id = r.session_id AND w.status = 'waitlisted'
                AND (w.turn, w.since, w.id) <= (r.turn, r.since, r.id)) END AS position
           FROM registration r "
    };
}

/// One page: whose registrations, and how far in.
macro_rules! page {
    ($whose:expr) => {
        concat!(
            with_position!(),
            "WHERE ",
            $whose,
            " AND ($6 OR r.status IN (SELECT word FROM {rows $7 w: word text}))
              AND ($8 IS NULL OR r.starts_at >= $8) AND ($9 IS NULL OR r.starts_at < $9)
              AND (r.starts_at, r.id) > ($10, $11)
              ORDER BY r.starts_at, r.id LIMIT $12"
        )
    };
}

const OF_LEARNER: &str = page!(concat!(
    "r.learner_id = $5 AND EXISTS (SELECT 1 FROM person p WHERE p.id = r.learner_id AND ",
    in_sight!(),
    ")"
));
const OF_REACH: &str = page!(concat!("r.learner_id IN (SELECT p.id FROM person p WHERE ", in_reach!(), ")"));
const OF_EVERYONE: &str = page!("true");

#[async_trait]
impl Reads for SqlStore {
    async fn look(&self, ask: &Ask) -> Result<World, StoreError> {
        let mut tx = self.pool.view().await?;
        Ok(load::load(&mut tx, &self.reference, ask, false).await?.0)
    }

    async fn catalogue(&self, now: Timestamp) -> Result<(World, u64), StoreError> {
        let mut tx = self.pool.view().await?;
        load::catalogue(&mut tx, &self.reference, now).await
    }

    async fn sessions(&self, ids: &[SessionId]) -> Result<Vec<Session>, StoreError> {
        let ids = Param::Ids(ids.iter().map(|id| id.0).collect());
        let rows = self.pool.rows("SELECT * FROM session WHERE id {in $1}", vec![ids]).await?;
        rows.iter().map(rows::session).collect()
    }

    async fn people(&self, query: &PeopleQuery) -> Result<Vec<Person>, StoreError> {
        people::page(&self.pool, query).await
    }

    async fn by_mail(&self, mail: &str) -> Result<Option<PersonId>, StoreError> {
        people::by_mail(&self.pool, mail).await
    }

    async fn registrations(
        &self,
        query: &RegistrationQuery,
    ) -> Result<Vec<(Registration, Session, Option<u32>)>, StoreError> {
        let text = match (&query.sight, query.learner) {
            (_, Some(_)) => OF_LEARNER,
            (Sight::Some { .. }, None) => OF_REACH,
            (Sight::Everyone, None) => OF_EVERYONE,
        };
        let words = query.statuses.iter().map(|word| record! { word: word }).collect();
        let after = query.after.as_ref();
        let [own, teams, team_at, dealers] = people::reach(&query.sight);
        let params = vec![
            own,
            teams,
            team_at,
            dealers,
            Param::MaybeId(query.learner.map(|id| id.0)),
            Param::Bool(query.statuses.is_empty()),
            Param::Records(words),
            Param::MaybeInstant(query.from),
            Param::MaybeInstant(query.to),
            // Before every session there is, as far as PostgreSQL's calendar goes.
            Param::Instant(after.map_or(Timestamp::UNIX_EPOCH, |cursor| cursor.value)),
            Param::Id(after.map_or(uuid::Uuid::nil(), |cursor| cursor.id)),
            Param::Int(query.limit.into()),
        ];
        let found = self.pool.rows(text, params).await?;
        let registrations = found.iter().map(rows::placed).collect::<Result<Vec<_>, _>>()?;
        let mut ids: Vec<_> = registrations.iter().map(|(registration, _)| registration.session).collect();
        ids.sort_unstable();
        ids.dedup();
        let sessions: std::collections::BTreeMap<_, _> =
            self.sessions(&ids).await?.into_iter().map(|session| (session.id, session)).collect();
        let with_session = |(registration, position): (Registration, Option<u32>)| {
            let session = sessions.get(&registration.session)?.clone();
            Some((registration, session, position))
        };
        Ok(registrations.into_iter().filter_map(with_session).collect())
    }

    async fn registration(
        &self,
        id: RegistrationId,
    ) -> Result<Option<(Registration, Option<u32>)>, StoreError> {
        let text = concat!(with_position!(), "WHERE r.id = $1");
        let found = self.pool.rows(text, vec![Param::Id(id.0)]).await?;
        found.first().map(rows::placed).transpose()
    }

    async fn roster(&self, session: SessionId, sight: &Sight) -> Result<Option<Roster>, StoreError> {
        people::roster(self.pool.view().await?, session, sight).await
    }

    async fn placed_from_queues(
        &self,
        course: CourseId,
        over_at: Timestamp,
        limit: u32,
    ) -> Result<Vec<u32>, StoreError> {
        let text = "SELECT count(DISTINCT CASE WHEN j.kind <> 'registration.waitlisted' THEN j.registration_id END) AS placed
                      FROM session s
                      JOIN journal j ON j.session_id = s.id
                       AND j.kind IN ('registration.waitlisted', 'registration.promoted', 'registration.offer-taken')
                     WHERE s.course_id = $1 AND s.ends_at <= $2 AND s.status <> 'cancelled'
                     GROUP BY s.id, s.ends_at
                    HAVING count(CASE WHEN j.kind = 'registration.waitlisted' THEN 1 END) > 0
                     ORDER BY s.ends_at DESC, s.id LIMIT $3";
        let params = vec![Param::Id(course.0), Param::Instant(over_at), Param::Int(limit.into())];
        self.pool.rows(text, params).await?.iter().map(|row| row.count("placed")).collect()
    }

    async fn queues_beside_seats(&self, now: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        let text = "SELECT id FROM session WHERE ends_at > $1 AND status = 'published' AND waitlisted > 0
                       AND (open > 0 OR reserved > 0) ORDER BY ends_at, id LIMIT $2";
        let params = vec![Param::Instant(now), Param::Int(limit.into())];
        self.pool.rows(text, params).await?.iter().map(|row| row.id("id")).collect()
    }

    async fn seats_of_dealers(
        &self,
        dealers: &[DealerId],
        now: Timestamp,
    ) -> Result<SeatsOfDealers, StoreError> {
        let text = "SELECT p.dealer_id, r.session_id, count(*) AS seats
                      FROM person p JOIN registration r ON r.learner_id = p.id JOIN session s ON s.id = r.session_id
                     WHERE p.dealer_id {in $1} AND r.status IN ('confirmed', 'held', 'offered') AND s.ends_at > $2
                     GROUP BY p.dealer_id, r.session_id";
        let params = vec![Param::Ids(dealers.iter().map(|id| id.0).collect()), Param::Instant(now)];
        let seats = |row: &Row| Ok(((row.id("dealer_id")?, row.id("session_id")?), row.count("seats")?));
        self.pool.rows(text, params).await?.iter().map(seats).collect()
    }

    async fn differing_ledgers(&self, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        let text = "SELECT s.id FROM session s
                      LEFT JOIN (SELECT session_id, count(*) FILTER (WHERE status = 'confirmed') AS seated,
                                        count(*) FILTER (WHERE status = 'held') AS held,
                                        count(*) FILTER (WHERE status = 'offered') AS offered,
                                        count(*) FILTER (WHERE status = 'waitlisted') AS waitlisted
                                   FROM registration WHERE status IN ('confirmed', 'held', 'waitlisted', 'offered')
                                  GROUP BY session_id) AS people ON people.session_id = s.id
                     WHERE s.confirmed + s.over_capacity <> coalesce(people.seated, 0)
                        OR s.held <> coalesce(people.held, 0) OR s.offered <> coalesce(people.offered, 0)
                        OR s.waitlisted <> coalesce(people.waitlisted, 0)
                     ORDER BY s.id LIMIT $1";
        self.pool.rows(text, vec![Param::Int(limit.into())]).await?.iter().map(|row| row.id("id")).collect()
    }

    async fn feed_owner(&self, digest: &str) -> Result<Option<PersonId>, StoreError> {
        let text = "SELECT person_id FROM feed WHERE digest = $1";
        let found = self.pool.rows(text, vec![Param::Text(digest.to_owned())]).await?;
        found.first().map(|row| row.id("person_id")).transpose()
    }
}
