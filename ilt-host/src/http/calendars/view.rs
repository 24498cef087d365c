//! How far calendars show something, as it is answered.

use ilt_core::calendar::{Difference, Showing, Shown, Spot};
use ilt_core::registration::Registration;
use ilt_core::session::Session;
use ilt_engine::calendars::ShownDay;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::contract::words;

/// How far calendars show a learner's seat.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeatShown {
    /// `pending` until it is shown there as it is here; `none` when it is not going to be.
    #[schema(value_type = words::CalendarState)]
    pub state: &'static str,
    /// Where it is, in the calendar's own names.
    pub seats: Vec<SeatThere>,
}

/// A seat in the calendar's own names.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeatThere {
    /// Counted from 1.
    pub part: u32,
    /// What was booked.
    pub event_type: Option<String>,
    pub booking: String,
    pub seat: String,
}

impl Default for SeatShown {
    fn default() -> Self {
        Self { state: Shown::None.word(), seats: Vec::new() }
    }
}

impl SeatShown {
    pub fn of(showing: &Showing, of: &Registration, session: &Session, now: Timestamp) -> Self {
        let event_type = |part: u16| {
            let instructors =
                session.instructors.iter().map(|instructor| Spot { part, instructor: *instructor });
            let mut places = instructors.filter_map(|spot| showing.kept.places.get(&spot));
            places.find_map(|place| place.event_type.clone())
        };
        let seats = showing.seats(of.id).map(|(part, seat)| SeatThere {
            part: u32::from(part) + 1,
            event_type: event_type(part),
            booking: seat.booking.clone(),
            seat: seat.seat.clone(),
        });
        Self { state: showing.seat(of, session, now).word(), seats: seats.collect() }
    }
}

/// How far calendars show a session.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionShown {
    /// `pending` while it waits to be looked after; `none` when it is in no calendar.
    #[schema(value_type = words::CalendarState)]
    state: &'static str,
    /// Since when it has waited.
    #[schema(value_type = Option<String>, format = DateTime)]
    waits_since: Option<Timestamp>,
    /// When it was looked after last.
    #[schema(value_type = Option<String>, format = DateTime)]
    looked_at: Option<Timestamp>,
    /// Where each part is.
    days: Vec<DayThere>,
    /// What is somebody's to decide.
    differs: Vec<DifferenceView>,
}

/// One part of a session in an instructor's calendar.
#[derive(Debug, Serialize, ToSchema)]
struct DayThere {
    /// Counted from 1.
    part: u32,
    instructor: Uuid,
    /// What can be booked, in the calendar's own name.
    event_type: String,
    /// The calendar's own page of it, where `calcom.pages_at` says where those are: a link to be passed on.
    page: Option<String>,
    /// A few lines of HTML that show that page inside another.
    embed: Option<String>,
}

/// What is otherwise there than here.
#[derive(Debug, Serialize, ToSchema)]
struct DifferenceView {
    #[schema(value_type = words::CalendarDifference)]
    why: &'static str,
    in_words: String,
    /// Counted from 1; absent for the whole session.
    part: Option<u32>,
    registration: Option<Uuid>,
}

impl Default for SessionShown {
    fn default() -> Self {
        let (days, differs) = (Vec::new(), Vec::new());
        Self { state: Shown::None.word(), waits_since: None, looked_at: None, days, differs }
    }
}

impl SessionShown {
    pub fn of(showing: &Showing, days: &[ShownDay], session: &Session, now: Timestamp) -> Self {
        Self {
            state: showing.session(session, now).word(),
            waits_since: showing.waits_since,
            looked_at: showing.looked_at,
            days: days.iter().map(DayThere::of).collect(),
            differs: showing.differs.iter().map(DifferenceView::of).collect(),
        }
    }
}

impl DayThere {
    fn of(day: &ShownDay) -> Self {
        Self {
            part: u32::from(day.part) + 1,
            instructor: day.instructor.0,
            event_type: day.event_type.clone(),
            page: day.page.clone(),
            embed: day.page.as_deref().map(embedded),
        }
    }
}

/// The calendar's page in a frame: no script of anybody's runs in the page around it.
fn embedded(page: &str) -> String {
    format!(
        r#"<iframe src="{page}/embed" title="Registration" width="100%" height="640" loading="lazy"></iframe>"#
    )
}

impl DifferenceView {
    fn of(difference: &Difference) -> Self {
        let Difference { why, part, registration } = difference;
        Self {
            why: why.word(),
            in_words: why.to_string(),
            part: part.map(|part| u32::from(part) + 1),
            registration: registration.map(|it| it.0),
        }
    }
}
