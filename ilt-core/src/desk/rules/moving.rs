//! What a move is: time, place, room or instructors, and everybody is told which.

use jiff::ToSpan;
use rstest::rstest;

use crate::desk::{Command, PartPlan, SessionPlan};
use crate::ids::PersonId;
use crate::journal::Event;
use crate::testing::Network;
use crate::testing::plans::{id, plan};

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;
const CEM: PersonId = Network::CEM;

/// One seat, which Ben is offered since Ada gave it back; Cem waits.
fn class() -> Network {
    let mut network = Network::new().with_session(100, 1, 35);
    network.register(ADA, 100).expect("the seat");
    for person in [BEN, CEM] {
        network.wait(person, 100).expect("a place");
    }
    network.cancel(ADA, 100).expect("in time");
    network
}

fn each_part(plan: SessionPlan, change: impl Fn(PartPlan) -> PartPlan) -> SessionPlan {
    SessionPlan { parts: plan.parts.into_iter().map(change).collect(), ..plan }
}

fn later(plan: SessionPlan) -> SessionPlan {
    each_part(plan, |it| PartPlan { starts: it.starts.checked_add(1.day()).expect("in range"), ..it })
}

fn in_another_room(plan: SessionPlan) -> SessionPlan {
    each_part(plan, |it| PartPlan { room: "2.04".to_owned(), ..it })
}

fn in_another_town(plan: SessionPlan) -> SessionPlan {
    SessionPlan { location: id(2).into(), ..plan }
}

fn by_somebody_else(plan: SessionPlan) -> SessionPlan {
    SessionPlan { instructors: vec![Network::INA], ..plan }
}

#[test]
fn those_for_whom_it_clashes_now_are_told_and_may_leave() {
    let mut network = class();
    network.hold(101, 3, 36);
    network.register(BEN, 101).expect("on another day");
    let mut there = plan(network.session(100), 1);
    there.parts.clone_from(&plan(network.session(101), 1).parts);
    let before = network.entries().count();
    network.ask(Network::ROOT, Command::SaveSessions { plans: vec![there], historic: false }).expect("moved");
    let told: Vec<_> =
        network.entries().skip(before).filter(|it| matches!(it.event, Event::ClashArose { .. })).collect();
    let Event::ClashArose { with } = &told[0].event else { panic!("a clash") };
    assert_eq!((told.len(), told[0].learner, with[0].session), (1, Some(BEN), id(101).into()));
    network.later(24 * 35);
    let registration = network.id_of(BEN, 100);
    network.ask(BEN, Command::Cancel { registration, reason: None }).expect("without a reason");
    assert_eq!(network.status(BEN, 100), "cancelled", "and not late");
}

/// Another time, another place, other instructors: who is told, and what.
#[rstest]
#[case::the_time(later, (true, false, false))]
#[case::the_room(in_another_room, (false, true, false))]
#[case::the_place(in_another_town, (false, true, false))]
#[case::the_instructor(by_somebody_else, (false, false, true))]
#[case::all_of_it(|it| by_somebody_else(in_another_town(later(it))), (true, true, true))]
fn whoever_has_a_seat_an_offer_or_a_place_is_told_what_has_changed(
    #[case] change: fn(SessionPlan) -> SessionPlan,
    #[case] changed: (bool, bool, bool),
) {
    let mut network = class();
    let before = network.entries().count();
    let plans = vec![change(plan(network.session(100), 1))];
    network.ask(Network::ROOT, Command::SaveSessions { plans, historic: false }).expect("moved");
    let told = network.entries().skip(before).filter_map(|entry| match entry.event {
        Event::SessionMoved { from, to, elsewhere, other_instructors } => {
            Some((entry.learner, (from != to, elsewhere, other_instructors)))
        }
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), [(Some(BEN), changed), (Some(CEM), changed)], "not Ada, who left");
}
