//! Giving a seat or a place back.

use rstest::rstest;

use crate::desk::Command;
use crate::fault::Fault;
use crate::ids::PersonId;
use crate::testing::Network;

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;

/// Cancels Ada's seat so many hours before the start.
fn cancelled(travel: bool, hours_before: i64, reason: Option<&str>) -> Result<&'static str, &'static str> {
    let mut network = Network::new().with_session(100, 1, 35);
    network.course_mut(1).travel = travel;
    network.register(ADA, 100).expect("a seat");
    network.now = network.session(100).starts_at();
    network.later(-hours_before);
    let registration = network.id_of(ADA, 100);
    let command = Command::Cancel { registration, reason: reason.map(str::to_owned) };
    network.ask(ADA, command).map_err(|refusal| refusal.code())?;
    Ok(network.status(ADA, 100))
}

#[rstest]
#[case::local_in_time(false, 25, None, Ok("cancelled"))]
#[case::local_with_a_reason_in_time(false, 25, Some("ill"), Ok("cancelled"))]
#[case::local_late(false, 24, Some("ill"), Ok("late-cancelled"))]
#[case::local_late_without_a_reason(false, 24, None, Err("late-cancellation-needs-reason"))]
#[case::local_late_with_an_empty_reason(false, 24, Some("  "), Err("late-cancellation-needs-reason"))]
#[case::travel_in_time(true, 7 * 24 + 1, None, Ok("cancelled"))]
#[case::travel_late(true, 7 * 24 - 1, Some("ill"), Ok("late-cancelled"))]
#[case::while_it_runs(false, -1, Some("ill"), Ok("late-cancelled"))]
#[case::after_it_is_over(false, -6, Some("ill"), Err("registration-closed"))]
fn cancelling_is_always_possible_and_late_needs_a_reason(
    #[case] travel: bool,
    #[case] hours_before: i64,
    #[case] reason: Option<&str>,
    #[case] expected: Result<&'static str, &'static str>,
) {
    assert_eq!(cancelled(travel, hours_before, reason), expected);
}

#[test]
fn leaving_a_queue_or_an_offer_is_never_late() {
    let mut network = Network::new().with_session(100, 1, 35);
    network.register(ADA, 100).expect("the seat");
    network.wait(BEN, 100).expect("a place");
    network.now = network.session(100).starts_at();
    network.later(-20);
    let registration = network.id_of(BEN, 100);
    network.ask(BEN, Command::Cancel { registration, reason: None }).expect("a queue is left at any time");
    assert_eq!((network.status(BEN, 100), network.seats(100)), ("cancelled", (1, 0, 0, 0)));
}

#[test]
fn cancelling_twice_says_that_it_is_over() {
    let mut network = Network::new().with_session(100, 1, 35);
    network.register(ADA, 100).expect("a seat");
    network.cancel(ADA, 100).expect("in time");
    let refused = network.cancel(ADA, 100).expect_err("it is over");
    assert_eq!(refused.code(), "already-cancelled");
    assert_eq!(refused.to_string(), "this registration is already cancelled");
    assert_eq!(network.seats(100), (0, 0, 0, 1), "and frees no second seat");
}

#[rstest]
#[case::herself(ADA, "yes")]
#[case::her_manager(Network::MIA, "yes")]
#[case::her_dealers_admin(Network::DAN, "yes")]
#[case::the_admin(Network::ROOT, "yes")]
#[case::a_colleague(BEN, "not-found")]
#[case::somebody_elsewhere(Network::ZOE, "not-found")]
fn only_those_in_scope_cancel(#[case] actor: PersonId, #[case] answer: &str) {
    let mut network = Network::new().with_session(100, 1, 35);
    network.register(ADA, 100).expect("a seat");
    let registration = network.id_of(ADA, 100);
    let said = network.ask(actor, Command::Cancel { registration, reason: None });
    assert_eq!(said.map_or_else(|refusal| refusal.code(), |_| "yes"), answer);
}
