//! The little network that every case finds: two dealers, their people, three courses, two locations, three sessions.

use ilt_core::catalog::{
    Completion, Course, Dealer, Grant, Location, Person, Place, Preferences, ProgrammeType, Role,
};
use ilt_core::desk::{Command, PartPlan, SessionPlan};
use ilt_core::ids::DealerId;
use ilt_core::journal::Actor;
use ilt_core::schedule::Zone;
use ilt_engine::Engine;
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// A learner of the first dealer, led by Mia.
pub const ADA: &str = "10000000-0000-4000-8000-0000000000a1";
/// A learner of the first dealer, led by nobody.
pub const BOB: &str = "10000000-0000-4000-8000-0000000000b1";
/// A manager at the first dealer.
pub const MIA: &str = "10000000-0000-4000-8000-0000000000c1";
/// The first dealer's admin.
pub const DORA: &str = "10000000-0000-4000-8000-0000000000d1";
/// A learner of the second dealer.
pub const OTTO: &str = "10000000-0000-4000-8000-0000000000e2";
/// An instructor.
pub const INES: &str = "10000000-0000-4000-8000-0000000000f0";
/// The admin.
pub const ROOT: &str = "10000000-0000-4000-8000-000000000000";
/// Somebody who has left the first dealer.
pub const GONE: &str = "10000000-0000-4000-8000-0000000000a9";

pub const FIRST: &str = "20000000-0000-4000-8000-000000000001";
pub const SECOND: &str = "20000000-0000-4000-8000-000000000002";

/// Needs nothing.
pub const BASICS: &str = "30000000-0000-4000-8000-000000000001";
/// Needs the basics, and holds for two years.
pub const HIGH_VOLTAGE: &str = "30000000-0000-4000-8000-000000000002";
pub const SELLING: &str = "30000000-0000-4000-8000-000000000003";

pub const COLOGNE: &str = "40000000-0000-4000-8000-000000000001";
pub const MUNICH: &str = "40000000-0000-4000-8000-000000000002";

/// Two seats, taught by Ines in two weeks.
pub const SESSION: &str = "50000000-0000-4000-8000-000000000001";
/// The same course in Munich, a week later.
pub const LATER: &str = "50000000-0000-4000-8000-000000000002";
/// A draft of the course that needs the basics.
pub const DRAFT: &str = "50000000-0000-4000-8000-000000000003";

/// When every case begins: a Monday.
pub fn now() -> Timestamp {
    "2027-03-01T08:00:00Z".parse().expect("an instant")
}

/// An id, from its text.
pub fn id<T: From<Uuid>>(text: &str) -> T {
    T::from(text.parse().expect("an id"))
}

fn zone() -> Zone {
    "Europe/Berlin".parse().expect("a zone")
}

fn dealer(id_: &str, name: &str, group: &str, (lat, lon): (f64, f64)) -> Dealer {
    let (name, city) = (name.to_owned(), name.to_owned());
    let place = Place { lat, lon };
    Dealer {
        id: id(id_),
        name,
        group: Some(group.to_owned()),
        region: None,
        city,
        place,
        zone: zone(),
        version: 0,
    }
}

fn location(id_: &str, city: &str, (lat, lon): (f64, f64)) -> Location {
    Location {
        id: id(id_),
        name: format!("Training centre {city}"),
        address: "Main street 1".to_owned(),
        city: city.to_owned(),
        country: "Germany".to_owned(),
        place: Place { lat, lon },
        zone: zone(),
        rooms: vec!["2.04".to_owned(), "1.01".to_owned()],
        version: 0,
    }
}

fn course(id_: &str, title: &str, programme_type: ProgrammeType, prerequisites: &[&str]) -> Course {
    Course {
        id: id(id_),
        title: title.to_owned(),
        summary: String::new(),
        programme_type,
        topics: vec!["electric".to_owned()],
        track: None,
        length: SignedDuration::from_hours(6),
        validity_months: (!prerequisites.is_empty()).then_some(24),
        travel: false,
        prerequisites: prerequisites.iter().map(|it| id(it)).collect(),
        equivalents: Vec::new(),
        version: 0,
    }
}

