//! Moving a seat to another session, and giving it to somebody else.

use rstest::rstest;

use crate::desk::{Answer, Command};
use crate::fault::Fault;
use crate::ids::PersonId;
use crate::testing::Network;
use crate::testing::plans::{course, id};

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;
const CEM: PersonId = Network::CEM;
const DOT: PersonId = Network::DOT;
const ROOT: PersonId = Network::ROOT;

/// Ada has the one seat of 100; 101, a week later, has one too.
fn two() -> Network {
    let mut network = Network::new().with_session(100, 1, 35).with_session(101, 1, 42);
    network.register(ADA, 100).expect("the seat");
    network.news();
    network
}

fn transfer(
    network: &mut Network,
    actor: PersonId,
    learner: PersonId,
    to: u32,
    reason: Option<&str>,
) -> Answer {
    let registration = network.id_of(learner, 100);
    let (session, reason) = (id(to).into(), reason.map(str::to_owned));
    network.ask(actor, Command::Transfer { registration, session, reason })
}

fn substitute(network: &mut Network, actor: PersonId, of: PersonId, learner: PersonId) -> Answer {
    let registration = network.id_of(of, 100);
    network.ask(actor, Command::Substitute { registration, learner, reason: None })
}

fn code(answer: Answer) -> &'static str {
    answer.expect_err("no").code()
}

#[test]
fn a_seat_is_moved_in_one_step_and_the_queue_it_leaves_is_served() {
    let mut network = two();
    network.wait(BEN, 100).expect("a place");
    network.news();
    transfer(&mut network, ADA, ADA, 101, None).expect("an open seat");
    assert_eq!(
        network.news(),
        ["registration.confirmed", "registration.transferred", "registration.offered"]
    );
    assert_eq!((network.status(ADA, 100), network.status(ADA, 101)), ("transferred", "confirmed"));
    assert_eq!((network.seats(100), network.seats(101)), ((0, 1, 0, 0), (1, 0, 0, 0)));
    transfer(&mut network, ADA, ADA, 101, None).expect("asking twice is asking once");
    assert_eq!(network.news(), [""; 0]);
}

#[test]
fn the_seat_is_kept_when_the_other_cannot_be_had() {
    let mut network = two();
    network.register(BEN, 101).expect("the seat");
    assert_eq!(code(transfer(&mut network, ADA, ADA, 101, None)), "session-full");
    assert_eq!((network.status(ADA, 100), network.seats(100)), ("confirmed", (1, 0, 0, 0)));
}

#[test]
fn the_seat_that_is_left_is_in_nobodys_way_but_others_are() {
    let mut network = two();
    network.hold(102, 1, 35);
    transfer(&mut network, ADA, ADA, 102, None).expect("the same hour as the seat that is left");
    let mut network = two();
    network.hold(102, 1, 42);
    network.register(ADA, 102).expect("a seat");
    assert_eq!(code(transfer(&mut network, ADA, ADA, 101, None)), "clash");
}

#[test]
fn leaving_late_needs_a_reason_and_is_told_as_late() {
    let mut network = two();
    network.now = network.session(100).starts_at();
    network.later(-23);
    assert_eq!(code(transfer(&mut network, ADA, ADA, 101, None)), "late-cancellation-needs-reason");
    transfer(&mut network, ADA, ADA, 101, Some("ill")).expect("with a reason");
    let event = network.entries().last().expect("an entry").event.clone();
    assert!(matches!(event, crate::journal::Event::Transferred { late: true, .. }), "{event:?}");
}

#[test]
fn a_place_in_the_queue_there_becomes_the_seat() {
    let mut network = two();
    network.register(BEN, 101).expect("the seat");
    let place = network.wait(ADA, 101).expect("a place").id;
    network.session_mut(101).seats.capacity = 2;
    transfer(&mut network, ADA, ADA, 101, None).expect("an open seat");
    assert_eq!((network.id_of(ADA, 101), network.seats(101)), (place, (2, 0, 0, 0)));
}

#[rstest]
#[case::to_where_it_is(100, "invalid-request")]
#[case::to_nowhere(999, "not-found")]
fn a_seat_cannot_be_moved(#[case] to: u32, #[case] refused: &str) {
    assert_eq!(code(transfer(&mut two(), ADA, ADA, to, None)), refused);
}

