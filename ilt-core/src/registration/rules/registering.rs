//! Who gets a seat, who a place in the queue, and who hears why not: in that order of reasons.

use jiff::SignedDuration;
use rstest::rstest;

use crate::desk::{Command, OnFull, Refusal};
use crate::fault::Fault;
use crate::policy::{Override, Rule, Scope};
use crate::session::SessionStatus;
use crate::testing::Network;
use crate::testing::plans::{course, id, now};

const ADA: crate::ids::PersonId = Network::ADA;
const BEN: crate::ids::PersonId = Network::BEN;

/// One session of two seats, five weeks away.
fn network() -> Network {
    Network::new().with_session(100, 2, 35)
}

#[test]
fn an_open_seat_is_confirmed_at_once() {
    let mut network = network();
    assert_eq!(network.register(ADA, 100).map(|it| it.status.word()), Ok("confirmed"));
    assert_eq!(network.seats(100), (1, 0, 0, 1));
    assert_eq!(network.news(), ["registration.confirmed"]);
}

#[test]
fn registering_twice_is_one_registration() {
    let mut network = network();
    let first = network.register(ADA, 100).expect("a seat");
    assert_eq!(network.register(ADA, 100).map(|it| it.id), Ok(first.id));
    assert_eq!(network.wait(ADA, 100).map(|it| it.id), Ok(first.id));
    assert_eq!((network.seats(100), network.news().len()), ((1, 0, 0, 1), 1));
}

#[test]
fn after_cancelling_a_new_registration_is_another_one() {
    let mut network = network();
    let first = network.register(ADA, 100).expect("a seat");
    network.cancel(ADA, 100).expect("in time");
    assert_ne!(network.register(ADA, 100).map(|it| it.id), Ok(first.id));
    assert_eq!(network.seats(100), (1, 0, 0, 1));
}

#[test]
fn a_full_session_says_so_and_how_long_its_queue_is() {
    let mut network = Network::new().with_session(100, 1, 35);
    network.register(ADA, 100).expect("the seat");
    network.wait(BEN, 100).expect("a place in the queue");
    let refused = network.register(Network::CEM, 100).expect_err("full");
    let expected = Refusal::SessionFull { session: id(100).into(), waitlist_open: true, waitlisted: 1 };
    assert_eq!(refused, expected);
    assert_eq!(refused.to_string(), "all seats of this session are taken; you can join the waitlist");
    assert_eq!(network.seats(100), (1, 0, 1, 0), "and nothing has changed");
}

#[rstest]
#[case::switched_off_for_the_session(|it: &mut Network| it.session_mut(100).waitlist = false)]
#[case::switched_off_by_rule(|it: &mut Network| it.world.rules.push(Override { scope: Scope::Global, rule: Rule::Waitlist, value: 0 }))]
fn without_a_waitlist_nobody_waits(#[case] change: fn(&mut Network)) {
    let mut network = Network::new().with_session(100, 1, 35);
    change(&mut network);
    network.register(ADA, 100).expect("the seat");
    let refused = network.wait(BEN, 100).expect_err("full");
    assert_eq!(refused.to_string(), "all seats of this session are taken");
}

#[rstest]
#[case::draft(|it: &mut Network| it.session_mut(100).status = SessionStatus::Draft, "not-found")]
#[case::cancelled(|it: &mut Network| it.session_mut(100).status = SessionStatus::Cancelled { at: now(), reason: "storm".to_owned(), announced: true }, "session-cancelled")]
#[case::completed(|it: &mut Network| it.session_mut(100).status = SessionStatus::Completed { at: now() }, "registration-closed")]
#[case::two_business_days_before(|it: &mut Network| it.now = "2027-04-01T07:00:00Z".parse().expect("an instant"), "registration-closed")]
#[case::in_the_past(|it: &mut Network| it.later(24 * 40), "registration-closed")]
#[case::a_course_that_requires_another(requires_another, "prerequisites-missing")]
fn a_seat_that_cannot_be_taken_says_why_and_changes_nothing(
    #[case] change: fn(&mut Network),
    #[case] code: &str,
) {
    let mut network = network();
    change(&mut network);
    let before = network.world.clone();
    assert_eq!(network.register(ADA, 100).expect_err("refused").code(), code);
    assert_eq!(network.world, before);
}

