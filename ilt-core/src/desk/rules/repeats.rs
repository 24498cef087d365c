//! The same request, again.

use crate::catalog::Course;
use crate::desk::{Command, Inquiry, Key, OnFull, Order, Refusal};
use crate::fault::Fault as _;
use crate::ids::PersonId;
use crate::journal::Actor;
use crate::session::SessionStatus;
use crate::testing::Network;
use crate::testing::plans::{course, id};

const ADA: PersonId = Network::ADA;

fn order(key: &str, digest: &str, session: u32) -> Order {
    let command = Command::Register {
        session: id(session).into(),
        learner: ADA,
        on_full: OnFull::Alternatives,
        automatic: false,
        reason: None,
    };
    let key = Some((Key { person: ADA, key: key.to_owned() }, digest.to_owned()));
    Order::new(Actor::Person(ADA), command, key, id(0))
}

#[test]
fn a_repeated_request_gets_the_first_answer_even_after_things_have_changed() {
    let mut network = Network::new().with_session(100, 2, 35);
    let first = network.order(order("a", "body", 100));
    network.cancel(ADA, 100).expect("in time");
    assert_eq!(network.order(order("a", "body", 100)), first);
    assert_eq!(network.status(ADA, 100), "cancelled", "and nothing is done again");
}

#[test]
fn a_repeated_refusal_is_the_same_refusal() {
    let mut network = Network::new().with_session(100, 1, 35);
    network.register(Network::BEN, 100).expect("the seat");
    let first = network.order(order("a", "body", 100));
    assert!(matches!(first, Err(Refusal::SessionFull { .. })));
    network.cancel(Network::BEN, 100).expect("in time");
    assert_eq!(network.order(order("a", "body", 100)), first);
}

#[test]
fn that_something_is_missing_is_no_answer_as_long_as_it_may_be_found_elsewhere() {
    let town = || {
        let mut network = Network::new().with_session(100, 2, 35);
        network.teach(course(8, "Old basics", None, &[]));
        network.teach(Course { equivalents: vec![id(8).into()], ..course(9, "Basics", None, &[]) });
        network.course_mut(1).prerequisites = vec![id(9).into()];
        network
    };
    let asked = |courses: &[u32]| {
        let inquiry = Inquiry::About(courses.iter().map(|it| (ADA, id(*it).into())).collect());
        Order { inquiry, ..order("a", "body", 100) }
    };
    for not_all in [&[][..], &[8], &[9], &[1, 9]] {
        let mut network = town();
        let refusal = network.order(asked(not_all)).expect_err("missing");
        assert_eq!(refusal.code(), "prerequisites-unknown", "asked about {not_all:?}");
        network.completed(ADA, 9, 1);
        let first = network.order(asked(&[]));
        assert!(first.is_ok(), "{first:?}");
        assert_eq!(network.order(asked(&[])), first);
    }
    for known in [asked(&[8, 9]), order("a", "body", 100)] {
        let mut network = town();
        let refusal = network.order(known).expect_err("missing");
        assert_eq!(refusal.code(), "prerequisites-missing");
        network.completed(ADA, 9, 1);
        assert_eq!(
            network.order(asked(&[])),
            Err(refusal),
            "what was answered is heard again, whatever is known by then"
        );
    }
}

#[test]
fn another_body_under_the_same_key_is_refused() {
    let mut network = Network::new().with_session(100, 2, 35);
    network.order(order("a", "body", 100)).expect("a seat");
    assert_eq!(network.order(order("a", "another body", 100)), Err(Refusal::IdempotencyKeyReused));
    assert!(
        network.order(order("b", "another body", 100)).is_ok(),
        "under its own key it is another request"
    );
}

#[test]
fn keys_are_each_persons_own() {
    let mut network = Network::new().with_session(100, 2, 35);
    network.order(order("a", "body", 100)).expect("a seat");
    let mut other = order("a", "another body", 100);
    other.actor = Actor::Person(Network::MIA);
    other.key = Some((Key { person: Network::MIA, key: "a".to_owned() }, "another body".to_owned()));
    assert!(network.order(other).is_ok());
}

#[test]
fn whoever_leads_the_learner_no_more_hears_nothing_of_them() {
    let mut network = Network::new().with_session(100, 2, 35);
    let mut asked = order("a", "body", 100);
    asked.actor = Actor::Person(Network::MIA);
    asked.key = Some((Key { person: Network::MIA, key: "a".to_owned() }, "body".to_owned()));
    let first = network.order(asked.clone());
    assert!(first.is_ok());
    assert_eq!(network.order(asked.clone()), first);
    network.world.people.get_mut(&ADA).expect("Ada").manager = None;
    assert_eq!(network.order(asked), Err(Refusal::not_found("answer")));
}

#[test]
fn whoever_teaches_hears_again_why_somebody_was_not_checked_in() {
    let mut network = Network::new().with_session(100, 2, 35);
    network.session_mut(100).instructors = vec![Network::INA];
    network.register(ADA, 100).expect("a seat");
    network.cancel(ADA, 100).expect("in time");
    network.later(35 * 24);
    let registration = network.id_of(ADA, 100);
    let key = || Some((Key { person: Network::INA, key: "a".to_owned() }, "body".to_owned()));
    let asked = || Order::new(Actor::Person(Network::INA), Command::CheckIn { registration }, key(), id(0));
    let first = network.order(asked());
    assert_eq!(first, Err(Refusal::NotConfirmed { was: "cancelled".to_owned() }));
    assert_eq!(network.order(asked()), first);
    network.session_mut(100).instructors.clear();
    assert_eq!(network.order(asked()), Err(Refusal::not_found("answer")));
}

#[test]
fn whoever_taught_a_session_that_was_never_published_hears_nothing_of_it_any_more() {
    let mut network = Network::new().with_session(100, 2, 35);
    network.session_mut(100).instructors = vec![Network::INA];
    network.session_mut(100).status = SessionStatus::Draft;
    let key = Some((Key { person: Network::INA, key: "a".to_owned() }, "body".to_owned()));
    let command = Command::CompleteSession { session: id(100).into() };
    let done = Order::new(Actor::Person(Network::INA), command, key, id(0));
    let first = network.order(done.clone());
    assert_eq!((&first, &network.order(done.clone())), (&Err(Refusal::RegistrationNotOpen), &first));
    network.session_mut(100).instructors.clear();
    assert_eq!(network.order(done), Err(Refusal::not_found("answer")));
}

#[test]
fn whoever_only_asks_what_was_answered_does_nothing() {
    let mut network = Network::new().with_session(100, 2, 35);
    let recall = || Order { command: Command::Recall { session: id(100).into() }, ..order("a", "body", 100) };
    assert_eq!(network.order(recall()), Err(Refusal::not_found("answer")));
    let first = network.order(order("a", "body", 100));
    assert!(first.is_ok(), "asking was no answer: {first:?}");
    assert_eq!(network.order(recall()), first);
}
