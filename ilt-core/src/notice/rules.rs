//! What a manager hears of, as a table.

use rstest::rstest;

use super::Notice::{AtOnce, Digest};
use super::{Notice, for_manager};
use crate::attendance::{Mark, Outcome};
use crate::journal::Event;
use crate::testing::plans::{id, now};

/// PRODUCT.md, "manager notices": at once a request, a late cancellation, a no-show; the rest in a daily digest.
#[rstest]
#[case::a_request(Event::Requested { until: now(), gives_back: None }, Some(AtOnce))]
#[case::a_late_cancellation(Event::Cancelled { late: true }, Some(AtOnce))]
#[case::a_seat_left_late_for_another(Event::Transferred { to: id(1).into(), late: true }, Some(AtOnce))]
#[case::a_no_show(Event::AttendanceSettled { outcome: Outcome::NoShow }, Some(AtOnce))]
#[case::a_cancellation_in_time(Event::Cancelled { late: false }, Some(Digest))]
#[case::a_transfer_in_time(Event::Transferred { to: id(1).into(), late: false }, Some(Digest))]
#[case::an_excuse(Event::AttendanceSettled { outcome: Outcome::Excused }, Some(Digest))]
#[case::attendance(Event::AttendanceSettled { outcome: Outcome::Attended }, Some(Digest))]
#[case::a_registration(Event::Registered, Some(Digest))]
#[case::a_promotion(Event::Promoted, Some(Digest))]
#[case::a_place_in_a_queue(Event::Waitlisted { automatic: false, gives_back: None, group: None }, Some(Digest))]
#[case::a_request_that_lapsed(Event::RequestLapsed, Some(Digest))]
#[case::a_session_that_was_cancelled(Event::EndedWithSession, Some(Digest))]
#[case::a_session_that_moved(Event::SessionMoved { from: now(), to: now(), elsewhere: false, other_instructors: false }, Some(Digest))]
#[case::a_completion(Event::CompletionsRecorded(Vec::new()), Some(Digest))]
#[case::an_offer_is_the_learners(Event::OfferMade { until: now(), warn_at: now() }, None)]
#[case::a_mark_is_not_settled_yet(Event::AttendanceMarked { part: 1, mark: Mark { minutes: 0, excused: false, at: now(), client: None } }, None)]
#[case::the_plan_of_the_network(Event::SessionPublished, None)]
#[case::what_was_shown(Event::AlternativesShown(Vec::new()), None)]
fn what_a_manager_hears_of_at_once_and_what_in_the_digest(
    #[case] event: Event,
    #[case] heard: Option<Notice>,
) {
    assert_eq!(for_manager(&event), heard);
}