fn requires_another(network: &mut Network) {
    network.teach(course(2, "Basics", None, &[]));
    network.course_mut(1).prerequisites = vec![id(2).into()];
}

#[test]
fn the_last_moment_before_registration_closes_still_counts() {
    let mut network = network();
    network.now = "2027-04-01T06:59:59.999999Z".parse().expect("an instant");
    assert!(network.register(ADA, 100).is_ok());
}

#[test]
fn what_is_missing_comes_before_whether_seats_are_open() {
    let mut network = Network::new().with_session(100, 1, 35);
    network.register(BEN, 100).expect("the seat");
    requires_another(&mut network);
    let refused = network.wait(ADA, 100).expect_err("a prerequisite is missing");
    assert_eq!(refused.to_string(), "first complete `Basics`");
    network.completed(ADA, 2, 10);
    assert_eq!(network.wait(ADA, 100).map(|it| it.status.word()), Ok("waitlisted"));
}

/// Another session, so many minutes after the first one's start, in Köln or in Bonn (29 km; half an hour).
fn second_session(minutes: i64, location: u32) -> Network {
    let mut network = network();
    let start = network.session(100).starts_at();
    let other = network.hold(101, 2, 35);
    other.parts[0].starts_at = start + SignedDuration::from_mins(minutes);
    network.at(101, location);
    network
}

#[rstest]
#[case::the_same_hour(0, 1, false)]
#[case::before_the_first_ends(359, 1, false)]
#[case::back_to_back_in_one_building(360, 1, true)]
#[case::back_to_back_in_two_towns(360, 2, false)]
#[case::with_time_to_travel(390, 2, true)]
fn overlapping_registrations_of_one_learner_are_refused_travel_included(
    #[case] minutes_later: i64,
    #[case] location: u32,
    #[case] fits: bool,
) {
    let mut network = second_session(minutes_later, location);
    let first = network.register(ADA, 100).expect("a seat").id;
    match network.register(ADA, 101) {
        Ok(_) => assert!(fits),
        Err(Refusal::Clash { with }) => {
            assert!(!fits);
            assert_eq!(with.iter().map(|clash| clash.registration).collect::<Vec<_>>(), [Some(first)]);
        }
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn waiting_somewhere_is_in_nobodys_way_and_an_offer_is() {
    let mut network = second_session(0, 1);
    network.register(BEN, 100).expect("a seat");
    network.register(Network::CEM, 100).expect("the other");
    network.wait(ADA, 100).expect("a place in the queue");
    assert!(network.register(ADA, 101).is_ok(), "waiting blocks nothing");
    network.cancel(ADA, 101).expect("in time");
    network.cancel(BEN, 100).expect("in time");
    assert_eq!(network.status(ADA, 100), "offered");
    assert_eq!(network.register(ADA, 101).expect_err("a seat is kept for her").code(), "clash");
}

/// An admin may register somebody until the start, with a reason (PRODUCT.md, "registration opens / closes").
#[test]
fn after_registration_has_closed_an_admin_says_why() {
    let mut network = Network::new().with_session(100, 1, 1);
    let ask = |network: &mut Network, actor, reason: Option<&str>| {
        let reason = reason.map(str::to_owned);
        let (session, learner) = (id(100).into(), Network::ADA);
        let command =
            Command::Register { session, learner, on_full: OnFull::Alternatives, automatic: false, reason };
        network.ask(actor, command)
    };
    for (actor, reason) in [(Network::ROOT, None), (Network::MIA, Some("please")), (Network::ROOT, Some(" "))]
    {
        let closed = ask(&mut network, actor, reason);
        assert!(matches!(closed, Err(Refusal::RegistrationClosed { .. })), "{closed:?}");
    }
    ask(&mut network, Network::ROOT, Some("the works council asked")).expect("until the start");
    let mut network = Network::new().with_session(100, 1, 1);
    network.now = network.session(100).starts_at();
    let begun = ask(&mut network, Network::ROOT, Some("the works council asked"));
    assert!(matches!(begun, Err(Refusal::RegistrationClosed { .. })), "{begun:?}");
}
