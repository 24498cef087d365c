//! Attendance at the desk: who marks it and when, walk-ins, completing a session, corrections.

use jiff::SignedDuration;

use crate::attendance::Outcome;
use crate::attendance::decide::Merged;
use crate::catalog::Completion;
use crate::desk::{Answer, Command, MarkPlan, Refusal, Reply, SessionPlan};
use crate::fault::Fault;
use crate::ids::PersonId;
use crate::journal::Event;
use crate::testing::Network;
use crate::testing::plans::id;

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;
const CEM: PersonId = Network::CEM;
const INA: PersonId = Network::INA;
const ROOT: PersonId = Network::ROOT;

/// Ada and Ben have the two seats of Ina's class; Cem waits. It begins in so many minutes.
fn class(minutes: i64) -> Network {
    let mut network = Network::new().with_session(100, 2, 35);
    network.session_mut(100).instructors = vec![INA];
    for person in [ADA, BEN] {
        network.register(person, 100).expect("a seat");
    }
    network.wait(CEM, 100).expect("a place");
    network.now = network.session(100).starts_at() - SignedDuration::from_mins(minutes);
    network.news();
    network
}

fn send(
    network: &mut Network,
    actor: PersonId,
    marks: Vec<MarkPlan>,
) -> Result<Vec<Result<Merged, &'static str>>, Refusal> {
    match network.ask(actor, Command::MarkAttendance { session: id(100).into(), marks })? {
        Reply::Marked { results } => {
            Ok(results.into_iter().map(|it| it.map_err(|refusal| refusal.code())).collect())
        }
        other => panic!("{other:?}"),
    }
}

fn plan(network: &Network, person: PersonId, minutes: Option<u32>) -> MarkPlan {
    MarkPlan { minutes, ..MarkPlan::whole(network.id_of(person, 100), 1) }
}

fn mark(network: &mut Network, person: PersonId, minutes: Option<u32>) -> Result<Merged, &'static str> {
    let plan = plan(network, person, minutes);
    send(network, INA, vec![plan]).expect("her class").remove(0)
}

fn complete(network: &mut Network, actor: PersonId) -> Answer {
    network.ask(actor, Command::CompleteSession { session: id(100).into() })
}

fn completion(network: &Network, person: PersonId) -> Completion {
    Completion { person, course: network.session(100).course, completed_at: network.session(100).ends_at() }
}

#[rstest::rstest]
#[case::sixteen_minutes_before(16, Err("attendance-not-open"))]
#[case::fifteen_minutes_before(15, Ok(Merged::Applied))]
#[case::at_the_end(-480, Ok(Merged::Applied))]
#[case::days_later(-5_000, Ok(Merged::Applied))]
fn attendance_opens_a_quarter_of_an_hour_before(
    #[case] minutes: i64,
    #[case] answer: Result<Merged, &'static str>,
) {
    assert_eq!(mark(&mut class(minutes), ADA, None), answer);
}

#[test]
fn an_excuse_may_come_before_the_day() {
    let mut network = class(5_000);
    let excuse = MarkPlan { excused: true, ..plan(&network, ADA, None) };
    assert_eq!(send(&mut network, INA, vec![excuse]), Ok(vec![Ok(Merged::Applied)]));
}

#[rstest::rstest]
#[case::her_instructor(INA, true)]
#[case::an_admin(ROOT, true)]
#[case::her_manager(Network::MIA, false)]
#[case::herself(ADA, false)]
fn whoever_teaches_marks(#[case] actor: PersonId, #[case] may: bool) {
    let mut network = class(0);
    let plan = plan(&network, ADA, None);
    assert_eq!(send(&mut network, actor, vec![plan]).is_ok(), may);
}

