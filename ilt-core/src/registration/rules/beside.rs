//! Nobody waits beside an open seat without a word, and no newcomer gets a seat that somebody in the queue may have.

use crate::catalog::Person;
use crate::desk::{Command, Displaced, OnFull, Refusal, SessionPlan};
use crate::ids::PersonId;
use crate::policy::{Override, Rule, Scope};
use crate::registration::Status;
use crate::testing::Network;
use crate::testing::plans::{course, id};

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;
const CEM: PersonId = Network::CEM;
const DOT: PersonId = Network::DOT;
const LEO: PersonId = Network::LEO;
const MIA: PersonId = Network::MIA;
const ROOT: PersonId = Network::ROOT;

/// One seat that came free and is still open, since Ben, the only one who waits, has another class at that hour.
fn held_up_by_a_clash() -> Network {
    let mut network = Network::new().with_session(100, 1, 35).with_session(101, 3, 35);
    network.register(ADA, 100).expect("the seat");
    network.wait(BEN, 100).expect("a place");
    network.register(BEN, 101).expect("waiting is in nobody's way");
    network.cancel(ADA, 100).expect("in time");
    assert_eq!(network.news().last(), Some(&"registration.skipped"), "and was told why");
    network
}

#[test]
fn whoever_was_passed_over_is_asked_as_soon_as_nothing_is_in_the_way_any_more() {
    let mut network = held_up_by_a_clash();
    network.cancel(BEN, 101).expect("in time");
    assert_eq!((network.status(BEN, 100), network.seats(100)), ("offered", (0, 1, 0, 0)));
}

#[test]
fn a_seat_that_the_queue_cannot_take_is_anybodys() {
    let mut network = held_up_by_a_clash();
    network.register(DOT, 100).expect("nobody else may have it");
}

#[test]
fn a_course_that_was_missing_and_is_completed_opens_the_seat_to_whoever_waits() {
    let mut network = Network::new().with_session(100, 1, 35);
    network.teach(course(2, "Basics", None, &[]));
    network.register(ADA, 100).expect("the seat");
    network.wait(BEN, 100).expect("a place");
    network.course_mut(1).prerequisites = vec![id(2).into()];
    network.cancel(ADA, 100).expect("in time");
    assert_eq!(network.status(BEN, 100), "waitlisted", "told of the course that is missing");
    let completed_at = network.now;
    let completed = crate::catalog::Completion { person: BEN, course: id(2).into(), completed_at };
    network.ask(ROOT, Command::RecordCompletions(vec![completed])).expect("recorded");
    assert_eq!(network.status(BEN, 100), "offered");
}

#[test]
fn one_who_comes_back_is_asked_again() {
    let mut network = Network::new().with_session(100, 1, 35);
    network.register(ADA, 100).expect("the seat");
    network.wait(BEN, 100).expect("a place");
    let away = |network: &mut Network, active| {
        let person = Person { active, version: 0, ..network.world.people[&BEN].clone() };
        network.world.people.insert(BEN, Person { active: !active, ..person.clone() });
        network.ask(ROOT, Command::SavePeople(vec![person])).expect("saved");
    };
    network.world.people.get_mut(&BEN).expect("there").active = false;
    network.cancel(ADA, 100).expect("in time");
    assert_eq!(network.status(BEN, 100), "waitlisted", "an account that sleeps is offered nothing");
    away(&mut network, true);
    assert_eq!(network.status(BEN, 100), "offered");
}

/// A rule that is set changes nothing by itself; whoever comes first does not get the seat all the same.
#[test]
fn a_newcomer_does_not_overtake_whom_only_a_rule_has_made_able_to_come() {
    let mut network = Network::new().with_session(100, 2, 35);
    let cap = |value| Override { scope: Scope::Global, rule: Rule::DealerCap, value };
    network.register(ADA, 100).expect("the first of the dealer");
    network.register(Network::ZOE, 100).expect("of another dealer");
    network.wait(BEN, 100).expect("a place");
    network.ask(ROOT, Command::SetRule(cap(1))).expect("set");
    network.cancel(Network::ZOE, 100).expect("in time");
    assert_eq!(network.status(BEN, 100), "waitlisted", "the dealer has its seat");
    network.ask(ROOT, Command::SetRule(cap(0))).expect("no limit any more");
    let refused = network.register(Network::ZOE, 100);
    assert!(matches!(refused, Err(Refusal::SessionFull { .. })), "the seat is Ben's: {refused:?}");
    network.by_itself(Command::TurnQueue { session: id(100).into() }).expect("a turn");
    assert_eq!(network.status(BEN, 100), "offered");
}

