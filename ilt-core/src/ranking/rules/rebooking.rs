//! Proposals for everybody whose session was cancelled.

use std::collections::BTreeMap;

use crate::catalog::Preferences;
use crate::ids::SessionId;
use crate::ranking::{Catalogue, Learner, Weights, rebook};
use crate::session::Seats;
use crate::testing::Network;
use crate::testing::plans::id;
use crate::world::World;

/// What so many learners at one place are shown instead of session 100, as the numbers of sessions.
fn shown(world: &World, learners: u32, now: jiff::Timestamp) -> Vec<Vec<SessionId>> {
    let catalogue = Catalogue::new(world);
    let preferences = Preferences::default();
    let learner = |number| Learner {
        id: id(number).into(),
        places: &[],
        preferences: &preferences,
        holds: &[],
        deadline: None,
        may_take: &|_, _| true,
    };
    let learners: Vec<_> = (0..learners).map(learner).collect();
    let wanted = &world.sessions[&id(100).into()];
    let rebooked = rebook(&catalogue, &learners, wanted, Weights::default(), &BTreeMap::new(), now);
    rebooked.iter().map(|one| one.iter().map(|it| it.candidate.session.id).collect()).collect()
}

fn network(seats: &[(u32, u32)]) -> Network {
    let mut network = Network::new().with_session(100, 4, 35);
    for (number, seats) in seats {
        let session = network.hold(*number, 5, 35 + i32::try_from(*number - 100).expect("small"));
        session.seats = Seats { confirmed: 5 - seats, ..session.seats };
    }
    network
}

#[test]
fn nobody_is_shown_a_seat_that_another_was_promised() {
    let network = network(&[(101, 1), (102, 2), (103, 0)]);
    let shown = shown(&network.world, 3, network.now);
    let mut first: Vec<_> = shown.iter().map(|one| one[0]).collect();
    first.sort_unstable();
    assert_eq!(first, [101, 102, 102].map(|number| SessionId(id(number))));
    let mut counts = BTreeMap::new();
    for session in shown.iter().flatten() {
        *counts.entry(*session).or_insert(0) += 1;
    }
    for (session, count) in counts {
        assert!(count <= network.world.sessions[&session].seats.open(), "{session} has so many seats");
    }
}

#[test]
fn everybody_has_one_before_anybody_has_two() {
    let network = network(&[(101, 1), (102, 1), (103, 1)]);
    let shown = shown(&network.world, 2, network.now);
    assert_eq!(shown.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    assert_ne!(shown[0][0], shown[1][0]);
}

#[test]
fn whoever_finds_no_seat_is_shown_queues() {
    let network = network(&[(101, 1), (102, 0)]);
    let shown = shown(&network.world, 2, network.now);
    let numbers = |one: &[SessionId]| one.to_vec();
    assert_eq!(numbers(&shown[0]), [id(101).into()]);
    assert_eq!(numbers(&shown[1]), [id(102).into()]);
}

#[test]
fn the_same_input_gives_the_same_answer() {
    let network = network(&[(101, 3), (102, 2), (103, 1)]);
    assert_eq!(shown(&network.world, 4, network.now), shown(&network.world, 4, network.now));
}