#[test]
fn one_bad_mark_keeps_none_of_the_others_back() {
    let mut network = class(0);
    let marks = vec![
        plan(&network, ADA, Some(60)),
        plan(&network, CEM, Some(60)),
        plan(&network, BEN, Some(100_000)),
        MarkPlan { part: 2, ..plan(&network, BEN, None) },
        MarkPlan { registration: id(4_711).into(), ..plan(&network, BEN, None) },
        plan(&network, BEN, None),
    ];
    let answers = send(&mut network, INA, marks).expect("her class");
    let codes: Vec<_> = answers.iter().map(|it| it.err().unwrap_or("kept")).collect();
    assert_eq!(codes, ["kept", "not-confirmed", "invalid-request", "invalid-request", "not-found", "kept"]);
}

#[test]
fn marks_made_offline_are_sent_again_and_merge() {
    let mut network = class(0);
    let seen = |minutes: i64, client: u32, stayed: u32| MarkPlan {
        at: Some(network.now + SignedDuration::from_mins(minutes)),
        client: Some(id(client)),
        ..plan(&network, ADA, Some(stayed))
    };
    let (first, second) = (seen(-9, 1, 60), seen(-4, 2, 30));
    let answers = send(&mut network, INA, vec![second.clone(), first.clone(), second, first]);
    assert_eq!(
        answers,
        Ok(vec![Ok(Merged::Applied), Ok(Merged::Superseded), Ok(Merged::Unchanged), Ok(Merged::Superseded)])
    );
    let ahead =
        MarkPlan { at: Some(network.now + SignedDuration::from_hours(2)), ..plan(&network, ADA, None) };
    assert_eq!(
        send(&mut network, INA, vec![ahead]),
        Ok(vec![Err("invalid-request")]),
        "a clock that is wrong"
    );
    assert_eq!(network.registration(ADA, 100).attendance.marks[&1].minutes, 30);
}

/// Sent when the class is over; the device's clock may be ten minutes slow.
#[rstest::rstest]
#[case::as_attendance_opens(15, false, Ok(Merged::Applied))]
#[case::by_a_clock_that_is_slow(25, false, Ok(Merged::Applied))]
#[case::before_anybody_could_be_there(26, false, Err("attendance-not-open"))]
#[case::an_excuse_the_day_before(1_440, true, Ok(Merged::Applied))]
#[case::an_excuse_before_the_year_0(1_100_000_000, true, Err("invalid-request"))]
fn what_a_device_saw_before_attendance_opened_is_no_mark(
    #[case] minutes: i64,
    #[case] excused: bool,
    #[case] answer: Result<Merged, &'static str>,
) {
    let mut network = class(-480);
    let seen_at = network.session(100).starts_at() - SignedDuration::from_mins(minutes);
    let stayed = (!excused).then_some(60);
    let seen = MarkPlan { at: Some(seen_at), excused, ..plan(&network, ADA, stayed) };
    assert_eq!(send(&mut network, INA, vec![seen]), Ok(vec![answer]));
}

#[test]
fn nobody_is_a_no_show_because_nobody_looked() {
    let mut network = class(-480);
    mark(&mut network, ADA, None).expect("marked");
    let Err(Refusal::AttendanceUnmarked { registrations }) = complete(&mut network, INA) else {
        panic!("Ben")
    };
    assert_eq!(registrations, [network.id_of(BEN, 100)]);
    mark(&mut network, BEN, Some(0)).expect("marked");
    network.news();
    complete(&mut network, INA).expect("everybody is marked");
    complete(&mut network, INA).expect("saying it twice is saying it once");
    assert_eq!(
        network.news(),
        ["session.completed", "attendance.settled", "completions.recorded", "attendance.settled"]
    );
    assert_eq!(network.registration(BEN, 100).attendance.settled, Some(Outcome::NoShow));
    assert_eq!(network.world.completions_of(ADA), [completion(&network, ADA)]);
    assert_eq!(network.world.completions_of(BEN), []);
}

#[test]
fn a_session_is_not_complete_before_its_last_part() {
    let mut network = class(10);
    for person in [ADA, BEN] {
        mark(&mut network, person, None).expect("open");
    }
    assert!(matches!(complete(&mut network, INA), Err(Refusal::AttendanceNotOpen { .. })));
}

