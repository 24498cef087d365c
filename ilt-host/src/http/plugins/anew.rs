//! Asking dealers' own rules anew about those who wait already.

use axum::Json;
use axum::extract::State;
use ilt_core::ids::PluginId;
use ilt_core::ports::Cursor;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{own, workshop};
use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::contract::words;
use crate::http::wire::extract::{Id, Nothing, Params, Posted};
use crate::http::wire::page::{cursor, place};
use crate::http::wire::problem::Problem;

/// Where to go on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct From {
    /// The `next` of the answer before.
    #[param(schema_with = words::cursor)]
    cursor: Option<String>,
}

/// What came of asking anew.
#[derive(Serialize, ToSchema)]
pub struct AskedAnewView {
    /// How many of those who wait were looked at.
    asked: usize,
    /// How many of them come earlier or later now.
    moved: usize,
    /// How many stay where they are since a rule gave no answer: ask again once its log says that it is well.
    unanswered: usize,
    /// Where to go on, when there are more.
    next: Option<String>,
}

/// Asks the rules that count now about learners for whom this plugin speaks and who wait already, 200 at a time, soonest sessions
/// first. Whoever was put somewhere by a person stays there, and so do people who wait together. Asking twice changes nothing.
#[utoipa::path(post, path = "/v1/plugins/{id}/ask-anew", tag = "plugins", params(("id" = Uuid, Path), From), responses((status = 200, body = AskedAnewView)))]
pub async fn ask_plugin_anew(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PluginId>,
    Params(from): Params<From>,
    _nothing: Posted<Nothing>,
) -> Result<Json<AskedAnewView>, Problem> {
    let after: Option<(Timestamp, Uuid)> = place(from.cursor.as_deref())?;
    let plugin = own(&app, &caller, id).await?;
    workshop(&app)?.caught_up().await;
    let after = after.map(|(value, id)| Cursor { value, id });
    let anew = app.engine.ask_anew(&plugin.whose, after, caller.correlation).await?;
    let next = anew.next.map(|it| cursor(&(it.value, it.id)));
    Ok(Json(AskedAnewView { asked: anew.asked, moved: anew.moved, unanswered: anew.unanswered, next }))
}
