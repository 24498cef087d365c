//! Reading from the in-memory store: filters and sorts over everything, which is what makes it easy to trust.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::access::Sight;
use crate::catalog::Person;
use crate::desk::Ask;
use crate::ids::{CourseId, DealerId, PersonId, RegistrationId, SessionId};
use crate::journal::{Entry, Event};
use crate::ports::{PeopleQuery, Reads, RegistrationQuery, Roster, RosterLine, SeatsOfDealers, StoreError};
use crate::registration::Registration;
use crate::session::{Claim, Session, SessionStatus};
use crate::testing::MemoryStore;
use crate::text::folded;
use crate::world::{Registrations, World};

#[async_trait]
impl Reads for MemoryStore {
    async fn look(&self, _ask: &Ask) -> Result<World, StoreError> {
        Ok(self.world())
    }

    async fn catalogue(&self, now: Timestamp) -> Result<(World, u64), StoreError> {
        let kept = self.kept();
        let mut world = kept.world.clone();
        world.sessions.retain(|session| session.ends_at() > now);
        (world.registrations, world.people) = (Registrations::default(), std::collections::BTreeMap::new());
        Ok((world, kept.entries.len() as u64))
    }

    async fn sessions(&self, ids: &[SessionId]) -> Result<Vec<Session>, StoreError> {
        let kept = self.kept();
        Ok(ids.iter().filter_map(|id| kept.world.sessions.get(id)).cloned().collect())
    }

    async fn people(&self, query: &PeopleQuery) -> Result<Vec<Person>, StoreError> {
        let kept = self.kept();
        let text = folded(query.text.as_deref().unwrap_or_default());
        let after = query.after.as_ref().map(|cursor| (cursor.value.clone(), cursor.id));
        let mut found: Vec<_> = kept
            .world
            .people
            .values()
            .filter(|person| query.sight.reaches(person))
            .filter(|person| {
                query.dealer.is_none_or(|dealer| person.dealer.is_some_and(|own| own.0 == dealer))
            })
            .filter(|person| folded(&person.name).contains(&text) || person.email.contains(&text))
            .filter(|person| after.as_ref().is_none_or(|after| (folded(&person.name), person.id.0) > *after))
            .cloned()
            .collect();
        found.sort_by_cached_key(|person| (folded(&person.name), person.id));
        found.truncate(query.limit as usize);
        Ok(found)
    }

    async fn by_mail(&self, mail: &str) -> Result<Option<PersonId>, StoreError> {
        let kept = self.kept();
        let theirs = kept.world.people.values().filter(|person| person.email == mail);
        Ok(theirs.min_by_key(|person| (!person.active, person.id)).map(|person| person.id))
    }

    async fn registrations(
        &self,
        query: &RegistrationQuery,
    ) -> Result<Vec<(Registration, Session, Option<u32>)>, StoreError> {
        let kept = self.kept();
        let world = &kept.world;
        let in_reach = |registration: &&Registration| {
            let learner = world.people.get(&registration.learner);
            query.learner.is_none_or(|learner| registration.learner == learner)
                && learner.is_some_and(|person| query.sight.reaches(person))
                && (query.statuses.is_empty()
                    || query.statuses.iter().any(|it| it == registration.status.word()))
        };
        let mut found: Vec<_> = world
            .registrations
            .iter()
            .filter(in_reach)
            .filter_map(|it| {
                Some((
                    it.clone(),
                    world.sessions.get(&it.session)?.clone(),
                    world.registrations.position(it.id),
                ))
            })
            .filter(|(_, session, _)| query.from.is_none_or(|from| session.starts_at() >= from))
            .filter(|(_, session, _)| query.to.is_none_or(|to| session.starts_at() < to))
            .filter(|(it, session, _)| {
                query
                    .after
                    .as_ref()
                    .is_none_or(|after| (session.starts_at(), it.id.0) > (after.value, after.id))
            })
            .collect();
        found.sort_by_key(|(registration, session, _)| (session.starts_at(), registration.id));
        found.truncate(query.limit as usize);
        Ok(found)
    }

