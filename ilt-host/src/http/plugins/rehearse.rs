//! Rehearsing a plugin on what happened: begun, followed, fetched.

use axum::Json;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use ilt_core::desk::Refusal;
use ilt_core::ids::PluginId;
use ilt_engine::rehearsal::{COLUMNS, Progress, Window};
use ilt_engine::workshop::Stand;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::report::ReportView;
use super::{own, workshop};
use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::contract::words;
use crate::http::wire::extract::{Id, Ids, Posted};
use crate::http::wire::problem::Problem;
use crate::http::wire::{media, sheet};

/// How far back a rehearsal looks that says nothing of it.
const QUARTER: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Examples of each sort that are kept; what is counted is counted of all.
const EXAMPLES: usize = 1_000;

/// What is to be rehearsed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RehearsalBody {
    /// The number of the edition; the newest when absent.
    #[serde(default)]
    edition: Option<u32>,
    /// From when on; 90 days ago when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Until when; now when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// How a rehearsal stands.
#[derive(Serialize, ToSchema)]
pub struct RehearsalView {
    id: Uuid,
    #[schema(value_type = words::RehearsalStand)]
    stand: &'static str,
    /// Entries of the journal that were read.
    read: Option<u64>,
    /// Entries that there are to read.
    of: Option<u64>,
    /// Why there is no report.
    detail: Option<String>,
    /// What would have differed; once it is done.
    report: Option<ReportView>,
}

impl RehearsalView {
    fn of(id: Uuid, stand: &Stand) -> Self {
        let none = Self { id, stand: "running", read: None, of: None, detail: None, report: None };
        match stand {
            Stand::Running(Progress { read, of, .. }) => Self { read: Some(*read), of: Some(*of), ..none },
            Stand::Done(report) => Self { stand: "done", report: Some((&**report).into()), ..none },
            Stand::Failed(why) => Self { stand: "failed", detail: Some(why.clone()), ..none },
        }
    }
}

/// Begins to rehearse a plugin on what happened: each look for alternatives of the time is asked again, with it and without, and so is
/// each joining of a queue, and who hears of what happened. Nothing is written.
#[utoipa::path(post, path = "/v1/plugins/{id}/rehearsals", tag = "plugins", params(("id" = Uuid, Path)), request_body = RehearsalBody, responses((status = 202, description = "It is under way", body = RehearsalView)))]
pub async fn rehearse_plugin(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PluginId>,
    posted: Posted<RehearsalBody>,
) -> Result<Response, Problem> {
    let plugin = own(&app, &caller, id).await?;
    let RehearsalBody { edition, since, until } = posted.body;
    let named = edition.map_or_else(|| plugin.newest(), |number| plugin.edition(number));
    let unknown = || Refusal::invalid("/edition", "there is no such edition of this plugin");
    let edition = named.ok_or_else(unknown)?;
    let until = until.unwrap_or_else(|| app.engine.ports().clock.now());
    let since = since.or_else(|| until.checked_sub(QUARTER).ok()).unwrap_or(Timestamp::MIN);
    if since >= until {
        return Err(Refusal::invalid("/since", "must be before `until`").into());
    }
    let window = Window { since, until, examples: EXAMPLES };
    let workshop = workshop(&app)?;
    let rehearsal = workshop.rehearse(&plugin, edition, window).await?;
    let stand = workshop.rehearsal(id, rehearsal).unwrap_or(Stand::Failed(String::new()));
    let place = format!("/v1/plugins/{id}/rehearsals/{rehearsal}");
    let view = RehearsalView::of(rehearsal, &stand);
    Ok((StatusCode::ACCEPTED, [(LOCATION, place)], Json(view)).into_response())
}

/// How a rehearsal stands, and what it found, on the host that was asked for it. As CSV: what would have differed, one on a line.
#[utoipa::path(get, path = "/v1/plugins/{id}/rehearsals/{rehearsal}", tag = "plugins", params(("id" = Uuid, Path), ("rehearsal" = Uuid, Path)), responses((status = 200, content((RehearsalView = "application/json"), (String = "text/csv")))))]
pub async fn plugin_rehearsal(
    State(app): State<App>,
    caller: Caller,
    Ids(id, rehearsal): Ids<PluginId, Uuid>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    own(&app, &caller, id).await?;
    let stand = workshop(&app)?.rehearsal(id, rehearsal);
    let stand = stand.ok_or_else(|| Refusal::not_found("rehearsal"))?;
    match &stand {
        Stand::Done(report) if media::wants_csv(&headers) => {
            Ok(sheet::file("rehearsal.csv", COLUMNS, report.rows()))
        }
        _ => Ok(Json(RehearsalView::of(rehearsal, &stand)).into_response()),
    }
}

/// Stops a rehearsal, and forgets it.
#[utoipa::path(delete, path = "/v1/plugins/{id}/rehearsals/{rehearsal}", tag = "plugins", params(("id" = Uuid, Path), ("rehearsal" = Uuid, Path)), responses((status = 204)))]
pub async fn drop_rehearsal(
    State(app): State<App>,
    caller: Caller,
    Ids(id, rehearsal): Ids<PluginId, Uuid>,
) -> Result<StatusCode, Problem> {
    own(&app, &caller, id).await?;
    workshop(&app)?.drop_rehearsal(id, rehearsal);
    Ok(StatusCode::NO_CONTENT)
}
