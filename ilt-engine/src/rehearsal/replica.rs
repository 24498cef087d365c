//! What the host knew, at any entry of the journal: the catalogue and the people, as they were then.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ilt_core::catalog::Person;
use ilt_core::ids::{DealerId, PersonId, RegistrationId, SessionId};
use ilt_core::journal::{Entry, Event};
use ilt_core::policy::Rule;
use ilt_core::ports::SeatsOfDealers;
use ilt_core::ranking::Catalogue;
use ilt_core::registration::Registration;
use ilt_core::session::Session;
use ilt_core::world::{Misfit, World};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::engine::look::Facts;

/// For how long sessions are kept that are over, with what was registered for them: some are looked at, and marked, afterwards.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How often what is over is forgotten, by the journal's own time.
const TIDIED_EVERY: SignedDuration = SignedDuration::from_hours(24);

/// What the host knew.
#[derive(Default)]
pub(super) struct Replica {
    /// People, completions, sessions, registrations, and what everybody refers to.
    world: World,
    catalogue: Catalogue,
    /// All that was ever registered for a session, as long as the session is kept.
    registered: BTreeMap<SessionId, Vec<RegistrationId>>,
    /// Sessions by who teaches them.
    taught: BTreeMap<PersonId, BTreeSet<SessionId>>,
    /// Seats that the people of each dealer have.
    seats: SeatsOfDealers,
    tidied: Option<Timestamp>,
    misfits: u64,
}

impl Replica {
    /// Follows one entry; whether it has forgotten what is over since.
    pub fn follow(&mut self, entry: &Entry) -> bool {
        self.catalogue.apply(entry);
        match &entry.event {
            // What was shown is not asked for again, and secret addresses are nobody's business.
            Event::AlternativesShown(_) | Event::AlternativeTaken(_) | Event::FeedRenewed => {}
            Event::PeopleSaved(people) => {
                let moved: Vec<_> = people.iter().filter(|it| self.moves(it.id, it.dealer)).collect();
                for person in &moved {
                    self.count_seats(person.id, false);
                }
                self.apply(entry);
                for person in &moved {
                    self.count_seats(person.id, true);
                }
            }
            Event::SessionScheduled(session) | Event::SessionChanged(session) => {
                let before = self.session(session.id).map(|it| it.instructors.clone());
                for instructor in before.into_iter().flatten() {
                    self.teaches_no_more(instructor, session.id);
                }
                for instructor in &session.instructors {
                    self.taught.entry(*instructor).or_default().insert(session.id);
                }
                self.apply(entry);
            }
            _ => match entry.registration {
                Some(id) => {
                    let is_new = self.world.registrations.get(id).is_none();
                    let before = self.seat(id);
                    self.apply(entry);
                    if let Some(begun) = self.world.registrations.get(id).filter(|_| is_new) {
                        self.registered.entry(begun.session).or_default().push(id);
                    }
                    let after = self.seat(id);
                    self.count(before, false);
                    self.count(after, true);
                }
                None => self.apply(entry),
            },
        }
        self.tidy(entry.at)
    }

    /// The catalogue.
    pub const fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// A session, also one that has begun, or was over not long ago.
    pub fn session(&self, id: SessionId) -> Option<&Session> {
        self.world.sessions.get(&id)
    }

    /// Everybody of whom the journal has told.
    pub const fn people(&self) -> &BTreeMap<PersonId, Person> {
        &self.world.people
    }

    /// Dealers of which it has told.
    pub fn dealers(&self) -> impl Iterator<Item = DealerId> {
        self.world.dealers.keys().copied()
    }

    /// Whether the journal has told of a person.
    pub fn knows(&self, person: PersonId) -> bool {
        self.world.people.contains_key(&person)
    }

    /// A dealer whose rules count for a learner.
    pub fn dealer_of(&self, learner: PersonId) -> Option<DealerId> {
        self.world.people.get(&learner)?.dealer
    }

    /// A registration.
    pub fn registration(&self, id: RegistrationId) -> Option<&Registration> {
        self.world.registrations.get(id)
    }

    /// Live registrations for a session, in order of id.
    pub fn registered(&self, session: SessionId) -> impl Iterator<Item = &Registration> {
        self.world.registrations.of_session(session)
    }

    /// Who waits for a session, in order of their turn.
    pub fn queue(&self, session: SessionId) -> impl Iterator<Item = &Registration> {
        self.world.registrations.queue(session)
    }

    /// Entries that do not fit what came before them.
    pub const fn misfits(&self) -> u64 {
        self.misfits
    }

    /// What is known of learners; of one that is not known, nothing. All of them share one world, as the host asks for it.
    pub fn facts(&self, learners: &BTreeSet<PersonId>) -> BTreeMap<PersonId, Facts> {
        let known: Vec<_> = learners.iter().filter(|id| self.world.people.contains_key(id)).collect();
        let world = Arc::new(self.part(&known));
        let seats = Arc::new(self.capped_seats(&known));
        known.into_iter().map(|id| (*id, Facts::new(world.clone(), seats.clone(), *id))).collect()
    }

