//! What becomes of a seat that comes free.

use rstest::rstest;

use crate::desk::{Command, Refusal};
use crate::fault::Fault;
use crate::ids::PersonId;
use crate::policy::{Override, Rule, Scope};
use crate::registration::{Priority, Status};
use crate::testing::Network;
use crate::testing::plans::{course, id};

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;
const CEM: PersonId = Network::CEM;
const DOT: PersonId = Network::DOT;

/// One seat, which Ada has; Ben and Cem wait, in this order.
pub(super) fn queue(days: i32) -> Network {
    let mut network = Network::new().with_session(100, 1, days);
    network.register(ADA, 100).expect("the seat");
    network.wait(BEN, 100).expect("a place");
    network.wait(CEM, 100).expect("a place");
    network.news();
    network
}

#[test]
fn the_first_to_join_is_the_first_to_be_offered() {
    let mut network = queue(35);
    network.cancel(ADA, 100).expect("in time");
    assert_eq!((network.status(BEN, 100), network.status(CEM, 100)), ("offered", "waitlisted"));
    assert_eq!(network.seats(100), (0, 1, 1, 0), "the seat is nobody else's while it is offered");
    assert_eq!(network.news(), ["registration.cancelled", "registration.offered"]);
    let Status::Offered { until, .. } = network.registration(BEN, 100).status else { panic!("an offer") };
    assert_eq!(until.duration_since(network.now).as_hours(), 48, "over 14 days away");
}

#[test]
fn an_offer_taken_is_a_seat_and_taking_it_twice_is_taking_it_once() {
    let mut network = queue(35);
    network.cancel(ADA, 100).expect("in time");
    let registration = network.id_of(BEN, 100);
    network.ask(BEN, Command::TakeOffer { registration }).expect("in time");
    network.ask(BEN, Command::TakeOffer { registration }).expect("the same yes");
    assert_eq!((network.status(BEN, 100), network.seats(100)), ("confirmed", (1, 0, 1, 0)));
}

#[test]
fn whoever_declines_keeps_the_place_and_the_next_is_asked() {
    let mut network = queue(35);
    network.cancel(ADA, 100).expect("in time");
    let registration = network.id_of(BEN, 100);
    network.ask(BEN, Command::DeclineOffer { registration }).expect("in time");
    assert_eq!((network.status(BEN, 100), network.status(CEM, 100)), ("waitlisted", "offered"));
    assert_eq!(network.world.registrations.position(registration), Some(1), "still the first in line");
}

#[test]
fn the_same_seat_is_not_offered_twice_to_one_person_but_the_next_seat_is() {
    let mut network = queue(35);
    network.cancel(ADA, 100).expect("in time");
    for learner in [BEN, CEM] {
        let registration = network.id_of(learner, 100);
        network.ask(learner, Command::DeclineOffer { registration }).expect("in time");
    }
    assert_eq!(network.seats(100), (0, 0, 2, 1), "nobody wants it, so anybody may take it");
    network.register(DOT, 100).expect("the open seat");
    network.later(1);
    network.cancel(DOT, 100).expect("in time");
    assert_eq!(network.status(BEN, 100), "offered", "a seat that came free since is a new one");
}

#[test]
fn whoever_declined_may_change_their_mind_while_the_seat_is_open() {
    let mut network = queue(35);
    network.cancel(ADA, 100).expect("in time");
    for learner in [BEN, CEM] {
        let registration = network.id_of(learner, 100);
        network.ask(learner, Command::DeclineOffer { registration }).expect("in time");
    }
    let place = network.id_of(CEM, 100);
    assert_eq!(network.register(CEM, 100).map(|it| (it.id, it.status.word())), Ok((place, "confirmed")));
    assert_eq!(network.seats(100), (1, 0, 1, 0));
}

#[test]
fn an_offer_that_nobody_answers_lapses_and_goes_on() {
    let mut network = queue(35);
    network.cancel(ADA, 100).expect("in time");
    let registration = network.id_of(BEN, 100);
    network.later(48);
    network.by_itself(Command::LapseOffer { registration }).expect("its time is up");
    assert_eq!((network.status(BEN, 100), network.status(CEM, 100)), ("waitlisted", "offered"));
    let refused = network.ask(BEN, Command::TakeOffer { registration }).expect_err("too late");
    assert_eq!(refused, Refusal::OfferExpired);
}

#[test]
fn an_offer_cannot_be_taken_after_its_time_even_before_the_timer_comes() {
    let mut network = queue(35);
    network.cancel(ADA, 100).expect("in time");
    network.later(48);
    let registration = network.id_of(BEN, 100);
    let refused = network.ask(BEN, Command::TakeOffer { registration }).expect_err("too late");
    assert_eq!(refused, Refusal::OfferExpired);
}

#[test]
fn a_timer_that_comes_too_early_changes_nothing_and_comes_again() {
    let mut network = queue(35);
    network.cancel(ADA, 100).expect("in time");
    network.later(47);
    let registration = network.id_of(BEN, 100);
    network.by_itself(Command::LapseOffer { registration }).expect("nothing to do");
    assert_eq!(network.status(BEN, 100), "offered");
    assert_eq!(network.saved.last().expect("something").timers.len(), 1, "it is set again");
}

