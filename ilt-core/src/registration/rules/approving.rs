//! Approval (PRODUCT.md, "approval"): a gate of its own, beside the capacity.

use crate::desk::{Command, OnFull, Order, Refusal};
use crate::ids::PersonId;
use crate::journal::Actor;
use crate::policy::{Override, Rule, Scope};
use crate::registration::Status;
use crate::testing::Network;
use crate::testing::plans::{id, plan};

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;
const CEM: PersonId = Network::CEM;
const MIA: PersonId = Network::MIA;

/// One session of so many seats, with the gate closed.
fn gated(capacity: u32) -> Network {
    let mut network = Network::new().with_session(100, capacity, 35);
    network.world.rules.push(Override { scope: Scope::Global, rule: Rule::Approval, value: 1 });
    network
}

fn approve(network: &mut Network, actor: PersonId, learner: PersonId) -> Result<(), Refusal> {
    let registration = network.id_of(learner, 100);
    network.ask(actor, Command::Approve { registration }).map(|_| ())
}

fn held(network: &Network) -> (u32, u32, u32) {
    let seats = network.session(100).seats;
    (seats.confirmed, seats.held, seats.open())
}

#[test]
fn a_request_holds_a_seat_until_it_is_approved() {
    let mut network = gated(2);
    network.register(ADA, 100).expect("a request");
    assert_eq!((network.status(ADA, 100), held(&network)), ("held", (0, 1, 1)));
    approve(&mut network, MIA, ADA).expect("her manager");
    approve(&mut network, MIA, ADA).expect("saying it twice is saying it once");
    assert_eq!((network.status(ADA, 100), held(&network)), ("confirmed", (1, 0, 1)));
    assert_eq!(network.news(), ["registration.requested", "registration.approved"]);
}

#[test]
fn two_requests_are_never_confirmed_into_one_seat() {
    let mut network = gated(1);
    network.register(ADA, 100).expect("a request");
    assert!(matches!(network.register(BEN, 100), Err(Refusal::SessionFull { .. })));
    network.wait(BEN, 100).expect("a place");
    approve(&mut network, MIA, BEN).expect("beforehand");
    approve(&mut network, MIA, ADA).expect("the seat");
    assert_eq!((network.status(ADA, 100), network.status(BEN, 100)), ("confirmed", "waitlisted"));
}

#[rstest::rstest]
#[case::herself(ADA, false)]
#[case::a_colleague(BEN, false)]
#[case::her_manager(MIA, true)]
#[case::her_dealers_admin(Network::DAN, true)]
#[case::an_admin(Network::ROOT, true)]
#[case::somebody_of_another_dealer(Network::ZOE, false)]
fn whoever_leads_the_learner_approves(#[case] actor: PersonId, #[case] may: bool) {
    let mut network = gated(2);
    network.register(ADA, 100).expect("a request");
    assert_eq!(approve(&mut network, actor, ADA).is_ok(), may);
    assert_eq!(network.status(ADA, 100), if may { "confirmed" } else { "held" });
}

#[test]
fn whoever_approves_need_not_ask_themselves() {
    let mut network = gated(2);
    let command = |learner| Command::Register {
        session: id(100).into(),
        learner,
        on_full: OnFull::Alternatives,
        automatic: false,
        reason: None,
    };
    network.ask(MIA, command(ADA)).expect("for her team");
    assert_eq!(network.status(ADA, 100), "confirmed");
}

#[test]
fn a_request_lapses_after_three_business_days_and_the_next_in_line_is_asked() {
    let mut network = gated(1);
    network.register(ADA, 100).expect("a request");
    network.wait(BEN, 100).expect("a place");
    let registration = network.id_of(ADA, 100);
    let Status::Held { until, .. } = network.registration(ADA, 100).status else { panic!("held") };
    network.news();
    network.now = until - jiff::SignedDuration::from_secs(1);
    network.by_itself(Command::PassOnRequest { registration }).expect("half of the time is over");
    network.by_itself(Command::LapseRequest { registration }).expect("too early");
    assert_eq!(network.news(), ["registration.request-passed-on"]);
    network.now = until;
    network.by_itself(Command::LapseRequest { registration }).expect("its time is up");
    assert_eq!(network.news(), ["registration.request-lapsed", "registration.offered"]);
    assert_eq!((network.status(ADA, 100), network.status(BEN, 100)), ("request-lapsed", "offered"));
}

