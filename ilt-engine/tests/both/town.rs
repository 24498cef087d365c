//! The town in which it plays: two instructors with a calendar each, a few learners, and four sessions that share no day.

use ilt_core::catalog::{Course, Location, Person, Place, Role};
use ilt_core::desk::{Command, Order, PartPlan, SessionPlan};
use ilt_core::ids::{LocationId, PersonId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::policy::{Override, Rule, Scope};
use ilt_core::testing::plans::{course, dealer, id, in_role, location, published};
use ilt_engine::{Ports, batch};
use jiff::{SignedDuration, ToSpan as _, civil};
use uuid::Uuid;

pub const LEARNERS: u32 = 6;
pub const SESSIONS: u32 = 4;
pub const INA: PersonId = PersonId(Uuid::from_u128(0x2001));
pub const IVO: PersonId = PersonId(Uuid::from_u128(0x2002));
pub const MIA: PersonId = PersonId(Uuid::from_u128(0x2003));
pub const ROOT: PersonId = PersonId(Uuid::from_u128(0x2004));
/// A learner who has left.
pub const LEFT: PersonId = PersonId(Uuid::from_u128(0x2005));

pub fn learner(number: u32) -> PersonId {
    PersonId(Uuid::from_u128(0x1000 + u128::from(number)))
}

pub fn session(number: u32) -> SessionId {
    SessionId(Uuid::from_u128(0x3000 + u128::from(number)))
}

/// The address under which somebody is known.
pub fn mail(person: PersonId) -> String {
    format!("{person}@dealer.example")
}

/// How a session is planned: on which of its own dates, for how many hours, with how many seats, and by whom.
#[derive(Debug, Clone)]
pub struct Plan {
    pub date: i32,
    pub hours: i64,
    pub capacity: u32,
    pub room: &'static str,
    pub instructors: Vec<PersonId>,
}

impl Plan {
    pub fn first(number: u32) -> Self {
        let instructors = vec![if number.is_multiple_of(2) { INA } else { IVO }];
        Self { date: 0, hours: 6, capacity: 1 + number % 3, room: "1", instructors }
    }

    /// Session 1 lasts two days, session 2 has to be approved, session 3 is a draft at first.
    pub fn session(&self, number: u32) -> SessionPlan {
        let first = civil::date(2027, 4, 5).at(9, 0, 0, 0);
        let days = i32::try_from(number).expect("few") * 20 + self.date;
        let part = |later: i32| PartPlan {
            starts: first.checked_add((days + later).days()).expect("a date"),
            zone: None,
            length: SignedDuration::from_hours(self.hours),
            room: self.room.to_owned(),
        };
        let parts = if number == 1 { vec![part(0), part(1)] } else { vec![part(0)] };
        SessionPlan {
            course: id(if number == 2 { 2 } else { 1 }).into(),
            parts,
            instructors: self.instructors.clone(),
            status: None,
            ..published(session(number), first, self.capacity)
        }
    }
}

/// Fills an empty store.
pub async fn found(ports: &Ports) {
    let place = Place { lat: 50.94, lon: 6.96 };
    let rooms = vec!["1".to_owned(), "2".to_owned()];
    let hall = Location { id: LocationId(id(1)), rooms, ..location(1, "Köln", place) };
    let member = |number| Person { manager: Some(MIA), ..in_role(learner(number), Role::Learner) };
    let mut people = vec![in_role(MIA, Role::Manager), in_role(ROOT, Role::Admin)];
    people.extend([in_role(INA, Role::Instructor), in_role(IVO, Role::Instructor)]);
    people.push(Person { active: false, ..in_role(LEFT, Role::Learner) });
    people.extend((0..LEARNERS).map(member));
    let courses: Vec<Course> =
        vec![course(1, "High voltage", None, &["safety"]), course(2, "First aid", None, &["safety"])];
    let plan = |number: u32| {
        let status = (number != 3).then(|| "published".to_owned());
        SessionPlan { status, ..Plan::first(number).session(number) }
    };
    let approval = Override { scope: Scope::Course(id(2).into()), rule: Rule::Approval, value: 1 };
    for command in [
        Command::SaveDealers(vec![dealer(place)]),
        Command::SaveLocations(vec![hall]),
        Command::SaveCourses(courses),
        Command::SavePeople(people),
        Command::SetRule(approval),
        Command::SaveSessions { plans: (0..SESSIONS).map(plan).collect(), historic: false },
    ] {
        let order = Order::new(Actor::system("import"), command, None, Uuid::nil());
        let done = batch::run(ports, &[order]).await.expect("the town is founded");
        assert!(done.answers[0].is_ok(), "{:?}", done.answers[0]);
    }
}