#[rstest]
#[case::just_in_time(72, "confirmed")]
#[case::three_days_before(71, "offered")]
fn book_me_without_asking_books_until_3_days_before(#[case] hours_left: i64, #[case] status: &str) {
    let mut network = Network::new().with_session(100, 1, 35);
    network.register(ADA, 100).expect("the seat");
    network.wait_automatically(BEN, 100).expect("a place");
    network.now = network.session(100).starts_at();
    network.later(-hours_left);
    // A microsecond before the limit.
    network.now = network.now.saturating_sub(jiff::SignedDuration::from_micros(1)).expect("in range");
    network.cancel(ADA, 100).expect("with a reason");
    assert_eq!(network.status(BEN, 100), status);
}

#[test]
fn whoever_cannot_come_is_passed_over_told_why_once_and_stays_in_line() {
    let mut network = queue(35);
    network.hold(101, 5, 35);
    network.register(BEN, 101).expect("a seat at the same hour");
    network.cancel(ADA, 100).expect("in time");
    assert_eq!((network.status(BEN, 100), network.status(CEM, 100)), ("waitlisted", "offered"));
    let skipped = network.entries().find(|entry| entry.event.word() == "registration.skipped").cloned();
    let skipped = skipped.expect("it is told");
    assert_eq!(skipped.learner, Some(BEN));
    let crate::journal::Event::Skipped { why } = skipped.event else { panic!("skipped") };
    assert_eq!(why.code(), "clash");
    network.news();
    let registration = network.id_of(CEM, 100);
    network.ask(CEM, Command::DeclineOffer { registration }).expect("in time");
    assert_eq!(network.news(), ["registration.offer-declined"], "it is not told again for the same reason");
    assert_eq!(network.world.registrations.position(network.id_of(BEN, 100)), Some(1));
}

#[test]
fn a_prerequisite_that_appeared_since_is_a_reason_too() {
    let mut network = queue(35);
    network.teach(course(2, "Basics", None, &[]));
    network.course_mut(1).prerequisites = vec![id(2).into()];
    network.completed(CEM, 2, 10);
    network.cancel(ADA, 100).expect("in time");
    assert_eq!((network.status(BEN, 100), network.status(CEM, 100)), ("waitlisted", "offered"));
}

#[test]
fn nothing_is_offered_inside_2_hours() {
    let mut network = queue(35);
    network.world.rules.push(Override { scope: Scope::Global, rule: Rule::RegistrationCloses, value: 0 });
    network.now = network.session(100).starts_at();
    network.later(-2);
    network.cancel(ADA, 100).expect("late, with a reason");
    assert_eq!((network.status(BEN, 100), network.seats(100)), ("waitlisted", (0, 0, 2, 1)));
}

#[test]
fn raising_the_capacity_serves_the_queue_in_its_order() {
    let mut network = queue(35);
    let session = network.session(100);
    let plan = crate::testing::plans::plan(session, 3);
    network.ask(Network::ROOT, Command::SaveSessions { plans: vec![plan], historic: false }).expect("saved");
    assert_eq!((network.status(BEN, 100), network.status(CEM, 100)), ("offered", "offered"));
    assert_eq!(network.seats(100), (1, 2, 0, 0));
}

#[test]
fn people_beyond_the_capacity_are_worked_off_before_anybody_is_promoted() {
    let mut network = queue(35);
    network.session_mut(100).seats.over_capacity = 1;
    network.cancel(ADA, 100).expect("in time");
    assert_eq!((network.status(BEN, 100), network.seats(100)), ("waitlisted", (1, 0, 2, 0)));
}

fn priority(network: &mut Network, learner: PersonId, level: u8, reason: &str) -> Result<(), Refusal> {
    let registration = network.id_of(learner, 100);
    let priority = (level > 0).then(|| Priority { level, reason: reason.to_owned() });
    network.ask(Network::ROOT, Command::Prioritise { registration, priority }).map(drop)
}

#[test]
fn whoever_has_priority_is_asked_first_and_back_in_line_without_it() {
    let mut network = queue(35);
    priority(&mut network, CEM, 2, "the certificate expires").expect("a reason");
    assert_eq!(network.world.registrations.position(network.id_of(BEN, 100)), Some(2));
    priority(&mut network, CEM, 0, "").expect("none any more");
    assert_eq!(network.world.registrations.position(network.id_of(BEN, 100)), Some(1));
    priority(&mut network, CEM, 2, "the certificate expires").expect("a reason");
    network.cancel(ADA, 100).expect("in time");
    assert_eq!((network.status(BEN, 100), network.status(CEM, 100)), ("waitlisted", "offered"));
}

#[rstest]
#[case::no_reason(CEM, 1, " ", "invalid-request")]
#[case::too_much(CEM, 10, "the boss", "invalid-request")]
#[case::not_waiting(ADA, 1, "the boss", "not-waiting")]
fn priority_needs_a_reason_and_a_place(
    #[case] learner: PersonId,
    #[case] level: u8,
    #[case] reason: &str,
    #[case] code: &str,
) {
    let refused = priority(&mut queue(35), learner, level, reason).expect_err("no");
    assert_eq!(refused.code(), code);
}

#[test]
fn only_an_admin_gives_priority() {
    let mut network = queue(35);
    let registration = network.id_of(CEM, 100);
    let refused = network.ask(CEM, Command::Prioritise { registration, priority: None }).expect_err("no");
    assert_eq!(refused.code(), "forbidden");
}
