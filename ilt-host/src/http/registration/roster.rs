//! Who comes to a session.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::VARY;
use axum::response::{IntoResponse, Response};
use ilt_core::access;
use ilt_core::desk::Refusal;
use ilt_core::ids::SessionId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::session;
use crate::http::views::{RosterView, SeatsView};
use crate::http::wire::extract::Id;
use crate::http::wire::media::wants_csv;
use crate::http::wire::problem::Problem;
use crate::http::wire::sheet;

#[derive(Serialize, ToSchema)]
pub struct RosterAnswer {
    seats: SeatsView,
    /// Seats by name, then the queue in its order; only the people you may see.
    items: Vec<RosterView>,
}

/// Who comes, and who waits; as JSON, or as CSV with `Accept: text/csv`.
#[utoipa::path(get, path = "/v1/sessions/{id}/roster", tag = "sessions", params(("id" = Uuid, Path)), responses((status = 200, content((RosterAnswer = "application/json"), (String = "text/csv")))))]
pub async fn roster(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<SessionId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let sight = access::roster(&caller, &session::visible(&app, &caller, id).await?)?;
    let roster = app.engine.ports().reads.roster(id, &sight).await?;
    let roster = roster.ok_or_else(|| Refusal::not_found("session"))?;
    let items: Vec<_> = roster.lines.iter().map(RosterView::from).collect();
    // Whoever keeps answers must know that this one depends on what was asked for.
    let varies = [(VARY, "accept")];
    if wants_csv(&headers) {
        return Ok((varies, file(&format!("roster-{id}.csv"), &items)).into_response());
    }
    Ok((varies, Json(RosterAnswer { seats: roster.session.seats.into(), items })).into_response())
}

fn file(name: &str, items: &[RosterView]) -> Response {
    let columns = ["registration", "name", "email", "status", "position", "registered_at"];
    let row = |line: &RosterView| {
        let position = line.position.map_or_else(String::new, |position| position.to_string());
        let (id, at) = (line.registration.to_string(), line.registered_at.to_string());
        let (name, email) = (line.person.name.clone(), line.email.clone());
        [id, name, email, line.status.to_owned(), position, at]
    };
    sheet::file(name, columns, items.iter().map(row))
}
