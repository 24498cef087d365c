//! Who may do what to whom, as tables: role and scope together.

use rstest::rstest;

use super::{Sight, admin, approve, know_of, look_after, manage, over, register, roster, teach};
use crate::catalog::{Grant, Person, Role};
use crate::desk::Refusal;
use crate::fault::Fault;
use crate::ids::PersonId;
use crate::session::{Session, SessionStatus};
use crate::testing::Network;
use crate::testing::plans::{now, person, session};

const ADA: PersonId = Network::ADA;
const LEO: PersonId = Network::LEO;
const ZOE: PersonId = Network::ZOE;
const MIA: PersonId = Network::MIA;
const DAN: PersonId = Network::DAN;
const INA: PersonId = Network::INA;
const ROOT: PersonId = Network::ROOT;

fn who(id: PersonId) -> Person {
    Network::new().world.people[&id].clone()
}

fn code<T>(answer: Result<T, Refusal>) -> &'static str {
    answer.map_or_else(|refusal| refusal.code(), |_| "yes")
}

#[rstest]
#[case::oneself(ADA, ADA, "yes")]
#[case::a_colleague(ADA, LEO, "forbidden")]
#[case::somebody_elsewhere(ADA, ZOE, "not-found")]
#[case::a_manager_and_the_team(MIA, ADA, "yes")]
#[case::a_manager_and_another_team(MIA, LEO, "forbidden")]
#[case::a_manager_and_another_dealer(MIA, ZOE, "not-found")]
#[case::a_dealer_admin_and_the_dealer(DAN, LEO, "yes")]
#[case::a_dealer_admin_and_another_dealer(DAN, ZOE, "not-found")]
#[case::an_instructor(INA, ADA, "not-found")]
#[case::an_admin(ROOT, ZOE, "yes")]
fn people_decide_for_themselves_their_team_their_dealer_or_everybody(
    #[case] actor: PersonId,
    #[case] person: PersonId,
    #[case] answer: &str,
) {
    let (actor, person) = (who(actor), who(person));
    assert_eq!(code(over(&actor, &person)), answer);
    assert_eq!(Sight::of(&actor).reaches(&person), answer == "yes", "what is decided for is also seen");
}

/// Mia is away: who decides for her team, when she is stood in for?
#[rstest]
#[case::another_manager(&[Role::Manager], true, "yes")]
#[case::another_manager_who_does_not(&[Role::Manager], false, "forbidden")]
#[case::somebody_who_is_no_manager(&[Role::Learner], true, "forbidden")]
fn a_deputy_decides_for_the_managers_team(
    #[case] roles: &[Role],
    #[case] stands_in: bool,
    #[case] answer: &str,
) {
    let ada = who(ADA);
    let grant = |role: &Role| Grant { role: *role, dealer: ada.dealer };
    let stands_in_for = if stands_in { vec![MIA] } else { Vec::new() };
    let deputy = Person { roles: roles.iter().map(grant).collect(), stands_in_for, ..who(LEO) };
    assert_eq!(code(over(&deputy, &ada)), answer);
    assert_eq!(code(approve(&deputy, &ada)), answer, "and approves for it");
    assert_eq!(code(over(&deputy, &who(ZOE))), "not-found", "at another dealer nothing changes");
}

#[rstest]
#[case::the_actor_has_left(false, true, "forbidden")]
#[case::the_learner_has_left(true, false, "forbidden")]
#[case::both_are_here(true, true, "yes")]
fn nobody_registers_or_is_registered_after_leaving(
    #[case] actor: bool,
    #[case] learner: bool,
    #[case] answer: &str,
) {
    let (mia, ada) = (Person { active: actor, ..who(MIA) }, Person { active: learner, ..who(ADA) });
    assert_eq!(code(register(&mia, &ada)), answer);
}

#[test]
fn only_learners_are_registered() {
    let refused = register(&who(ROOT), &who(INA)).expect_err("an instructor is no learner");
    assert_eq!(refused.to_string(), "this needs an active person with the role learner to register");
}

#[test]
fn a_manager_who_moved_to_another_dealer_leads_nobody_there_before() {
    let mut mia = who(MIA);
    mia.roles[0].dealer = who(ZOE).dealer;
    assert_eq!(code(over(&mia, &who(ADA))), "not-found");
}

#[rstest]
#[case::an_admin(ROOT, "yes", true)]
#[case::its_instructor(INA, "yes", true)]
#[case::a_manager(MIA, "yes", false)]
#[case::a_dealer_admin(DAN, "yes", false)]
#[case::a_learner(ADA, "forbidden", false)]
fn rosters_are_for_those_who_teach_or_lead(
    #[case] actor: PersonId,
    #[case] answer: &str,
    #[case] everybody: bool,
) {
    let session = Session { instructors: vec![INA], ..session(1, 1, 1, 10) };
    let sight = roster(&who(actor), &session);
    assert_eq!(code(sight.clone()), answer);
    assert_eq!(sight == Ok(Sight::Everyone), everybody);
}

#[test]
fn another_sessions_instructor_sees_no_roster() {
    assert_eq!(code(roster(&who(INA), &session(1, 1, 1, 10))), "forbidden");
}

#[rstest]
#[case(ROOT, true)]
#[case(INA, true)]
#[case(DAN, false)]
#[case(ADA, false)]
fn what_was_never_published_is_known_to_admins_and_its_instructors(
    #[case] actor: PersonId,
    #[case] knows: bool,
) {
    let cancelled = |announced| SessionStatus::Cancelled { at: now(), reason: String::new(), announced };
    let knows_of =
        |status| know_of(&who(actor), &Session { instructors: vec![INA], status, ..session(1, 1, 1, 10) });
    assert_eq!(knows_of(SessionStatus::Draft), knows);
    assert_eq!(knows_of(cancelled(false)), knows, "also when it is given up");
    assert!(knows_of(cancelled(true)));
}

