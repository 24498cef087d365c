//! Calendars: one registration as an `.ics` file, and a secret address that a calendar program follows.
//!
//! A registration keeps its UID for ever; a change raises its `SEQUENCE`, a cancellation says so and stays in the feed for a while, so
//! that every program notices. Several parts are one series.

mod ics;
mod series;

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ilt_core::access::Sight;
use ilt_core::desk::{Command, Key, Refusal};
use ilt_core::fault::FieldProblem;
use ilt_core::ids::RegistrationId;
use ilt_core::ports::RegistrationQuery;
use jiff::SignedDuration;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::App;
use crate::http::access::caller::{Anybody, Caller};
use crate::http::access::secret::{self, digest};
use crate::http::registration::seen;
use crate::http::wire::extract::Posted;
use crate::http::wire::problem::Problem;
use ics::Line;

/// How long what is over stays in a feed.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Registrations in a feed at most.
const MOST: u32 = 1_000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(renew)).routes(routes!(feed))
}

/// One registration as a calendar file.
#[utoipa::path(get, path = "/v1/registrations/{id}.ics", operation_id = "registration_calendar", tag = "calendar", params(("id" = uuid::Uuid, Path)), responses((status = 200, content_type = "text/calendar", body = String)))]
pub async fn one(app: &App, caller: &Caller, id: RegistrationId) -> Result<Response, Problem> {
    let (registration, _) = seen::visible(app, caller, id).await?;
    let session = app.engine.ports().reads.sessions(&[registration.session]).await?.pop();
    let session = session.ok_or_else(|| Refusal::not_found("session"))?;
    let line = Line { registration: &registration, session: &session };
    if line.status().is_none() {
        let nothing = "an entry for the calendar: whoever waits has one as soon as a seat is offered";
        return Err(Refusal::not_found(nothing).into());
    }
    Ok(answer(app, &[line]))
}

#[derive(Serialize, ToSchema)]
struct FeedView {
    /// Whoever knows it can read your schedule: give it to your calendar program only. A new one voids the old.
    url: String,
}

/// A new secret address for your calendar program; the old one is void.
#[utoipa::path(post, path = "/v1/me/calendar-feed", operation_id = "renew_calendar_feed", tag = "calendar", responses((status = 200, body = FeedView)))]
async fn renew(
    State(app): State<App>,
    caller: Caller,
    posted: Posted<BTreeMap<String, String>>,
) -> Result<Json<FeedView>, Problem> {
    let key = posted.key(caller.id);
    let secret = URL_SAFE_NO_PAD.encode(new_secret(&app, key.as_ref())?);
    let command = Command::RenewFeed { digest: digest(&secret) };
    app.engine.ask(caller.actor(), command, key, caller.correlation).await?;
    Ok(Json(FeedView { url: format!("{}/calendar/{secret}.ics", app.limits.public_url) }))
}

/// A new secret; under a key it follows from the key, so that it can be told again although nobody keeps it.
fn new_secret(app: &App, key: Option<&(Key, String)>) -> Result<[u8; 32], Problem> {
    let Some((key, _)) = key else { return secret::random() };
    let ours = app.check_in.as_ref().ok_or_else(|| Refusal::InvalidRequest {
        fields: vec![FieldProblem::new(
            "Idempotency-Key",
            "this host cannot tell a secret twice: leave the key out, or set check_in.secret in its configuration",
        )],
    })?;
    Ok(ours.calendar(key))
}

/// Everything one person has registered for, for a calendar program.
#[utoipa::path(get, path = "/calendar/{secret}", operation_id = "calendar_feed", tag = "calendar", security(()), params(("secret" = String, Path)), responses((status = 200, content_type = "text/calendar", body = String)))]
async fn feed(State(app): State<App>, _: Anybody, Path(secret): Path<String>) -> Result<Response, Problem> {
    let missing = || Problem::from(Refusal::not_found("calendar"));
    let secret = secret.strip_suffix(".ics").ok_or_else(missing)?;
    let owner = app.engine.ports().reads.feed_owner(&digest(secret)).await?.ok_or_else(missing)?;
    let owner = app.engine.people().get(owner).await?.filter(|person| person.active).ok_or_else(missing)?;
    let now = app.engine.ports().clock.now();
    let query = RegistrationQuery {
        sight: Sight::Everyone,
        learner: Some(owner.id),
        statuses: Vec::new(),
        from: now.checked_sub(KEPT).ok(),
        to: None,
        after: None,
        limit: MOST,
    };
    let found = app.engine.ports().reads.registrations(&query).await?;
    let lines: Vec<_> =
        found.iter().map(|(registration, session, _)| Line { registration, session }).collect();
    Ok(answer(&app, &lines))
}

fn answer(app: &App, lines: &[Line<'_>]) -> Response {
    let text = ics::calendar(lines, &app.engine.catalogue(), app.engine.ports().clock.now());
    let headers = [(CONTENT_TYPE, "text/calendar; charset=utf-8"), (CACHE_CONTROL, "private, no-store")];
    (headers, text).into_response()
}
