//! Swap (PRODUCT.md, "swap"): waiting for a better session while holding a seat in another.

use rstest::rstest;

use crate::desk::{Command, Refusal};
use crate::ids::{PersonId, RegistrationId, SessionId};
use crate::policy::{Override, Rule, Scope};
use crate::testing::Network;

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;
const CEM: PersonId = Network::CEM;

/// Ada has the seat of 100 and wants that of 101, at the same hour, which Ben has. Cem waits for Ada's.
fn two_classes(automatic: bool) -> Network {
    two_classes_on(35, automatic)
}

/// The same, with that of 101 in so many days.
fn two_classes_on(day: i32, automatic: bool) -> Network {
    let mut network = Network::new().with_session(100, 1, 35).with_session(101, 1, day);
    network.register(ADA, 100).expect("the seat");
    network.register(BEN, 101).expect("the seat");
    network.swap(ADA, 100, 101, automatic).expect("a place");
    network.wait(CEM, 100).expect("a place");
    network.news();
    network
}

fn accept(network: &mut Network, learner: PersonId, session: u32) -> Result<(), Refusal> {
    let registration = network.id_of(learner, session);
    network.ask(learner, Command::TakeOffer { registration }).map(|_| ())
}

#[test]
fn the_old_seat_is_kept_until_the_new_one_is_taken_and_goes_back_with_it() {
    let mut network = two_classes(false);
    network.cancel(BEN, 101).expect("in time");
    assert_eq!((network.status(ADA, 100), network.status(ADA, 101)), ("confirmed", "offered"));
    accept(&mut network, ADA, 101).expect("in time");
    assert_eq!((network.status(ADA, 100), network.status(ADA, 101)), ("transferred", "confirmed"));
    assert_eq!(network.registration(ADA, 100).status.successor(), Some(network.id_of(ADA, 101)));
    assert_eq!(network.status(CEM, 100), "offered", "whoever waits for the old seat is asked");
    assert_eq!(network.saved.last().expect("saved").entries.len(), 3, "in one transaction");
}

#[test]
fn booked_without_asking_it_swaps_at_once() {
    let mut network = two_classes(true);
    network.cancel(BEN, 101).expect("in time");
    assert_eq!(
        network.news(),
        [
            "registration.cancelled",
            "registration.promoted",
            "registration.transferred",
            "registration.offered"
        ]
    );
}

#[test]
fn declining_keeps_the_old_seat_and_the_place() {
    let mut network = two_classes(false);
    network.cancel(BEN, 101).expect("in time");
    let registration = network.id_of(ADA, 101);
    network.ask(ADA, Command::DeclineOffer { registration }).expect("in time");
    assert_eq!((network.status(ADA, 100), network.status(ADA, 101)), ("confirmed", "waitlisted"));
}

#[test]
fn with_the_gate_closed_the_old_seat_goes_back_once_it_is_approved() {
    let mut network = two_classes(true);
    network.world.rules.push(Override { scope: Scope::Global, rule: Rule::Approval, value: 1 });
    network.cancel(BEN, 101).expect("in time");
    assert_eq!((network.status(ADA, 100), network.status(ADA, 101)), ("confirmed", "held"));
    let registration = network.id_of(ADA, 101);
    network.ask(Network::MIA, Command::Approve { registration }).expect("her manager");
    assert_eq!((network.status(ADA, 100), network.status(ADA, 101)), ("transferred", "confirmed"));
}

#[test]
fn one_who_gave_the_old_seat_up_waits_like_everybody_else() {
    let mut network = two_classes(true);
    network.cancel(ADA, 100).expect("in time");
    network.cancel(BEN, 101).expect("in time");
    assert_eq!((network.status(ADA, 100), network.status(ADA, 101)), ("cancelled", "confirmed"));
}

#[test]
fn an_open_seat_is_taken_at_once() {
    let mut network = Network::new().with_session(100, 1, 35).with_session(101, 1, 35);
    network.register(ADA, 100).expect("the seat");
    network.swap(ADA, 100, 101, false).expect("open");
    assert_eq!((network.status(ADA, 100), network.status(ADA, 101)), ("transferred", "confirmed"));
}

/// Ada was offered the seat of 101 and let it go; now it is anybody's, and she wants it after all.
#[rstest]
#[case::by_asking_again(|registration, session| Command::Swap { registration, session, automatic: false, reason: Some(because()) })]
#[case::by_moving(|registration, session| Command::Transfer { registration, session, reason: Some(because()) })]
fn the_seat_that_was_declined_is_had_while_it_is_open_and_the_old_one_goes_back_once(
    #[case] ask: fn(RegistrationId, SessionId) -> Command,
) {
    let mut network = one_open_seat_that_was_declined(35);
    network.news();
    let command = ask(network.id_of(ADA, 100), network.session(101).id);
    network.ask(ADA, command.clone()).expect("an open seat");
    network.ask(ADA, command).expect("asking twice is asking once");
    network.turn_queues();
    assert_eq!(
        network.news(),
        ["registration.promoted", "registration.transferred", "registration.offered"],
        "given back once, and the queue it leaves is served"
    );
    let why = network.entries().filter(|it| it.event.word() == "registration.transferred");
    assert_eq!(why.map(|it| it.reason.clone()).collect::<Vec<_>>(), [Some(because())]);
    assert_eq!((network.status(ADA, 100), network.status(CEM, 100)), ("transferred", "offered"));
}

