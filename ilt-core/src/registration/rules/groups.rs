//! Groups (PRODUCT.md, "group"): several people, all or none, also on the waitlist.

use crate::desk::{Answer, Command, OnFull, Refusal, RefusedOne, Reply};
use crate::fault::Fault as _;
use crate::ids::PersonId;
use crate::journal::Event;
use crate::testing::Network;
use crate::testing::plans::id;

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;
const CEM: PersonId = Network::CEM;
const DOT: PersonId = Network::DOT;
const LEO: PersonId = Network::LEO;
const MIA: PersonId = Network::MIA;
const ROOT: PersonId = Network::ROOT;

/// Two seats, which Dot and Leo have; Ada and Ben wait together, Cem behind them.
fn waiting_together() -> Network {
    let mut network = Network::new().with_session(100, 2, 35);
    for person in [DOT, LEO] {
        network.register(person, 100).expect("a seat");
    }
    network.register_group(MIA, 100, &[ADA, BEN]).expect("places");
    network.wait(CEM, 100).expect("a place");
    network.news();
    network
}

fn statuses(network: &Network) -> [&'static str; 3] {
    [ADA, BEN, CEM].map(|person| network.status(person, 100))
}

#[test]
fn all_of_them_get_seats_when_there_are_enough() {
    let mut network = Network::new().with_session(100, 2, 35);
    let Ok(Reply::Group { registrations, fresh, .. }) = network.register_group(MIA, 100, &[ADA, BEN, ADA])
    else {
        panic!("two seats are open");
    };
    assert_eq!((registrations.len(), fresh), (2, true));
    assert_eq!(network.seats(100), (2, 0, 0, 0));
    let again = network.register_group(MIA, 100, &[ADA, BEN]);
    assert!(matches!(again, Ok(Reply::Group { fresh: false, .. })), "asking twice is asking once");
}

#[test]
fn none_of_them_when_one_cannot_and_everybody_who_cannot_is_named() {
    let mut network = Network::new().with_session(100, 5, 35).with_session(101, 2, 35);
    for person in [ADA, CEM] {
        network.register(person, 101).expect("at the same hour");
    }
    let Err(Refusal::GroupRefused { refused }) = network.register_group(MIA, 100, &[ADA, BEN, CEM]) else {
        panic!("two of them clash");
    };
    let named = |one: &RefusedOne| (one.learner, matches!(*one.why, Refusal::Clash { .. }));
    assert_eq!(refused.iter().map(named).collect::<Vec<_>>(), [(ADA, true), (CEM, true)]);
    assert_eq!(network.seats(100), (0, 0, 0, 5));
}

#[test]
fn none_of_them_when_too_few_seats_are_open_and_nobody_wants_to_wait() {
    let mut network = Network::new().with_session(100, 1, 35);
    let learners = vec![ADA, BEN];
    let on_full = OnFull::Alternatives;
    let command = Command::RegisterGroup { session: id(100).into(), learners, on_full, automatic: false };
    assert!(matches!(network.ask(MIA, command), Err(Refusal::SessionFull { .. })));
    assert_eq!(network.seats(100), (0, 0, 0, 1), "the one seat that is open stays open");
}

/// It would be passed over for ever.
#[test]
fn more_people_than_there_are_seats_in_all_are_no_group() {
    let mut network = Network::new().with_session(100, 2, 35);
    let Err(Refusal::InvalidRequest { fields }) = network.register_group(MIA, 100, &[ADA, BEN, CEM]) else {
        panic!("three people, and two seats");
    };
    let said = "are 3 people, and the session has 2 seats: they can never all come";
    assert_eq!((fields[0].pointer.as_str(), fields[0].detail.as_str()), ("/learners", said));
    assert_eq!(network.seats(100), (0, 0, 0, 2));
}

#[test]
fn one_of_them_alone_answers_for_nobody_and_is_told_so() {
    let mut network = waiting_together();
    network.cancel(DOT, 100).expect("in time");
    let registration = network.id_of(CEM, 100);
    network.ask(CEM, Command::DeclineOffer { registration }).expect("in time");
    network.later(1);
    network.cancel(LEO, 100).expect("in time");
    assert_eq!(statuses(&network), ["offered", "offered", "waitlisted"]);
    for takes in [true, false] {
        let registration = network.id_of(ADA, 100);
        let answer =
            if takes { Command::TakeOffer { registration } } else { Command::DeclineOffer { registration } };
        let refused = network.ask(ADA, answer).map_err(|refusal| refusal.code());
        assert_eq!(refused.map(drop), Err("forbidden"), "it is hers, and not hers alone");
    }
    let registration = network.id_of(ADA, 100);
    network.ask(MIA, Command::TakeOffer { registration }).expect("she leads both");
    assert_eq!(statuses(&network)[..2], ["confirmed", "confirmed"]);
}

#[test]
fn whoever_waits_already_is_told_their_place() {
    let mut network = waiting_together();
    let Ok(Reply::Group { positions, .. }) = network.register_group(MIA, 100, &[ADA, BEN]) else {
        panic!("both wait");
    };
    assert_eq!(positions, [Some(1), Some(2)]);
}

