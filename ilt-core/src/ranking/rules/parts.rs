//! What each part of a score is worth.

use jiff::SignedDuration;
use rstest::rstest;

use super::{ADA, Changed, Town, WANTED_COURSE, course, id, now, session};
use crate::ids::{CourseId, PersonId};
use crate::ranking::{Parts, Weights, score};

#[rstest]
#[case::next_door(Some(0.0), 1.0)]
#[case::a_hundred_kilometres_are_half(Some(100.0), 0.5)]
#[case::two_hundred_are_a_quarter(Some(200.0), 0.25)]
#[case::the_other_end_of_the_world_is_nothing(Some(20_000.0), 0.0)]
#[case::nobody_knows_where_the_learner_is(None, 0.5)]
fn proximity(#[case] kilometres: Option<f64>, #[case] worth: f64) {
    assert_near(score::proximity(kilometres), worth);
}

#[rstest]
#[case::on_the_wanted_day(0.0, 1.0)]
#[case::before_it_nobody_waits(-20.0, 1.0)]
#[case::thirty_days_later_is_half(30.0, 0.5)]
#[case::sixty_days_later_is_a_quarter(60.0, 0.25)]
fn soon(#[case] days: f64, #[case] worth: f64) {
    assert_near(score::soon(days), worth);
}

#[rstest]
#[case::plenty(20, 0, 1.0)]
#[case::five_are_plenty(5, 0, 1.0)]
#[case::two_are_fewer(2, 0, 0.82)]
#[case::the_last_one(1, 0, 0.76)]
#[case::the_head_of_a_queue_is_worth_less_than_the_last_seat(0, 0, 0.3)]
#[case::third_in_line(0, 2, 0.1)]
#[case::a_hundred_are_before(0, 100, 0.002_970)]
fn seats(#[case] open: u32, #[case] waitlisted: u32, #[case] worth: f64) {
    assert_near(score::seats(open, waitlisted), worth);
}

#[rstest]
#[case::same_day_plenty_of_seats(session(101, WANTED_COURSE, 1, 35), None, 1.0)]
#[case::a_month_later(session(101, WANTED_COURSE, 1, 65), None, 0.75)]
#[case::full_and_three_wait(session(101, WANTED_COURSE, 1, 35).full(3), None, 0.7225)]
#[case::it_ends_on_the_deadline(session(101, WANTED_COURSE, 1, 35), Some(35 * 24 + 6), 1.0)]
#[case::it_ends_an_hour_after_the_deadline(session(101, WANTED_COURSE, 1, 35), Some(35 * 24 + 5), 0.8)]
fn availability(
    #[case] session: crate::session::Session,
    #[case] deadline_in_hours: Option<i64>,
    #[case] worth: f64,
) {
    let mut town = Town::new().hold(session);
    // One hour was lost on the way: clocks were put forward on 28 March.
    town.deadline = deadline_in_hours.map(|hours| now() + SignedDuration::from_hours(hours - 1));
    assert_near(town.offered()[0].parts.availability, worth);
}

