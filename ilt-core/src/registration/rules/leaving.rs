//! Who leaves, or is no learner any more, gives everything back at once, and is never late.

use rstest::rstest;

use crate::catalog::{Person, Role};
use crate::desk::Command;
use crate::ids::PersonId;
use crate::policy::{Override, Rule, Scope};
use crate::testing::Network;

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;
const CEM: PersonId = Network::CEM;
const DOT: PersonId = Network::DOT;
const ROOT: PersonId = Network::ROOT;

fn has_left(person: &Person) -> Person {
    Person { active: false, ..person.clone() }
}

fn learns_no_more(person: &Person) -> Person {
    let mut person = person.clone();
    person.roles.retain(|grant| grant.role != Role::Learner);
    person
}

#[rstest]
#[case::has_left(has_left)]
#[case::is_no_learner_any_more(learns_no_more)]
fn seats_offers_requests_and_places_go_back_to_the_queue_at_once(#[case] leaving: fn(&Person) -> Person) {
    let mut network = Network::new();
    // A seat that others wait for, an offer, a request, a place, and a class that has begun.
    for (number, days) in [(100, 3), (101, 36), (102, 37), (103, 38), (104, 39)] {
        network.hold(number, 1, days);
    }
    network.register(ADA, 100).expect("the seat");
    network.wait(BEN, 100).expect("a place");
    network.register(CEM, 101).expect("the seat");
    network.wait(ADA, 101).expect("a place");
    network.wait(BEN, 101).expect("a place");
    network.cancel(CEM, 101).expect("in time");
    network.register(CEM, 103).expect("the seat");
    network.wait(ADA, 103).expect("a place");
    let approval = Override { scope: Scope::Global, rule: Rule::Approval, value: 1 };
    network.ask(ROOT, Command::SetRule(approval)).expect("set");
    network.register(ADA, 102).expect("a request");
    let words = [100, 101, 102, 103].map(|session| network.status(ADA, session));
    assert_eq!(words, ["confirmed", "offered", "held", "waitlisted"]);

    let person = Person { version: 0, ..leaving(&network.world.people[&ADA]) };
    network.ask(ROOT, Command::SavePeople(vec![person])).expect("saved");
    assert_eq!(
        [100, 101, 102, 103].map(|session| network.status(ADA, session)),
        ["cancelled"; 4],
        "and not late"
    );
    assert_eq!((network.status(BEN, 100), network.status(BEN, 101)), ("offered", "offered"));
    let told: Vec<_> = network.entries().filter(|it| it.learner == Some(ADA)).collect();
    assert_eq!(told.last().expect("told").reason.as_deref(), Some("is no active learner any more"));
}

#[test]
fn what_has_begun_stays_as_it_is() {
    let mut network = Network::new().with_session(100, 1, 35);
    network.register(ADA, 100).expect("the seat");
    network.later(35 * 24 + 1);
    let person = Person { version: 0, ..has_left(&network.world.people[&ADA]) };
    network.ask(ROOT, Command::SavePeople(vec![person])).expect("saved");
    assert_eq!(network.status(ADA, 100), "confirmed", "whoever was there has been there");
}

#[test]
fn unless_it_is_put_off_until_it_is_to_come_again() {
    let mut network = Network::new().with_session(100, 1, 35).with_session(101, 1, 50);
    network.register(ADA, 100).expect("the seat");
    network.later(35 * 24 + 1);
    let person = Person { version: 0, ..has_left(&network.world.people[&ADA]) };
    network.ask(ROOT, Command::SavePeople(vec![person])).expect("saved");
    let later = crate::desk::SessionPlan::from(network.session(101)).parts;
    let plan =
        crate::desk::SessionPlan { parts: later, ..crate::desk::SessionPlan::from(network.session(100)) };
    network.ask(ROOT, Command::SaveSessions { plans: vec![plan], historic: false }).expect("put off");
    assert_eq!(network.status(ADA, 100), "cancelled");
}

#[test]
fn many_leave_in_one_transaction() {
    let mut network = Network::new().with_session(100, 2, 35);
    for learner in [ADA, DOT] {
        network.register(learner, 100).expect("a seat");
    }
    network.wait(BEN, 100).expect("a place");
    network.news();
    let gone = |id: PersonId| Person { version: 0, ..has_left(&network.world.people[&id]) };
    let people = vec![gone(ADA), gone(DOT)];
    network.ask(ROOT, Command::SavePeople(people)).expect("saved");
    assert_eq!(network.seats(100), (0, 1, 0, 1));
    let words = network.news();
    let of = |word: &str| words.iter().filter(|it| **it == word).count();
    assert_eq!((of("people.saved"), of("registration.cancelled"), of("registration.offered")), (1, 2, 1));
}
