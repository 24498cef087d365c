//! The in-memory store: what calendars are to show, and what is known of them.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::calendar::{Concern, Difference, Kept, Link, References, Settled, Showing, Spot};
use crate::ids::{PersonId, SessionId};
use crate::ports::{About, CALENDAR, Differing, Due, Mirrors, StoreError, Waiting};
use crate::registration::Status;
use crate::session::{Session, SessionStatus};
use crate::testing::MemoryStore;
use crate::world::World;

/// What is kept of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Mirroring {
    due: BTreeMap<SessionId, Row>,
    remembered: BTreeMap<SessionId, Kept>,
    looked_at: BTreeMap<SessionId, (Timestamp, Vec<Difference>)>,
    links: BTreeMap<PersonId, Link>,
}

#[derive(Debug, Clone)]
struct Row {
    wanted: u64,
    since: Timestamp,
    due_at: Timestamp,
    leased_until: Timestamp,
    attempts: u32,
}

impl Mirroring {
    pub(super) fn want(&mut self, sessions: &BTreeSet<SessionId>, now: Timestamp) -> u64 {
        for session in sessions {
            let new = Row { wanted: 0, since: now, due_at: now, leased_until: Timestamp::MIN, attempts: 0 };
            let row = self.due.entry(*session).or_insert(new);
            row.wanted += 1;
            row.due_at = row.due_at.min(now);
        }
        sessions.len() as u64
    }

    /// Sessions of which something is there under this name.
    pub(super) fn known_by(&self, about: &About) -> impl Iterator<Item = SessionId> {
        let is_it = |kept: &Kept| {
            let is_place =
                kept.places.values().any(|it| it.event_type.is_some() && it.event_type == about.event_type);
            is_place || kept.seats.values().any(|it| about.bookings.contains(&it.booking))
        };
        self.remembered.iter().filter(move |(_, kept)| is_it(kept)).map(|(session, _)| *session)
    }

    fn row(&mut self, due: &Due) -> Option<&mut Row> {
        self.due.get_mut(&due.session).filter(|row| row.leased_until == due.leased_until)
    }
}

/// Whether it is one that calendars show and that is not over.
fn is_coming(session: &Session, now: Timestamp) -> bool {
    session.is_live(now)
}

fn concerned(world: &World, concern: &Concern, now: Timestamp) -> BTreeSet<SessionId> {
    let is_seated = |session: &Session| {
        let confirmed =
            |it: &&crate::registration::Registration| matches!(it.status, Status::Confirmed { .. });
        let mut seated = world.registrations.of_session(session.id).filter(confirmed);
        seated.any(|it| concern.people.contains(&it.learner))
    };
    let is_concerned = |session: &&Session| {
        concern.courses.contains(&session.course)
            || concern.locations.contains(&session.location)
            || is_seated(session)
    };
    let coming = world.sessions.values().filter(|it| is_coming(it, now)).filter(is_concerned);
    coming.map(|it| it.id).chain(concern.sessions.iter().copied()).collect()
}

#[async_trait]
impl Mirrors for MemoryStore {
    async fn want(&self, concern: &Concern, now: Timestamp, through: Option<u64>) -> Result<u64, StoreError> {
        let mut kept = self.kept();
        let sessions = concerned(&kept.world, concern, now);
        let count = kept.mirrors.want(&sessions, now);
        if let Some(through) = through {
            let known = kept.checkpoints.entry(CALENDAR.to_owned()).or_default();
            *known = through.max(*known);
        }
        Ok(count)
    }

    async fn want_all(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut kept = self.kept();
        let is_left = |session: &Session| {
            let is_somewhere =
                kept.mirrors.remembered.get(&session.id).is_some_and(|it| !it.places.is_empty());
            let is_gone = matches!(session.status, SessionStatus::Cancelled { .. } | SessionStatus::Draft);
            is_somewhere && (is_gone || session.ends_at() > now)
        };
        let sessions = kept.world.sessions.values().filter(|it| is_coming(it, now) || is_left(it));
        let sessions = sessions.map(|it| it.id).collect();
        Ok(kept.mirrors.want(&sessions, now))
    }

