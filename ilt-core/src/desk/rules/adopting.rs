//! Who books in a calendar is registered by this system, and by no other rules than a learner who registers.

use rstest::rstest;

use crate::catalog::Role;
use crate::desk::{Answer, Command, OnFull, Order, Refusal, Reply};
use crate::fault::Fault as _;
use crate::ids::PersonId;
use crate::journal::Actor;
use crate::policy::{Override, Rule, Scope};
use crate::session::SessionStatus;
use crate::testing::Network;
use crate::testing::plans::id;

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;

fn set(network: &mut Network, rule: Rule, value: i64) {
    network.world.rules.push(Override { scope: Scope::Global, rule, value });
}

fn by(network: &mut Network, actor: Actor) -> Answer {
    let command = Command::Register {
        session: id(100).into(),
        learner: ADA,
        on_full: OnFull::Alternatives,
        automatic: false,
        reason: None,
    };
    network.order(Order::new(actor, command, None, id(0)))
}

/// What it comes to: where the registration is, or the code of the refusal.
fn said(answer: &Answer) -> String {
    match answer {
        Ok(Reply::Registration { registration, .. }) => registration.status.word().to_owned(),
        Ok(other) => panic!("{other:?}"),
        Err(refusal) => refusal.code().to_owned(),
    }
}

type Given = fn(&mut Network);

#[rstest]
#[case::a_seat_is_open(|_: &mut Network| (), "confirmed")]
#[case::it_is_full(|it: &mut Network| drop(it.register(BEN, 100)), "session-full")]
#[case::it_is_too_late(|it: &mut Network| it.later(24 * 34), "registration-closed")]
#[case::a_course_is_missing(|it: &mut Network| it.course_mut(1).prerequisites = vec![id(2).into()], "prerequisites-missing")]
#[case::another_class_at_the_time(|it: &mut Network| {
    it.hold(101, 1, 35);
    it.register(ADA, 101).expect("a seat");
}, "clash")]
#[case::teaching_at_the_time(|it: &mut Network| it.hold(101, 1, 35).instructors = vec![ADA], "clash")]
#[case::it_was_called_off(|it: &mut Network| {
    let (at, reason) = (it.now, "Storm.".to_owned());
    it.session_mut(100).status = SessionStatus::Cancelled { at, reason, announced: true };
}, "session-cancelled")]
#[case::it_took_place(|it: &mut Network| it.session_mut(100).status = SessionStatus::Completed { at: it.now }, "registration-closed")]
#[case::somebody_has_to_approve(|it: &mut Network| set(it, Rule::Approval, 1), "held")]
#[case::the_dealer_has_enough(|it: &mut Network| {
    it.session_mut(100).seats.capacity = 2;
    set(it, Rule::DealerCap, 1);
    it.register(BEN, 100).expect("a seat");
}, "dealer-cap-reached")]
#[case::they_wait_already(|it: &mut Network| {
    it.register(BEN, 100).expect("a seat");
    it.wait(ADA, 100).expect("a place");
}, "waitlisted")]
#[case::they_are_registered(|it: &mut Network| drop(it.register(ADA, 100)), "confirmed")]
#[case::they_have_left(|it: &mut Network| it.world.people.get_mut(&ADA).expect("Ada").active = false, "forbidden")]
#[case::they_are_no_learner(|it: &mut Network| {
    it.world.people.get_mut(&ADA).expect("Ada").roles.retain(|it| it.role != Role::Learner);
}, "forbidden")]
fn it_comes_to_the_same(#[case] given: Given, #[case] expected: &str) {
    let mut network = Network::new().with_session(100, 1, 35).with_session(102, 1, 36);
    network.teach(crate::testing::plans::course(2, "First", None, &[]));
    given(&mut network);
    let world = network.world.clone();
    let themselves = by(&mut network, Actor::Person(ADA));
    network.world = world;
    let calendar = by(&mut network, Actor::system("calendar"));
    assert_eq!((said(&calendar), said(&themselves)), (expected.to_owned(), expected.to_owned()));
    if let (Err(one), Err(other)) = (&calendar, &themselves)
        && !matches!(one, Refusal::Forbidden { .. })
    {
        assert_eq!(one, other, "to the letter");
    }
}

#[test]
fn it_is_told_as_the_calendars() {
    let mut network = Network::new().with_session(100, 1, 35);
    by(&mut network, Actor::system("calendar")).expect("a seat");
    let entry = network.entries().last().expect("an entry");
    assert_eq!(
        (entry.actor.to_string().as_str(), entry.event.word()),
        ("system:calendar", "registration.confirmed")
    );
    assert_eq!(network.registration(ADA, 100).by, Actor::system("calendar"));
}
