//! What a search finds, and in which order.

use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use super::{Changed, Town, WANTED_COURSE, course, id, now, session};
use crate::catalog::{Place, ProgrammeType};
use crate::ids::{CourseId, LocationId, SessionId};
use crate::ranking::{Catalogue, Found, Near, Query, Sort, search};
use crate::session::SessionStatus;

const KOELN: Place = Place { lat: 50.9375, lon: 6.9603 };
const ANYWHERE: Near = Near { place: KOELN, radius_km: None };

/// 100 in Köln on day 35, full · 101 in Bonn on day 41 · 102 in Frankfurt on day 20, another course · 103 in Hamburg, draft.
fn town() -> Town {
    let mut draft = session(103, WANTED_COURSE, 5, 50);
    draft.status = SessionStatus::Draft;
    let sessions = [session(101, WANTED_COURSE, 2, 41), session(102, 2, 4, 20), draft];
    let mut town = sessions.into_iter().fold(Town::new(), Town::hold);
    town.teach(course(2, "Être à l'écoute", None, &["customers"]));
    town.course(2).programme_type = ProgrammeType::EmployeeDevelopment;
    town.course(2).summary = "Listening, for people at the counter.".to_owned();
    town
}

fn numbers(found: &[Found<'_>]) -> Vec<u128> {
    found.iter().map(|found| found.candidate.session.id.0.as_u128()).collect()
}

fn day(day: i64) -> Timestamp {
    now() + SignedDuration::from_hours(24 * day)
}

#[rstest]
#[case::everything_published_by_start(Query::everything(), &[102, 100, 101])]
#[case::a_word_of_the_title(Query { text: Some("voltage"), ..Query::everything() }, &[100, 101])]
#[case::the_beginning_of_a_word(Query { text: Some("VOLT"), ..Query::everything() }, &[100, 101])]
#[case::not_its_middle(Query { text: Some("oltage"), ..Query::everything() }, &[])]
#[case::without_its_accents(Query { text: Some("etre ecoute"), ..Query::everything() }, &[102])]
#[case::with_accents_of_its_own(Query { text: Some("KÖLN"), ..Query::everything() }, &[100])]
#[case::an_accent_that_stands_behind_its_letter(Query { text: Some("Ko\u{308}ln"), ..Query::everything() }, &[100])]
#[case::a_word_of_the_summary(Query { text: Some("counter"), ..Query::everything() }, &[102])]
#[case::a_topic(Query { text: Some("battery"), ..Query::everything() }, &[100, 101])]
#[case::a_city_and_a_topic(Query { text: Some("bonn safety"), ..Query::everything() }, &[101])]
#[case::every_word_must_be_there(Query { text: Some("bonn counter"), ..Query::everything() }, &[])]
#[case::signs_are_no_words(Query { text: Some(" –, "), ..Query::everything() }, &[102, 100, 101])]
#[case::a_course(Query { course: Some(CourseId(id(2))), ..Query::everything() }, &[102])]
#[case::a_course_that_is_not_there(Query { course: Some(CourseId(id(9))), ..Query::everything() }, &[])]
#[case::a_kind(Query { programme_type: Some(ProgrammeType::Compliance), ..Query::everything() }, &[100, 101])]
#[case::a_location(Query { location: Some(LocationId(id(2))), ..Query::everything() }, &[101])]
#[case::a_circle(Query { near: Some(Near { radius_km: Some(30.0), ..ANYWHERE }), ..Query::everything() }, &[100, 101])]
#[case::the_circle_is_wide_enough(Query { near: Some(Near { radius_km: Some(153.0), ..ANYWHERE }), ..Query::everything() }, &[102, 100, 101])]
#[case::from_a_day_on(Query { from: Some(day(20)), ..Query::everything() }, &[102, 100, 101])]
#[case::from_after_it(Query { from: Some(day(21)), ..Query::everything() }, &[100, 101])]
#[case::before_a_day(Query { to: Some(day(20)), ..Query::everything() }, &[])]
#[case::between_two_days(Query { from: Some(day(21)), to: Some(day(40)), ..Query::everything() }, &[100])]
#[case::open_seats_only(Query { open_seats: true, ..Query::everything() }, &[102, 101])]
#[case::drafts(Query { status: Some("draft"), ..Query::everything() }, &[103])]
#[case::what_passes(Query { passes: &|session, _| session.seats.open() == 0, ..Query::everything() }, &[100])]
#[case::nearest_first(Query { near: Some(ANYWHERE), sort: Sort::Distance(None), ..Query::everything() }, &[100, 101, 102])]
#[case::no_more_than_asked(Query { limit: 2, ..Query::everything() }, &[102, 100])]
#[case::none_is_none(Query { limit: 0, sort: Sort::Distance(None), ..Query::everything() }, &[])]
fn finds(#[case] query: Query<'_>, #[case] expected: &[u128]) {
    let catalogue = Catalogue::new(&town().world);
    assert_eq!(numbers(&search(&catalogue, &query, now())), expected);
}

#[test]
fn what_has_ended_is_not_found() {
    let catalogue = Catalogue::new(&town().world);
    let end = catalogue.session(SessionId(id(102))).expect("it is there").ends_at();
    assert_eq!(numbers(&search(&catalogue, &Query::everything(), end)), [100, 101]);
    let before = end - SignedDuration::from_secs(1);
    assert_eq!(numbers(&search(&catalogue, &Query::everything(), before)), [102, 100, 101]);
}

#[test]
fn a_distance_is_told_when_there_is_a_circle() {
    let catalogue = Catalogue::new(&town().world);
    let query = Query { near: Some(ANYWHERE), sort: Sort::Distance(None), ..Query::everything() };
    let metres: Vec<_> = search(&catalogue, &query, now()).iter().map(|found| found.metres).collect();
    assert_eq!(metres, [Some(0), Some(24_266), Some(152_517)]);
    assert_eq!(search(&catalogue, &Query::everything(), now())[0].metres, None);
}

/// Page by page gives the same as all at once, whatever the size of a page; seats that move meanwhile change nothing.
#[rstest]
fn pages_join(#[values(1, 2, 3, 7, 50)] limit: usize, #[values(true, false)] by_distance: bool) {
    let at = |number: u32| session(number, WANTED_COURSE, 1 + number % 5, 30 + (number % 7).cast_signed());
    let town = (101..150).map(at).fold(Town::new(), Town::hold);
    let mut catalogue = Catalogue::new(&town.world);
    let query = |sort, limit| Query {
        near: Some(ANYWHERE),
        passes: &|session, _| session.id.0.as_u128() % 3 > 0,
        sort,
        limit,
        ..Query::everything()
    };
    let start = if by_distance { Sort::Distance(None) } else { Sort::Start(None) };
    let all = numbers(&search(&catalogue, &query(start, usize::MAX), now()));
    let (mut joined, mut next) = (Vec::new(), Some(start));
    while let Some(sort) = next {
        let page = search(&catalogue, &query(sort, limit), now());
        next = page.last().map(|last| {
            let session = last.candidate.session;
            match sort {
                Sort::Start(_) => Sort::Start(Some((session.starts_at(), session.id))),
                Sort::Distance(_) => Sort::Distance(Some((last.metres.unwrap_or(0), session.id))),
            }
        });
        joined.extend(numbers(&page));
        super::following::scheduled(
            &mut catalogue,
            at(101 + u32::try_from(joined.len()).expect("few") % 40).full(1),
        );
    }
    assert_eq!(all.len(), 34);
    assert_eq!(joined, all);
}