fn person(id_: &str, name: &str, dealer: Option<&str>, roles: &[Role]) -> Person {
    let dealer: Option<DealerId> = dealer.map(id);
    let grant = |role: &Role| Grant { role: *role, dealer: dealer.filter(|_| role.is_at_a_dealer()) };
    Person {
        id: id(id_),
        name: name.to_owned(),
        email: format!("{}@dealer.example", name.to_lowercase().replace(' ', ".")),
        dealer,
        roles: roles.iter().map(grant).collect(),
        manager: None,
        stands_in_for: Vec::new(),
        preferences: Preferences::default(),
        zone: zone(),
        active: true,
        version: 0,
    }
}

fn session(id_: &str, course: &str, location: &str, starts: &str, status: &str) -> SessionPlan {
    let starts: DateTime = starts.parse().expect("a wall clock");
    let part =
        PartPlan { starts, zone: None, length: SignedDuration::from_hours(6), room: "2.04".to_owned() };
    SessionPlan {
        id: id(id_),
        course: id(course),
        location: id(location),
        parts: vec![part],
        instructors: vec![id(INES)],
        capacity: 2,
        minimum: 0,
        waitlist: true,
        status: Some(status.to_owned()),
        override_reason: None,
        version: None,
        busy: Vec::new(),
    }
}

/// Fills an empty host.
pub async fn found(engine: &Engine) {
    use ProgrammeType::{Compliance, EmployeeDevelopment, Onboarding};
    let (cologne, munich) = ((50.94, 6.96), (48.14, 11.58));
    let ada = Person { manager: Some(id(MIA)), ..person(ADA, "Ada Ahrens", Some(FIRST), &[Role::Learner]) };
    let gone = Person { active: false, ..person(GONE, "Gero Gone", Some(FIRST), &[Role::Learner]) };
    let people = vec![
        person(ROOT, "Rita Root", None, &[Role::Admin]),
        person(MIA, "Mia Maurer", Some(FIRST), &[Role::Learner, Role::Manager]),
        person(DORA, "Dora Dorn", Some(FIRST), &[Role::DealerAdmin]),
        person(INES, "Ines Imhof", None, &[Role::Instructor]),
        ada,
        person(BOB, "Bob Braun", Some(FIRST), &[Role::Learner]),
        person(OTTO, "Otto Ott", Some(SECOND), &[Role::Learner]),
        gone,
    ];
    let completed_at = "2026-05-04T15:00:00Z".parse().expect("an instant");
    let courses = vec![
        course(BASICS, "Basics", Onboarding, &[]),
        course(HIGH_VOLTAGE, "High-voltage safety", Compliance, &[BASICS]),
        course(SELLING, "Selling", EmployeeDevelopment, &[]),
    ];
    let plans = vec![
        session(SESSION, BASICS, COLOGNE, "2027-03-15T09:00", "published"),
        session(LATER, BASICS, MUNICH, "2027-03-22T09:00", "published"),
        session(DRAFT, HIGH_VOLTAGE, COLOGNE, "2027-04-05T09:00", "draft"),
    ];
    for command in [
        Command::SaveDealers(vec![
            dealer(FIRST, "Köln", "north", cologne),
            dealer(SECOND, "München", "south", munich),
        ]),
        Command::SaveLocations(vec![location(COLOGNE, "Köln", cologne), location(MUNICH, "München", munich)]),
        Command::SaveCourses(courses),
        Command::SavePeople(people),
        Command::RecordCompletions(vec![Completion { person: id(ADA), course: id(BASICS), completed_at }]),
        Command::SaveSessions { plans, historic: false },
    ] {
        let done = engine.ask(Actor::system("import"), command, None, Uuid::nil()).await;
        done.expect("the town is founded");
    }
    engine.feed().wait_for(engine.feed().committed()).await;
}
