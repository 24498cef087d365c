//! Sessions of several parts: attendance is marked part by part, and what it comes to is the course's rule.

use jiff::{SignedDuration, Timestamp, ToSpan};
use rstest::rstest;

use crate::attendance::Outcome;
use crate::attendance::decide::Merged;
use crate::desk::{Command, MarkPlan, Refusal, Reply};
use crate::fault::Fault;
use crate::ids::PersonId;
use crate::journal::Event;
use crate::policy::{Override, Rule, Scope};
use crate::schedule::Part;
use crate::testing::Network;
use crate::testing::plans::id;

const ADA: PersonId = Network::ADA;
const INA: PersonId = Network::INA;

/// Ada has a seat in Ina's class, which is six hours on one day and six on the next.
fn two_days() -> Network {
    let mut network = Network::new().with_session(100, 2, 35);
    let session = network.session_mut(100);
    session.instructors = vec![INA];
    let first = session.parts[0].clone();
    let starts = first.starts.checked_add(1.day()).expect("in range");
    session.parts.push(Part::new(starts, first.zone, first.length, first.room).expect("an instant"));
    network.register(ADA, 100).expect("a seat");
    network
}

fn starts_at(network: &Network, part: usize) -> Timestamp {
    network.session(100).parts[part - 1].starts_at
}

fn mark(network: &mut Network, part: u32, minutes: u32) -> Result<Merged, &'static str> {
    let mark = MarkPlan { minutes: Some(minutes), ..MarkPlan::whole(network.id_of(ADA, 100), part) };
    let command = Command::MarkAttendance { session: id(100).into(), marks: vec![mark] };
    match network.ask(INA, command) {
        Ok(Reply::Marked { mut results }) => results.remove(0).map_err(|refusal| refusal.code()),
        other => panic!("{other:?}"),
    }
}

/// Moved a month on after Ada was marked on the first day: she was not there, and nobody says that she was away.
#[test]
fn a_mark_of_a_day_that_is_moved_is_none() {
    let mut network = two_days();
    network.now = starts_at(&network, 1);
    assert_eq!(mark(&mut network, 1, 360), Ok(Merged::Applied));
    let mut plan = crate::testing::plans::plan(network.session(100), 1);
    for part in &mut plan.parts {
        part.starts = part.starts.checked_add(28.days()).expect("in range");
    }
    network.ask(Network::ROOT, Command::SaveSessions { plans: vec![plan], historic: false }).expect("moved");
    assert!(network.registration(ADA, 100).attendance.is_empty());
    let told = network.entries().filter_map(|it| match &it.event {
        Event::SessionMoved { unmarked, .. } => Some(unmarked.clone()),
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), [vec![1]], "the journal says which");
}

/// Ada checks in five minutes early; the class is given up after an hour.
#[test]
fn whoever_was_there_left_when_it_was_over() {
    let mut network = Network::new().with_session(100, 2, 35);
    network.session_mut(100).instructors = vec![INA];
    network.register(ADA, 100).expect("a seat");
    let start = starts_at(&network, 1);
    network.now = start - SignedDuration::from_mins(5);
    let registration = network.id_of(ADA, 100);
    network.ask(ADA, Command::CheckIn { registration }).expect("open");
    network.now = start + SignedDuration::from_mins(60);
    complete(&mut network).expect("early");
    let settled = network.entries().find_map(|it| match it.event {
        Event::AttendanceSettled { stay, .. } => stay,
        _ => None,
    });
    let stay = settled.expect("settled");
    assert_eq!(stay.came_at, Some(start - SignedDuration::from_mins(5)));
    assert_eq!(stay.left_at, Some(network.now), "nothing is dated ahead");
}

fn complete(network: &mut Network) -> Result<(), Refusal> {
    network.ask(INA, Command::CompleteSession { session: id(100).into() }).map(drop)
}

#[test]
fn each_part_opens_by_itself_and_all_of_them_must_be_marked() {
    let mut network = two_days();
    network.now = starts_at(&network, 1);
    assert_eq!(mark(&mut network, 2, 360), Err("attendance-not-open"), "tomorrow's");
    assert_eq!(mark(&mut network, 1, 360), Ok(Merged::Applied));
    assert!(
        matches!(complete(&mut network), Err(Refusal::AttendanceNotOpen { .. })),
        "there is a second day"
    );
    network.now = starts_at(&network, 2);
    assert!(matches!(complete(&mut network), Err(Refusal::AttendanceUnmarked { .. })), "nobody looked yet");
    assert_eq!(mark(&mut network, 2, 100), Ok(Merged::Applied));
    complete(&mut network).expect("every part is marked");
    let attendance = &network.registration(ADA, 100).attendance;
    let minutes: Vec<_> = attendance.marks.values().map(|mark| mark.minutes).collect();
    assert_eq!((minutes, attendance.settled), (vec![360, 100], Some(Outcome::Partial)));
}

#[test]
fn checking_in_is_for_the_part_of_that_day() {
    let mut network = two_days();
    let registration = network.id_of(ADA, 100);
    for part in [1, 2] {
        network.now = starts_at(&network, part) - SignedDuration::from_mins(5);
        network.ask(ADA, Command::CheckIn { registration }).expect("she is there");
        network.ask(ADA, Command::CheckIn { registration }).expect("twice is once");
    }
    let marks = &network.registration(ADA, 100).attendance.marks;
    let known: Vec<_> = marks.iter().map(|(part, mark)| (*part, mark.minutes)).collect();
    assert_eq!(known, [(1, 360), (2, 360)]);
}

/// Ada was there for 460 of 720 minutes, which is 63 percent.
#[rstest]
#[case::where_nobody_says_otherwise(None, Outcome::Partial)]
#[case::where_that_is_enough(Some((Rule::AttendedShare, 60)), Outcome::Attended)]
#[case::where_it_is_not(Some((Rule::AttendedShare, 64)), Outcome::Partial)]
#[case::where_it_is_nothing(Some((Rule::NoShowShare, 65)), Outcome::NoShow)]
fn how_much_is_enough_is_the_courses_rule(#[case] set: Option<(Rule, i64)>, #[case] outcome: Outcome) {
    let mut network = two_days();
    if let Some((rule, value)) = set {
        let scope = Scope::Course(network.session(100).course);
        network.ask(Network::ROOT, Command::SetRule(Override { scope, rule, value })).expect("set");
    }
    network.now = network.session(100).ends_at();
    for (part, minutes) in [(1, 360), (2, 100)] {
        mark(&mut network, part, minutes).expect("marked");
    }
    complete(&mut network).expect("every part is marked");
    assert_eq!(network.registration(ADA, 100).attendance.settled, Some(outcome));
    let completed = !network.world.completions_of(ADA).is_empty();
    assert_eq!(completed, outcome == Outcome::Attended, "and with it whether the course is completed");
}
