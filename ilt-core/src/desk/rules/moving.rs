//! What a move is: time, place, room or instructors, and everybody is told which.

use jiff::{SignedDuration, ToSpan as _};
use rstest::rstest;

use crate::desk::{BlockPlan, Command, PartPlan, SessionPlan, TimerKind};
use crate::ids::{DealerId, PersonId};
use crate::journal::Event;
use crate::policy::{Override, Rule, Scope};
use crate::registration::Status;
use crate::session::Session;
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

fn longer(plan: SessionPlan) -> SessionPlan {
    each_part(plan, |it| PartPlan { length: it.length + SignedDuration::from_mins(30), ..it })
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
    assert_eq!((told.len(), told[0].learner, with[0].session), (1, Some(BEN), Some(id(101).into())));
    let registration = network.id_of(BEN, 100);
    let due = network.timers().into_iter().find(|timer| timer.kind == TimerKind::ClashHelp);
    assert_eq!(due.map(|timer| timer.subject), Some(registration.0), "and is shown what else there is");
    network.later(24 * 35);
    network.ask(BEN, Command::Cancel { registration, reason: None }).expect("without a reason");
    assert_eq!(network.status(BEN, 100), "cancelled", "and not late");
}

/// Another time, another place, other instructors: who is told, and what.
#[rstest]
#[case::the_time(later, &["start", "times"])]
#[case::the_length(longer, &["times"])]
#[case::the_room(in_another_room, &["room"])]
#[case::the_place(in_another_town, &["place"])]
#[case::the_instructor(by_somebody_else, &["instructors"])]
#[case::all_of_it(
    |it| by_somebody_else(in_another_town(in_another_room(later(it)))),
    &["start", "times", "place", "room", "instructors"]
)]
fn whoever_has_a_seat_an_offer_or_a_place_is_told_what_has_changed(
    #[case] change: fn(SessionPlan) -> SessionPlan,
    #[case] changed: &[&str],
) {
    let mut network = class();
    let before = network.entries().count();
    let plans = vec![change(plan(network.session(100), 1))];
    network.ask(Network::ROOT, Command::SaveSessions { plans, historic: false }).expect("moved");
    let told = network.entries().skip(before).filter_map(|entry| match entry.event {
        Event::SessionMoved { from, to, other_times, elsewhere, other_room, other_instructors, .. } => {
            let changed = [
                (from != to, "start"),
                (other_times, "times"),
                (elsewhere, "place"),
                (other_room, "room"),
                (other_instructors, "instructors"),
            ];
            let changed = changed.into_iter().filter_map(|(is_other, what)| is_other.then_some(what));
            Some((entry.learner, changed.collect::<Vec<_>>()))
        }
        _ => None,
    });
    let changed = changed.to_vec();
    let wanted = [(Some(BEN), changed.clone()), (Some(CEM), changed.clone())];
    assert_eq!(told.collect::<Vec<_>>(), wanted, "not Ada, who left");
    let (session, now) = (network.session(100), Some(network.now));
    let is_rescheduled = changed.iter().any(|it| ["times", "place"].contains(it));
    assert_eq!((session.moved_at, session.rescheduled_at), (now, now.filter(|_| is_rescheduled)));
}

/// A day and a half from now: nobody is offered anything any more two hours before.
fn nearer(network: &mut Network) {
    network.hold(101, 1, 2);
    let mut plan = plan(network.session(100), 1);
    plan.parts = SessionPlan::from(network.session(101)).parts;
    network.ask(Network::ROOT, Command::SaveSessions { plans: vec![plan], historic: false }).expect("moved");
}

#[test]
fn an_offer_ends_sooner_when_the_session_comes_nearer_and_the_next_is_asked() {
    let mut network = class();
    let Status::Offered { until: before, .. } = network.registration(BEN, 100).status else {
        panic!("offered")
    };
    nearer(&mut network);
    let Status::Offered { until, .. } = network.registration(BEN, 100).status else {
        panic!("offered still")
    };
    assert!(until < before, "{until} is sooner than {before}");
    network.run_timers_until(until);
    assert_eq!((network.status(BEN, 100), network.status(CEM, 100)), ("waitlisted", "offered"));
    network.run_timers_until(network.session(100).starts_at());
    assert_eq!((network.status(BEN, 100), network.status(CEM, 100)), ("not-placed", "not-placed"));
}

#[test]
fn a_request_lapses_at_the_start_that_has_come_nearer() {
    let mut network = Network::new().with_session(100, 1, 35);
    let approval = Override { scope: Scope::Global, rule: Rule::Approval, value: 1 };
    network.ask(Network::ROOT, Command::SetRule(approval)).expect("set");
    network.register(BEN, 100).expect("a request");
    nearer(&mut network);
    let start = network.session(100).starts_at();
    let Status::Held { until, .. } = network.registration(BEN, 100).status else { panic!("held") };
    assert_eq!(until, start);
    network.run_timers_until(start);
    assert_eq!(network.status(BEN, 100), "request-lapsed");
}

#[test]
fn what_is_set_aside_is_opened_as_long_before_the_start_as_it_would_have_been() {
    let set_aside = |days| {
        let mut network = Network::new().with_session(100, 1, 35).with_session(101, 1, days);
        let block = BlockPlan { dealer: DealerId(id(1)), seats: 1, name_by: None, release_at: None };
        network.ask(Network::ROOT, Command::SaveBlock { session: id(100).into(), block }).expect("set aside");
        network.wait(Network::ZOE, 100).expect("a place");
        let (was, mut plan) = (network.session(100).clone(), plan(network.session(100), 1));
        plan.parts = SessionPlan::from(network.session(101)).parts;
        network
            .ask(Network::ROOT, Command::SaveSessions { plans: vec![plan], historic: false })
            .expect("moved");
        (was, network)
    };
    let (was, network) = set_aside(28);
    let now = network.session(100);
    let lead = |session: &Session| session.starts_at().duration_since(session.blocks[0].release_at);
    assert_eq!(lead(now), lead(&was));
    let (_, network) = set_aside(11);
    assert!(network.session(100).blocks.is_empty(), "within the two weeks");
    assert_eq!(network.status(Network::ZOE, 100), "offered", "and whoever waited is asked");
}