/// The same class when it is over, and everybody was there to the end.
fn completed() -> Network {
    let mut network = class(-480);
    for person in [ADA, BEN] {
        mark(&mut network, person, None).expect("marked");
    }
    complete(&mut network, INA).expect("everybody is marked");
    network
}

/// It began a minute ago, and whoever teaches it says that it took place: nothing is dated ahead, and a correction finds it again.
#[test]
fn what_ends_early_is_completed_when_somebody_says_so() {
    let mut network = class(-1);
    for person in [ADA, BEN] {
        mark(&mut network, person, None).expect("marked");
    }
    complete(&mut network, INA).expect("everybody is marked");
    let said_at = network.now;
    let when = |network: &Network| {
        network.world.completions_of(ADA).iter().map(|it| it.completed_at).collect::<Vec<_>>()
    };
    assert_eq!(when(&network), [said_at]);
    network.now = network.session(100).ends_at() + SignedDuration::from_hours(1);
    let because = Some("she left after ten minutes".to_owned());
    let left = MarkPlan { reason: because, ..plan(&network, ADA, Some(10)) };
    send(&mut network, INA, vec![left]).expect("her class").remove(0).expect("corrected");
    assert_eq!(when(&network), []);
}

#[test]
fn a_correction_needs_a_reason_and_takes_the_completion_with_it() {
    let mut network = completed();
    network.later(1);
    assert_eq!(mark(&mut network, ADA, Some(10)), Err("invalid-request"), "why?");
    let because = Some("she left after ten minutes".to_owned());
    let correct = |network: &mut Network, minutes| {
        network.later(1);
        let plan = MarkPlan { reason: because.clone(), ..plan(network, ADA, minutes) };
        send(network, INA, vec![plan]).expect("her class")
    };
    network.news();
    assert_eq!(correct(&mut network, Some(10)), [Ok(Merged::Applied)]);
    assert_eq!(network.news(), ["attendance.marked", "attendance.settled", "completions.withdrawn"]);
    assert_eq!(network.world.completions_of(ADA), []);
    correct(&mut network, None);
    assert_eq!(network.world.completions_of(ADA), [completion(&network, ADA)]);
    let told: Vec<_> = network
        .entries()
        .filter(|entry| matches!(entry.event, Event::AttendanceMarked { .. }) && entry.learner == Some(ADA))
        .map(|entry| entry.reason.is_some())
        .collect();
    assert_eq!(told, [false, true, true], "the history keeps them all");
}

#[test]
fn what_was_settled_is_settled_anew_when_the_minutes_were_others() {
    let mut network = completed();
    let whole = network.registration(ADA, 100).attendance.minutes();
    network.news();
    let correct = |network: &mut Network, minutes| {
        network.later(1);
        let plan = MarkPlan { reason: Some("counted again".to_owned()), ..plan(network, ADA, Some(minutes)) };
        send(network, INA, vec![plan]).expect("her class")
    };
    correct(&mut network, whole - 5);
    assert_eq!(network.news(), ["attendance.marked", "attendance.settled"], "still attended, told anew");
    correct(&mut network, whole - 5);
    assert_eq!(network.news(), ["attendance.marked"], "nothing is told that was told");
}

#[test]
fn what_was_completed_stays_when_it_was() {
    let mut network = completed();
    let mut plan = SessionPlan::from(network.session(100));
    plan.minimum = 1;
    network.ask(ROOT, Command::SaveSessions { plans: vec![plan.clone()], historic: false }).expect("no harm");
    plan.parts[0].length *= 2;
    for historic in [false, true] {
        let command = Command::SaveSessions { plans: vec![plan.clone()], historic };
        assert_eq!(
            network.ask(ROOT, command).map_err(|refusal| refusal.code()).err(),
            Some("invalid-request")
        );
    }
}

