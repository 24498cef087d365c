//! A year of a training network, as its journal: as many entries as are asked for, each of which fits those before it.

use ilt_core::catalog::{Completion, Course, Dealer, Grant, Location, Person, Place, Role};
use ilt_core::ids::{
    AlternativeId, CourseId, DealerId, EventId, LocationId, PersonId, RegistrationId, SessionId,
};
use ilt_core::journal::{Actor, Entry, Event};
use ilt_core::ranking::{Parts, Shown, Weights};
use ilt_core::schedule::{Part, Zone};
use ilt_core::session::{Seats, Session, SessionStatus};
use ilt_core::testing::plans;
use ilt_core::world::World;
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use uuid::Uuid;

const DEALERS: u32 = 120;
const PEOPLE: u32 = 20_000;
const COURSES: u32 = 200;
const LOCATIONS: u32 = 40;
const TOPICS: [&str; 8] =
    ["electric", "brakes", "safety", "charging", "software", "warranty", "sales", "bodywork"];
/// Days of the year; sessions are planned so many days ahead.
const DAYS: u32 = 360;
const AHEAD: u32 = 60;
const SEATS: u32 = 20;
/// Saved at once.
const TOGETHER: usize = 1_000;

/// The certificate that every fourth learner holds.
pub fn certificate() -> CourseId {
    CourseId(number(1, 0))
}

fn number(kind: u128, number: u32) -> Uuid {
    Uuid::from_u128((kind << 96) | (0x7000_u128 << 64) | (0x8000_u128 << 48) | u128::from(number))
}

/// The journal as it is written.
pub struct Year {
    pub entries: Vec<Entry>,
    written: usize,
    world: World,
    /// Sessions that can be booked.
    open: Vec<SessionId>,
    live: Vec<RegistrationId>,
    dice: fastrand::Rng,
    at: Timestamp,
    pace: SignedDuration,
    next: u32,
}

impl Year {
    /// A year of so many entries, before it begins.
    pub fn of(entries: usize) -> Self {
        let micros = i64::from(DAYS) * 86_400_000_000 / i64::try_from(entries.max(1)).unwrap_or(i64::MAX);
        let mut year = Self {
            entries: Vec::new(),
            written: 0,
            world: World::default(),
            open: Vec::new(),
            live: Vec::new(),
            dice: fastrand::Rng::with_seed(1),
            at: plans::now(),
            pace: SignedDuration::from_micros(micros),
            next: 0,
        };
        year.found();
        year
    }

    /// One day of it, of so many entries.
    pub fn day(&mut self, day: u32, entries: usize) {
        let over = self.at;
        self.world.sessions.retain(|session| session.ends_at() > over);
        let World { sessions, registrations, .. } = &mut self.world;
        let is_over = registrations.iter().filter(|it| !sessions.contains_key(&it.session));
        for id in is_over.map(|it| it.id).collect::<Vec<_>>() {
            registrations.forget(id);
        }
        self.open.retain(|id| sessions.get(id).is_some_and(|it| it.starts_at() > over));
        self.live.retain(|id| registrations.get(*id).is_some_and(|it| it.status.is_live()));
        let (first, last) = if day == 0 { (1, AHEAD) } else { (AHEAD, AHEAD) };
        for ahead in first..=last {
            for _ in 0..entries / 28 {
                self.schedule(day + ahead);
            }
        }
        let end = self.written + entries;
        while self.written < end {
            match self.dice.u32(0..100) {
                0..=11 => self.look(),
                12..=25 => self.cancel(),
                _ => self.register(),
            }
        }
    }

    /// How many entries there are by now.
    pub const fn len(&self) -> usize {
        self.written
    }

    fn found(&mut self) {
        let place =
            |number: u32| Place { lat: 46.0 + f64::from(number % 9), lon: 3.0 + f64::from(number % 11) };
        let dealers = (0..DEALERS).map(|it| Dealer { id: dealer(it), ..plans::dealer(place(it)) });
        self.happens(Event::DealersSaved(dealers.collect()), None, None, None);
        let locations = (0..LOCATIONS)
            .map(|it| Location { id: LocationId(number(2, it)), ..plans::location(it, "Town", place(it)) });
        self.happens(Event::LocationsSaved(locations.collect()), None, None, None);
        let course = |it: u32| {
            let topics = [TOPICS[it as usize % 8], TOPICS[(it / 8) as usize % 8]];
            let track = it.is_multiple_of(3).then(|| format!("track {}", it % 10));
            let needs = if it % 4 == 3 { vec![certificate()] } else { Vec::new() };
            let id = CourseId(number(1, it));
            Course { id, prerequisites: needs, ..plans::course(it, "Course", track.as_deref(), &topics) }
        };
        self.happens(Event::CoursesSaved((0..COURSES).map(course).collect()), None, None, None);
        let people: Vec<_> = (0..PEOPLE).map(person).collect();
        for some in people.chunks(TOGETHER) {
            self.happens(Event::PeopleSaved(some.to_vec()), None, None, None);
        }
        let at = self.at - SignedDuration::from_hours(24 * 100);
        let completion = |it: &Person| {
            let is_certified = self.dice.u32(0..4) == 0;
            let course = if is_certified { 0 } else { self.dice.u32(1..COURSES) };
            Completion { person: it.id, course: CourseId(number(1, course)), completed_at: at }
        };
        let completions: Vec<_> = people.iter().map(completion).collect();
        for some in completions.chunks(TOGETHER) {
            self.happens(Event::CompletionsRecorded(some.to_vec()), None, None, None);
        }
    }

