//! Learners and what they want: each a full session of a course that they may attend.

use ilt_core::attendance::Attendance;
use ilt_core::catalog::{Completion, Grant, Person, Place, Preferences, Role};
use ilt_core::ids::{CourseId, DealerId, PersonId, RegistrationId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::ranking::Learner;
use ilt_core::registration::decide::{Except, obstacle, takeable};
use ilt_core::registration::{Registration, Status};
use ilt_core::schedule::Zone;
use ilt_core::session::Session;
use ilt_core::world::World;
use jiff::{SignedDuration, Timestamp};

use crate::dice::Dice;
use crate::network::{TOPICS, now, place};

/// Somebody who wants a seat that is not there, and all that is known of them.
pub struct Request {
    /// Theirs alone; what everybody refers to is shared.
    pub world: World,
    pub person: PersonId,
    pub place: Place,
    pub holds: Vec<CourseId>,
    pub deadline: Option<Timestamp>,
    pub wanted: SessionId,
}

impl Request {
    /// The learner as ranking sees them, with the same checks that registering makes.
    pub fn ask<T>(&self, ask: impl FnOnce(&Learner<'_>) -> T) -> T {
        let person = &self.world.people[&self.person];
        ask(&Learner {
            id: self.person,
            places: std::slice::from_ref(&self.place),
            preferences: &person.preferences,
            holds: &self.holds,
            deadline: self.deadline,
            may_take: &|session, _| self.may_take(person, session),
        })
    }

    fn may_take(&self, person: &Person, session: &Session) -> bool {
        self.world.registrations.live(self.person, session.id).is_none()
            && takeable(&self.world, session, Some(person), now())
                .is_ok_and(|course| obstacle(&self.world, person, session, course, Except::Nothing).is_none())
    }
}

/// As many requests as asked for, by as many learners.
pub fn requests(network: &World, many: usize, dice: &mut Dice) -> Vec<Request> {
    let sessions: Vec<_> = network.sessions.values().collect();
    let full: Vec<_> = sessions.iter().copied().filter(|it| it.seats.open() == 0).collect();
    let courses: Vec<_> = network.courses.keys().copied().collect();
    (0..many).map(|_| request(network, &sessions, &full, &courses, dice)).collect()
}

fn request(
    network: &World,
    sessions: &[&Session],
    full: &[&Session],
    courses: &[CourseId],
    dice: &mut Dice,
) -> Request {
    let person = person(dice);
    let id = person.id;
    let mut world = World {
        courses: network.courses.clone(),
        locations: network.locations.clone(),
        people: [(id, person)].into(),
        ..World::default()
    };
    let mut completions: Vec<_> = (0..dice.between(2, 20))
        .map(|_| Completion {
            person: id,
            course: *dice.pick(courses),
            completed_at: days(-dice.between(1, 900)),
        })
        .collect();
    completions.sort_unstable();
    // Seats elsewhere, which clash with what is near them.
    for _ in 0..dice.below(5) {
        let held = *dice.pick(sessions);
        world.sessions.hold(held.clone());
        world.registrations.put(Registration {
            id: RegistrationId(dice.id()),
            session: held.id,
            learner: id,
            by: Actor::Person(id),
            created_at: now(),
            status: Status::Confirmed { at: now() },
            attendance: Attendance::default(),
            sequence: 0,
        });
    }
    let may_attend = |session: &&Session| {
        let course = &world.courses[&session.course];
        world.book().missing(course, &completions, session.starts_at()).is_empty()
    };
    let wanted = (0..50).map(|_| *dice.pick(full)).find(may_attend).unwrap_or(full[0]).id;
    let valid = |it: &&Completion| world.book().holds(it.course, &completions, now());
    let holds = completions.iter().filter(valid).map(|it| it.course).collect();
    let deadline = dice.percent(30).then(|| days(dice.between(30, 180)));
    world.completions.insert(id, completions);
    Request { world, person: id, place: place(dice).0, holds, deadline, wanted }
}

fn person(dice: &mut Dice) -> Person {
    let dealer = Some(DealerId(dice.id()));
    Person {
        id: PersonId(dice.id()),
        name: String::new(),
        email: String::new(),
        dealer,
        roles: vec![Grant { role: Role::Learner, dealer }],
        manager: None,
        stands_in_for: Vec::new(),
        preferences: Preferences {
            interests: (0..dice.below(4)).map(|_| (*dice.pick(&TOPICS)).to_owned()).collect(),
            ..Preferences::default()
        },
        zone: Zone::utc(),
        active: true,
        version: 1,
    }
}

fn days(days: i64) -> Timestamp {
    now() + SignedDuration::from_hours(24 * days)
}
