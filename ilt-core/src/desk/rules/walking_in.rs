//! Walking in is a way to a seat like any other: what keeps somebody from it keeps them from it at the door as well, and only an admin who
//! says why can let them in all the same.

use jiff::SignedDuration;
use rstest::rstest;

use crate::catalog::{Grant, Role};
use crate::desk::{Answer, Command, Refusal};
use crate::fault::Fault as _;
use crate::ids::PersonId;
use crate::policy::{Override, Rule, Scope};
use crate::testing::Network;
use crate::testing::plans::id;

const ADA: PersonId = Network::ADA;
const INA: PersonId = Network::INA;
const ROOT: PersonId = Network::ROOT;

/// Two classes at one time, the first of which is Ina's and begins now.
fn morning() -> Network {
    let mut network = Network::new().with_session(100, 4, 35).with_session(101, 4, 35);
    network.session_mut(100).instructors = vec![INA];
    network.now = network.session(100).starts_at() - SignedDuration::from_mins(5);
    network
}

fn let_in(network: &mut Network, by: PersonId, learner: PersonId, reason: Option<&str>) -> Answer {
    let reason = reason.map(str::to_owned);
    network.ask(by, Command::WalkIn { session: id(100).into(), learner, reason })
}

fn with_a_seat_elsewhere() -> Network {
    let mut network = Network::new().with_session(100, 4, 35).with_session(101, 4, 35);
    network.register(ADA, 101).expect("a seat");
    network.session_mut(100).instructors = vec![INA];
    network.now = network.session(100).starts_at() - SignedDuration::from_mins(5);
    network
}

fn who_teaches_elsewhere() -> Network {
    let mut network = morning();
    network.session_mut(101).instructors = vec![ADA];
    network
}

fn without_the_approval_it_needs() -> Network {
    let mut network = morning();
    network.world.rules.push(Override { scope: Scope::Global, rule: Rule::Approval, value: 1 });
    network
}

#[rstest]
#[case::a_seat_at_that_time(with_a_seat_elsewhere(), "clash")]
#[case::teaching_at_that_time(who_teaches_elsewhere(), "clash")]
#[case::no_approval(without_the_approval_it_needs(), "forbidden")]
fn what_keeps_from_a_seat_keeps_from_it_at_the_door(#[case] mut network: Network, #[case] code: &str) {
    for reason in [None, Some("was there")] {
        let refused = let_in(&mut network, INA, ADA, reason).map_err(|refusal| refusal.code());
        assert_eq!(refused.err(), Some(code), "an instructor who says {reason:?}");
    }
    let_in(&mut network, ROOT, ADA, Some("was there")).expect("an admin has said why");
    assert_eq!(network.status(ADA, 100), "confirmed");
}

#[test]
fn nobody_walks_into_the_class_that_they_teach() {
    let mut network = morning();
    let north = network.world.people[&ADA].dealer;
    let ina = network.world.people.get_mut(&INA).expect("there");
    ina.roles.push(Grant { role: Role::Learner, dealer: north });
    assert!(matches!(let_in(&mut network, INA, INA, Some("me too")), Err(Refusal::Clash { .. })));
}

#[test]
fn whoever_was_approved_beforehand_walks_in() {
    let mut network = without_the_approval_it_needs();
    network.now -= SignedDuration::from_hours(24 * 20);
    network.session_mut(100).seats = crate::session::Seats { confirmed: 4, ..network.session(100).seats };
    network.wait(ADA, 100).expect("a place");
    let registration = network.id_of(ADA, 100);
    network.ask(ROOT, Command::Approve { registration }).expect("approved beforehand");
    network.now = network.session(100).starts_at();
    let_in(&mut network, INA, ADA, None).expect("approved");
}

#[test]
fn a_clash_with_a_session_that_was_never_published_does_not_name_it() {
    let mut network = who_teaches_elsewhere();
    network.session_mut(101).status = crate::session::SessionStatus::Draft;
    let Err(Refusal::Clash { with }) = let_in(&mut network, INA, ADA, None) else { panic!("it clashes") };
    assert_eq!((with.len(), with[0].session), (1, None));
}