#[test]
fn only_a_confirmed_seat_is_handed_on() {
    let mut network = two();
    network.wait(BEN, 100).expect("a place");
    assert_eq!(code(transfer(&mut network, BEN, BEN, 101, None)), "not-confirmed");
    assert_eq!(code(substitute(&mut network, ROOT, BEN, CEM)), "not-confirmed");
}

#[test]
fn somebody_else_comes_and_the_queue_gets_nothing() {
    let mut network = two();
    network.wait(BEN, 100).expect("a place");
    network.news();
    substitute(&mut network, ROOT, ADA, CEM).expect("until the start");
    assert_eq!(network.news(), ["registration.substituted", "registration.took-over"]);
    assert_eq!((network.status(ADA, 100), network.status(CEM, 100)), ("substituted", "confirmed"));
    assert_eq!((network.status(BEN, 100), network.seats(100)), ("waitlisted", (1, 0, 1, 0)));
    substitute(&mut network, ROOT, ADA, CEM).expect("asking twice is asking once");
    assert_eq!(network.news(), [""; 0]);
}

#[test]
fn one_who_waits_may_be_the_substitute() {
    let mut network = two();
    let place = network.wait(BEN, 100).expect("a place").id;
    substitute(&mut network, ROOT, ADA, BEN).expect("until the start");
    assert_eq!((network.id_of(BEN, 100), network.seats(100)), (place, (1, 0, 0, 0)));
}

#[test]
fn people_beyond_the_capacity_stay_beyond_it_when_a_seat_changes_hands() {
    let mut network = two();
    network.session_mut(100).seats.over_capacity = 1;
    substitute(&mut network, ROOT, ADA, CEM).expect("until the start");
    let seats = network.session(100).seats;
    assert_eq!((seats.confirmed, seats.over_capacity, seats.open()), (1, 1, 0));
}

#[test]
fn a_substitute_needs_what_everybody_needs() {
    let mut network = two();
    network.teach(course(2, "Basics", None, &[]));
    network.course_mut(1).prerequisites = vec![id(2).into()];
    assert_eq!(code(substitute(&mut network, ROOT, ADA, CEM)), "prerequisites-missing");
    network.completed(CEM, 2, 10);
    network.hold(102, 5, 35).course = id(2).into();
    network.register(CEM, 102).expect("a seat at the same hour");
    assert_eq!(code(substitute(&mut network, ROOT, ADA, CEM)), "clash");
}

#[test]
fn a_substitute_may_come_until_the_start_and_not_twice() {
    let mut network = two();
    network.now = network.session(100).starts_at();
    network.later(-1);
    substitute(&mut network, ROOT, ADA, CEM).expect("an hour before the start");
    network.later(1);
    assert_eq!(code(substitute(&mut network, ROOT, CEM, DOT)), "registration-closed");
    let mut network = two();
    network.session_mut(100).seats.capacity = 2;
    network.register(BEN, 100).expect("a seat");
    assert_eq!(code(substitute(&mut network, ROOT, ADA, BEN)), "invalid-request");
}

#[test]
fn learners_do_not_send_somebody_else_themselves() {
    let mut network = two();
    let refused = code(substitute(&mut network, ADA, ADA, CEM));
    assert!(["forbidden", "not-found"].contains(&refused), "{refused}");
    assert_eq!(network.status(ADA, 100), "confirmed");
}

/// What became of a seat is the other person's: whoever had it hears nothing of them.
#[test]
fn whoever_has_given_a_seat_to_somebody_else_cannot_move_it_any_more() {
    let mut network = two();
    substitute(&mut network, ROOT, ADA, BEN).expect("given");
    let ours = |it: &&crate::registration::Registration| it.learner == ADA;
    let registration = network.world.registrations.iter().find(ours).expect("it was hers").id;
    for to in [100, 101] {
        let command = Command::Transfer { registration, session: id(to).into(), reason: None };
        let refused = network.ask(ADA, command);
        assert!(refused.is_err(), "{refused:?}");
    }
}
