//! Planning, publishing and cancelling sessions.

use jiff::civil::DateTime;
use rstest::rstest;

use crate::desk::{Command, Refusal, Reply, SessionPlan};
use crate::fault::Fault;
use crate::ids::PersonId;
use crate::session::SessionStatus;
use crate::testing::Network;
use crate::testing::plans::{id, plan};

const ROOT: PersonId = Network::ROOT;
const ADA: PersonId = Network::ADA;

fn save(network: &mut Network, plan: SessionPlan) -> Result<Reply, Refusal> {
    network.ask(ROOT, Command::SaveSessions { plans: vec![plan], historic: false })
}

/// One session of two seats; its plan.
fn network() -> (Network, SessionPlan) {
    let network = Network::new().with_session(100, 2, 35);
    let plan = plan(network.session(100), 2);
    (network, plan)
}

fn at(starts: &str) -> DateTime {
    starts.parse().expect("a wall clock")
}

#[test]
fn a_plan_that_changes_nothing_is_not_journalled() {
    let (mut network, plan) = network();
    let reply = save(&mut network, plan).expect("nothing to refuse");
    assert_eq!(reply.bare(), Reply::Saved { added: 0, changed: 0, one: Some((id(100), 1)), picture: None });
    assert!(network.news().is_empty());
}

#[test]
fn a_change_raises_the_version_and_keeps_the_seats() {
    let (mut network, plan) = network();
    network.register(ADA, 100).expect("a seat");
    let reply = save(&mut network, SessionPlan { capacity: 5, ..plan }).expect("saved");
    assert_eq!(reply.bare(), Reply::Saved { added: 0, changed: 1, one: Some((id(100), 2)), picture: None });
    assert_eq!(network.seats(100), (1, 0, 0, 4));
}

#[test]
fn a_new_session_is_a_draft_until_it_is_published() {
    let (mut network, plan) = network();
    save(&mut network, SessionPlan { id: id(101).into(), ..plan }).expect("added");
    assert_eq!(network.session(101).status, SessionStatus::Draft);
    network
        .ask(ROOT, Command::PublishSession { session: id(101).into(), version: Some(1) })
        .expect("published");
    assert!(network.register(ADA, 101).is_ok());
    let again = network.ask(ROOT, Command::PublishSession { session: id(101).into(), version: None });
    assert_eq!(
        again.map(Reply::bare),
        Ok(Reply::Saved { added: 0, changed: 0, one: Some((id(101), 2)), picture: None }),
        "publishing twice is once"
    );
}

#[rstest]
#[case::a_version_that_was_overtaken(|it: &mut SessionPlan| it.version = Some(9),
    "somebody else changed this session first: it is at version 1 now")]
#[case::a_course_nobody_knows(|it: &mut SessionPlan| it.course = id(99).into(), "/course this course does not exist")]
#[case::a_location_nobody_knows(|it: &mut SessionPlan| it.location = id(99).into(), "/location this location does not exist")]
#[case::a_learner_as_instructor(|it: &mut SessionPlan| it.instructors = vec![ADA], "/instructors/0 is not an active instructor")]
#[case::in_the_past(|it: &mut SessionPlan| it.parts[0].starts = at("2027-02-01T09:00"), "/parts/0/starts is in the past")]
#[case::no_seats(|it: &mut SessionPlan| it.capacity = 0, "2 seats are taken, so the capacity cannot be 0")]
#[case::fewer_seats_than_taken(|it: &mut SessionPlan| it.capacity = 1, "2 seats are taken, so the capacity cannot be 1")]
#[case::more_needed_than_there_are(|it: &mut SessionPlan| it.minimum = 3, "/minimum must not be more than the capacity")]
#[case::clocks_put_forward(|it: &mut SessionPlan| it.parts[0].starts = at("2028-03-26T02:30"),
    "2028-03-26T02:30:00 does not exist in Europe/Berlin: clocks are put forward over it")]
