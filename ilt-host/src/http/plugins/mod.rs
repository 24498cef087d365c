//! Dealers' own rules: what is uploaded, for whom it is used, and what was done to it.
//!
//! # Flow
//! A component is uploaded and says what it is ([`component`]) → it is used for a dealer, a group or everybody, off at first, with
//! settings that it finds nothing wrong with ([`change`]) → an edition is activated, rolled back, switched off ([`switch`]) → those
//! who wait already are asked about anew, on request ([`anew`]).

mod anew;
mod change;
mod component;
mod rehearse;
mod report;
mod show;
mod switch;
mod view;

use ilt_core::access;
use ilt_core::desk::{Ask, Refusal};
use ilt_core::ids::PluginId;
use ilt_core::plugin::Plugin;
use ilt_engine::workshop::Workshop;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::wire::problem::Problem;

pub use component::MOST as LARGEST_COMPONENT;
pub use view::PluginView;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(component::routes())
        .routes(routes!(show::plugins, change::add_plugin))
        .routes(routes!(show::plugin, change::edit_plugin, change::remove_plugin))
        .routes(routes!(show::plugin_history))
        .routes(routes!(show::plugin_log))
        .routes(routes!(rehearse::rehearse_plugin))
        .routes(routes!(rehearse::plugin_rehearsal, rehearse::drop_rehearsal))
        .routes(routes!(switch::activate_plugin))
        .routes(routes!(switch::roll_back_plugin))
        .routes(routes!(switch::switch_off_plugin))
        .routes(routes!(anew::ask_plugin_anew))
}

/// A plugin that the caller may know of, as the store has it.
async fn known(app: &App, caller: &Caller, id: PluginId) -> Result<Plugin, Problem> {
    let world = app.engine.ports().reads.look(&Ask::default()).await?;
    let plugin = world.plugins.get(&id).filter(|it| access::know_of_plugin(caller, it, &world.dealers));
    plugin.cloned().ok_or_else(|| Refusal::not_found("plugin").into())
}

/// The same, of which the caller may say how it is used.
async fn own(app: &App, caller: &Caller, id: PluginId) -> Result<Plugin, Problem> {
    let plugin = known(app, caller, id).await?;
    access::look_after_plugins(caller, &plugin.whose)?;
    Ok(plugin)
}

fn workshop(app: &App) -> Result<&Arc<dyn Workshop>, Problem> {
    let none = || Problem::new("no-plugins", "this host was built without plugins");
    app.workshop.as_ref().ok_or_else(none)
}
