//! Seat blocks and the dealer cap: both resolve by themselves, and nobody types a block's id.

use jiff::SignedDuration;

use crate::catalog::Person;
use crate::desk::{Answer, BlockPlan, Command, Refusal, TimerKind};
use crate::ids::{DealerId, PersonId};
use crate::policy::{Override, Rule, Scope};
use crate::session::Block;
use crate::testing::Network;
use crate::testing::plans::id;

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;
const CEM: PersonId = Network::CEM;
const ZOE: PersonId = Network::ZOE;
const ROOT: PersonId = Network::ROOT;
const NORTH: DealerId = DealerId(uuid::Uuid::from_u128(1));
const SOUTH: DealerId = DealerId(uuid::Uuid::from_u128(2));

fn set_aside(network: &mut Network, actor: PersonId, dealer: DealerId, seats: u32) -> Answer {
    let block = BlockPlan { dealer, seats, name_by: None, release_at: None };
    network.ask(actor, Command::SaveBlock { session: id(100).into(), block })
}

/// Confirmed, reserved, open.
fn seats(network: &Network) -> (u32, u32, u32) {
    let seats = network.session(100).seats;
    (seats.confirmed, seats.reserved, seats.open())
}

/// Four seats, two of them set aside for the first dealer.
fn blocked() -> Network {
    let mut network = Network::new().with_session(100, 4, 35);
    set_aside(&mut network, ROOT, NORTH, 2).expect("open seats");
    network
}

#[test]
fn the_dealers_people_take_what_is_set_aside_without_asking_for_it() {
    let mut network = blocked();
    assert_eq!(seats(&network), (0, 2, 2));
    network.register(ADA, 100).expect("set aside");
    assert_eq!(seats(&network), (1, 1, 2));
    network.register(ZOE, 100).expect("open");
    assert_eq!(seats(&network), (2, 1, 1));
}

#[test]
fn nobody_else_gets_them() {
    let mut network = Network::new().with_session(100, 1, 35);
    set_aside(&mut network, ROOT, NORTH, 1).expect("open seats");
    assert!(matches!(network.register(ZOE, 100), Err(Refusal::SessionFull { .. })));
    network.wait(ZOE, 100).expect("a place");
    network.register(ADA, 100).expect("set aside");
    assert_eq!(network.status(ZOE, 100), "waitlisted");
}

#[test]
fn a_seat_that_is_given_back_is_set_aside_again() {
    let mut network = blocked();
    network.register(ADA, 100).expect("set aside");
    network.cancel(ADA, 100).expect("in time");
    assert_eq!(seats(&network), (0, 2, 2));
}

#[test]
fn a_seat_comes_back_to_the_dealer_it_was_set_aside_for_wherever_its_learner_works_by_then() {
    let mut network = Network::new().with_session(100, 4, 35);
    set_aside(&mut network, ROOT, NORTH, 2).expect("open seats");
    set_aside(&mut network, ROOT, SOUTH, 1).expect("open seats");
    network.register(ADA, 100).expect("set aside for the first");
    network.register(ZOE, 100).expect("set aside for the second");
    let moved = Person { dealer: Some(SOUTH), ..network.world.people[&ADA].clone() };
    network.world.people.insert(ADA, moved);
    network.cancel(ADA, 100).expect("in time");
    let free = |network: &Network| network.session(100).blocks.iter().map(Block::free).collect::<Vec<_>>();
    assert_eq!((free(&network), seats(&network)), (vec![2, 0], (1, 2, 1)));
}

#[test]
fn a_seat_from_before_the_block_is_everybodys_when_it_is_given_back() {
    let mut network = Network::new().with_session(100, 4, 35);
    network.register(ADA, 100).expect("open");
    set_aside(&mut network, ROOT, NORTH, 2).expect("open seats");
    network.register(BEN, 100).expect("set aside");
    network.cancel(ADA, 100).expect("in time");
    assert_eq!(seats(&network), (1, 1, 2));
}

#[test]
fn whoever_comes_instead_has_the_seat_that_was_set_aside() {
    let mut network = blocked();
    network.register(ADA, 100).expect("set aside");
    let registration = network.registration(ADA, 100).id;
    let instead = Command::Substitute { registration, learner: BEN, reason: None };
    network.ask(ROOT, instead).expect("handed on");
    assert_eq!(seats(&network), (1, 1, 2));
    network.cancel(BEN, 100).expect("in time");
    assert_eq!(seats(&network), (0, 2, 2));
}

#[test]
fn of_what_was_taken_before_that_was_kept_it_is_the_dealers_people_who_give_it_back() {
    let mut network = blocked();
    network.register(ADA, 100).expect("set aside");
    network.world.sessions.change(id(100).into()).expect("held").blocks[0].users.clear();
    network.cancel(ADA, 100).expect("in time");
    assert_eq!(seats(&network), (0, 2, 2));
}

