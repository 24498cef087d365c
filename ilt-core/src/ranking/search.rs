//! Searching the catalogue, page by page.

use std::collections::BTreeSet;
use std::ops::Bound;

use jiff::Timestamp;

use crate::catalog::{Course, Place, ProgrammeType};
use crate::ids::{CourseId, LocationId, SessionId};
use crate::ranking::{Candidate, Catalogue, text};
use crate::session::Session;

/// A circle to look in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Its middle.
    pub place: Place,
    /// Its radius; without one, everything is inside.
    pub radius_km: Option<f64>,
}

/// What the pages are sorted by, and where the page before ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sort {
    /// By start, then id.
    Start(Option<(Timestamp, SessionId)>),
    /// By metres from the middle of the circle, then id.
    Distance(Option<(u64, SessionId)>),
}

/// What to look for. Everything that is given must hold.
pub struct Query<'a> {
    /// Words that begin words of the course's title and topics, or the location's name and city.
    pub text: Option<&'a str>,
    /// Of this course.
    pub course: Option<CourseId>,
    /// Of this kind.
    pub programme_type: Option<ProgrammeType>,
    /// At this location.
    pub location: Option<LocationId>,
    /// Inside this circle.
    pub near: Option<Near>,
    /// Starting at or after.
    pub from: Option<Timestamp>,
    /// Starting before.
    pub to: Option<Timestamp>,
    /// With open seats only.
    pub open_seats: bool,
    /// With this status word; `published` when absent.
    pub status: Option<&'a str>,
    /// That pass this, asked last.
    pub passes: &'a dyn Fn(&Session, &Course) -> bool,
    /// In this order.
    pub sort: Sort,
    /// At most this many.
    pub limit: usize,
}

impl Query<'_> {
    /// Every published session, by start.
    pub fn everything() -> Self {
        Self {
            text: None,
            course: None,
            programme_type: None,
            location: None,
            near: None,
            from: None,
            to: None,
            open_seats: false,
            status: None,
            passes: &|_, _| true,
            sort: Sort::Start(None),
            limit: usize::MAX,
        }
    }
}

/// A session that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found<'a> {
    /// What it is.
    pub candidate: Candidate<'a>,
    /// Metres from the middle of the circle, when there is one.
    pub metres: Option<u64>,
}

/// The sessions of one page.
pub fn search<'a>(catalogue: &'a Catalogue, query: &Query<'_>, now: Timestamp) -> Vec<Found<'a>> {
    let Places { courses, pairs } = Places::of(catalogue, query);
    let first = query.from.unwrap_or(Timestamp::MIN);
    let lower = match query.sort {
        Sort::Start(Some(after)) if after.0 >= first => Bound::Excluded(after),
        _ => Bound::Included((first, SessionId(uuid::Uuid::nil()))),
    };
    let found = catalogue
        .by_time
        .range((lower, Bound::Unbounded))
        .take_while(|(starts_at, _)| query.to.is_none_or(|to| *starts_at < to))
        .filter_map(|(_, id)| candidate(catalogue, *id))
        .filter(|it| courses.contains(&it.course.id) && pairs(it))
        .filter_map(|it| Some((it, inside(query.near, it.location.place)?)))
        .filter(|(it, _)| {
            it.session.status.word() == query.status.unwrap_or("published") && it.session.ends_at() > now
        })
        .filter(|(it, _)| !query.open_seats || it.session.seats.open() > 0)
        .map(|(candidate, metres)| Found { candidate, metres });
    let passes = |found: &Found<'_>| (query.passes)(found.candidate.session, found.candidate.course);
    match query.sort {
        Sort::Start(_) => found.filter(passes).take(query.limit).collect(),
        Sort::Distance(after) => {
            let key = |found: &Found<'_>| (found.metres.unwrap_or(0), found.candidate.session.id);
            let mut all: Vec<_> =
                found.filter(|found| after.is_none_or(|after| key(found) > after)).collect();
            all.sort_unstable_by_key(key);
            all.into_iter().filter(passes).take(query.limit).collect()
        }
    }
}

fn candidate(catalogue: &Catalogue, id: SessionId) -> Option<Candidate<'_>> {
    let session = catalogue.session(id)?;
    let course = catalogue.courses().get(&session.course)?;
    let location = catalogue.locations().get(&session.location)?;
    Some(Candidate { session, course, location })
}

/// Metres from the middle; `None` when it is outside.
#[expect(
    clippy::option_option,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "metres on a globe"
)]
fn inside(near: Option<Near>, place: Place) -> Option<Option<u64>> {
    let Some(near) = near else { return Some(None) };
    let km = near.place.kilometres_to(place);
    near.radius_km.is_none_or(|radius| km <= radius).then_some(Some((km * 1_000.0) as u64))
}

/// Which courses can be it at all, and which pairs of course and location say all the words.
struct Places<P> {
    courses: BTreeSet<CourseId>,
    pairs: P,
}

impl Places<()> {
    fn of<'a>(catalogue: &'a Catalogue, query: &Query<'_>) -> Places<impl Fn(&Candidate<'_>) -> bool + 'a> {
        let is_asked_for = |course: &&Course| {
            query.course.is_none_or(|id| course.id == id)
                && query.programme_type.is_none_or(|kind| course.programme_type == kind)
        };
        let courses = catalogue.courses().values().filter(is_asked_for).map(|course| course.id).collect();
        let words = text::words(query.text.unwrap_or_default());
        let location = query.location;
        let pairs = move |it: &Candidate<'_>| {
            let of_course = catalogue.course_words.get(&it.course.id).map_or(&[][..], Vec::as_slice);
            let of_location = catalogue.location_words.get(&it.location.id).map_or(&[][..], Vec::as_slice);
            location.is_none_or(|id| it.location.id == id) && text::matches(&words, &[of_course, of_location])
        };
        Places { courses, pairs }
    }
}