#[case::clocks_put_back(|it: &mut SessionPlan| it.parts[0].starts = at("2027-10-31T02:30"),
    "2027-10-31T02:30:00 happens twice in Europe/Berlin, at 2027-10-31T00:30:00Z and at 2027-10-31T01:30:00Z: clocks are put back over it")]
#[case::a_status_nobody_knows(|it: &mut SessionPlan| it.status = Some("open".to_owned()),
    "/status must be one of draft, published, completed, cancelled")]
#[case::a_life_backwards(|it: &mut SessionPlan| it.status = Some("draft".to_owned()),
    "/status a published session cannot become draft this way")]
fn a_plan_that_cannot_be_is_refused_and_changes_nothing(
    #[case] change: fn(&mut SessionPlan),
    #[case] said: &str,
) {
    let (mut network, mut plan) = network();
    network.register(ADA, 100).expect("a seat");
    network.register(Network::BEN, 100).expect("the other");
    change(&mut plan);
    let before = network.world.clone();
    let refused = save(&mut network, plan).expect_err("refused");
    let sentence = match &refused {
        Refusal::InvalidRequest { fields } => format!("{} {}", fields[0].pointer, fields[0].detail),
        other => other.to_string(),
    };
    assert_eq!(sentence, said);
    assert_eq!(network.world, before);
}

#[test]
fn of_several_plans_every_problem_names_its_place_and_none_is_saved() {
    let (mut network, plan) = network();
    let good = SessionPlan { id: id(101).into(), ..plan.clone() };
    let bad = SessionPlan { id: id(102).into(), course: id(99).into(), ..plan.clone() };
    let stale = SessionPlan { version: Some(9), ..plan };
    let command = Command::SaveSessions { plans: vec![good, bad, stale], historic: false };
    let Err(Refusal::InvalidRequest { fields }) = network.ask(ROOT, command) else { panic!("refused") };
    let said: Vec<_> = fields.iter().map(|field| format!("{} {}", field.pointer, field.detail)).collect();
    assert_eq!(
        said,
        [
            "/1/course this course does not exist",
            "/2 somebody else changed this session first: it is at version 1 now",
        ]
    );
    assert!(!network.world.sessions.contains_key(&id(101).into()));
}

/// What is to come stays what it is to those who are registered, also when a file says otherwise.
#[rstest]
#[case::another_year(|it: &mut SessionPlan| it.parts[0].starts = at("2026-04-05T09:00"),
    "/parts/0/starts is in the past, and people are registered for a session that is to come")]
#[case::done_beforehand(|it: &mut SessionPlan| it.status = Some("completed".to_owned()),
    "/status a session that is to come was not completed")]
#[case::a_year_without_history(|it: &mut SessionPlan| it.parts[0].starts = at("0000-04-05T09:00"),
    "/parts 0000-04-05T09:00:00 is outside the years that can be scheduled")]
fn an_import_moves_nobody_into_the_past(#[case] change: fn(&mut SessionPlan), #[case] said: &str) {
    let (mut network, mut plan) = network();
    network.register(ADA, 100).expect("a seat");
    change(&mut plan);
    let import = |plan| Command::SaveSessions { plans: vec![plan], historic: true };
    let Err(Refusal::InvalidRequest { fields }) = network.ask(ROOT, import(plan)) else { panic!("refused") };
    assert_eq!(format!("{} {}", fields[0].pointer, fields[0].detail), said);
}

#[test]
fn what_is_over_is_completed_by_an_import_when_nobody_waits_for_a_mark() {
    let (mut network, plan) = network();
    network.register(ADA, 100).expect("a seat");
    network.later(24 * 40);
    let done = SessionPlan { status: Some("completed".to_owned()), ..plan };
    let import = Command::SaveSessions { plans: vec![done.clone()], historic: true };
    let refused = network.ask(ROOT, import).expect_err("who was there?");
    let said = "people are registered: mark who was there, and complete it";
    assert_eq!(refused, Refusal::invalid("/status", said));
    let plans = vec![SessionPlan { id: id(101).into(), ..done }];
    network.ask(ROOT, Command::SaveSessions { plans, historic: true }).expect("history");
}

