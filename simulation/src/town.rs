//! The little network that every history plays in: two dealers, eleven people, eight sessions with few seats.

use std::sync::Arc;

use ilt_core::catalog::{Completion, Course, Dealer, Grant, Person, Place, Role};
use ilt_core::desk::{BlockPlan, Command, Order, SessionPlan};
use ilt_core::ids::{CourseId, DealerId, LocationId, PersonId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::policy::{Override, Rule, Scope};
use ilt_core::ports::Ids;
use ilt_core::testing::plans::{course, dealer, id, in_role, location, published};
use ilt_core::testing::{FixedClock, MemoryStore};
use ilt_engine::{Ports, batch};
use jiff::{Span, Timestamp, civil};
use uuid::Uuid;

use crate::executor::Executor;

/// Who lives there, in order of their ids.
pub const PEOPLE: [&str; 11] = ["Lea", "Leo", "Lin", "Lou", "Nia", "Noa", "Ida", "Mia", "Dan", "Dot", "Ada"];
/// The first of them are learners; the last of those teaches as well.
pub const LEARNERS: u32 = 7;
/// Sessions there are.
pub const SESSIONS: u32 = 8;
/// Courses there are.
pub const COURSES: u32 = 3;

/// When every history begins: a Monday.
pub fn beginning() -> Timestamp {
    "2027-02-01T08:00:00Z".parse().unwrap_or_default()
}

/// Somebody by number.
pub const fn person(number: u32) -> PersonId {
    PersonId(Uuid::from_u128(0x1000 + number as u128))
}

/// Who teaches, and learns as well.
pub const IDA: PersonId = person(6);
/// The manager at the first dealer.
pub const MIA: PersonId = person(7);
/// The admins of the two dealers.
pub const DEALER_ADMINS: [PersonId; 2] = [person(8), person(9)];
/// The admin.
pub const ADA: PersonId = person(10);

/// A session by number, from 1.
pub const fn session(number: u32) -> SessionId {
    SessionId(Uuid::from_u128(0x3000 + number as u128))
}

/// One of the two dealers, from 1.
pub fn dealer_id(number: u32) -> DealerId {
    DealerId(id(number))
}

/// What people call a thing of the town.
pub fn name(thing: Uuid) -> Option<String> {
    let number = u32::try_from(thing.as_u128()).ok()?;
    match number {
        0x1000..0x1100 => PEOPLE.get(number as usize - 0x1000).map(|it| (*it).to_owned()),
        0x3001..0x3100 => Some(format!("S{}", number - 0x3000)),
        _ => None,
    }
}

/// How the sessions are planned: day, hour, course, seats. The first two overlap; the sixth is in three days, the seventh
/// tomorrow, and the eighth is a draft.
const PLANS: [(i64, i8, u32, u32); SESSIONS as usize] = [
    (15, 9, 1, 2),
    (15, 11, 1, 1),
    (16, 9, 1, 3),
    (17, 9, 2, 2),
    (19, 9, 3, 2),
    (3, 9, 1, 2),
    (1, 7, 1, 1),
    (22, 9, 1, 2),
];

/// A session as it is planned at first.
pub fn plan(number: u32) -> SessionPlan {
    let (day, hour, course, capacity) = PLANS[number as usize - 1];
    let starts = civil::date(2027, 2, 1).saturating_add(Span::new().days(day)).at(hour, 0, 0, 0);
    SessionPlan {
        course: CourseId(id(course)),
        location: LocationId(id(1 + number % 2)),
        instructors: if matches!(number, 2 | 3) { vec![IDA] } else { Vec::new() },
        minimum: if number == 5 { 2 } else { 0 },
        status: Some(if number == 8 { "draft" } else { "published" }.to_owned()),
        ..published(session(number), starts, capacity)
    }
}

/// Somebody of the town as they are at first.
pub fn resident(number: u32) -> Person {
    let role = match number {
        0..LEARNERS => Role::Learner,
        7 => Role::Manager,
        8 | 9 => Role::DealerAdmin,
        _ => Role::Admin,
    };
    let at = if matches!(number, 4 | 5 | 9) { dealer_id(2) } else { dealer_id(1) };
    let mut person = in_role(person(number), role);
    PEOPLE[number as usize].clone_into(&mut person.name);
    person.dealer = Some(at);
    person.roles = vec![Grant { role, dealer: role.is_at_a_dealer().then_some(at) }];
    if person.id == IDA {
        person.roles.push(Grant { role: Role::Instructor, dealer: None });
    }
    person.manager = (number < LEARNERS && at == dealer_id(1)).then_some(MIA);
    person
}

/// The courses: one that holds for a month, one that must be approved, one that needs the first.
pub fn taught(number: u32) -> Course {
    let plain = course(number, ["Basics", "Leading", "High voltage"][number as usize - 1], None, &[]);
    match number {
        1 => Course { validity_months: Some(1), ..plain },
        3 => Course { prerequisites: vec![CourseId(id(1))], ..plain },
        _ => plain,
    }
}

/// Fills an empty store.
///
/// # Errors
/// What was refused, when the town cannot be founded: a fault of the simulation.
pub fn found(ids: Arc<dyn Ids>) -> anyhow::Result<MemoryStore> {
    let store = MemoryStore::new();
    let ports = Ports {
        store: Arc::new(store.clone()),
        journal: Arc::new(store.clone()),
        timers: Arc::new(store.clone()),
        reads: Arc::new(store.clone()),
        clock: Arc::new(FixedClock::at(beginning())),
        ids,
        rules: Arc::new(ilt_core::ports::NoRules),
        evidence: Arc::new(ilt_core::ports::OwnCompletions),
    };
    let place = |number: u32| Place { lat: 50.94 + f64::from(number), lon: 6.96 };
    let dealer = |number| Dealer { id: dealer_id(number), ..dealer(place(number)) };
    let set = |scope, rule, value| Command::SetRule(Override { scope, rule, value });
    let completed = |number: u32, days: i64| Completion {
        person: person(number),
        course: CourseId(id(1)),
        completed_at: beginning() - jiff::SignedDuration::from_hours(24 * days),
    };
    let block = BlockPlan { dealer: dealer_id(2), seats: 1, name_by: None, release_at: None };
    for command in [
        Command::SaveDealers(vec![dealer(1), dealer(2)]),
        Command::SaveLocations([1, 2].map(|number| location(number, "Köln", place(number))).into()),
        Command::SaveCourses((1..=COURSES).map(taught).collect()),
        set(Scope::Course(CourseId(id(2))), Rule::Approval, 1),
        set(Scope::Global, Rule::RegistrationCloses, 0),
        Command::SavePeople((0..11).map(resident).collect()),
        Command::RecordCompletions(vec![
            completed(0, 7),
            completed(2, 14),
            completed(4, 10),
            completed(5, 5),
        ]),
        Command::SaveSessions { plans: (1..=SESSIONS).map(plan).collect(), historic: false },
        Command::SaveBlock { session: session(3), block },
    ] {
        let order = Order::new(Actor::import(), command, None, Uuid::nil());
        let done = Executor::finish(batch::run(&ports, std::slice::from_ref(&order)));
        let done = done.ok_or_else(|| anyhow::anyhow!("founding waits for somebody"))??;
        anyhow::ensure!(done.answers[0].is_ok(), "{:?}: {:?}", order.command, done.answers[0]);
    }
    Ok(store)
}
