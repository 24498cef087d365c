//! The little network that every history plays in: six learners and six seats' worth of trouble.

use ilt_core::catalog::{Course, Dealer, Grant, Location, Person, Place, ProgrammeType, Role};
use ilt_core::desk::{Command, Order, PartPlan, SessionPlan};
use ilt_core::ids::{CourseId, DealerId, LocationId, PersonId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::schedule::Zone;
use ilt_host::engine::{Ports, batch};
use jiff::{SignedDuration, Timestamp, civil};
use uuid::Uuid;

pub const LEARNERS: u128 = 6;
pub const SESSIONS: u128 = 5;

/// When every history begins.
pub fn beginning() -> Timestamp {
    "2027-02-01T08:00:00Z".parse().expect("an instant")
}

pub fn learner(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(0x1000 + number))
}

pub fn manager() -> PersonId {
    PersonId(Uuid::from_u128(0x2000))
}

pub fn admin() -> PersonId {
    PersonId(Uuid::from_u128(0x2001))
}

pub fn session(number: u128) -> SessionId {
    SessionId(Uuid::from_u128(0x3000 + number))
}

/// The plan of a session: the first two at the same hour, so that nobody can hold seats in both.
pub fn plan(number: u128, capacity: u32) -> SessionPlan {
    let days = [15, 15, 16, 22, 4][usize::try_from(number).expect("few sessions")];
    let part = PartPlan {
        starts: civil::date(2027, 2, 1).saturating_add(jiff::Span::new().days(days)).at(9, 0, 0, 0),
        zone: None,
        length: SignedDuration::from_hours(6),
        room: String::new(),
    };
    SessionPlan {
        id: session(number),
        course: CourseId(Uuid::from_u128(0x4000)),
        location: LocationId(Uuid::from_u128(0x5000 + number % 2)),
        parts: vec![part],
        instructors: Vec::new(),
        capacity,
        minimum: 0,
        waitlist: number != 3,
        status: Some("published".to_owned()),
        override_reason: None,
        version: None,
    }
}

/// Fills an empty store.
pub async fn found(ports: &Ports) {
    let zone: Zone = "Europe/Berlin".parse().expect("a zone");
    let dealer = DealerId(Uuid::from_u128(0x6000));
    let dealers = vec![Dealer {
        id: dealer,
        name: "Autohaus".to_owned(),
        group: None,
        region: None,
        city: "Köln".to_owned(),
        place: Place { lat: 50.94, lon: 6.96 },
        zone: zone.clone(),
        version: 0,
    }];
    let location = |number: u32| Location {
        id: LocationId(Uuid::from_u128(0x5000 + u128::from(number))),
        name: format!("Centre {number}"),
        address: String::new(),
        city: "Köln".to_owned(),
        country: "Germany".to_owned(),
        place: Place { lat: 50.94 + f64::from(number), lon: 6.96 },
        zone: zone.clone(),
        rooms: Vec::new(),
        version: 0,
    };
    let course = Course {
        id: CourseId(Uuid::from_u128(0x4000)),
        title: "High voltage".to_owned(),
        summary: String::new(),
        programme_type: ProgrammeType::Compliance,
        topics: Vec::new(),
        track: None,
        length: SignedDuration::from_hours(6),
        validity_months: None,
        travel: false,
        prerequisites: Vec::new(),
        equivalents: Vec::new(),
        version: 0,
    };
    let person = |id: PersonId, role: Role| Person {
        id,
        name: format!("Person {id}"),
        email: format!("{id}@dealer.example"),
        dealer: Some(dealer),
        roles: vec![Grant { role, dealer: role.is_at_a_dealer().then_some(dealer) }],
        manager: (role == Role::Learner).then(manager),
        stands_in_for: Vec::new(),
        preferred_location: None,
        interests: Vec::new(),
        zone: zone.clone(),
        active: true,
        version: 0,
    };
    let mut people = vec![person(manager(), Role::Manager), person(admin(), Role::Admin)];
    people.extend((0..LEARNERS).map(|number| person(learner(number), Role::Learner)));
    let plans =
        (0..SESSIONS).map(|number| plan(number, 1 + u32::try_from(number % 3).expect("small"))).collect();
    for command in [
        Command::SaveDealers(dealers),
        Command::SaveLocations(vec![location(0), location(1)]),
        Command::SaveCourses(vec![course]),
        Command::SavePeople(people),
        Command::SaveSessions { plans, historic: false },
    ] {
        let order = Order { actor: Actor::system("import"), command, key: None, correlation: Uuid::nil() };
        let done = batch::run(ports, &[order]).await.expect("the town is founded");
        assert!(done.answers[0].is_ok(), "{:?}", done.answers[0]);
    }
}
