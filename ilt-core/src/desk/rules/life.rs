//! A session's life: moved, made smaller, too empty, cancelled, in need of the same room as another.

use jiff::{SignedDuration, ToSpan};
use rstest::rstest;

use crate::calendar::Busy;
use crate::desk::{Answer, Command, Displaced, PartPlan, Refusal, SessionPlan};
use crate::ids::PersonId;
use crate::journal::Event;
use crate::policy::{Override, Rule, Scope};
use crate::registration::Status;
use crate::testing::Network;
use crate::testing::plans::id;

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;
const CEM: PersonId = Network::CEM;
const DOT: PersonId = Network::DOT;
const ROOT: PersonId = Network::ROOT;

fn save(network: &mut Network, plan: SessionPlan) -> Answer {
    network.ask(ROOT, Command::SaveSessions { plans: vec![plan], historic: false })
}

fn as_planned(network: &Network, number: u32) -> SessionPlan {
    SessionPlan::from(network.session(number))
}

fn later_by_a_day(plan: SessionPlan) -> SessionPlan {
    let part =
        |part: PartPlan| PartPlan { starts: part.starts.checked_add(1.day()).expect("in range"), ..part };
    SessionPlan { parts: plan.parts.into_iter().map(part).collect(), ..plan }
}

#[test]
fn everybody_is_told_when_a_session_moves_and_may_leave_without_being_late() {
    let mut network = Network::new().with_session(100, 1, 35);
    network.register(ADA, 100).expect("the seat");
    network.wait(BEN, 100).expect("a place");
    network.now = network.session(100).starts_at() - SignedDuration::from_hours(12);
    let refused = network.ask(ADA, Command::Cancel { registration: network.id_of(ADA, 100), reason: None });
    assert!(matches!(refused, Err(Refusal::LateCancellationNeedsReason { .. })));
    network.news();
    let plan = SessionPlan { instructors: vec![Network::INA], ..as_planned(&network, 100) };
    save(&mut network, plan).expect("another instructor");
    assert_eq!(
        network.news(),
        ["session.changed", "registration.session-moved", "registration.session-moved"]
    );
    let registration = network.id_of(ADA, 100);
    let reason = Some("  ".to_owned());
    network.ask(ADA, Command::Cancel { registration, reason }).expect("a free way out");
    let gone = network.entries().find(|entry| matches!(entry.event, Event::Cancelled { .. }));
    assert_eq!(gone.map(|entry| entry.reason.clone()), Some(None), "blanks are no reason");
    assert_eq!(network.status(ADA, 100), "cancelled");
}

#[test]
fn whoever_registered_after_the_move_knew_of_it() {
    let mut network = Network::new().with_session(100, 2, 35);
    let plan = later_by_a_day(as_planned(&network, 100));
    save(&mut network, plan).expect("moved");
    network.later(1);
    network.register(ADA, 100).expect("a seat");
    network.now = network.session(100).starts_at() - SignedDuration::from_hours(12);
    network.cancel(ADA, 100).expect("with a reason");
    assert_eq!(network.status(ADA, 100), "late-cancelled");
}

#[test]
fn what_learners_need_not_know_is_no_move() {
    let mut network = Network::new().with_session(100, 2, 35);
    network.register(ADA, 100).expect("a seat");
    network.news();
    let plan = SessionPlan { capacity: 5, minimum: 2, ..as_planned(&network, 100) };
    save(&mut network, plan).expect("saved");
    assert_eq!((network.news(), network.session(100).moved_at), (vec!["session.changed"], None));
}

fn resize(network: &mut Network, capacity: u32, displaced: &[(PersonId, Option<u32>)]) -> Answer {
    let one = |(person, to): &(PersonId, Option<u32>)| Displaced {
        registration: network.id_of(*person, 100),
        to: to.map(|to| id(to).into()),
    };
    let displaced = displaced.iter().map(one).collect();
    let reason = Some("the hall is closed".to_owned());
    network.ask(ROOT, Command::Resize { session: id(100).into(), capacity, displaced, reason, version: None })
}

/// Three seats, which Ada, Ben and Cem have; Dot waits. There is one seat in another session.
fn full_hall() -> Network {
    let mut network = Network::new().with_session(100, 3, 35).with_session(101, 1, 36);
    for person in [ADA, BEN, CEM] {
        network.register(person, 100).expect("a seat");
    }
    network.wait(DOT, 100).expect("a place");
    network.news();
    network
}

