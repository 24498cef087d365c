//! A small town to test in: one learner in Köln who wants a seat in a full session.

use jiff::{SignedDuration, Timestamp};

use crate::attendance::Attendance;
use crate::catalog::{Completion, Course, Location, Place};
use crate::ids::{CourseId, PersonId, RegistrationId, SessionId};
use crate::journal::Actor;
use crate::opinion::Adjusted;
use crate::ranking::{Catalogue, Learner, Parts, Ranked, Weights, alternatives};
use crate::registration::decide::{Except, obstacle, takeable};
use crate::registration::{Registration, Status};
use crate::session::Session;
use crate::testing::plans::{Changed, course, dealer, id, location, now, person, session};
use crate::world::World;

/// The course of the session that is wanted.
pub const WANTED_COURSE: u32 = 1;
/// The session that is wanted: on Monday 5 April in Köln, full.
pub const WANTED: u32 = 100;
/// The one who wants it.
pub const ADA: u32 = 7;

/// Where sessions take place, as the crow flies from Ada.
const PLACES: [(u32, &str, f64, f64); 5] = [
    (1, "Köln", 50.9375, 6.9603),      // 0 km
    (2, "Bonn", 50.7374, 7.0982),      // 24 km
    (3, "Aachen", 50.7753, 6.0839),    // 64 km
    (4, "Frankfurt", 50.1109, 8.6821), // 153 km
    (5, "Hamburg", 53.5511, 9.9937),   // 356 km
];

/// The world, and what is asked of it.
#[derive(Debug, Clone)]
pub struct Town {
    pub world: World,
    pub place: Option<Place>,
    pub deadline: Option<Timestamp>,
    pub weights: Weights,
}

/// An alternative, told.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    pub session: SessionId,
    pub score: f64,
    pub parts: Parts,
    pub reason: String,
    pub would_change: String,
}

impl Town {
    /// With the session that is wanted and no other.
    pub fn new() -> Self {
        let mut town = Self {
            world: World::default(),
            place: Some(Place { lat: PLACES[0].2, lon: PLACES[0].3 }),
            deadline: None,
            weights: Weights::default(),
        };
        for (number, city, lat, lon) in PLACES {
            town.locate(location(number, city, Place { lat, lon }));
        }
        town.teach(course(
            WANTED_COURSE,
            "High-voltage safety",
            Some("high-voltage"),
            &["safety", "battery"],
        ));
        let koeln = Place { lat: PLACES[0].2, lon: PLACES[0].3 };
        let (ada, north) = (person(ADA), dealer(koeln));
        std::sync::Arc::make_mut(&mut town.world.dealers).insert(north.id, north);
        town.world.people.insert(ada.id, ada);
        town.hold(session(WANTED, WANTED_COURSE, 1, 35).full(3))
    }

    /// With a course.
    pub fn teach(&mut self, course: Course) {
        std::sync::Arc::make_mut(&mut self.world.courses).insert(course.id, course);
    }

    /// With a location.
    pub fn locate(&mut self, location: Location) {
        std::sync::Arc::make_mut(&mut self.world.locations).insert(location.id, location);
    }

    /// With a session.
    pub fn hold(mut self, session: Session) -> Self {
        self.world.sessions.hold(session);
        self
    }

    /// Changes a course.
    pub fn course(&mut self, number: u32) -> &mut Course {
        let courses = std::sync::Arc::make_mut(&mut self.world.courses);
        courses.get_mut(&CourseId(id(number))).expect("the course")
    }

    /// Changes a session.
    pub fn session(&mut self, number: u32) -> &mut Session {
        self.world.sessions.change(SessionId(id(number))).expect("the session")
    }

    /// Ada completed a course so many days ago.
    pub fn completed(&mut self, course: u32, days_ago: i64) {
        let completed_at = now() - SignedDuration::from_hours(24 * days_ago);
        let completion = Completion { person: PersonId(id(ADA)), course: CourseId(id(course)), completed_at };
        let known = self.world.completions.entry(completion.person).or_default();
        known.push(completion);
        known.sort_unstable();
    }

    /// Ada has a seat.
    pub fn registered(&mut self, session: u32) {
        let learner = PersonId(id(ADA));
        self.world.registrations.put(Registration {
            id: RegistrationId(id(session)),
            session: SessionId(id(session)),
            learner,
            by: Actor::Person(learner),
            created_at: now(),
            status: Status::Confirmed { at: now() },
            attendance: Attendance::default(),
            sequence: 0,
        });
    }

    /// Asks as Ada.
    pub fn as_learner<T>(&self, ask: impl FnOnce(&Learner<'_>) -> T) -> T {
        let ada = &self.world.people[&PersonId(id(ADA))];
        let completions = self.world.completions_of(ada.id);
        let holds = |it: &&Completion| self.world.book().holds(it.course, completions, now());
        let holds: Vec<_> = completions.iter().filter(holds).map(|it| it.course).collect();
        ask(&Learner {
            id: ada.id,
            places: self.place.as_slice(),
            preferences: &ada.preferences,
            holds: &holds,
            deadline: self.deadline,
            may_take: &|session, _| self.may_take(session),
        })
    }

    /// What the rules of registration say, her dealer group's included.
    pub fn may_take(&self, session: &Session) -> bool {
        let ada = &self.world.people[&PersonId(id(ADA))];
        let holds_it = self.world.registrations.live(ada.id, session.id).is_some();
        let rules = self.world.rules_for(Some(session.course), Some(ada));
        let can_join =
            session.seats.open() > 0 || session.waitlist && rules.is_on(crate::policy::Rule::Waitlist);
        let is_let_in = || {
            takeable(&self.world, session, Some(ada), now())
                .is_ok_and(|course| obstacle(&self.world, ada, session, course, Except::Nothing).is_none())
        };
        !holds_it && can_join && is_let_in()
    }

    /// What Ada is offered instead of the session she wants.
    pub fn offered(&self) -> Vec<Told> {
        let catalogue = Catalogue::new(&self.world);
        let wanted = &self.world.sessions[&SessionId(id(WANTED))];
        self.as_learner(|ada| {
            alternatives(&catalogue, ada, wanted, self.weights, &Adjusted::new(), now())
                .iter()
                .map(Told::of)
                .collect()
        })
    }

    /// The numbers of what Ada is offered.
    pub fn offered_numbers(&self) -> Vec<u128> {
        self.offered().iter().map(|told| told.session.0.as_u128()).collect()
    }
}

impl Told {
    /// What is told of an alternative.
    pub fn of(one: &Ranked<'_>) -> Self {
        Self {
            session: one.candidate.session.id,
            score: one.score,
            parts: one.parts,
            reason: one.reason.clone(),
            would_change: one.would_change.clone().unwrap_or_default(),
        }
    }
}
