//! The little network that every history plays in: six learners and six seats' worth of trouble.

use ilt_core::catalog::{Person, Place, Role};
use ilt_core::desk::{Command, Order, SessionPlan};
use ilt_core::ids::{LocationId, PersonId, SessionId};
use ilt_core::journal::Actor;
use ilt_core::testing::plans::{course, dealer, id, in_role, location, published};
use ilt_engine::{Ports, batch};
use jiff::{Timestamp, civil};
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
    let starts = civil::date(2027, 2, 1).saturating_add(jiff::Span::new().days(days)).at(9, 0, 0, 0);
    let location = LocationId(id(if number.is_multiple_of(2) { 1 } else { 2 }));
    SessionPlan { location, waitlist: number != 3, ..published(session(number), starts, capacity) }
}

/// Fills an empty store.
pub async fn found(ports: &Ports) {
    let place = |number| Place { lat: 50.94 + f64::from(number), lon: 6.96 };
    let locations = [0, 1].map(|number| location(1 + number, "Köln", place(number)));
    let member = |number| Person { manager: Some(manager()), ..in_role(learner(number), Role::Learner) };
    let mut people = vec![in_role(manager(), Role::Manager), in_role(admin(), Role::Admin)];
    people.extend((0..LEARNERS).map(member));
    let plans =
        (0..SESSIONS).map(|number| plan(number, 1 + u32::try_from(number % 3).expect("small"))).collect();
    for command in [
        Command::SaveDealers(vec![dealer(place(0))]),
        Command::SaveLocations(locations.into()),
        Command::SaveCourses(vec![course(1, "High voltage", None, &[])]),
        Command::SavePeople(people),
        Command::SaveSessions { plans, historic: false },
    ] {
        let order = Order::new(Actor::system("import"), command, None, Uuid::nil());
        let done = batch::run(ports, &[order]).await.expect("the town is founded");
        assert!(done.answers[0].is_ok(), "{:?}", done.answers[0]);
    }
}
