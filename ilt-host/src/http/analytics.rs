//! Registrations, attendance and completions in numbers.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::VARY;
use axum::response::{IntoResponse, Response};
use ilt_core::ids::CourseId;
use ilt_core::ports::{Measure, Month, Monthly, MonthlyQuery};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::caller::Admin;
use crate::http::contract::words;
use crate::http::wire::media::wants_csv;
use crate::http::wire::page::{self, Limit, Page};
use crate::http::wire::params::Params;
use crate::http::wire::problem::Problem;
use crate::http::wire::sheet;

/// Lines of a file at most, some ten megabytes.
const MOST_LINES: Limit = Limit(100_000);

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(monthly))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Only of this course.
    course: Option<Uuid>,
    /// From this month on, such as `2027-01`.
    #[param(value_type = Option<words::Month>, inline)]
    from: Option<Month>,
    /// Up to this month, itself included.
    #[param(value_type = Option<words::Month>, inline)]
    to: Option<Month>,
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    #[param(schema_with = words::cursor)]
    cursor: Option<String>,
}

/// What happened in a course in a month of the place where it is taught, as often as it was told.
#[derive(Serialize, ToSchema)]
struct MonthlyView {
    #[schema(value_type = words::Month)]
    month: String,
    course: Uuid,
    /// Empty when there is no such course any more.
    title: String,
    registered: u64,
    unregistered: u64,
    waitlisted: u64,
    attended: u64,
    partial: u64,
    no_show: u64,
    excused: u64,
    completed: u64,
}

#[derive(Serialize, ToSchema)]
struct MonthlyPage {
    /// Where they are counted from: `journal` or `kafka`; `off` when nobody counts (`analytics.from`).
    #[schema(value_type = words::CountedFrom)]
    counted_from: &'static str,
    #[serde(flatten)]
    page: Page<MonthlyView>,
}

/// Registrations, attendance and completions by month and course; page by page as JSON, or whole as CSV with `Accept: text/csv`.
#[utoipa::path(get, path = "/v1/analytics/monthly", operation_id = "monthly_numbers", tag = "analytics", params(Which), responses((status = 200, content((MonthlyPage = "application/json"), (String = "text/csv")))))]
async fn monthly(
    State(app): State<App>,
    _admin: Admin,
    headers: HeaderMap,
    Params(which): Params<Which>,
) -> Result<Response, Problem> {
    let after: Option<(Month, CourseId)> = page::place(which.cursor.as_deref())?;
    let (is_file, varies) = (wants_csv(&headers), [(VARY, "accept")]);
    let limit = if is_file { MOST_LINES } else { which.limit };
    let course = which.course.map(CourseId);
    let query = MonthlyQuery { course, from: which.from, to: which.to, after, limit: limit.0 + 1 };
    let (lines, counted_from) = match &app.numbers {
        Some(numbers) => (numbers.analytics.monthly(&query).await?, numbers.from.word()),
        None => (Vec::new(), "off"),
    };
    let courses = app.engine.catalogue().courses().clone();
    let title = |course: CourseId| courses.get(&course).map_or_else(String::new, |it| it.title.clone());
    let cursor = |line: &Monthly| page::cursor(&(line.month, line.course));
    let page = Page::of(lines, limit, cursor, |line| MonthlyView::of(&line, title(line.course)));
    if is_file {
        if page.next.is_some() {
            let detail = format!("there are more than {} lines: ask for fewer months at once", MOST_LINES.0);
            return Err(Problem::unreadable("?from", detail));
        }
        return Ok((varies, file(&page.items)).into_response());
    }
    Ok((varies, Json(MonthlyPage { counted_from, page })).into_response())
}

impl MonthlyView {
    fn of(line: &Monthly, title: String) -> Self {
        let count = |measure: Measure| line.counts[measure as usize];
        Self {
            month: line.month.to_string(),
            course: line.course.0,
            title,
            registered: count(Measure::Registered),
            unregistered: count(Measure::Unregistered),
            waitlisted: count(Measure::Waitlisted),
            attended: count(Measure::Attended),
            partial: count(Measure::Partial),
            no_show: count(Measure::NoShow),
            excused: count(Measure::Excused),
            completed: count(Measure::Completed),
        }
    }
}

fn file(items: &[MonthlyView]) -> Response {
    let columns = [
        "month",
        "course",
        "title",
        "registered",
        "unregistered",
        "waitlisted",
        "attended",
        "partial",
        "no_show",
        "excused",
        "completed",
    ];
    let row = |it: &MonthlyView| {
        let MonthlyView { registered, unregistered, waitlisted, attended, partial, no_show, .. } = it;
        let said = [it.month.clone(), it.course.to_string(), it.title.clone()];
        let counts = [
            *registered,
            *unregistered,
            *waitlisted,
            *attended,
            *partial,
            *no_show,
            it.excused,
            it.completed,
        ];
        let mut cells = said.into_iter().chain(counts.map(|count| count.to_string()));
        std::array::from_fn(|_| cells.next().unwrap_or_default())
    };
    sheet::file("monthly.csv", columns, items.iter().map(row))
}
