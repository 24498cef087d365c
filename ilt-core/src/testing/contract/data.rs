//! What the contract fills stores with: nothing left at its default, so that nothing can be lost unseen.

use jiff::{SignedDuration, Timestamp};

use crate::attendance::{Attendance, Mark, Outcome};
use crate::catalog::{Channel, Completion, Course, Person, Preferences, Role};
use crate::desk::{Changes, Refusal};
use crate::ids::{DealerId, EventId, PersonId, RegistrationId, SessionId};
use crate::journal::{Actor, Entry, Event};
use crate::registration::{Priority, Registration, Status, Wait};
use crate::schedule::Part;
use crate::session::{Block, Seats, Session, SessionStatus};
use crate::testing::Network;
use crate::testing::plans::{self, id, now};

/// So many seconds after the beginning, and a microsecond.
pub fn at(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds) + SignedDuration::from_micros(1)
}

/// Dealers, locations, courses, people, and sessions 100 to 102, of which the last is over.
pub fn basics() -> Changes {
    let network = Network::new();
    let mut courses: Vec<_> = network.world.courses.values().cloned().collect();
    courses.push(Course {
        summary: "What can kill you, and how not to let it.\nBring shoes — \"S3\".".to_owned(),
        validity_months: Some(24),
        travel: true,
        prerequisites: vec![id(1).into()],
        equivalents: vec![id(3).into()],
        ..plans::course(2, "Hochvolt für Fortgeschrittene", None, &["safety", "prüfung"])
    });
    courses.push(plans::course(3, "Older course", None, &[]));
    let mut people: Vec<_> = network.world.people.values().cloned().collect();
    for person in &mut people {
        person.name = format!("Person {}", person.id.0.as_u128());
        person.email = format!("p{}@dealer.example", person.id.0.as_u128());
        person.preferences = Preferences {
            locations: vec![id(5).into()],
            times: vec!["tuesday 08:00-13:00".parse().expect("a time"), "friday".parse().expect("a day")],
            interests: vec!["safety".to_owned()],
            notify_by: vec![Channel::Sms, Channel::Push],
        };
        person.stands_in_for = vec![Network::MIA];
    }
    Changes {
        dealers: network.world.dealers.values().cloned().collect(),
        locations: network.world.locations.values().cloned().collect(),
        courses,
        people,
        completions: vec![completion(Network::ADA, 1, 1), completion(Network::ADA, 3, 2)],
        sessions: vec![
            session(100, 35),
            Session { course: id(2).into(), ..session(101, 36) },
            Session { status: SessionStatus::Completed { at: at(0) }, ..session(102, -7) },
        ],
        ..Changes::default()
    }
}

/// Somebody completed a course so many seconds ago.
pub fn completion(person: PersonId, course: u32, seconds: i64) -> Completion {
    Completion { person, course: id(course).into(), completed_at: at(-seconds) }
}

/// A session of two parts with every field said, so many days from now.
pub fn session(number: u32, days: i32) -> Session {
    let mut session = plans::session(number, 1, 1, days);
    let first = session.parts[0].clone();
    let next_day = first.starts.tomorrow().expect("in range");
    session.parts[0].room = String::from("2.04");
    session.parts.push(
        Part::new(next_day, first.zone, SignedDuration::from_mins(450), "Hof".to_owned()).expect("a part"),
    );
    session.instructors = vec![Network::INA];
    session.minimum = 4;
    session.seats = Seats { reserved: 4, ..Seats::empty(20) };
    session.freed_at = Some(at(-60));
    session.moved_at = Some(at(-30));
    session.rescheduled_at = Some(at(-31));
    session.most_parts = 3;
    session.reminded_at = Some(at(-20));
    session.blocks = vec![block(1, 5), Block { name_by: None, ..block(2, 1) }];
    session.version = 7;
    session
}

/// So many seats set aside for a dealer, one of which is taken.
pub fn block(dealer: u32, seats: u32) -> Block {
    Block {
        dealer: id(dealer).into(),
        seats,
        used: 1,
        users: [RegistrationId(id(900 + dealer))].into(),
        name_by: Some(at(86_400)),
        release_at: at(172_800),
    }
}

/// A registration by its number.
pub fn registration(number: u32, session: u32, learner: PersonId, status: Status) -> Registration {
    Registration {
        id: RegistrationId(id(number)),
        session: SessionId(id(session)),
        learner,
        by: Actor::Person(Network::MIA),
        created_at: at(i64::from(number)),
        status,
        attendance: attendance(number),
        sequence: 3,
    }
}

/// Waiting since so many seconds after the beginning.
pub fn waiting(seconds: i64) -> Status {
    Status::Waitlisted { wait: place(seconds) }
}

/// A place in the queue with everything said; the fifth second's has priority.
pub fn place(seconds: i64) -> Wait {
    Wait {
        since: at(seconds),
        automatic: true,
        passed_at: Some(at(seconds + 1)),
        lapses: 1,
        skipped: Some("clash".to_owned()),
        paused: seconds == 2,
        told_at: Some(at(seconds + 2)),
        priority: (seconds == 5).then(|| Priority { level: 3, reason: "deadline".to_owned() }),
        approved: seconds == 3,
        gives_back: (seconds == 4).then(|| id(77).into()),
        group: (seconds == 4).then(|| id(78).into()),
    }
}

/// A learner by number, at the first dealer unless the number is odd.
pub fn learner(number: u32, name: &str) -> Person {
    let dealer = Some(DealerId(id(1 + number % 2)));
    let mut person = plans::person(number);
    (person.name, person.email) = (name.to_owned(), format!("learner{number}@dealer.example"));
    person.dealer = dealer;
    person.roles[0].dealer = dealer;
    debug_assert!(person.is(Role::Learner));
    person
}

/// An entry of the journal by its number, about a registration.
pub fn entry(number: u32, registration: u32) -> Entry {
    Entry {
        sequence: 0,
        id: EventId(id(number)),
        // The same for all, so that they can be recorded in any order.
        at: at(7),
        actor: Actor::system("timer"),
        session: Some(SessionId(id(100))),
        learner: Some(Network::ADA),
        registration: Some(RegistrationId(id(registration))),
        reason: Some("krank — “ill”".to_owned()),
        correlation: id(number + 1),
        event: Event::Skipped { why: Refusal::Clash { with: Vec::new() } },
        seats: Some(session(100, 35).seats),
    }
}

/// Who was there; nothing is known of registrations with an even number.
fn attendance(number: u32) -> Attendance {
    if number.is_multiple_of(2) {
        return Attendance::default();
    }
    let mark = |minutes| Mark {
        minutes,
        excused: minutes == 0,
        at: at(9),
        client: Some(id(number)),
        arrived_at: Some(at(8)),
    };
    Attendance { marks: [(1, mark(180)), (2, mark(0))].into(), settled: Some(Outcome::Excused) }
}