#[test]
fn fewer_seats_than_are_taken_only_when_it_is_said_who_goes_and_where_to() {
    let mut network = full_hall();
    assert!(matches!(resize(&mut network, 1, &[]), Err(Refusal::CapacityBelowTaken { asked: 1, taken: 3 })));
    let one = resize(&mut network, 1, &[(BEN, Some(101))]);
    assert!(matches!(one, Err(Refusal::CapacityBelowTaken { asked: 1, taken: 2 })));
    resize(&mut network, 1, &[(BEN, Some(101)), (CEM, None)]).expect("everybody is named");
    assert_eq!(
        [ADA, BEN, CEM].map(|person| network.status(person, 100)),
        ["confirmed", "transferred", "cancelled"]
    );
    assert_eq!((network.status(BEN, 101), network.status(DOT, 100)), ("confirmed", "waitlisted"));
    assert_eq!(network.seats(100), (1, 0, 1, 0));
}

#[test]
fn nobody_goes_when_somebody_cannot() {
    let mut network = full_hall();
    let refused = resize(&mut network, 1, &[(BEN, Some(101)), (CEM, Some(101))]);
    let Err(Refusal::InvalidRequest { fields }) = refused else { panic!("there is one seat for two") };
    assert_eq!(fields[0].pointer, "/displaced/1/to");
    let twice = resize(&mut network, 2, &[(BEN, None), (BEN, None)]);
    assert!(matches!(twice, Err(Refusal::InvalidRequest { .. })));
    let waits = resize(&mut network, 2, &[(DOT, None)]);
    assert!(matches!(waits, Err(Refusal::InvalidRequest { .. })), "who waits has no seat to leave");
    assert_eq!((network.news(), network.seats(100)), (vec![], (3, 0, 1, 0)));
}

#[test]
fn more_seats_go_to_the_queue() {
    let mut network = full_hall();
    resize(&mut network, 4, &[]).expect("more seats");
    assert_eq!(network.status(DOT, 100), "offered");
}

/// A session that needs two people and has one.
fn half_empty() -> Network {
    let mut network = Network::new().with_session(100, 3, 35);
    network.register(ADA, 100).expect("a seat");
    let plan = SessionPlan { minimum: 2, ..as_planned(&network, 100) };
    save(&mut network, plan).expect("saved");
    network.news();
    network
}

fn weigh(network: &mut Network, days_before: i64) -> Vec<&'static str> {
    network.now = network.session(100).starts_at() - SignedDuration::from_hours(24 * days_before);
    network
        .by_itself(Command::WeighMinimum { session: id(100).into(), proposals: Vec::new() })
        .expect("weighed");
    network.news()
}

#[test]
fn too_few_people_are_warned_of_and_then_decided_on_by_somebody() {
    let mut network = half_empty();
    assert_eq!(weigh(&mut network, 15), [""; 0]);
    assert_eq!(weigh(&mut network, 14), ["session.below-minimum"]);
    assert_eq!(weigh(&mut network, 7), ["session.below-minimum"]);
    assert_eq!(network.session(100).status.word(), "published");
    let decides: Vec<_> = network
        .entries()
        .filter_map(|entry| match entry.event {
            Event::SessionBelowMinimum { decide, .. } => Some(decide),
            _ => None,
        })
        .collect();
    assert_eq!(decides, [false, true]);
}

#[test]
fn enough_people_are_no_news() {
    let mut network = half_empty();
    network.register(BEN, 100).expect("a seat");
    network.news();
    assert_eq!(weigh(&mut network, 14), [""; 0]);
}

#[test]
fn it_is_cancelled_by_itself_only_where_the_rule_says_so() {
    let mut network = half_empty();
    network.world.rules.push(Override { scope: Scope::Global, rule: Rule::MinimumCancels, value: 1 });
    assert_eq!(weigh(&mut network, 14), ["session.below-minimum"], "a warning cancels nothing");
    assert_eq!(
        weigh(&mut network, 7),
        ["session.below-minimum", "session.cancelled", "registration.session-cancelled"]
    );
    assert!(matches!(network.registration(ADA, 100).status, Status::SessionCancelled { .. }));
}