fn because() -> String {
    "nearer".to_owned()
}

/// Ada waits for 101, in so many days, with the seat of 100, lets the offer go, and it stays open.
fn one_open_seat_that_was_declined(day: i32) -> Network {
    let mut network = two_classes_on(day, false);
    network.cancel(BEN, 101).expect("in time");
    let registration = network.id_of(ADA, 101);
    network.ask(ADA, Command::DeclineOffer { registration }).expect("in time");
    network
}

#[test]
fn registering_for_the_session_that_is_waited_for_gives_the_old_seat_back_which_is_in_nobodys_way() {
    let mut network = one_open_seat_that_was_declined(35);
    network.news();
    network.register(ADA, 101).expect("an open seat, at the hour of the one that is given back");
    let all = ["registration.promoted", "registration.transferred", "registration.offered"];
    assert_eq!(network.news(), all, "the last is of the old seat's queue");
    assert_eq!((network.status(ADA, 100), network.status(ADA, 101)), ("transferred", "confirmed"));
}

#[test]
fn a_third_seat_is_not_moved_there_since_two_would_be_given_back_for_one() {
    let mut network = one_open_seat_that_was_declined(49);
    network.hold(102, 1, 42);
    network.register(ADA, 102).expect("the seat");
    let [registration, place] = [102, 101].map(|session| network.id_of(ADA, session));
    let session = network.session(101).id;
    let moving = Command::Transfer { registration, session, reason: None };
    let refused = network.ask(ADA, moving.clone());
    assert!(matches!(refused, Err(Refusal::InvalidRequest { .. })), "{refused:?}");
    assert_eq!((network.status(ADA, 100), network.status(ADA, 102)), ("confirmed", "confirmed"));

    network.cancel(ADA, 100).expect("in time");
    network.ask(ADA, moving).expect("the place has nothing to give back any more");
    assert_eq!((network.id_of(ADA, 101), network.status(ADA, 101)), (place, "confirmed"));
    assert_eq!(network.status(ADA, 102), "transferred");
}

#[test]
fn only_a_seat_can_be_swapped_and_only_for_another_session() {
    let mut network = two_classes(false);
    assert!(matches!(network.swap(CEM, 100, 101, false), Err(Refusal::NotConfirmed { .. })));
    assert!(network.swap(BEN, 101, 101, false).is_ok(), "it is there already");
    let third = network.hold(102, 1, 35);
    third.waitlist = false;
    network.register(Network::DOT, 102).expect("the seat");
    let refused = network.swap(ADA, 100, 102, false);
    assert!(matches!(refused, Err(Refusal::SessionFull { waitlist_open: false, .. })));
}

#[test]
fn another_seat_that_clashes_is_in_the_way() {
    let mut network = two_classes(false);
    network.hold(103, 1, 36);
    network.register(ADA, 103).expect("the seat");
    network.hold(104, 1, 36);
    network.register(BEN, 104).expect("the seat");
    assert!(matches!(network.swap(ADA, 100, 104, false), Err(Refusal::Clash { .. })));
    network.swap(ADA, 103, 104, false).expect("that one is given back");
}

/// A seat that was moved, or swapped before, is the one that is given back: one learner never ends with two seats for one.
#[test]
fn what_has_become_of_the_old_seat_is_given_back() {
    let mut network = two_classes(true);
    network.hold(102, 1, 36);
    let (registration, session) = (network.id_of(ADA, 100), SessionId(crate::testing::plans::id(102)));
    network.ask(ADA, Command::Transfer { registration, session, reason: None }).expect("an open seat");
    network.cancel(BEN, 101).expect("in time");
    let statuses = [100, 101, 102].map(|session| network.status(ADA, session));
    assert_eq!(statuses, ["transferred", "confirmed", "transferred"]);

    let mut network = two_classes(true);
    network.hold(102, 1, 36);
    network.register(Network::DOT, 102).expect("the seat");
    network.swap(ADA, 100, 102, true).expect("a second place");
    network.cancel(BEN, 101).expect("in time");
    network.cancel(Network::DOT, 102).expect("in time");
    let statuses = [100, 101, 102].map(|session| network.status(ADA, session));
    assert_eq!(statuses, ["transferred", "transferred", "confirmed"]);
}