    /// What a store loads of these people to tell which sessions they may take.
    fn part(&self, people: &[&PersonId]) -> World {
        let mut part = World {
            courses: self.world.courses.clone(),
            locations: self.world.locations.clone(),
            dealers: self.world.dealers.clone(),
            rules: self.world.rules.clone(),
            ..World::default()
        };
        for id in people {
            if let Some(person) = self.world.people.get(id) {
                part.people.insert(**id, person.clone());
            }
            part.completions.insert(**id, self.world.completions_of(**id).to_vec());
            for registration in self.world.registrations.of_learner(**id) {
                part.registrations.put(registration.clone());
                if let Some(session) = self.session(registration.session) {
                    part.sessions.see(session.clone());
                }
            }
            let taught = self.taught.get(id).into_iter().flatten().filter_map(|it| self.session(*it));
            for session in taught.filter(|it| it.is_planned()) {
                part.sessions.see(session.clone());
            }
        }
        part
    }

    fn capped_seats(&self, people: &[&PersonId]) -> SeatsOfDealers {
        let is_capped = self.world.rules.iter().any(|set| set.rule == Rule::DealerCap && set.value > 0);
        if !is_capped {
            return SeatsOfDealers::new();
        }
        let dealers: BTreeSet<_> = people.iter().filter_map(|id| self.dealer_of(**id)).collect();
        let of = |dealer| {
            let (first, last) = (SessionId(Uuid::nil()), SessionId(Uuid::max()));
            self.seats.range((dealer, first)..=(dealer, last)).map(|(of, seats)| (*of, *seats))
        };
        dealers.into_iter().flat_map(of).collect()
    }

    fn apply(&mut self, entry: &Entry) {
        // What happens to a session that is long over happens to nobody who looks for another.
        let is_forgotten = |id| !self.world.sessions.contains_key(&id);
        let begins = matches!(entry.event, Event::SessionScheduled(_) | Event::SessionChanged(_));
        if !begins && entry.session.is_some_and(is_forgotten) {
            return;
        }
        if let Err(Misfit::DoesNotFit(misfit)) = self.world.apply(entry) {
            self.misfits += 1;
            tracing::debug!(
                entry = entry.sequence,
                error = &misfit as &dyn std::error::Error,
                "an entry does not fit"
            );
        }
    }

    /// Whether saving somebody moves them to another dealer.
    fn moves(&self, id: PersonId, dealer: Option<DealerId>) -> bool {
        self.world.people.get(&id).is_some_and(|known| known.dealer != dealer)
    }

    /// Counts all the seats of somebody, or takes them out of the count.
    fn count_seats(&mut self, learner: PersonId, more: bool) {
        let seats =
            self.world.registrations.of_learner(learner).map(|it| self.seat(it.id)).collect::<Vec<_>>();
        for seat in seats {
            self.count(seat, more);
        }
    }

    /// Whose dealer's the seat of a registration is, if it has one.
    fn seat(&self, id: RegistrationId) -> Option<(DealerId, SessionId)> {
        let registration = self.world.registrations.get(id).filter(|it| it.status.takes_a_seat())?;
        Some((self.dealer_of(registration.learner)?, registration.session))
    }

    fn count(&mut self, seat: Option<(DealerId, SessionId)>, more: bool) {
        let Some(seat) = seat else { return };
        let seats = self.seats.entry(seat).or_default();
        *seats = if more { *seats + 1 } else { seats.saturating_sub(1) };
        if *seats == 0 {
            self.seats.remove(&seat);
        }
    }

    fn teaches_no_more(&mut self, instructor: PersonId, session: SessionId) {
        let Some(taught) = self.taught.get_mut(&instructor) else { return };
        taught.remove(&session);
        if taught.is_empty() {
            self.taught.remove(&instructor);
        }
    }

    /// Forgets what has long been over, once a day.
    fn tidy(&mut self, now: Timestamp) -> bool {
        if self.tidied.is_some_and(|last| now.duration_since(last) < TIDIED_EVERY) {
            return false;
        }
        self.tidied = Some(now);
        let Ok(over) = now.checked_sub(KEPT) else { return false };
        self.catalogue.prune(over);
        let is_over = |session: &&Session| session.ends_at() <= over;
        let over: Vec<_> = self.world.sessions.values().filter(is_over).map(|it| it.id).collect();
        for id in over {
            for registration in self.registered.remove(&id).unwrap_or_default() {
                self.count(self.seat(registration), false);
                self.world.registrations.forget(registration);
            }
            for instructor in self.world.sessions.remove(id).into_iter().flat_map(|it| it.instructors) {
                self.teaches_no_more(instructor, id);
            }
        }
        true
    }
}