#[test]
fn seats_that_were_announced_to_those_who_wait_are_not_a_newcomers() {
    let mut network = Network::new().with_session(100, 2, 35);
    let closes = Override { scope: Scope::Global, rule: Rule::RegistrationCloses, value: 0 };
    network.ask(ROOT, Command::SetRule(closes)).expect("set");
    for learner in [ADA, DOT] {
        network.register(learner, 100).expect("a seat");
    }
    network.wait(BEN, 100).expect("a place");
    network.later(35 * 24 - 20);
    network.cancel(ADA, 100).expect("late, with a reason");
    assert_eq!(network.news().last(), Some(&"registration.seat-announced"));
    let refused = network.register(CEM, 100);
    assert!(
        matches!(refused, Err(Refusal::SessionFull { .. })),
        "the seat is for Ben to accept: {refused:?}"
    );
    network.cancel(DOT, 100).expect("late, with a reason");
    network.register(CEM, 100).expect("two seats are open, and one waits");
}

/// Two hosts whose clocks are further apart than any is believed.
#[test]
fn whoever_is_told_of_a_seat_by_a_host_whose_clock_is_behind_was_told_after_it_came_free() {
    let mut network = Network::new().with_session(100, 2, 35);
    for learner in [DOT, LEO] {
        network.register(learner, 100).expect("a seat");
    }
    network.register_group(MIA, 100, &[ADA, BEN]).expect("places");
    network.later(35 * 24 - 20);
    network.cancel(LEO, 100).expect("late, with a reason");
    network.later(-3);
    network.cancel(ADA, 100).expect("a place");
    assert_eq!(network.news().last(), Some(&"registration.seat-announced"));
    let Status::Waitlisted { wait } = network.registration(BEN, 100).status.clone() else { panic!("waits") };
    assert!(wait.told_at >= network.session(100).freed_at, "else Ben is told again and again");
}

#[test]
fn nobody_is_sent_from_a_smaller_session_onto_a_seat_that_somebody_waits_for() {
    let mut network = Network::new().with_session(100, 1, 35).with_session(101, 1, 36);
    let closes = Override { scope: Scope::Global, rule: Rule::RegistrationCloses, value: 0 };
    network.ask(ROOT, Command::SetRule(closes)).expect("set");
    network.register(ADA, 100).expect("a seat");
    network.wait(BEN, 100).expect("a place");
    network.register(DOT, 101).expect("a seat");
    network.later(35 * 24 - 20);
    network.cancel(ADA, 100).expect("late, with a reason");
    assert_eq!(network.news().last(), Some(&"registration.seat-announced"));
    let displaced = vec![Displaced { registration: network.id_of(DOT, 101), to: Some(id(100).into()) }];
    let reason = Some("a smaller room".to_owned());
    let resize = Command::Resize { session: id(101).into(), capacity: 0, displaced, reason, version: None };
    let refused = network.ask(ROOT, resize);
    assert!(matches!(refused, Err(Refusal::InvalidRequest { .. })), "the seat is Ben's: {refused:?}");
}

/// One seat is open, and two wait for two.
#[test]
fn a_group_that_joins_beside_an_open_seat_is_told_that_it_is_too_large_for_it() {
    let mut network = Network::new().with_session(100, 2, 35);
    network.register(DOT, 100).expect("a seat");
    network.news();
    network.register_group(MIA, 100, &[ADA, BEN]).expect("places");
    let joined = "registration.waitlisted";
    assert_eq!(network.news(), [joined, joined, "registration.skipped", "registration.skipped"]);
    network.register(LEO, 100).expect("a seat that the group cannot have");
}

#[test]
fn a_seat_that_is_moved_away_from_is_its_queues_and_not_whoever_asks_next() {
    let mut network = Network::new().with_session(100, 1, 35).with_session(101, 1, 36);
    network.register(ADA, 100).expect("the seat");
    network.wait(BEN, 100).expect("a place");
    let (registration, session) = (network.id_of(ADA, 100), id(101).into());
    let command = Command::Swap { registration, session, automatic: false, reason: None };
    network.ask(ADA, command).expect("an open seat");
    let command = Command::Register {
        session: id(100).into(),
        learner: CEM,
        on_full: OnFull::Alternatives,
        automatic: false,
        reason: None,
    };
    assert!(matches!(network.ask(CEM, command), Err(Refusal::SessionFull { .. })));
    assert_eq!(network.status(BEN, 100), "offered");
}

#[test]
fn whoever_need_not_teach_at_that_hour_any_more_is_given_the_seat_they_wait_for() {
    for cancels in [false, true] {
        let mut network = Network::new().with_session(100, 1, 35).with_session(101, 3, 35);
        network.register(ADA, 100).expect("the seat");
        network.wait(BEN, 100).expect("a place");
        network.session_mut(101).instructors = vec![BEN];
        network.cancel(ADA, 100).expect("in time");
        assert_eq!(network.news().last(), Some(&"registration.skipped"), "and was told why");
        let session = id(101).into();
        let command = if cancels {
            Command::CancelSession { session, reason: "storm".to_owned(), proposals: Vec::new() }
        } else {
            let plan = SessionPlan { instructors: Vec::new(), ..SessionPlan::from(network.session(101)) };
            Command::SaveSessions { plans: vec![plan], historic: false }
        };
        network.ask(ROOT, command).expect("somebody else teaches, or nobody");
        assert_eq!(network.status(BEN, 100), "offered");
    }
}
