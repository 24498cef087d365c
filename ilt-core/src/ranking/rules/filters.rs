//! What is offered at all.

use jiff::SignedDuration;
use rstest::rstest;

use super::{ADA, Changed, Town, WANTED_COURSE, course, id, now, session};
use crate::ids::{CourseId, PersonId};
use crate::policy::{Override, Rule, Scope};
use crate::session::SessionStatus;

/// The one other session: of the wanted course, in Aachen, six days after the one that is wanted, seats open.
const OTHER: u32 = 101;
/// A second course, of another track and without a common topic.
const SECOND: u32 = 2;
/// A third one.
const THIRD: u32 = 3;

#[rstest]
#[case::a_later_run_of_the_same_course_is_offered(|_: &mut Town| {}, true)]
#[case::an_earlier_run_is_offered_too(|town: &mut Town| *town.session(OTHER) = session(OTHER, WANTED_COURSE, 3, 20), true)]
#[case::a_full_one_is_offered_with_its_waitlist(|town: &mut Town| *town.session(OTHER) = other().full(4), true)]
#[case::a_full_one_without_a_waitlist_is_not(|town: &mut Town| {
    *town.session(OTHER) = other().full(4);
    town.session(OTHER).waitlist = false;
}, false)]
#[case::nor_when_waitlists_are_switched_off(|town: &mut Town| {
    *town.session(OTHER) = other().full(4);
    set(town, Scope::Global, Rule::Waitlist, 0);
}, false)]
#[case::a_waitlist_that_only_the_own_group_has_is_open(|town: &mut Town| {
    *town.session(OTHER) = other().full(4);
    set(town, Scope::Global, Rule::Waitlist, 0);
    set(town, Scope::DealerGroup("north".to_owned()), Rule::Waitlist, 1);
}, true)]
#[case::a_waitlist_that_only_another_group_has_is_not(|town: &mut Town| {
    *town.session(OTHER) = other().full(4);
    set(town, Scope::Global, Rule::Waitlist, 0);
    set(town, Scope::DealerGroup("south".to_owned()), Rule::Waitlist, 1);
}, false)]
#[case::a_draft_is_not(|town: &mut Town| town.session(OTHER).status = SessionStatus::Draft, false)]
#[case::a_cancelled_one_is_not(|town: &mut Town| {
    town.session(OTHER).status = SessionStatus::Cancelled { at: now(), reason: "ill".to_owned(), announced: true };
}, false)]
#[case::a_completed_one_is_not(|town: &mut Town| town.session(OTHER).status = SessionStatus::Completed { at: now() }, false)]
#[case::two_business_days_ahead_registration_is_closed(
    |town: &mut Town| *town.session(OTHER) = session(OTHER, WANTED_COURSE, 3, 2),
    false
)]
#[case::three_business_days_ahead_it_is_open(|town: &mut Town| *town.session(OTHER) = session(OTHER, WANTED_COURSE, 3, 3), true)]
#[case::a_course_may_close_earlier(|town: &mut Town| {
    set(town, Scope::Course(CourseId(id(WANTED_COURSE))), Rule::RegistrationCloses, 60);
}, false)]
#[case::the_own_group_may_register_longer(|town: &mut Town| {
    *town.session(OTHER) = session(OTHER, WANTED_COURSE, 3, 2);
    set(town, Scope::DealerGroup("north".to_owned()), Rule::RegistrationCloses, 1);
}, true)]
#[case::another_group_may_and_that_helps_nobody_else(|town: &mut Town| {
    *town.session(OTHER) = session(OTHER, WANTED_COURSE, 3, 2);
    set(town, Scope::DealerGroup("south".to_owned()), Rule::RegistrationCloses, 1);
}, false)]
#[case::one_that_the_learner_has_already_is_not(|town: &mut Town| town.registered(OTHER), false)]
#[case::one_that_overlaps_with_a_seat_elsewhere_is_not(|town: &mut Town| {
    *town = town.clone().hold(session(300, SECOND, 3, 41));
    town.registered(300);
}, false)]
#[case::one_too_far_from_the_day_before_is_not(|town: &mut Town| {
    let mut before = session(300, SECOND, 5, 41);
    before.parts[0].starts_at -= SignedDuration::from_hours(7);
    *town = town.clone().hold(before);
    town.registered(300);
}, false)]
#[case::a_missing_prerequisite_keeps_out(|town: &mut Town| needs(town, WANTED_COURSE, SECOND), false)]
#[case::a_completed_prerequisite_lets_in(|town: &mut Town| {
    needs(town, WANTED_COURSE, SECOND);
    town.completed(SECOND, 30);
}, true)]
#[case::an_equivalent_of_the_prerequisite_lets_in(|town: &mut Town| {
    needs(town, WANTED_COURSE, SECOND);
    town.course(SECOND).equivalents = vec![CourseId(id(THIRD))];
    town.completed(THIRD, 30);
}, true)]
#[case::a_prerequisite_that_ends_before_the_start_keeps_out(|town: &mut Town| {
    needs(town, WANTED_COURSE, SECOND);
    town.course(SECOND).validity_months = Some(1);
    town.completed(SECOND, 1);
}, false)]
#[case::another_course_without_anything_in_common_is_not(|town: &mut Town| town.session(OTHER).course = CourseId(id(SECOND)), false)]
#[case::another_course_of_the_track_is(|town: &mut Town| {
    town.session(OTHER).course = CourseId(id(SECOND));
    town.course(SECOND).track = Some("high-voltage".to_owned());
}, true)]
#[case::another_course_with_a_common_topic_is(|town: &mut Town| {
    town.session(OTHER).course = CourseId(id(SECOND));
    town.course(SECOND).topics = vec!["battery".to_owned(), "paint".to_owned()];
}, true)]
#[case::a_course_that_counts_as_the_wanted_one_is(|town: &mut Town| {
    town.session(OTHER).course = CourseId(id(SECOND));
    town.course(WANTED_COURSE).equivalents = vec![CourseId(id(SECOND))];
}, true)]
#[case::a_course_that_the_wanted_one_counts_as_is_no_help(|town: &mut Town| {
    town.session(OTHER).course = CourseId(id(SECOND));
    town.course(SECOND).equivalents = vec![CourseId(id(WANTED_COURSE))];
}, false)]
#[case::another_course_that_is_held_already_is_not(|town: &mut Town| {
    town.session(OTHER).course = CourseId(id(SECOND));
    town.course(SECOND).track = Some("high-voltage".to_owned());
    town.completed(SECOND, 30);
}, false)]
#[case::nor_one_whose_equivalent_is_held(|town: &mut Town| {
    town.session(OTHER).course = CourseId(id(SECOND));
    town.course(SECOND).track = Some("high-voltage".to_owned());
    town.course(SECOND).equivalents = vec![CourseId(id(THIRD))];
    town.completed(THIRD, 30);
}, false)]
#[case::once_it_is_no_longer_valid_it_is(|town: &mut Town| {
    town.session(OTHER).course = CourseId(id(SECOND));
    town.course(SECOND).track = Some("high-voltage".to_owned());
    town.course(SECOND).validity_months = Some(1);
    town.completed(SECOND, 60);
}, true)]
#[case::the_wanted_course_is_offered_again_though_it_is_held(|town: &mut Town| town.completed(WANTED_COURSE, 30), true)]
#[case::somebody_who_has_left_is_offered_nothing(|town: &mut Town| {
    town.world.people.get_mut(&PersonId(id(ADA))).expect("Ada").active = false;
}, false)]
fn offering(#[case] given: fn(&mut Town), #[case] is_offered: bool) {
    let mut town = Town::new().hold(other());
    town.teach(course(SECOND, "Paint", Some("bodywork"), &["paint"]));
    town.teach(course(THIRD, "Paint abroad", None, &[]));
    given(&mut town);
    assert_eq!(town.offered_numbers(), if is_offered { vec![u128::from(OTHER)] } else { vec![] });
}

fn other() -> crate::session::Session {
    session(OTHER, WANTED_COURSE, 3, 41)
}

fn needs(town: &mut Town, course: u32, prerequisite: u32) {
    town.course(course).prerequisites = vec![CourseId(id(prerequisite))];
}

fn set(town: &mut Town, scope: Scope, rule: Rule, value: i64) {
    town.world.rules.push(Override { scope, rule, value });
}