#[rstest::rstest]
#[case::another_time(1, "2.04", true)]
#[case::another_room(0, "2.05", false)]
#[case::no_room_yet(0, "", false)]
fn a_room_is_booked_once(#[case] days_later: i64, #[case] room: &str, #[case] starts_next_day: bool) {
    let mut network = Network::new().with_session(100, 3, 35).with_session(101, 3, 35);
    network.session_mut(100).parts[0].room = "2.04".to_owned();
    let with_room = |plan: SessionPlan, room: &str| {
        let part = |part: PartPlan| PartPlan { room: room.to_owned(), ..part };
        SessionPlan { parts: plan.parts.into_iter().map(part).collect(), ..plan }
    };
    let same = with_room(as_planned(&network, 101), "2.04");
    let Err(Refusal::DoubleBooked { conflicts }) = save(&mut network, same.clone()) else { panic!("taken") };
    assert_eq!((conflicts[0].session, conflicts[0].room.as_deref()), (Some(id(100).into()), Some("2.04")));
    let mut other = with_room(same.clone(), room);
    for _ in 0..days_later {
        other = later_by_a_day(other);
    }
    assert_eq!(starts_next_day, days_later > 0);
    save(&mut network, other).expect("free");
    let why = Some("two groups in one hall".to_owned());
    save(&mut network, SessionPlan { override_reason: why, ..same }).expect("overridden");
}

#[rstest]
#[case::at_the_same_time(0, 6, true)]
#[case::in_the_middle(2, 1, true)]
#[case::until_it_starts(-2, 2, false)]
#[case::from_its_end_on(6, 1, false)]
#[case::over_its_start(-1, 2, true)]
fn what_is_in_an_instructors_own_calendar_is_in_the_way(
    #[case] from: i64,
    #[case] hours: i64,
    #[case] clashes: bool,
) {
    let mut network = Network::new().with_session(101, 3, 35);
    let starts_at = network.session(101).starts_at() + SignedDuration::from_hours(from);
    let ends_at = starts_at + SignedDuration::from_hours(hours);
    let busy = |instructor| vec![Busy { instructor, starts_at, ends_at }];
    let taught = SessionPlan { instructors: vec![Network::INA], ..as_planned(&network, 101) };
    let plan = SessionPlan { busy: busy(Network::INA), ..taught };
    let saved = save(&mut network, plan.clone());
    if !clashes {
        saved.expect("free");
        return;
    }
    let Err(refusal @ Refusal::DoubleBooked { .. }) = saved else { panic!("{saved:?}") };
    assert!(refusal.to_string().contains("by their own calendar"), "{refusal}");
    let why = Some("the dentist can wait".to_owned());
    save(&mut network, SessionPlan { override_reason: why, ..plan.clone() }).expect("overridden");
    let mut network = Network::new().with_session(101, 3, 35);
    save(&mut network, SessionPlan { busy: busy(Network::MIA), ..plan }).expect("somebody else's calendar");
}

#[test]
fn an_instructor_teaches_one_session_at_a_time_wherever_it_is() {
    let mut network = Network::new().with_session(100, 3, 35).with_session(101, 3, 35);
    network.at(101, 5);
    network.session_mut(100).instructors = vec![Network::INA];
    let busy = SessionPlan { instructors: vec![Network::INA], ..as_planned(&network, 101) };
    let Err(Refusal::DoubleBooked { conflicts }) = save(&mut network, busy.clone()) else { panic!("busy") };
    assert_eq!(conflicts[0].instructors, [Network::INA]);
    let import = |plan| Command::SaveSessions { plans: vec![plan], historic: true };
    let refused = network.ask(ROOT, import(busy.clone()));
    assert!(matches!(refused, Err(Refusal::DoubleBooked { .. })), "an import books nobody twice either");
    network.later(24 * 40);
    network.ask(ROOT, import(busy)).expect("history is as it was");
}

#[test]
fn two_plans_of_one_request_are_held_against_each_other() {
    let mut network = Network::new().with_session(100, 3, 35);
    let plan = |network: &Network, number: u32| SessionPlan {
        id: id(number).into(),
        instructors: vec![Network::INA],
        ..as_planned(network, 100)
    };
    let plans = vec![plan(&network, 200), plan(&network, 201)];
    let refused = network.ask(ROOT, Command::SaveSessions { plans, historic: false });
    let Err(Refusal::InvalidRequest { fields }) = refused else { panic!("one instructor, two sessions") };
    assert_eq!(fields.len(), 1);
    assert!(fields[0].pointer.starts_with("/1"), "{fields:?}");
}

#[test]
fn a_session_that_is_under_way_is_running() {
    let network = Network::new().with_session(100, 3, 35);
    let session = network.session(100);
    let minute = SignedDuration::from_mins(1);
    for (at, stage) in [
        (session.starts_at() - minute, "published"),
        (session.starts_at(), "running"),
        (session.ends_at() - minute, "running"),
        (session.ends_at(), "published"),
    ] {
        assert_eq!(session.stage(at), stage);
    }
}
