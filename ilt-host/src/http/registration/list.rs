//! Registrations, page by page, and one with its history.

use std::str::FromStr;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use ilt_core::access::Sight;
use ilt_core::ids::{BadId, CourseId, PersonId, RegistrationId};
use ilt_core::journal::Event;
use ilt_core::ports::{Cursor, RegistrationQuery};
use ilt_core::registration::{Registration, Status, odds};
use ilt_core::session::Session;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::calendars::seat_shown;
use crate::http::catalog::people;
use crate::http::contract::words;
use crate::http::registration::alternatives::shown_views;
use crate::http::registration::calendar;
use crate::http::registration::seen::{view, visible};
use crate::http::views::{HistoryView, MineView, OddsView, PersonBrief, RegistrationView, Shower};
use crate::http::wire::extract::{Id, Params};
use crate::http::wire::page::{Limit, Page, cursor, place};
use crate::http::wire::problem::Problem;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// Status words, separated by commas.
    #[param(schema_with = words::statuses)]
    status: Option<String>,
    /// Of sessions that start at or after.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Of sessions that start before.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// Only this learner's.
    learner: Option<Uuid>,
    /// 1 to 200; 50 when absent.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// The `next` of the page before.
    #[param(schema_with = words::cursor)]
    cursor: Option<String>,
}

impl Which {
    fn statuses(&self) -> Result<Vec<String>, Problem> {
        let words: Vec<_> =
            self.status.iter().flat_map(|words| words.split(',')).map(str::to_owned).collect();
        match words.iter().find(|word| !Status::WORDS.contains(&word.as_str())) {
            None => Ok(words),
            Some(word) => {
                let detail = format!("`{word}` is none of {}", Status::WORDS.join(", "));
                Err(Problem::unreadable("?status", detail))
            }
        }
    }
}

/// The registrations you may see, by start of their session.
#[utoipa::path(get, path = "/v1/registrations", tag = "registrations", params(Which), responses((status = 200, body = Page<RegistrationView>)))]
pub async fn registrations(
    State(app): State<App>,
    caller: Caller,
    Params(which): Params<Which>,
) -> Result<Json<Page<RegistrationView>>, Problem> {
    let after: Option<(Timestamp, Uuid)> = place(which.cursor.as_deref())?;
    if let Some(learner) = which.learner {
        people::visible(&app, &caller, PersonId(learner)).await?;
    }
    let query = RegistrationQuery {
        sight: Sight::of(&caller),
        learner: which.learner.map(PersonId),
        statuses: which.statuses()?,
        from: which.from,
        to: which.to,
        after: after.map(|(value, id)| Cursor { value, id }),
        limit: which.limit.0 + 1,
    };
    let found = app.engine.ports().reads.registrations(&query).await?;
    let learners = found.iter().map(|(registration, ..)| registration.learner).collect();
    let people = app.engine.people().several(learners).await?;
    let listed: Vec<_> = found.iter().map(|(_, session, _)| session).collect();
    let shower = Shower::of(&app.engine, &listed).await?;
    let place_of = |line: &(Registration, Session, Option<u32>)| cursor(&(line.1.starts_at(), line.0.id));
    let page = Page::of(found, which.limit, place_of, |(registration, session, position)| {
        let learner = PersonBrief::of(registration.learner, people.get(&registration.learner));
        let mut shown = shower.show(&session);
        if registration.learner == caller.id && registration.status.is_live() {
            shown.mine = Some(MineView::from(&registration));
        }
        RegistrationView::of(&registration, position, learner, shown)
    });
    Ok(Json(page))
}

/// `<id>`, or `<id>.ics`.
pub struct Named {
    id: RegistrationId,
    is_calendar: bool,
}

impl FromStr for Named {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        let id = text.strip_suffix(".ics");
        Ok(Self { id: id.unwrap_or(text).parse()?, is_calendar: id.is_some() })
    }
}

/// One registration, with what happened to it: when, by whom, why.
#[utoipa::path(get, path = "/v1/registrations/{id}", tag = "registrations", params(("id" = Uuid, Path)), responses((status = 200, body = RegistrationView)))]
pub async fn registration(
    State(app): State<App>,
    caller: Caller,
    Id(named): Id<Named>,
) -> Result<Response, Problem> {
    if named.is_calendar {
        return calendar::one(&app, &caller, named.id).await;
    }
    let id = named.id;
    // Its history first, so that nothing is told which the status does not know of yet.
    let entries = app.engine.ports().journal.of_registration(id).await?;
    let (registration, position) = visible(&app, &caller, id).await?;
    let history = entries.iter().map(|entry| HistoryView::of(entry, caller.id)).collect();
    // As exact as the registration itself: the catalogue may be a moment behind.
    let seats = app.engine.ports().reads.sessions(&[registration.session]).await?.pop().map(|it| it.seats);
    let shown = entries.iter().rev().find_map(|entry| match &entry.event {
        Event::AlternativesShown(shown) => Some(shown),
        _ => None,
    });
    let alternatives = match shown {
        Some(shown) => Some(shown_views(&app, shown).await?),
        None => None,
    };
    let view = view(&app, caller.id, &registration, position, seats).await?;
    let odds = odds_of(&app, position, CourseId(view.session.course.id)).await?;
    let calendar = Some(seat_shown(&app, &registration).await?);
    Ok(Json(RegistrationView { odds, alternatives, calendar, history: Some(history), ..view })
        .into_response())
}

/// Past sessions that are looked at.
const PAST: u32 = 200;

/// What past sessions of a course say about a place in the queue.
async fn odds_of(app: &App, position: Option<u32>, course: CourseId) -> Result<Option<OddsView>, Problem> {
    let Some(position) = position else { return Ok(None) };
    let now = app.engine.ports().clock.now();
    let placed = app.engine.ports().reads.placed_from_queues(course, now, PAST).await?;
    Ok(odds(position, &placed).map(|found| OddsView::of(found, position)))
}