#[test]
fn declining_says_why_and_frees_the_seat() {
    let mut network = gated(1);
    network.register(ADA, 100).expect("a request");
    network.wait(BEN, 100).expect("a place");
    let registration = network.id_of(ADA, 100);
    let silent = network.ask(MIA, Command::Decline { registration, reason: " ".to_owned() });
    assert!(matches!(silent, Err(Refusal::InvalidRequest { .. })));
    network.ask(MIA, Command::Decline { registration, reason: "in spring".to_owned() }).expect("a reason");
    assert_eq!((network.status(ADA, 100), network.status(BEN, 100)), ("declined", "offered"));
    network.register(ADA, 100).expect_err("the seat is offered");
}

#[test]
fn what_was_confirmed_is_cancelled_and_not_declined() {
    let mut network = gated(1);
    network.register(ADA, 100).expect("a request");
    approve(&mut network, MIA, ADA).expect("her manager");
    let registration = network.id_of(ADA, 100);
    let late = network.ask(MIA, Command::Decline { registration, reason: "in spring".to_owned() });
    assert!(matches!(late, Err(Refusal::NotRequested { .. })));
}

/// Ada has the only seat; Ben waits to be booked without asking, Cem to be asked.
fn behind_the_gate() -> Network {
    let mut network = gated(1);
    network.register(ADA, 100).expect("a request");
    approve(&mut network, MIA, ADA).expect("her manager");
    network.wait_automatically(BEN, 100).expect("a place");
    network.wait(CEM, 100).expect("a place");
    network.news();
    network
}

#[test]
fn a_promotion_is_no_approval() {
    let mut network = behind_the_gate();
    network.cancel(ADA, 100).expect("in time");
    assert_eq!(network.news(), ["registration.cancelled", "registration.requested"]);
    assert_eq!(network.status(BEN, 100), "held");
}

#[test]
fn nor_is_a_raised_capacity() {
    let mut network = behind_the_gate();
    let plans = vec![crate::desk::SessionPlan { capacity: 3, ..plan(network.session(100), 3) }];
    network.ask(Network::ROOT, Command::SaveSessions { plans, historic: false }).expect("saved");
    assert_eq!((network.status(BEN, 100), network.status(CEM, 100)), ("held", "offered"));
    let registration = network.id_of(CEM, 100);
    network.ask(CEM, Command::TakeOffer { registration }).expect("in time");
    network.ask(CEM, Command::TakeOffer { registration }).expect("saying it twice is saying it once");
    assert_eq!(network.status(CEM, 100), "held");
}

#[test]
fn nor_is_an_import() {
    let mut network = behind_the_gate();
    let import = |network: &mut Network, command| {
        let order = Order::new(Actor::import(), command, None, id(0));
        network.order(order).expect("imported");
    };
    let plans = vec![plan(network.session(100), 4)];
    import(&mut network, Command::SaveSessions { plans, historic: true });
    assert_eq!((network.status(BEN, 100), network.status(CEM, 100)), ("held", "offered"));
    let (session, learner, on_full) = (id(100).into(), Network::DOT, OnFull::Alternatives);
    import(&mut network, Command::Register { session, learner, on_full, automatic: false, reason: None });
    assert_eq!((network.status(Network::DOT, 100), held(&network)), ("held", (1, 2, 0)));
}

#[test]
fn one_who_was_approved_beforehand_is_booked_at_once() {
    let mut network = behind_the_gate();
    approve(&mut network, MIA, BEN).expect("beforehand");
    network.cancel(ADA, 100).expect("in time");
    assert_eq!(network.status(BEN, 100), "confirmed");
}

#[test]
fn a_transfer_to_another_course_is_a_request_and_keeps_the_seat_until_it_is_approved() {
    let mut network = gated(2).with_session(101, 1, 42);
    network.teach(crate::testing::plans::course(2, "Selling", None, &[]));
    network.session_mut(101).course = id(2).into();
    network.register(ADA, 100).expect("a request");
    approve(&mut network, MIA, ADA).expect("her manager");
    let registration = network.id_of(ADA, 100);
    let move_on = Command::Transfer { registration, session: id(101).into(), reason: None };
    network.ask(ADA, move_on.clone()).expect("a request");
    network.ask(ADA, move_on).expect_err("she has asked already");
    assert_eq!((network.status(ADA, 100), network.status(ADA, 101)), ("confirmed", "held"));
    let registration = network.id_of(ADA, 101);
    network.ask(MIA, Command::Approve { registration }).expect("her manager");
    assert_eq!((network.status(ADA, 100), network.status(ADA, 101)), ("transferred", "confirmed"));
}

#[test]
fn a_request_that_is_taken_back_is_not_late() {
    let mut network = gated(1);
    network.register(ADA, 100).expect("a request");
    network.cancel(ADA, 100).expect("at any time");
    assert_eq!((network.status(ADA, 100), held(&network)), ("cancelled", (0, 0, 1)));
}