#[test]
fn only_whoever_leads_all_of_them_may_ask() {
    let mut network = Network::new().with_session(100, 5, 35);
    let asked = |network: &mut Network, actor| network.register_group(actor, 100, &[ADA, Network::ZOE]);
    assert!(asked(&mut network, MIA).is_err(), "Zoe is somebody else's");
    assert!(asked(&mut network, ROOT).is_ok());
}

#[test]
fn a_group_waits_until_there_are_seats_for_all_and_is_told_why() {
    let mut network = waiting_together();
    network.cancel(DOT, 100).expect("in time");
    assert_eq!(statuses(&network), ["waitlisted", "waitlisted", "offered"]);
    let told: Vec<_> = network
        .entries()
        .filter_map(|entry| match &entry.event {
            Event::Skipped { why } => Some((entry.learner, why.clone())),
            _ => None,
        })
        .collect();
    let why = Refusal::GroupTooLarge { needed: 2, open: 1 };
    assert_eq!(told, [(Some(ADA), why.clone()), (Some(BEN), why)]);

    let registration = network.id_of(CEM, 100);
    network.ask(CEM, Command::DeclineOffer { registration }).expect("in time");
    network.later(1);
    network.cancel(LEO, 100).expect("in time");
    assert_eq!(statuses(&network), ["offered", "offered", "waitlisted"]);
}

/// Both seats are offered to Ada and Ben.
fn offered_together() -> Network {
    let mut network = waiting_together();
    let plans = vec![crate::desk::SessionPlan {
        capacity: 4,
        ..crate::testing::plans::plan(network.session(100), 4)
    }];
    network.ask(ROOT, Command::SaveSessions { plans, historic: false }).expect("saved");
    assert_eq!(statuses(&network), ["offered", "offered", "waitlisted"]);
    network
}

fn answer(
    network: &mut Network,
    actor: PersonId,
    command: fn(crate::ids::RegistrationId) -> Command,
) -> Answer {
    let registration = network.id_of(ADA, 100);
    network.ask(actor, command(registration))
}

#[test]
fn one_answer_is_everybodys() {
    let mut network = offered_together();
    answer(&mut network, MIA, |registration| Command::TakeOffer { registration }).expect("in time");
    assert_eq!(statuses(&network), ["confirmed", "confirmed", "waitlisted"]);

    let mut network = offered_together();
    answer(&mut network, MIA, |registration| Command::DeclineOffer { registration }).expect("in time");
    assert_eq!(statuses(&network), ["waitlisted", "waitlisted", "offered"]);
}

#[test]
fn one_of_them_cannot_answer_for_the_others_but_can_leave() {
    let mut network = offered_together();
    assert!(answer(&mut network, ADA, |registration| Command::TakeOffer { registration }).is_err());
    assert_eq!(statuses(&network)[..2], ["offered", "offered"], "a no does nothing");
    network.cancel(ADA, 100).expect("at any time");
    assert_eq!(network.status(BEN, 100), "offered", "the others are still a group");
    assert_eq!(network.status(CEM, 100), "offered");
}

#[test]
fn an_offer_that_lapses_lapses_for_all() {
    let mut network = offered_together();
    network.later(48);
    let registration = network.id_of(BEN, 100);
    network.by_itself(Command::LapseOffer { registration }).expect("its time is up");
    assert_eq!(statuses(&network), ["waitlisted", "waitlisted", "offered"]);
}

#[test]
fn a_clash_of_one_holds_the_group_up_and_both_are_told() {
    let mut network = waiting_together();
    network.hold(101, 1, 35);
    network.register(BEN, 101).expect("at the same hour");
    network.news();
    let plans = vec![crate::testing::plans::plan(network.session(100), 4)];
    network.ask(ROOT, Command::SaveSessions { plans, historic: false }).expect("saved");
    assert_eq!(statuses(&network), ["waitlisted", "waitlisted", "offered"]);
    let told = network.news().iter().filter(|word| **word == "registration.skipped").count();
    assert_eq!(told, 2);
}

#[test]
fn priority_is_the_groups() {
    let mut network = Network::new().with_session(100, 2, 35);
    for person in [DOT, LEO] {
        network.register(person, 100).expect("a seat");
    }
    network.wait(CEM, 100).expect("a place");
    network.register_group(MIA, 100, &[ADA, BEN]).expect("places");
    let registration = network.id_of(BEN, 100);
    let priority = crate::registration::Priority { level: 2, reason: "deadline".to_owned() };
    network.ask(ROOT, Command::Prioritise { registration, priority: Some(priority) }).expect("an admin");
    let place = |person| network.world.registrations.position(network.id_of(person, 100));
    assert_eq!([ADA, BEN, CEM].map(place), [Some(1), Some(2), Some(3)]);
}

#[test]
fn whoever_may_not_register_somebody_hears_nothing_of_their_registration_either() {
    let mut network = waiting_together();
    for stranger in [Network::ZOE, Network::INA] {
        let answer = network.register_group(stranger, 100, &[ADA, BEN]);
        assert!(matches!(answer, Err(Refusal::NotFound { .. } | Refusal::Forbidden { .. })), "{answer:?}");
    }
    let mixed = network.register_group(MIA, 100, &[ADA, Network::ZOE]);
    assert!(matches!(mixed, Err(Refusal::NotFound { .. } | Refusal::Forbidden { .. })), "{mixed:?}");
}