/// Ada as somebody would save her.
#[rstest]
#[case::an_admin_whatever_they_like(ROOT, |ada: &mut Person| ada.roles = vec![Grant { role: Role::Admin, dealer: None }], "yes")]
#[case::her_dealers_admin(DAN, |ada: &mut Person| ada.active = false, "yes")]
#[case::as_a_manager(DAN, |ada: &mut Person| ada.roles.push(Grant { role: Role::Manager, dealer: ada.dealer }), "yes")]
#[case::as_an_instructor(DAN, |ada: &mut Person| ada.roles.push(Grant { role: Role::Instructor, dealer: None }), "yes")]
#[case::as_a_dealer_admin(DAN, |ada: &mut Person| ada.roles.push(Grant { role: Role::DealerAdmin, dealer: ada.dealer }), "forbidden")]
#[case::as_an_admin(DAN, |ada: &mut Person| ada.roles.push(Grant { role: Role::Admin, dealer: None }), "forbidden")]
#[case::to_another_dealer(DAN, |ada: &mut Person| ada.dealer = who(ZOE).dealer, "forbidden")]
#[case::with_a_role_at_another_dealer(DAN, |ada: &mut Person| ada.roles.push(Grant { role: Role::Learner, dealer: who(ZOE).dealer }), "forbidden")]
#[case::her_manager(MIA, |ada: &mut Person| ada.active = false, "forbidden")]
#[case::herself(ADA, |ada: &mut Person| ada.name = "Countess".to_owned(), "forbidden")]
fn a_dealer_admin_saves_the_people_of_the_dealer(
    #[case] actor: PersonId,
    #[case] change: fn(&mut Person),
    #[case] answer: &str,
) {
    let (before, mut after) = (who(ADA), who(ADA));
    change(&mut after);
    assert_eq!(code(manage(&who(actor), Some(&before), &after)), answer);
}

#[rstest]
#[case::new_at_the_dealer(ADA, None, "yes")]
#[case::new_elsewhere(ZOE, None, "forbidden")]
#[case::somebody_elsewhere(ZOE, Some(ZOE), "not-found")]
#[case::an_admin(ROOT, Some(ROOT), "not-found")]
fn a_dealer_admin_saves_nobody_else(
    #[case] after: PersonId,
    #[case] before: Option<PersonId>,
    #[case] answer: &str,
) {
    assert_eq!(code(manage(&who(DAN), before.map(who).as_ref(), &who(after))), answer);
}

#[test]
fn an_admin_who_works_at_a_dealer_is_no_dealer_admins() {
    let mut boss = who(ADA);
    boss.roles.push(Grant { role: Role::Admin, dealer: None });
    let fired = Person { active: false, ..boss.clone() };
    assert_eq!(code(manage(&who(DAN), Some(&boss), &fired)), "forbidden");
}

#[rstest]
#[case(ROOT, "yes")]
#[case(DAN, "forbidden")]
#[case(MIA, "forbidden")]
#[case(INA, "forbidden")]
#[case(ADA, "forbidden")]
fn courses_locations_sessions_and_rules_are_the_admins(#[case] actor: PersonId, #[case] answer: &str) {
    assert_eq!(code(admin(&who(actor))), answer);
}

#[test]
fn a_person_with_two_roles_may_what_either_may() {
    let mut both = who(MIA);
    both.roles.extend(who(ROOT).roles);
    assert_eq!(code(over(&both, &person(99))), "yes");
}

/// Somebody who leads Ada's team at the first dealer, looks after the second, and teaches.
#[rstest]
#[case::of_the_team_they_lead(ADA, "yes")]
#[case::of_the_same_dealer_whom_another_leads(LEO, "forbidden")]
#[case::of_the_dealer_they_look_after(ZOE, "yes")]
fn roles_at_several_dealers_reach_what_each_of_them_reaches(#[case] learner: PersonId, #[case] answer: &str) {
    let (first, second) = (who(ADA).dealer, who(ZOE).dealer);
    let grant = |role, dealer| Grant { role, dealer };
    let roles = vec![
        grant(Role::Manager, first),
        grant(Role::Learner, second),
        grant(Role::DealerAdmin, second),
        grant(Role::Instructor, None),
    ];
    let both = Person { roles, ..who(MIA) };
    assert_eq!(code(over(&both, &who(learner))), answer);
    assert_eq!(code(approve(&both, &who(learner))), answer);
    let dealers = [first, second].map(|dealer| code(look_after(&both, dealer.expect("a dealer"))));
    assert_eq!(dealers, ["forbidden", "yes"], "seat blocks of the second only");
    let theirs = Session { instructors: vec![MIA], ..session(1, 1, 1, 10) };
    assert_eq!(roster(&both, &theirs), Ok(Sight::Everyone), "in the session they teach");
    assert_ne!(roster(&both, &session(2, 1, 1, 10)), Ok(Sight::Everyone), "and in no other");
}

/// A session may name somebody for long after they have ceased to teach.
#[test]
fn one_who_is_no_instructor_any_more_sees_nothing_of_sessions_that_name_them() {
    let theirs = Session { instructors: vec![ADA], ..session(1, 1, 1, 10) };
    assert_eq!(code(roster(&who(ADA), &theirs)), "forbidden");
    assert_eq!(teach(&who(ADA), &theirs).expect_err("no instructor").code(), "forbidden");
    assert!(!know_of(&who(ADA), &Session { status: SessionStatus::Draft, ..theirs }));
}
