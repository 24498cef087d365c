//! Searching sessions, and looking at one.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ilt_core::access;
use ilt_core::access::Sight;
use ilt_core::catalog::{Place, ProgrammeType, Role};
use ilt_core::desk::Refusal;
use ilt_core::ids::{CourseId, LocationId, PersonId, SessionId};
use ilt_core::ports::RegistrationQuery;
use ilt_core::ranking::{self, Near, Query, Sort};
use ilt_core::registration::Registration;
use ilt_core::session::{Session, SessionStatus};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::contract::words;
use crate::http::views::answers::tagged;
use crate::http::views::{SessionView, Shower};
use crate::http::wire::extract::{Id, Params};
use crate::http::wire::page::{Limit, Page, cursor, place};
use crate::http::wire::problem::Problem;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// Words that begin words of the course's title and topics, or of the location's name and city.
    q: Option<String>,
    course: Option<Uuid>,
    #[param(value_type = Option<words::ProgrammeType>, inline)]
    programme_type: Option<ProgrammeType>,
    location: Option<Uuid>,
    /// `latitude,longitude`.
    #[param(value_type = Option<words::Coordinates>, inline)]
    near: Option<String>,
    /// Kilometres around `near`.
    #[param(minimum = 0, maximum = 20_100)]
    radius_km: Option<f64>,
    /// Starting at or after.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Starting before.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
    /// Only sessions with open seats.
    #[serde(default)]
    open_seats: bool,
    /// Leaves out what you could not take.
    #[serde(default)]
    eligible: bool,
    /// `published` when absent; `running` for those under way; drafts are for admins.
    #[param(value_type = Option<words::SessionStage>, inline)]
    status: Option<String>,
    /// `start` (when absent) or `distance`.
    #[param(value_type = Option<words::Sort>, inline)]
    sort: Option<String>,
    /// 1 to 200; 50 when absent.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// The `next` of the page before.
    #[param(schema_with = words::cursor)]
    cursor: Option<String>,
}

impl Search {
    fn near(&self) -> Result<Option<Near>, Problem> {
        let Some(text) = &self.near else {
            let alone = self.radius_km.is_some() || self.sort.as_deref() == Some("distance");
            let detail = "is needed for `radius_km` and `sort=distance`";
            return if alone { Err(Refusal::invalid("?near", detail).into()) } else { Ok(None) };
        };
        let pair = text
            .split_once(',')
            .and_then(|(lat, lon)| Some((lat.trim().parse().ok()?, lon.trim().parse().ok()?)));
        let on_globe =
            |(lat, lon): &(f64, f64)| (-90.0..=90.0).contains(lat) && (-180.0..=180.0).contains(lon);
        let (lat, lon) = pair
            .filter(on_globe)
            .ok_or_else(|| Problem::unreadable("?near", "must be latitude,longitude in degrees"))?;
        if self.radius_km.is_some_and(|radius| !(0.0..=20_100.0).contains(&radius)) {
            return Err(Problem::unreadable("?radius_km", "must be between 0 and 20100"));
        }
        Ok(Some(Near { place: Place { lat, lon }, radius_km: self.radius_km }))
    }

    fn sort(&self) -> Result<Sort, Problem> {
        match self.sort.as_deref() {
            None | Some("start") => Ok(Sort::Start(place(self.cursor.as_deref())?)),
            Some("distance") => Ok(Sort::Distance(place(self.cursor.as_deref())?)),
            Some(_) => Err(Problem::unreadable("?sort", "must be one of start, distance")),
        }
    }

    fn status(&self, caller: &Caller) -> Result<Option<&str>, Problem> {
        match self.status.as_deref() {
            Some("running") => Ok(Some("published")),
            Some(word) if !SessionStatus::WORDS.contains(&word) => {
                let words =
                    ["running"].into_iter().chain(SessionStatus::WORDS).collect::<Vec<_>>().join(", ");
                Err(Problem::unreadable("?status", format!("must be one of {words}")))
            }
            Some("draft") if !caller.is(Role::Admin) => {
                Err(Refusal::Forbidden { needed: "the role admin".to_owned() }.into())
            }
            word => Ok(word),
        }
    }
}