    async fn claim_due(
        &self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due>, StoreError> {
        let mut kept = self.kept();
        let is_free = |row: &Row| row.due_at <= now && row.leased_until <= now;
        let mut free: Vec<_> = kept.mirrors.due.iter().filter(|(_, row)| is_free(row)).collect();
        free.sort_by_key(|(session, row)| (row.due_at, **session));
        let due = |(session, row): (&SessionId, &Row)| {
            let Row { wanted, since, attempts, .. } = *row;
            Due { session: *session, wanted, since, attempts, leased_until }
        };
        let claimed: Vec<_> = free.into_iter().take(limit as usize).map(due).collect();
        for one in &claimed {
            if let Some(row) = kept.mirrors.due.get_mut(&one.session) {
                row.leased_until = leased_until;
            }
        }
        drop(kept);
        Ok(claimed)
    }

    async fn keep_claim(&self, due: &Due, until: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let mut kept = self.kept();
        let row = kept.mirrors.row(due);
        Ok(row.map(|row| {
            row.leased_until = until;
            until
        }))
    }

    async fn remembered(&self, session: SessionId) -> Result<Kept, StoreError> {
        Ok(self.kept().mirrors.remembered.get(&session).cloned().unwrap_or_default())
    }

    async fn showing(&self, session: SessionId) -> Result<Showing, StoreError> {
        let mirrors = &self.kept().mirrors;
        let (looked_at, differs) = mirrors.looked_at.get(&session).cloned().unzip();
        Ok(Showing {
            kept: mirrors.remembered.get(&session).cloned().unwrap_or_default(),
            waits_since: mirrors.due.get(&session).map(|it| it.since),
            looked_at,
            differs: differs.unwrap_or_default(),
        })
    }

    async fn references(&self, sessions: &BTreeSet<SessionId>) -> Result<References, StoreError> {
        let remembered = &self.kept().mirrors.remembered;
        let mut references = References::default();
        for (session, kept) in sessions.iter().filter_map(|it| Some((*it, remembered.get(it)?))) {
            let first = kept.places.iter().filter(|(spot, _)| spot.part == 0);
            let event_type = first.filter_map(|(_, place)| place.event_type.clone()).min();
            references.event_types.extend(event_type.map(|it| (session, it)));
            let first = kept.seats.iter().filter(|((_, part), _)| *part == 0);
            references.bookings.extend(first.map(|((of, _), at)| (*of, at.booking.clone())));
        }
        Ok(references)
    }

    async fn foresee(&self, session: SessionId, spots: &BTreeSet<Spot>) -> Result<(), StoreError> {
        let mut kept = self.kept();
        let places = &mut kept.mirrors.remembered.entry(session).or_default().places;
        for spot in spots {
            places.entry(*spot).or_default();
        }
        drop(kept);
        Ok(())
    }

    async fn settled(&self, due: &Due, settled: &Settled, at: Timestamp) -> Result<(), StoreError> {
        let mut kept = self.kept();
        let mirrors = &mut kept.mirrors;
        mirrors.remembered.insert(due.session, settled.kept.clone());
        mirrors.looked_at.insert(due.session, (at, settled.differs.clone()));
        let wanted = mirrors.row(due).map(|row| {
            (row.since, row.due_at, row.leased_until, row.attempts) = (at, at, Timestamp::MIN, 0);
            row.wanted
        });
        if wanted == Some(due.wanted) {
            mirrors.due.remove(&due.session);
        }
        Ok(())
    }

    async fn put_off(&self, due: &Due, until: Timestamp, blame: bool) -> Result<(), StoreError> {
        if let Some(row) = self.kept().mirrors.row(due) {
            (row.due_at, row.leased_until) = (until, Timestamp::MIN);
            row.attempts += u32::from(blame);
        }
        Ok(())
    }

    async fn waiting(&self) -> Result<Waiting, StoreError> {
        let kept = self.kept();
        let rows = &kept.mirrors.due;
        Ok(Waiting { count: rows.len() as u64, since: rows.values().map(|row| row.since).min() })
    }

    async fn differing(&self, now: Timestamp, limit: u32) -> Result<Vec<Differing>, StoreError> {
        let kept = self.kept();
        let is_over = |id: &SessionId| kept.world.sessions.get(id).is_some_and(|it| it.ends_at() <= now);
        let looked_at =
            kept.mirrors.looked_at.iter().filter(|(id, (_, how))| !how.is_empty() && !is_over(id));
        let differing =
            looked_at.map(|(session, (at, how))| Differing { session: *session, at: *at, how: how.clone() });
        let mut differing: Vec<_> = differing.collect();
        differing.sort_by_key(|it| (it.at, it.session));
        differing.truncate(limit as usize);
        Ok(differing)
    }

    async fn link(&self, instructor: PersonId, link: &Link) -> Result<(), StoreError> {
        self.kept().mirrors.links.insert(instructor, link.clone());
        Ok(())
    }

    async fn unlink(&self, instructor: PersonId) -> Result<bool, StoreError> {
        let mut kept = self.kept();
        for known in kept.mirrors.remembered.values_mut() {
            let theirs = known.places.keys().filter(|it| it.instructor == instructor);
            let parts: BTreeSet<_> = theirs.map(|it| it.part).collect();
            known.seats.retain(|(_, part), _| !parts.contains(part));
            known.places.retain(|spot, _| spot.instructor != instructor);
        }
        Ok(kept.mirrors.links.remove(&instructor).is_some())
    }

    async fn links(&self, of: Option<&BTreeSet<PersonId>>) -> Result<BTreeMap<PersonId, Link>, StoreError> {
        let kept = self.kept();
        let wanted = |id: &PersonId| of.is_none_or(|of| of.contains(id));
        Ok(kept.mirrors.links.iter().filter(|(id, _)| wanted(id)).map(|(id, it)| (*id, it.clone())).collect())
    }
}
