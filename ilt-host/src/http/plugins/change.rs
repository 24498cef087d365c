//! Using plugins, and changing how they are used. Nothing here changes what learners are shown: see [`super::switch`].

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ilt_core::access;
use ilt_core::desk::{Command, Key, Picture, Refusal};
use ilt_core::ids::{DealerId, PluginId};
use ilt_core::plugin::{Act, Change, Plugin, Whose};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{PluginView, own, workshop};
use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::catalog::reference::save;
use crate::http::contract::words;
use crate::http::views::answers;
use crate::http::wire::extract::{Id, Patch, Posted};
use crate::http::wire::problem::Problem;

/// Where a plugin comes that says nothing of it.
const PLACE: u32 = 100;

const fn anywhere() -> u32 {
    PLACE
}

/// How a component is to be used.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPluginBody {
    /// The digest of what was uploaded.
    #[schema(value_type = words::Digest)]
    component: String,
    /// For the learners of this dealer.
    #[serde(default)]
    dealer: Option<Uuid>,
    /// For the learners of the dealers of this group; for everybody's when there is no dealer either.
    #[serde(default)]
    dealer_group: Option<String>,
    /// Where it comes among others: the smallest first.
    #[serde(default = "anywhere")]
    #[schema(default = 100)]
    place: u32,
    /// As the schema of the component says.
    #[serde(default)]
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
}

/// Has a plugin changed, and answers what it is then, once this host uses it so.
pub async fn have_changed(
    app: &App,
    caller: &Caller,
    change: Change,
    key: Option<(Key, String)>,
) -> Result<Picture, Problem> {
    let picture = save(app, caller, Command::ChangePlugin(Box::new(change)), key).await?;
    if let Some(workshop) = &app.workshop {
        workshop.caught_up().await;
    }
    Ok(picture)
}

/// Uses a component for the learners of a dealer, of a group or of everybody. It is off at first.
///
/// The component itself says what is wrong with the settings.
#[utoipa::path(post, path = "/v1/plugins", tag = "plugins", request_body = NewPluginBody, responses((status = 201, body = PluginView)))]
pub async fn add_plugin(
    State(app): State<App>,
    caller: Caller,
    posted: Posted<NewPluginBody>,
) -> Result<Response, Problem> {
    let (plugin, key) = (PluginId(app.engine.ports().ids.next()), posted.key(caller.id));
    let NewPluginBody { component, dealer, dealer_group, place, settings } = posted.body;
    let whose = match (dealer, dealer_group) {
        (Some(_), Some(_)) => {
            return Err(Refusal::invalid("/dealer_group", "name a dealer or a dealer group, not both").into());
        }
        (Some(dealer), None) => Whose::Dealer(DealerId(dealer)),
        (None, Some(group)) => Whose::DealerGroup(group),
        (None, None) => Whose::Everybody,
    };
    access::look_after_plugins(&caller, &whose)?;
    let settings = Value::Object(settings).to_string();
    let by = workshop(&app)?.try_settings(&component, &settings).await?;
    let act = Act::Add { whose, place, by, settings };
    let change = Change { plugin, act, reason: None, version: None };
    Ok(answers::added(&have_changed(&app, &caller, change, key).await?))
}

/// What can be changed of a plugin.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PluginBody {
    /// The digest of what was uploaded.
    #[schema(value_type = words::Digest)]
    component: String,
    /// Where it comes among others: the smallest first.
    place: u32,
    /// As the schema of the component says.
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
}

impl PluginBody {
    fn of(plugin: &Plugin) -> Self {
        let newest = plugin.newest();
        let settings = newest.and_then(|it| serde_json::from_str(&it.settings).ok()).unwrap_or_default();
        let component = newest.map(|it| it.by.digest.clone()).unwrap_or_default();
        Self { component, place: plugin.place, settings }
    }
}

/// Changes a plugin: a merge patch, for the version you last saw. Another component or other settings are a new edition, which counts
/// once it is activated.
#[utoipa::path(patch, path = "/v1/plugins/{id}", tag = "plugins", params(("id" = Uuid, Path)), request_body = PluginBody, responses((status = 200, body = PluginView)))]
pub async fn edit_plugin(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PluginId>,
    patch: Patch,
) -> Result<Response, Problem> {
    let before = own(&app, &caller, id).await?;
    let PluginBody { component, place, settings } =
        patch.onto(&PluginBody::of(&before), ("plugin", before.version))?;
    let settings = Value::Object(settings).to_string();
    let by = workshop(&app)?.try_settings(&component, &settings).await?;
    let act = Act::Revise { by: Some(by), settings: Some(settings), place: Some(place) };
    let change = Change { plugin: id, act, reason: None, version: Some(before.version) };
    let saved = have_changed(&app, &caller, change, None).await;
    Ok(answers::changed(&saved.map_err(|problem| patch.lost(problem))?))
}

/// Uses a plugin no more. It must be off.
#[utoipa::path(delete, path = "/v1/plugins/{id}", tag = "plugins", params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn remove_plugin(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PluginId>,
) -> Result<StatusCode, Problem> {
    let change = Change { plugin: id, act: Act::Remove, reason: None, version: None };
    let asked = Command::ChangePlugin(Box::new(change));
    app.engine.ask(caller.actor(), asked, None, caller.correlation).await?;
    app.engine.feed().wait_for(app.engine.feed().committed()).await;
    Ok(StatusCode::NO_CONTENT)
}