    async fn registration(
        &self,
        id: RegistrationId,
    ) -> Result<Option<(Registration, Option<u32>)>, StoreError> {
        let kept = self.kept();
        Ok(kept
            .world
            .registrations
            .get(id)
            .map(|found| (found.clone(), kept.world.registrations.position(id))))
    }

    async fn roster(&self, session: SessionId, sight: &Sight) -> Result<Option<Roster>, StoreError> {
        let kept = self.kept();
        let Some(found) = kept.world.sessions.get(&session).cloned() else { return Ok(None) };
        let mut lines: Vec<_> = kept
            .world
            .registrations
            .of_session(session)
            .filter_map(|registration| {
                let person =
                    kept.world.people.get(&registration.learner).filter(|person| sight.reaches(person))?;
                let position = kept.world.registrations.position(registration.id);
                Some(RosterLine { registration: registration.clone(), person: person.clone(), position })
            })
            .collect();
        lines.sort_by(|one, two| {
            (one.position, &one.person.name, one.person.id).cmp(&(
                two.position,
                &two.person.name,
                two.person.id,
            ))
        });
        Ok(Some(Roster { session: found, lines }))
    }

    async fn placed_from_queues(
        &self,
        course: CourseId,
        over_at: Timestamp,
        limit: u32,
    ) -> Result<Vec<u32>, StoreError> {
        let kept = self.kept();
        let over = kept.world.sessions.values().filter(|session| {
            session.course == course
                && session.ends_at() <= over_at
                && !matches!(session.status, SessionStatus::Cancelled { .. })
        });
        let mut over: Vec<_> = over.map(|session| (Reverse(session.ends_at()), session.id)).collect();
        over.sort_unstable();
        let queue = |session| {
            let of_session = kept.entries.iter().filter(move |entry| entry.session == Some(session));
            let has_queue = of_session.clone().any(|entry| matches!(entry.event, Event::Waitlisted { .. }));
            let is_placed = |entry: &&Entry| matches!(entry.event, Event::Promoted | Event::OfferTaken);
            let placed: BTreeSet<_> =
                of_session.filter(is_placed).filter_map(|entry| entry.registration).collect();
            has_queue.then(|| u32::try_from(placed.len()).unwrap_or(u32::MAX))
        };
        Ok(over.into_iter().filter_map(|(_, session)| queue(session)).take(limit as usize).collect())
    }

    async fn queues_beside_seats(&self, now: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        let kept = self.kept();
        let has_both = |it: &&Session| it.is_live(now) && it.has_seats() && it.seats.waitlisted > 0;
        let beside = kept.world.sessions.values().filter(has_both).map(|session| session.id);
        Ok(beside.take(limit as usize).collect())
    }

    async fn seats_of_dealers(
        &self,
        dealers: &[DealerId],
        now: Timestamp,
    ) -> Result<SeatsOfDealers, StoreError> {
        let kept = self.kept();
        let mut seats = SeatsOfDealers::new();
        for session in kept.world.sessions.values().filter(|session| session.ends_at() > now) {
            let seated =
                kept.world.registrations.of_session(session.id).filter(|it| it.status.takes_a_seat());
            let of = seated.filter_map(|it| kept.world.people.get(&it.learner)?.dealer);
            for dealer in of.filter(|dealer| dealers.contains(dealer)) {
                *seats.entry((dealer, session.id)).or_default() += 1;
            }
        }
        Ok(seats)
    }

    async fn differing_ledgers(&self, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        let kept = self.kept();
        let differs = |session: &&Session| {
            let count = |claim| {
                let live = kept.world.registrations.of_session(session.id);
                live.filter(|it| it.status.claim() == Some(claim)).count()
            };
            let seats = session.seats;
            let said = [seats.confirmed + seats.over_capacity, seats.held, seats.offered, seats.waitlisted];
            [Claim::Confirmed, Claim::Held, Claim::Offered, Claim::Waitlisted].map(count)
                != said.map(|it| it as usize)
        };
        let differing = kept.world.sessions.values().filter(differs).map(|session| session.id);
        Ok(differing.take(limit as usize).collect())
    }

    async fn feed_owner(&self, digest: &str) -> Result<Option<PersonId>, StoreError> {
        let kept = self.kept();
        Ok(kept.world.feeds.iter().find(|(_, known)| *known == digest).map(|(person, _)| *person))
    }
}
