//! Searching the catalogue, page by page.

use std::ops::Bound;

use jiff::Timestamp;
use uuid::Uuid;

use crate::catalog::{Course, Place, ProgrammeType};
use crate::ids::{CourseId, LocationId, SessionId};
use crate::ranking::shelf::Row;
use crate::ranking::text::Asked;
use crate::ranking::{Candidate, Catalogue};
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
    /// Words that begin words of the course's title, summary and topics, or the location's name and city.
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
    let filter = Filter::of(catalogue, query);
    let status = query.status.unwrap_or("published");
    let first = query.from.unwrap_or(Timestamp::MIN);
    let lower = match query.sort {
        Sort::Start(Some(after)) if after.0 >= first => Bound::Excluded(after),
        _ => Bound::Included((first, SessionId(Uuid::nil()))),
    };
    let rows = catalogue
        .shelf
        .from(lower)
        .take_while(|(_, starts_at, _)| query.to.is_none_or(|to| *starts_at < to))
        .filter(|(_, _, row)| row.ends_at > now && row.status == status)
        .filter(|(_, _, row)| row.has_open_seats || !query.open_seats)
        .filter_map(|(id, _, row)| Some((filter.metres(row)?, id)));
    match query.sort {
        Sort::Start(_) => rows.filter_map(|row| found(catalogue, query, row)).take(query.limit).collect(),
        Sort::Distance(after) => {
            let mut rest: Vec<_> = rows.filter(|row| after.is_none_or(|after| *row > after)).collect();
            let mut page = Vec::new();
            let mut rest = &mut rest[..];
            // Only as much is sorted as is shown, or refused by what is asked last.
            while !rest.is_empty() && page.len() < query.limit {
                let near = rest.len().min(query.limit.saturating_mul(2));
                if near < rest.len() {
                    rest.select_nth_unstable(near);
                }
                let (nearest, others) = rest.split_at_mut(near);
                nearest.sort_unstable();
                let missing = query.limit - page.len();
                page.extend(nearest.iter().filter_map(|row| found(catalogue, query, *row)).take(missing));
                rest = others;
            }
            page
        }
    }
}

/// A row as it is found, when it passes what is asked last.
fn found<'a>(
    catalogue: &'a Catalogue,
    query: &Query<'_>,
    (metres, id): (u64, SessionId),
) -> Option<Found<'a>> {
    let session = catalogue.session(id)?;
    let course = catalogue.courses().get(&session.course)?;
    let location = catalogue.locations().get(&session.location)?;
    let candidate = Candidate { session, course, location };
    (query.passes)(session, course).then_some(Found { candidate, metres: query.near.map(|_| metres) })
}

/// What a query asks of course and location, answered once for each before any session is looked at.
struct Filter {
    asked: Asked,
    /// By course number.
    courses: Vec<bool>,
    /// Metres from the middle of the circle by location number; 0 without a circle, `None` when it does not count.
    locations: Vec<Option<u64>>,
}

impl Filter {
    fn of(catalogue: &Catalogue, query: &Query<'_>) -> Self {
        let shelf = &catalogue.shelf;
        let mut courses = vec![false; shelf.courses.len()];
        for course in catalogue.courses().values() {
            let is_it = query.course.is_none_or(|id| course.id == id);
            let is_of_kind = query.programme_type.is_none_or(|kind| course.programme_type == kind);
            if let Some(number) = shelf.courses.get(&course.id) {
                courses[number] = is_it && is_of_kind;
            }
        }
        let mut locations = vec![None; shelf.locations.len()];
        for location in catalogue.locations().values() {
            if let Some(number) = shelf.locations.get(&location.id)
                && query.location.is_none_or(|id| location.id == id)
            {
                locations[number] = inside(query.near, location.place);
            }
        }
        Self { asked: catalogue.glossary.look_up(query.text.unwrap_or_default()), courses, locations }
    }

    /// Metres from the middle of the circle; `None` when the row is not asked for.
    fn metres(&self, row: &Row) -> Option<u64> {
        let metres = self.locations.get(row.location).copied().flatten()?;
        (self.courses[row.course] && self.asked.is_met_by(row.course, row.location)).then_some(metres)
    }
}

/// Metres from the middle; `None` when it is outside.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "metres on a globe")]
fn inside(near: Option<Near>, place: Place) -> Option<u64> {
    let Some(near) = near else { return Some(0) };
    let km = near.place.kilometres_to(place);
    near.radius_km.is_none_or(|radius| km <= radius).then_some((km * 1_000.0) as u64)
}