#[test]
fn the_dealers_next_in_line_is_asked_before_anybody_else() {
    let mut network = Network::new().with_session(100, 1, 35);
    set_aside(&mut network, ROOT, NORTH, 1).expect("open seats");
    network.register(ADA, 100).expect("set aside");
    network.wait(ZOE, 100).expect("a place");
    network.wait(BEN, 100).expect("a place");
    network.cancel(ADA, 100).expect("in time");
    assert_eq!((network.status(ZOE, 100), network.status(BEN, 100)), ("waitlisted", "offered"));
}

#[test]
fn what_is_left_at_the_release_is_everybodys_and_goes_to_the_queue() {
    let mut network = Network::new().with_session(100, 1, 35);
    set_aside(&mut network, ROOT, NORTH, 1).expect("open seats");
    network.wait(ZOE, 100).expect("a place");
    network.news();
    let due = |network: &Network| {
        network.saved.last().expect("saved").timers.get(&(TimerKind::Blocks, id(100))).copied()
    };
    network.now = network.session(100).starts_at() - SignedDuration::from_hours(21 * 24);
    let turn = Command::TurnBlocks { session: id(100).into() };
    network.by_itself(turn.clone()).expect("the naming date");
    assert_eq!(network.news(), ["block.naming-due"]);
    let release = network.session(100).starts_at() - SignedDuration::from_hours(14 * 24);
    assert_eq!(due(&network), Some(Some(release)));
    network.now = release;
    network.by_itself(turn.clone()).expect("the release date");
    network.by_itself(turn).expect("nothing more to do");
    assert_eq!(network.news(), ["block.released", "registration.offered"]);
    assert_eq!(due(&network), Some(None));
}

#[test]
fn more_than_is_open_cannot_be_set_aside_and_not_less_than_is_taken() {
    let mut network = blocked();
    network.register(ADA, 100).expect("set aside");
    for (count, fits) in [(5, false), (4, true), (0, false), (1, true)] {
        assert_eq!(set_aside(&mut network, ROOT, NORTH, count).is_ok(), fits, "{count}");
    }
    assert_eq!(seats(&network), (1, 0, 3));
}

#[rstest::rstest]
#[case::its_own_admin(Network::DAN, NORTH, 1, true)]
#[case::its_own_admin_who_wants_more_than_a_share(Network::DAN, NORTH, 2, false)]
#[case::another_dealers_admin(Network::DAN, SOUTH, 1, false)]
#[case::a_manager(Network::MIA, NORTH, 1, false)]
#[case::an_admin(ROOT, SOUTH, 3, true)]
fn who_may_set_seats_aside(
    #[case] actor: PersonId,
    #[case] dealer: DealerId,
    #[case] seats: u32,
    #[case] may: bool,
) {
    let mut network = Network::new().with_session(100, 4, 35);
    assert_eq!(set_aside(&mut network, actor, dealer, seats).is_ok(), may);
}

#[test]
fn whoever_asks_to_wait_is_given_what_is_set_aside() {
    let mut network = Network::new().with_session(100, 1, 35);
    network.register(ZOE, 100).expect("the seat");
    network.wait(CEM, 100).expect("a place");
    let release = Command::ReleaseBlock { session: id(100).into(), dealer: NORTH };
    network.ask(Network::DAN, release.clone()).expect("there is none, which is fine");
    let plans = vec![crate::testing::plans::plan(network.session(100), 2)];
    network.cancel(CEM, 100).expect("a place given back");
    network.ask(ROOT, Command::SaveSessions { plans, historic: false }).expect("saved");
    set_aside(&mut network, ROOT, NORTH, 1).expect("the open seat");
    network.wait(CEM, 100).expect("set aside");
    assert_eq!(network.status(CEM, 100), "confirmed");
}

#[test]
fn one_dealers_people_have_so_many_seats_at_most() {
    let mut network = Network::new().with_session(100, 4, 35);
    network.world.rules.push(Override { scope: Scope::Global, rule: Rule::DealerCap, value: 2 });
    for person in [ADA, BEN] {
        network.register(person, 100).expect("within the cap");
    }
    assert_eq!(network.register(CEM, 100), Err(Refusal::DealerCapReached { most: 2 }));
    network.register(ZOE, 100).expect("another dealer's");
    network.cancel(ADA, 100).expect("in time");
    network.register(CEM, 100).expect("within the cap again");
}

#[test]
fn a_group_is_counted_against_the_cap_as_a_whole() {
    let mut network = Network::new().with_session(100, 4, 35);
    network.world.rules.push(Override { scope: Scope::Global, rule: Rule::DealerCap, value: 2 });
    let Err(Refusal::GroupRefused { refused }) = network.register_group(Network::MIA, 100, &[ADA, BEN, CEM])
    else {
        panic!("three are too many");
    };
    assert_eq!(refused.iter().map(|one| one.learner).collect::<Vec<_>>(), [CEM]);
    network.register_group(Network::MIA, 100, &[ADA, BEN]).expect("two are not");
}