#[rstest::rstest]
#[case::too_early(16, None, Err("attendance-not-open"))]
#[case::as_attendance_opens(15, None, Ok(()))]
#[case::half_an_hour_late(-30, None, Ok(()))]
#[case::later(-31, None, Err("registration-closed"))]
#[case::somebody_who_waits(0, Some(CEM), Ok(()))]
fn people_walk_in_until_half_an_hour_after_the_start(
    #[case] minutes: i64,
    #[case] who: Option<PersonId>,
    #[case] answer: Result<(), &'static str>,
) {
    let mut network = class(minutes);
    let learner = who.unwrap_or(Network::DOT);
    let command = Command::WalkIn { session: id(100).into(), learner, reason: None };
    assert_eq!(network.ask(INA, command).map(|_| ()).map_err(|refusal| refusal.code()), answer);
    if answer.is_ok() {
        let seats = network.session(100).seats;
        assert_eq!((network.status(learner, 100), seats.confirmed, seats.over_capacity), ("confirmed", 2, 1));
    }
}

#[test]
fn whoever_walks_in_takes_an_open_seat_first_and_needs_the_prerequisites() {
    let mut network = class(0);
    network.cancel(ADA, 100).expect("late, with a reason");
    let command = Command::WalkIn { session: id(100).into(), learner: Network::DOT, reason: None };
    network.ask(INA, command.clone()).expect("an open seat");
    network.ask(INA, command).expect("walking in twice is once");
    assert_eq!((network.session(100).seats.confirmed, network.session(100).seats.over_capacity), (2, 0));
    network.course_mut(1).prerequisites = vec![id(1).into()];
    let lacking = Command::WalkIn { session: id(100).into(), learner: Network::LEO, reason: None };
    assert!(matches!(network.ask(INA, lacking), Err(Refusal::PrerequisitesMissing { .. })));
}

#[rstest::rstest]
#[case::in_time(10, Ok(Some(480)))]
#[case::an_hour_late(-60, Ok(Some(420)))]
#[case::too_early(20, Err("attendance-not-open"))]
#[case::when_it_is_over(-480, Err("registration-closed"))]
fn checking_in_marks_what_is_left_of_the_part(
    #[case] minutes: i64,
    #[case] stayed: Result<Option<u32>, &'static str>,
) {
    let mut network = class(minutes);
    let registration = network.id_of(ADA, 100);
    let length = network.session(100).parts[0].length.as_mins();
    let answer = network.ask(ADA, Command::CheckIn { registration }).map_err(|refusal| refusal.code());
    let known = network.registration(ADA, 100).attendance.marks.get(&1).map(|mark| i64::from(mark.minutes));
    let expected = stayed.map(|it| it.map(|minutes| i64::from(minutes) - 480 + length));
    assert_eq!(answer.map(|_| known), expected);
}

#[test]
fn marks_that_are_missing_go_to_the_instructor_and_then_to_the_admin() {
    let mut network = class(0);
    let chase = |network: &mut Network, hours: i64| {
        network.now = network.session(100).ends_at() + SignedDuration::from_hours(hours);
        network.by_itself(Command::ChaseMarks { session: id(100).into() }).expect("looked");
        network.news()
    };
    assert_eq!(chase(&mut network, 23), [""; 0]);
    assert_eq!(chase(&mut network, 24), ["attendance.missing"]);
    assert_eq!(chase(&mut network, 72), ["attendance.missing"]);
    let escalated = network.entries().filter_map(|entry| match entry.event {
        Event::AttendanceMissing { escalated, unmarked } => Some((unmarked, escalated)),
        _ => None,
    });
    assert_eq!(escalated.collect::<Vec<_>>(), [(2, false), (2, true)]);
    for person in [ADA, BEN] {
        mark(&mut network, person, None).expect("marked");
    }
    network.news();
    assert_eq!(chase(&mut network, 80), [""; 0], "everybody is marked");
}
