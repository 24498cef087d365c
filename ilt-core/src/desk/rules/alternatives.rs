//! What was shown can be taken, for a while, and only as it was shown.

use jiff::SignedDuration;
use rstest::rstest;

use crate::desk::{Command, Refusal, Reply};
use crate::fault::Fault;
use crate::ids::{AlternativeId, PersonId};
use crate::ranking::{Parts, Shown, Weights};
use crate::session::SessionStatus;
use crate::testing::Network;
use crate::testing::plans::{id, now};

const ADA: PersonId = Network::ADA;
const SHOWN: AlternativeId = AlternativeId(uuid::Uuid::from_u128(900));

/// Ada wanted session 100, which Ben has filled, and was shown session 101.
fn network() -> Network {
    let mut network = Network::new().with_session(100, 1, 35).with_session(101, 1, 36);
    network.register(Network::BEN, 100).expect("the seat");
    show(&mut network, 1);
    network
}

fn show(network: &mut Network, seats_open: u32) {
    let parts = Parts { proximity: 0.9, availability: 0.7, relevance: 0.8 };
    let shown = Shown {
        id: SHOWN,
        learner: ADA,
        wanted: id(100).into(),
        session: id(101).into(),
        rank: 1,
        score: 0.8,
        parts,
        weights: Weights::default(),
        distance_km: Some(0.0),
        days_later: 1,
        seats_open,
        reason: "The next day.".to_owned(),
        adjustments: Vec::new(),
        would_change: None,
        shown_at: now(),
        expires_at: now() + SignedDuration::from_mins(30),
        taken: None,
    };
    let command = Command::Show { learner: ADA, wanted: id(100).into(), shown: vec![shown] };
    network.by_itself(command).expect("it is recorded");
    network.news();
}

fn take(network: &mut Network, actor: PersonId) -> Result<Reply, Refusal> {
    network.ask(actor, Command::TakeAlternative { alternative: SHOWN })
}

#[test]
fn a_shown_alternative_is_taken_in_one_step_and_both_are_recorded() {
    let mut network = network();
    take(&mut network, ADA).expect("a seat");
    assert_eq!(network.status(ADA, 101), "confirmed");
    assert_eq!(network.news(), ["registration.confirmed", "alternative.taken"]);
    assert_eq!(network.world.shown[&SHOWN].taken, Some(network.id_of(ADA, 101)));
}

#[test]
fn taking_it_twice_is_taking_it_once() {
    let mut network = network();
    take(&mut network, ADA).expect("a seat");
    take(&mut network, ADA).expect("the same seat");
    assert_eq!(network.seats(101), (1, 0, 0, 0));
}

#[test]
fn one_that_was_shown_for_its_queue_leads_to_the_queue() {
    let mut network = network();
    network.register(Network::CEM, 101).expect("its seat");
    show(&mut network, 0);
    take(&mut network, ADA).expect("a place");
    assert_eq!(network.status(ADA, 101), "waitlisted");
}

#[rstest]
#[case::its_time_is_up(|it: &mut Network| it.now = now() + SignedDuration::from_mins(30))]
#[case::its_seats_are_gone(|it: &mut Network| { it.register(Network::CEM, 101).expect("the seat"); })]
#[case::it_was_cancelled(|it: &mut Network| it.session_mut(101).status = SessionStatus::Cancelled { at: now(), reason: "storm".to_owned(), announced: true })]
#[case::it_clashes_by_now(|it: &mut Network| { it.hold(102, 1, 36); it.register(ADA, 102).expect("a seat"); })]
fn one_that_is_not_what_it_was_is_stale_and_nothing_is_taken(#[case] change: fn(&mut Network)) {
    let mut network = network();
    change(&mut network);
    let refused = take(&mut network, ADA).expect_err("stale");
    assert_eq!(refused, Refusal::AlternativeExpired { wanted: id(100).into(), learner: ADA });
    assert_eq!(network.world.shown[&SHOWN].taken, None);
}

#[rstest]
#[case::her_manager(Network::MIA, "yes")]
#[case::a_colleague(Network::BEN, "forbidden")]
#[case::somebody_elsewhere(Network::ZOE, "not-found")]
fn it_is_taken_by_those_in_scope(#[case] actor: PersonId, #[case] answer: &str) {
    let said = take(&mut network(), actor);
    assert_eq!(said.map_or_else(|refusal| refusal.code(), |_| "yes"), answer);
}
