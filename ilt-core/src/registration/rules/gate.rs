//! Every way to a confirmed seat asks every obstacle as it is then: what was right when it was offered, asked for or waited for may
//! not be any more.

use rstest::rstest;

use crate::desk::{Command, Refusal};
use crate::fault::Fault;
use crate::ids::PersonId;
use crate::policy::{Override, Rule, Scope};
use crate::testing::Network;
use crate::testing::plans::{course, id};

const ADA: PersonId = Network::ADA;
const BEN: PersonId = Network::BEN;
const CEM: PersonId = Network::CEM;
const DOT: PersonId = Network::DOT;
const INA: PersonId = Network::INA;
const MIA: PersonId = Network::MIA;
const ROOT: PersonId = Network::ROOT;

/// Something that comes between the offer, or the request, and the seat.
type Between = fn(&mut Network);

fn moved_onto_another_seat(network: &mut Network) {
    network.hold(101, 3, 36);
    network.register(BEN, 101).expect("a seat on another day");
    network.session_mut(101).parts = network.session(100).parts.clone();
}

fn course_missing(network: &mut Network) {
    network.teach(course(2, "Basics", None, &[]));
    network.course_mut(1).prerequisites = vec![id(2).into()];
}

fn away(network: &mut Network) {
    network.world.people.get_mut(&BEN).expect("Ben").active = false;
}

#[rstest]
#[case::the_session_is_moved_onto_another_seat(moved_onto_another_seat, "clash")]
#[case::a_course_is_missing_by_now(course_missing, "prerequisites-missing")]
#[case::they_have_left(away, "forbidden")]
fn an_offer_is_taken_and_a_request_approved_only_while_nothing_is_in_the_way(
    #[case] between: Between,
    #[case] code: &str,
) {
    let mut network = Network::new().with_session(100, 1, 35);
    network.register(ADA, 100).expect("the seat");
    network.wait(BEN, 100).expect("a place");
    network.cancel(ADA, 100).expect("in time");
    between(&mut network);
    let registration = network.id_of(BEN, 100);
    let taken = network.ask(ROOT, Command::TakeOffer { registration });
    assert_eq!(taken.expect_err("something is in the way").code(), code);
    assert_eq!(network.status(BEN, 100), "offered", "the offer stays until it lapses");

    let mut network = Network::new().with_session(100, 1, 35);
    let approval = Override { scope: Scope::Global, rule: Rule::Approval, value: 1 };
    network.ask(ROOT, Command::SetRule(approval)).expect("set");
    network.register(BEN, 100).expect("a request");
    assert_eq!(network.status(BEN, 100), "held");
    between(&mut network);
    let registration = network.id_of(BEN, 100);
    let approved = network.ask(ROOT, Command::Approve { registration });
    assert_eq!(approved.expect_err("something is in the way").code(), code);
    assert_eq!(network.status(BEN, 100), "held");
}

#[test]
fn one_who_waits_in_a_group_does_not_get_there_alone_by_moving_a_seat() {
    let mut network = Network::new().with_session(100, 2, 35).with_session(101, 2, 36);
    for learner in [CEM, DOT] {
        network.register(learner, 100).expect("a seat");
    }
    network.register_group(MIA, 100, &[ADA, BEN]).expect("places");
    network.register(ADA, 101).expect("a seat");
    network.cancel(CEM, 100).expect("in time");
    let (registration, session) = (network.id_of(ADA, 101), id(100).into());
    let moved = network.ask(ADA, Command::Transfer { registration, session, reason: None });
    assert!(matches!(moved, Err(Refusal::InvalidRequest { .. })), "{moved:?}");
    assert_eq!((network.status(ADA, 100), network.status(BEN, 100)), ("waitlisted", "waitlisted"));
}

#[test]
fn nobody_learns_what_they_teach_or_at_the_hour_at_which_they_teach() {
    let mut network = Network::new().with_session(100, 3, 35).with_session(101, 3, 35);
    network.session_mut(100).instructors = vec![ADA];
    for session in [100, 101] {
        let Err(Refusal::Clash { with }) = network.register(ADA, session) else { panic!("she teaches") };
        assert_eq!((with[0].session, with[0].registration), (Some(id(100).into()), None));
    }
    let why = Some("she learns by teaching".to_owned());
    let command = Command::Register {
        session: id(100).into(),
        learner: ADA,
        on_full: crate::desk::OnFull::Alternatives,
        automatic: false,
        reason: why,
    };
    network.ask(ROOT, command).expect("an admin says why");
}

#[test]
fn nobody_is_planned_to_teach_while_they_learn() {
    let mut network = Network::new().with_session(100, 3, 35).with_session(101, 3, 35);
    let learner = crate::catalog::Grant { role: crate::catalog::Role::Learner, dealer: Some(id(1).into()) };
    network.world.people.get_mut(&INA).expect("Ina").roles.push(learner);
    network.register(INA, 100).expect("a seat");
    let mut plan = crate::desk::SessionPlan::from(network.session(101));
    plan.instructors = vec![INA];
    let busy = network.ask(ROOT, Command::SaveSessions { plans: vec![plan.clone()], historic: false });
    let Err(Refusal::DoubleBooked { conflicts }) = busy else { panic!("{busy:?}") };
    assert_eq!((conflicts[0].session, &conflicts[0].instructors[..]), (Some(id(100).into()), &[INA][..]));
    plan.override_reason = Some("she can do both".to_owned());
    network.ask(ROOT, Command::SaveSessions { plans: vec![plan], historic: false }).expect("overridden");
}

#[test]
fn nobody_is_made_to_teach_where_they_have_a_seat() {
    let mut network = Network::new().with_session(100, 3, 35);
    let teacher = crate::catalog::Grant { role: crate::catalog::Role::Instructor, dealer: None };
    network.world.people.get_mut(&ADA).expect("Ada").roles.push(teacher);
    network.register(ADA, 100).expect("a seat");
    let mut plan = crate::desk::SessionPlan::from(network.session(100));
    plan.instructors = vec![ADA];
    let busy = network.ask(ROOT, Command::SaveSessions { plans: vec![plan], historic: false });
    let Err(Refusal::DoubleBooked { conflicts }) = busy else { panic!("{busy:?}") };
    assert_eq!((conflicts.len(), conflicts[0].session), (1, Some(id(100).into())));
}

#[test]
fn nothing_is_approved_once_the_session_has_begun() {
    let mut network = Network::new().with_session(100, 1, 35);
    let approval = Override { scope: Scope::Global, rule: Rule::Approval, value: 1 };
    network.ask(ROOT, Command::SetRule(approval)).expect("set");
    network.register(BEN, 100).expect("a request");
    network.now = network.session(100).starts_at();
    let registration = network.id_of(BEN, 100);
    let approved = network.ask(ROOT, Command::Approve { registration });
    assert_eq!(approved.expect_err("too late").code(), "registration-closed");
}
