//! Switching: what changes what learners are shown, each time with a reason.

use axum::extract::State;
use axum::response::Response;
use ilt_core::ids::PluginId;
use ilt_core::plugin::{Act, Change};
use serde::Deserialize;
use utoipa::ToSchema;

use super::PluginView;
use super::change::have_changed;
use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::views::answers;
use crate::http::wire::extract::{Id, Posted};
use crate::http::wire::problem::Problem;

/// Which edition is to count, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivateBody {
    /// Its number; the newest when absent.
    #[serde(default)]
    edition: Option<u32>,
    /// Why.
    reason: String,
}

/// Why it is to be otherwise.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SwitchBody {
    /// Why.
    reason: String,
}

/// Has an edition of a plugin count from now on, on every host within a second.
#[utoipa::path(post, path = "/v1/plugins/{id}/activate", tag = "plugins", params(("id" = Uuid, Path)), request_body = ActivateBody, responses((status = 200, body = PluginView)))]
pub async fn activate_plugin(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PluginId>,
    posted: Posted<ActivateBody>,
) -> Result<Response, Problem> {
    let key = posted.key(caller.id);
    let ActivateBody { edition, reason } = posted.body;
    let change = change(id, Act::Activate { edition }, reason);
    Ok(answers::changed(&have_changed(&app, &caller, change, key).await?))
}

/// Has what counted before count again.
#[utoipa::path(post, path = "/v1/plugins/{id}/roll-back", tag = "plugins", params(("id" = Uuid, Path)), request_body = SwitchBody, responses((status = 200, body = PluginView)))]
pub async fn roll_back_plugin(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PluginId>,
    posted: Posted<SwitchBody>,
) -> Result<Response, Problem> {
    let key = posted.key(caller.id);
    let change = change(id, Act::RollBack, posted.body.reason);
    Ok(answers::changed(&have_changed(&app, &caller, change, key).await?))
}

/// Has nothing of a plugin count any more.
#[utoipa::path(post, path = "/v1/plugins/{id}/switch-off", tag = "plugins", params(("id" = Uuid, Path)), request_body = SwitchBody, responses((status = 200, body = PluginView)))]
pub async fn switch_off_plugin(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PluginId>,
    posted: Posted<SwitchBody>,
) -> Result<Response, Problem> {
    let key = posted.key(caller.id);
    let change = change(id, Act::SwitchOff, posted.body.reason);
    Ok(answers::changed(&have_changed(&app, &caller, change, key).await?))
}

fn change(plugin: PluginId, act: Act, reason: String) -> Change {
    Change { plugin, act, reason: Some(reason), version: None }
}
