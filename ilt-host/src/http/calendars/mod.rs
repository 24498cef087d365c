//! What calendars that other people use as well show of a session and of one learner's seat, and what they tell this host.

mod view;
mod webhook;

use axum::Json;
use axum::extract::State;
use ilt_core::access;
use ilt_core::calendar::Showing;
use ilt_core::desk::{PartPlan, SessionPlan};
use ilt_core::ids::SessionId;
use ilt_core::registration::Registration;
use jiff::Timestamp;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::session;
use crate::http::wire::extract::Id;
use crate::http::wire::problem::Problem;
pub use view::SeatShown;
use view::SessionShown;

pub fn routes() -> OpenApiRouter<App> {
    webhook::routes().routes(routes!(session_calendars))
}

/// How far calendars show a session: for those who teach it, and admins.
#[utoipa::path(get, path = "/v1/sessions/{id}/calendars", operation_id = "session_calendars", tag = "sessions", params(("id" = Uuid, Path)), responses((status = 200, body = SessionShown)))]
pub async fn session_calendars(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<SessionId>,
) -> Result<Json<SessionShown>, Problem> {
    let session = session::visible(&app, &caller, id).await?;
    access::teach(&caller, &session)?;
    let Some(shows) = &app.calendars else { return Ok(Json(SessionShown::default())) };
    let showing = shows.showing(id).await?;
    let days = shows.days(id, &showing).await?;
    Ok(Json(SessionShown::of(&showing, &days, &session, app.engine.ports().clock.now())))
}

/// A plan with what its instructors have in their own calendars around its time, where there are calendars to ask. Whoever says why
/// it is right all the same is not asked about.
pub async fn beside_own_calendars(app: &App, mut plan: SessionPlan) -> SessionPlan {
    let Some(shows) = &app.calendars else { return plan };
    if plan.override_reason.is_none()
        && let Some((from, to)) = around(app, &plan)
    {
        plan.busy = shows.busy(&plan.instructors, from, to).await;
    }
    plan
}

/// From the start of its first part to the end of its last, as far as its zone is known: the desk looks at each part.
fn around(app: &App, plan: &SessionPlan) -> Option<(Timestamp, Timestamp)> {
    let catalogue = app.engine.catalogue();
    let here = catalogue.locations().get(&plan.location).map(|it| &it.zone);
    let time = |part: &PartPlan| {
        let zone = part.zone.as_ref().or(here)?;
        let starts = part.starts.to_zoned(zone.rules().clone()).ok()?.timestamp();
        Some((starts, starts.saturating_add(part.length).ok()?))
    };
    let times: Option<Vec<_>> = plan.parts.iter().map(time).collect();
    let times = times?;
    Some((times.iter().map(|it| it.0).min()?, times.iter().map(|it| it.1).max()?))
}

/// How far calendars show a learner's seat.
pub async fn seat_shown(app: &App, of: &Registration) -> Result<SeatShown, Problem> {
    let Some(shows) = &app.calendars else { return Ok(SeatShown::default()) };
    let Some(session) = app.engine.ports().reads.sessions(&[of.session]).await?.pop() else {
        return Ok(SeatShown::default());
    };
    let showing: Showing = shows.showing(of.session).await?;
    Ok(SeatShown::of(&showing, of, &session, app.engine.ports().clock.now()))
}