#[test]
fn a_session_comes_once_in_an_order() {
    let (mut network, plan) = network();
    let plans = vec![plan.clone(), SessionPlan { minimum: 1, ..plan }];
    let refused = network.ask(ROOT, Command::SaveSessions { plans, historic: false });
    assert_eq!(refused, Err(Refusal::invalid("/1/id", "is that of another one before it")));
}

/// One takes the place that another of the same order leaves, in whatever order they come.
#[test]
fn plans_of_one_order_may_change_places() {
    let mut network = Network::new().with_session(100, 2, 35).with_session(101, 2, 36);
    for number in [100, 101] {
        network.session_mut(number).parts[0].room = "2.04".to_owned();
    }
    let (one, two) = (plan(network.session(100), 2), plan(network.session(101), 2));
    let plans = vec![
        SessionPlan { parts: two.parts.clone(), ..one.clone() },
        SessionPlan { parts: one.parts, ..two },
    ];
    network.ask(ROOT, Command::SaveSessions { plans, historic: true }).expect("they change places");
}

#[test]
fn a_draft_that_is_called_off_is_news_to_nobody() {
    let mut network = Network::new().with_session(100, 3, 35);
    network.session_mut(100).status = SessionStatus::Draft;
    let reason = "no room".to_owned();
    let command = Command::CancelSession { session: id(100).into(), reason, proposals: Vec::new() };
    network.news();
    network.ask(ROOT, command).expect("a draft");
    assert_eq!(network.news(), ["session.changed"], "nobody has heard of it");
    let status = &network.session(100).status;
    assert!(
        matches!(status, SessionStatus::Cancelled { reason, announced: false, .. } if reason == "no room")
    );
}

#[test]
fn a_cancelled_session_keeps_its_record_and_nobody_is_late() {
    let (mut network, plan) = network();
    network.register(ADA, 100).expect("a seat");
    network.register(Network::BEN, 100).expect("the other");
    network.wait(Network::CEM, 100).expect("a place");
    network.now = network.session(100).starts_at();
    network.later(-1);
    let cancel =
        Command::CancelSession { session: id(100).into(), reason: "storm".to_owned(), proposals: Vec::new() };
    network.ask(ROOT, cancel.clone()).expect("cancelled");
    for learner in [ADA, Network::BEN, Network::CEM] {
        assert_eq!(network.status(learner, 100), "session-cancelled");
    }
    assert_eq!(network.seats(100), (0, 0, 0, 2));
    assert_eq!(network.ask(ROOT, cancel).map(|_| ()), Ok(()), "cancelling twice is once");
    let refused = network.wait(ADA, 100).expect_err("it will not take place");
    assert_eq!(refused.to_string(), "this session has been cancelled: storm");
    assert_eq!(save(&mut network, plan).expect_err("over").code(), "session-cancelled");
}

#[test]
fn learners_must_be_told_why_a_session_is_cancelled() {
    let (mut network, _) = network();
    let refused = network.ask(
        ROOT,
        Command::CancelSession { session: id(100).into(), reason: " ".to_owned(), proposals: Vec::new() },
    );
    assert_eq!(refused, Err(Refusal::invalid("/reason", "learners must be told why")));
}

#[rstest]
#[case(ADA)]
#[case(Network::MIA)]
#[case(Network::DAN)]
#[case(Network::INA)]
fn only_admins_plan(#[case] actor: PersonId) {
    let (mut network, plan) = network();
    for command in [
        Command::SaveSessions { plans: vec![plan], historic: false },
        Command::PublishSession { session: id(100).into(), version: None },
        Command::CancelSession { session: id(100).into(), reason: "storm".to_owned(), proposals: Vec::new() },
    ] {
        let refused = network.ask(actor, command).expect_err("forbidden");
        assert_eq!(refused.to_string(), "this needs the role admin");
    }
}
