//! Keys with which other systems ask in somebody's name: made, listed, ended.
//!
//! # Flow
//! A key is shown once; its digest is kept ([`kept`]). Who asks with one ([`crate::http::access::caller`]) is its owner, and may do what its
//! owner may now, within its [`scopes`].
//!
//! # Not here
//! Making keys with a key: none opens this.

pub mod kept;
pub mod scopes;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse as _, Response};
use ilt_core::access::{ApiKey, KEY_DAYS, MOST_KEY_DAYS, MOST_KEYS, key_ends};
use ilt_core::desk::Refusal;
use ilt_core::fault::FieldProblem;
use ilt_core::ids::{KeyId, PersonId};
use ilt_core::text;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::sign_in::owner;
use crate::http::wire::extract::{Id, Ids, Posted};
use crate::http::wire::problem::Problem;
use kept::Keys;

/// Letters of a name at most.
const LONGEST_NAME: usize = 100;

pub(in crate::http) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(api_keys, make_api_key)).routes(routes!(end_api_key))
}

fn kept(app: &App) -> Result<&Keys, Problem> {
    app.keys.as_ref().ok_or_else(|| Refusal::not_found("place to keep keys").into())
}

/// A key, without that which opens anything.
#[derive(Serialize, ToSchema)]
struct ApiKeyView {
    id: Uuid,
    /// What it is for.
    name: String,
    /// What it may ask for.
    scopes: Vec<String>,
    made_by: Uuid,
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    ends_at: Timestamp,
    /// When it was last used, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    used_at: Option<Timestamp>,
}

impl From<ApiKey> for ApiKeyView {
    fn from(key: ApiKey) -> Self {
        let ApiKey { id, owner: _, name, scopes, made_by, made_at, ends_at, used_at } = key;
        Self { id: id.0, name, scopes, made_by: made_by.0, made_at, ends_at, used_at }
    }
}

#[derive(Serialize, ToSchema)]
struct ApiKeysView {
    items: Vec<ApiKeyView>,
}

/// A key that was just made.
#[derive(Serialize, ToSchema)]
struct ApiKeyMadeView {
    /// Send it as `Authorization: Bearer …`. Nobody can tell it again.
    key: String,
    #[serde(flatten)]
    made: ApiKeyView,
}

/// A key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApiKeyBody {
    /// What it is for; 100 letters at most.
    #[schema(example = "the shop's calendar")]
    name: String,
    /// Groups of operations, as the contract groups them, such as `sessions`; with `:read` what changes nothing.
    #[schema(example = json!(["sessions:read", "registrations"]))]
    scopes: Vec<String>,
    /// How long it is good for, 1 to 365; 90 when absent.
    #[schema(minimum = 1, maximum = 365)]
    days: Option<u16>,
}

impl ApiKeyBody {
    fn key(self, id: KeyId, owner: PersonId, made_by: PersonId, now: Timestamp) -> Result<ApiKey, Refusal> {
        let (name, days) = (text::composed(self.name.trim()), self.days.unwrap_or(KEY_DAYS));
        let mut fields = Vec::new();
        if text::is_invisible(&name) || name.chars().count() > LONGEST_NAME {
            fields.push(FieldProblem::new(
                "/name",
                format!("must say in 1 to {LONGEST_NAME} letters what it is for"),
            ));
        }
        if !(1..=MOST_KEY_DAYS).contains(&days) {
            fields.push(FieldProblem::new("/days", format!("must be from 1 to {MOST_KEY_DAYS}")));
        }
        if self.scopes.is_empty() {
            fields.push(FieldProblem::new("/scopes", "must name at least one group"));
        }
        for (at, scope) in self.scopes.iter().enumerate().filter(|(_, scope)| !scopes::is_one(scope)) {
            let known = format!("`{scope}` is none of {}, each also with :read", scopes::all());
            fields.push(FieldProblem::new(format!("/scopes/{at}"), known));
        }
        if !fields.is_empty() {
            return Err(Refusal::InvalidRequest { fields });
        }
        let mut scopes = self.scopes;
        scopes.sort_unstable();
        scopes.dedup();
        let ends_at = key_ends(now, days);
        Ok(ApiKey { id, owner, name, scopes, made_by, made_at: now, ends_at, used_at: None })
    }
}

/// Keys with which other systems ask in somebody's name, the newest first.
#[utoipa::path(get, path = "/v1/people/{id}/keys", operation_id = "api_keys", tag = "keys", params(("id" = Uuid, Path)), responses((status = 200, body = ApiKeysView)))]
async fn api_keys(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PersonId>,
) -> Result<Json<ApiKeysView>, Problem> {
    let owner = owner(&app, &caller, id).await?;
    let found = kept(&app)?.store.api_keys(owner, app.engine.ports().clock.now()).await?;
    Ok(Json(ApiKeysView { items: found.into_iter().map(ApiKeyView::from).collect() }))
}

/// Makes a key with which another system asks in somebody's name: it may do what they may at the time, within its scopes, and is shown this once.
#[utoipa::path(post, path = "/v1/people/{id}/keys", operation_id = "make_api_key", tag = "keys", params(("id" = Uuid, Path)), request_body = ApiKeyBody,
    responses((status = 201, body = ApiKeyMadeView)))]
async fn make_api_key(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PersonId>,
    posted: Posted<ApiKeyBody>,
) -> Result<Response, Problem> {
    let (owner, ports) = (owner(&app, &caller, id).await?, app.engine.ports());
    // A program around this engine is nobody: what it makes is its owner's own.
    let maker = caller.actor().person().unwrap_or(owner);
    let made = posted.body.key(KeyId(ports.ids.next()), owner, maker, ports.clock.now())?;
    let (key, digest) = kept::new(made.id)?;
    if !kept(&app)?.store.keep_key(&made, &digest, MOST_KEYS).await? {
        let detail = format!("there are {MOST_KEYS} keys that are good; end one first");
        return Err(Refusal::InvalidRequest { fields: vec![FieldProblem::new("", detail)] }.into());
    }
    tracing::info!(key = %made.id, %owner, by = %caller.actor(), "a key was made");
    let location = [(LOCATION, format!("/v1/people/{owner}/keys/{}", made.id))];
    let view = ApiKeyMadeView { key, made: made.into() };
    Ok((StatusCode::CREATED, location, Json(view)).into_response())
}

/// Ends a key, if it is good still.
#[utoipa::path(delete, path = "/v1/people/{id}/keys/{api_key}", operation_id = "end_api_key", tag = "keys", params(("id" = Uuid, Path), ("api_key" = Uuid, Path)), responses((status = 204)))]
async fn end_api_key(
    State(app): State<App>,
    caller: Caller,
    Ids(id, key): Ids<PersonId, KeyId>,
) -> Result<StatusCode, Problem> {
    let (owner, kept) = (owner(&app, &caller, id).await?, kept(&app)?);
    kept.store.end_key(owner, key, app.engine.ports().clock.now()).await?;
    kept.forget();
    tracing::info!(%key, %owner, by = %caller.actor(), "a key was ended");
    Ok(StatusCode::NO_CONTENT)
}