#[rstest]
#[case::the_course_itself(|town: &mut Town| town.session(101).course = CourseId(id(WANTED_COURSE)), 1.0)]
#[case::it_counts_as_the_wanted_one(|town: &mut Town| {
    town.course(WANTED_COURSE).equivalents = vec![CourseId(id(2))];
}, 0.9)]
#[case::same_track(|town: &mut Town| town.course(2).track = Some("high-voltage".to_owned()), 0.6)]
#[case::same_track_and_one_topic_of_three(|town: &mut Town| {
    town.course(2).track = Some("high-voltage".to_owned());
    town.course(2).topics = vec!["battery".to_owned(), "paint".to_owned()];
}, 0.6 + 0.2 / 3.0)]
#[case::one_topic_of_three(|town: &mut Town| town.course(2).topics = vec!["battery".to_owned(), "paint".to_owned()], 0.5 / 3.0)]
#[case::every_topic(|town: &mut Town| town.course(2).topics = vec!["battery".to_owned(), "safety".to_owned()], 0.5)]
#[case::a_topic_named_twice_counts_once(|town: &mut Town| {
    town.course(2).topics = vec!["battery".to_owned(), "battery".to_owned(), "safety".to_owned()];
}, 0.5)]
#[case::of_interest_half_of_it(|town: &mut Town| {
    town.course(2).topics = vec!["battery".to_owned(), "safety".to_owned()];
    interests(town, &["battery"]);
}, 0.5 + 0.05 / 2.0)]
#[case::interests_that_no_course_has_thin_it_out(|town: &mut Town| {
    town.course(2).topics = vec!["battery".to_owned(), "safety".to_owned()];
    interests(town, &["battery", "chess"]);
}, 0.5 + 0.05 / 3.0)]
#[case::a_track_that_was_begun(|town: &mut Town| {
    town.course(2).topics = vec!["battery".to_owned(), "safety".to_owned()];
    town.course(2).track = Some("bodywork".to_owned());
    town.teach(course(3, "Dents", Some("bodywork"), &[]));
    town.completed(3, 100);
}, 0.55)]
fn relevance(#[case] given: fn(&mut Town), #[case] worth: f64) {
    let mut town = Town::new().hold(session(101, 2, 1, 35));
    town.teach(course(2, "Batteries", None, &[]));
    given(&mut town);
    assert_near(town.offered()[0].parts.relevance, worth);
}

#[rstest]
#[case::who_minds_nothing(&[], 1.0)]
#[case::at_a_time_they_prefer(&["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], 1.0)]
#[case::at_another(&["monday 00:00-01:00"], 0.8)]
fn soon_counts_less_at_a_time_that_is_not_preferred(#[case] times: &[&str], #[case] share: f64) {
    let plain = Town::new().hold(session(101, 1, 1, 41)).offered()[0].parts.availability;
    let mut town = Town::new().hold(session(101, 1, 1, 41));
    let ada = town.world.people.get_mut(&PersonId(id(ADA))).expect("Ada");
    ada.preferences.times = times.iter().map(|words| words.parse().expect("a time")).collect();
    let soon = (plain - 0.3 - 0.2) / 0.5;
    assert_near(town.offered()[0].parts.availability, 0.5 * share * soon + 0.3 + 0.2);
}

#[rstest]
#[case::the_default((0.40, 0.35, 0.25), 0.4 * 0.5 + 0.35 * 0.8 + 0.25)]
#[case::only_their_proportion_counts((4.0, 3.5, 2.5), 0.4 * 0.5 + 0.35 * 0.8 + 0.25)]
#[case::only_proximity((1.0, 0.0, 0.0), 0.5)]
#[case::nothing_counts_so_all_count_alike((0.0, 0.0, 0.0), (0.5 + 0.8 + 1.0) / 3.0)]
#[case::less_than_nothing_is_nothing((-3.0, 0.0, 1.0), 1.0)]
#[case::what_is_no_number_is_nothing((f64::NAN, 0.0, 1.0), 1.0)]
fn weighted_sum(#[case] weights: (f64, f64, f64), #[case] worth: f64) {
    let (proximity, availability, relevance) = weights;
    let shares = score::shares(Weights { proximity, availability, relevance });
    let parts = Parts { proximity: 0.5, availability: 0.8, relevance: 1.0 };
    assert_near(score::sum(parts, shares), worth);
}

fn interests(town: &mut Town, topics: &[&str]) {
    let ada = town.world.people.get_mut(&PersonId(id(ADA))).expect("Ada");
    ada.preferences.interests = topics.iter().map(|topic| (*topic).to_owned()).collect();
}

fn assert_near(is: f64, should: f64) {
    assert!((is - should).abs() < 1e-6, "{is} is not {should}");
}