/// Searches sessions that are still to come.
#[utoipa::path(get, path = "/v1/sessions", tag = "sessions", params(Search), responses((status = 200, body = Page<SessionView>)))]
pub async fn sessions(
    State(app): State<App>,
    caller: Caller,
    Params(search): Params<Search>,
) -> Result<Json<Page<SessionView>>, Problem> {
    let (near, sort) = (search.near()?, search.sort()?);
    let status = search.status(&caller)?;
    let only_running = search.status.as_deref() == Some("running");
    let now = app.engine.ports().clock.now();
    let facts = if search.eligible { Some(app.engine.facts(caller.id).await?) } else { None };
    // The page, and one more to know whether there is another.
    let found: Vec<(Session, Option<u64>)> = {
        let catalogue = app.engine.catalogue();
        let query = Query {
            text: search.q.as_deref(),
            course: search.course.map(CourseId),
            programme_type: search.programme_type,
            location: search.location.map(LocationId),
            near,
            from: search.from,
            to: search.to,
            open_seats: search.open_seats,
            status,
            passes: &|session, _| {
                (!only_running || session.is_running(now))
                    && access::know_of(&caller, session)
                    && facts.as_ref().is_none_or(|facts| facts.may_take(session, now))
            },
            sort,
            limit: search.limit.0 as usize + 1,
        };
        let found = ranking::search(&catalogue, &query, now);
        found.into_iter().map(|it| (it.candidate.session.clone(), it.metres)).collect()
    };
    let listed: Vec<_> = found.iter().map(|(session, _)| session).collect();
    let shower = Shower::of(&app.engine, &listed).await?;
    let mine = mine(&app, caller.id).await?;
    let shower = shower.with_mine(&mine).for_dealer(caller.dealer);
    let place_of = |(session, metres): &(Session, Option<u64>)| match sort {
        Sort::Start(_) => cursor(&(session.starts_at(), session.id)),
        Sort::Distance(_) => cursor(&(metres.unwrap_or(0), session.id)),
    };
    let page = Page::of(found, search.limit, place_of, |(session, metres)| {
        #[expect(clippy::cast_precision_loss, reason = "metres on a globe")]
        let distance_km = metres.map(|metres| (metres as f64 / 100.0).round() / 10.0);
        SessionView { distance_km, ..shower.show(&session) }
    });
    Ok(Json(page))
}

/// A person's live registrations.
async fn mine(app: &App, person: PersonId) -> Result<Vec<Registration>, Problem> {
    let query = RegistrationQuery {
        sight: Sight::Everyone,
        learner: Some(person),
        statuses: ["confirmed", "held", "waitlisted", "offered"].map(str::to_owned).into(),
        from: None,
        to: None,
        after: None,
        limit: 500,
    };
    let found = app.engine.ports().reads.registrations(&query).await?;
    Ok(found.into_iter().map(|(registration, ..)| registration).collect())
}

/// A session that the caller may know of, with exact numbers.
pub async fn visible(app: &App, caller: &Caller, id: SessionId) -> Result<Session, Problem> {
    let session = app.engine.ports().reads.sessions(&[id]).await?.pop();
    let session = session.ok_or_else(|| Refusal::not_found("session"))?;
    if access::know_of(caller, &session) { Ok(session) } else { Err(Refusal::not_found("session").into()) }
}

/// A session as the caller sees it.
async fn one_view(app: &App, caller: &Caller, session: &Session) -> Result<SessionView, Problem> {
    let mine = mine(app, caller.id).await?;
    let shower = Shower::of(&app.engine, &[session]).await?.with_mine(&mine).for_dealer(caller.dealer);
    Ok(shower.show(session))
}

/// One session.
#[utoipa::path(get, path = "/v1/sessions/{id}", tag = "sessions", params(("id" = Uuid, Path)), responses((status = 200, body = SessionView)))]
pub async fn session(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<SessionId>,
) -> Result<Response, Problem> {
    let session = visible(&app, &caller, id).await?;
    Ok(tagged(StatusCode::OK, session.version, one_view(&app, &caller, &session).await?))
}
