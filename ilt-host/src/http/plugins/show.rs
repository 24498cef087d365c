//! Looking at plugins.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ilt_core::access;
use ilt_core::desk::{Ask, Refusal};
use ilt_core::ids::{DealerId, PluginId};
use ilt_core::journal::Event;
use ilt_core::plugin::Plugin;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::view::{LogView, StepView};
use super::{PluginView, known, own, workshop};
use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::views::answers::tagged;
use crate::http::wire::extract::{Id, Params};
use crate::http::wire::problem::Problem;

/// How several are combined, for whoever looks at them.
const COMBINING: &str = "They are asked in this order. What they change of a score is added up, to 0.5 at most; of priorities in a waitlist the first counts.";

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WhichPlugins {
    /// Only those that speak for the learners of this dealer.
    dealer: Option<Uuid>,
}

/// Plugins in the order in which they are asked.
#[derive(Serialize, ToSchema)]
pub struct PluginsView {
    items: Vec<PluginView>,
    /// How several that speak for the same learners are combined, in words.
    combining: &'static str,
}

/// Plugins that speak for the dealers that you look after, in the order in which they are asked.
#[utoipa::path(get, path = "/v1/plugins", tag = "plugins", params(WhichPlugins), responses((status = 200, body = PluginsView)))]
pub async fn plugins(
    State(app): State<App>,
    caller: Caller,
    Params(which): Params<WhichPlugins>,
) -> Result<Json<PluginsView>, Problem> {
    let world = app.engine.ports().reads.look(&Ask::default()).await?;
    let dealer = which.dealer.map(DealerId);
    dealer.map_or(Ok(()), |dealer| access::look_after(&caller, dealer))?;
    let dealer = dealer.map(|id| world.dealers.get(&id));
    let is_meant = |plugin: &&Plugin| {
        access::know_of_plugin(&caller, plugin, &world.dealers)
            && dealer.is_none_or(|dealer| dealer.is_some_and(|dealer| plugin.speaks_for(dealer)))
    };
    let mut found: Vec<_> = world.plugins.values().filter(is_meant).collect();
    found.sort_by_key(|plugin| plugin.turn());
    let items = found.into_iter().map(PluginView::from).collect();
    Ok(Json(PluginsView { items, combining: COMBINING }))
}

/// One plugin.
#[utoipa::path(get, path = "/v1/plugins/{id}", tag = "plugins", params(("id" = Uuid, Path)), responses((status = 200, body = PluginView)))]
pub async fn plugin(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PluginId>,
) -> Result<Response, Problem> {
    let plugin = known(&app, &caller, id).await?;
    Ok(tagged(StatusCode::OK, plugin.version, PluginView::from(&plugin)))
}

/// What was done to a plugin.
#[derive(Serialize, ToSchema)]
pub struct HistoryOfPlugin {
    items: Vec<StepView>,
}

/// What was done to a plugin, by whom and why, the latest first; also to one that is used no more.
#[utoipa::path(get, path = "/v1/plugins/{id}/history", tag = "plugins", params(("id" = Uuid, Path)), responses((status = 200, body = HistoryOfPlugin)))]
pub async fn plugin_history(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PluginId>,
) -> Result<Json<HistoryOfPlugin>, Problem> {
    let steps = workshop(&app)?.history(id).await?;
    let last = steps.iter().find_map(|entry| match &entry.event {
        Event::PluginChanged { plugin, .. } => Some(&**plugin),
        _ => None,
    });
    match last {
        Some(last) if access::know_of_plugin(&caller, last, app.engine.catalogue().dealers()) => {}
        Some(_) => return Err(Refusal::not_found("plugin").into()),
        None => drop(known(&app, &caller, id).await?),
    }
    let items = steps.iter().filter_map(|entry| StepView::of(entry, caller.id)).collect();
    Ok(Json(HistoryOfPlugin { items }))
}

/// A plugin's log.
#[derive(Serialize, ToSchema)]
pub struct LogOfPlugin {
    items: Vec<LogView>,
}

/// What a plugin wrote in its journal and what went wrong with it since it was activated, on the host that answers, the latest last.
#[utoipa::path(get, path = "/v1/plugins/{id}/log", tag = "plugins", params(("id" = Uuid, Path)), responses((status = 200, body = LogOfPlugin)))]
pub async fn plugin_log(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PluginId>,
) -> Result<Json<LogOfPlugin>, Problem> {
    own(&app, &caller, id).await?;
    let items = workshop(&app)?.log(id).into_iter().map(LogView::from).collect();
    Ok(Json(LogOfPlugin { items }))
}