    fn schedule(&mut self, day: u32) {
        let monday: DateTime = "2027-03-01T09:00".parse().expect("a wall clock");
        let starts = monday.saturating_add(i64::from(day).days());
        let zone: Zone = "Europe/Berlin".parse().expect("a zone");
        let part = Part::new(starts, zone, SignedDuration::from_hours(6), String::new()).expect("a time");
        let (course, location) = (self.dice.u32(0..COURSES), self.dice.u32(0..LOCATIONS));
        let session = Session {
            id: SessionId(self.id()),
            course: CourseId(number(1, course)),
            location: LocationId(number(2, location)),
            parts: vec![part],
            status: SessionStatus::Published { at: self.at },
            seats: Seats::empty(SEATS),
            ..plans::session(0, 0, 0, 0)
        };
        let id = session.id;
        self.happens(Event::SessionScheduled(Box::new(session)), Some(id), None, None);
        self.open.push(id);
    }

    fn register(&mut self) {
        let (session, learner) = (self.session(), self.learner());
        if self.world.registrations.live(learner, session).is_some() {
            return;
        }
        let id = RegistrationId(self.id());
        let is_open = self.world.sessions[&session].seats.open() > 0;
        let event = if is_open {
            Event::Registered
        } else {
            Event::Waitlisted { automatic: false, gives_back: None, group: None }
        };
        self.happens(event, Some(session), Some(learner), Some(id));
        self.live.push(id);
    }

    fn cancel(&mut self) {
        if self.live.is_empty() {
            return;
        }
        let id = self.live.swap_remove(self.dice.usize(0..self.live.len()));
        let Some(known) = self.world.registrations.get(id) else { return };
        let (session, learner) = (known.session, known.learner);
        self.happens(Event::Cancelled { late: false }, Some(session), Some(learner), Some(id));
    }

    /// Somebody is shown three sessions, and takes one of them one time in five.
    fn look(&mut self) {
        let (wanted, learner, at) = (self.session(), self.learner(), self.at);
        let parts = Parts { proximity: 0.5, availability: 0.5, relevance: 1.0 };
        let shown: Vec<_> = (1..=3)
            .map(|rank| Shown {
                id: AlternativeId(self.id()),
                learner,
                wanted,
                session: self.session(),
                rank,
                score: 0.6,
                parts,
                adjustments: Vec::new(),
                weights: Weights::default(),
                distance_km: Some(41.0),
                days_later: 6,
                seats_open: 3,
                reason: "Six days later, 41 km from you, 3 seats open.".to_owned(),
                would_change: None,
                shown_at: at,
                expires_at: at + SignedDuration::from_mins(30),
                taken: None,
            })
            .collect();
        let first = shown[0].clone();
        self.happens(Event::AlternativesShown(shown), Some(wanted), Some(learner), None);
        let is_free = self.world.registrations.live(learner, first.session).is_none();
        if self.dice.u32(0..5) == 0 && is_free && self.world.sessions[&first.session].seats.open() > 0 {
            let id = RegistrationId(self.id());
            self.happens(Event::Registered, Some(first.session), Some(learner), Some(id));
            self.happens(Event::AlternativeTaken(first.id), Some(first.session), Some(learner), Some(id));
            self.live.push(id);
        }
    }

    fn happens(
        &mut self,
        event: Event,
        session: Option<SessionId>,
        learner: Option<PersonId>,
        registration: Option<RegistrationId>,
    ) {
        self.at += self.pace;
        let mut entry = Entry {
            sequence: 0,
            id: EventId(self.id()),
            at: self.at,
            actor: Actor::system("bench"),
            session,
            learner,
            registration,
            reason: None,
            correlation: Uuid::nil(),
            event,
            seats: None,
        };
        self.world.apply(&entry).expect("it fits");
        self.world.shown.clear();
        entry.seats = session.and_then(|id| self.world.sessions.get(&id)).map(|it| it.seats);
        self.entries.push(entry);
        self.written += 1;
    }

    fn session(&mut self) -> SessionId {
        self.open[self.dice.usize(0..self.open.len())]
    }

    fn learner(&mut self) -> PersonId {
        PersonId(number(3, self.dice.u32(0..PEOPLE)))
    }

    fn id(&mut self) -> Uuid {
        self.next += 1;
        number(9, self.next)
    }
}

fn dealer(of: u32) -> DealerId {
    DealerId(number(4, of))
}

fn person(of: u32) -> Person {
    let dealer = Some(dealer(of % DEALERS));
    let mut roles = vec![Grant { role: Role::Learner, dealer }];
    // The first of each dealer leads all the others, and the second looks after it.
    let leader = of % DEALERS;
    let also = match of / DEALERS {
        0 => Some(Role::Manager),
        1 => Some(Role::DealerAdmin),
        _ => None,
    };
    roles.extend(also.map(|role| Grant { role, dealer }));
    let manager = (of != leader).then(|| PersonId(number(3, leader)));
    Person { id: PersonId(number(3, of)), dealer, roles, manager, ..plans::person(of) }
}
