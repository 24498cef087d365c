//! What is uploaded.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use ilt_core::access;
use ilt_core::ports::Description;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::workshop;
use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::contract::words;
use crate::http::wire::extract::Id;
use crate::http::wire::problem::Problem;

/// Bytes of a component at most.
pub const MOST: usize = 32 << 20;
/// What a component may be said to be: what it is, or what programs call any bytes.
const KINDS: [&str; 2] = ["application/wasm", "application/octet-stream"];

pub fn routes() -> OpenApiRouter<App> {
    let upload = OpenApiRouter::new().routes(routes!(upload_component)).layer(DefaultBodyLimit::max(MOST));
    upload.routes(routes!(component))
}

/// What a component says that it is.
#[derive(Serialize, ToSchema)]
struct ComponentView {
    /// Its SHA-256, in hexadecimal: what it is called by here.
    component: String,
    /// What the plugin is called.
    plugin: String,
    /// Its own version.
    version: String,
    /// What it does.
    summary: String,
    /// A JSON Schema of its settings, so that a form can be drawn.
    #[schema(value_type = Object)]
    settings: Value,
}

impl From<Description> for ComponentView {
    fn from(said: Description) -> Self {
        let settings = serde_json::from_str(&said.settings).unwrap_or_default();
        let (component, plugin, version) = (said.by.digest, said.by.plugin, said.by.version);
        Self { component, plugin, version, summary: said.summary, settings }
    }
}

/// A body that is a component.
pub struct Uploaded(Vec<u8>);

impl FromRequest<App> for Uploaded {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let kind =
            request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !KINDS.iter().any(|known| kind.eq_ignore_ascii_case(known)) {
            let detail = "send Content-Type: application/wasm, or application/octet-stream";
            return Err(Problem::new("unsupported-media-type", detail));
        }
        let bytes = Bytes::from_request(request, app).await.map_err(|rejection| {
            match rejection.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => {
                    Problem::new("too-large", format!("a component has at most {MOST} bytes"))
                }
                _ => Problem::unreadable("", "the body ended too early: nothing was kept"),
            }
        })?;
        Ok(Self(bytes.into()))
    }
}

/// Uploads a component: it is compiled, tried and asked what it is. Whoever looks after a dealer may.
///
/// It is used for nobody yet. The same once more answers the same, at once. Nothing that is used for nobody is kept for more than a day.
#[utoipa::path(post, path = "/v1/plugins/components", tag = "plugins", request_body(content = inline(words::Bytes), content_type = "application/octet-stream"), responses((status = 201, body = ComponentView)))]
async fn upload_component(
    State(app): State<App>,
    caller: Uploader,
    Uploaded(bytes): Uploaded,
) -> Result<Response, Problem> {
    let said = workshop(&app)?.take(bytes, caller.0.actor()).await?;
    let place = format!("/v1/plugins/components/{}", said.by.digest);
    Ok((StatusCode::CREATED, [(LOCATION, place)], Json(ComponentView::from(said))).into_response())
}

/// A caller who may upload, known before anything is read.
struct Uploader(Caller);

impl axum::extract::FromRequestParts<App> for Uploader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        access::upload(&caller)?;
        Ok(Self(caller))
    }
}

/// What a component that was uploaded says that it is.
#[utoipa::path(get, path = "/v1/plugins/components/{digest}", tag = "plugins", params(("digest" = words::Digest, Path)), responses((status = 200, body = ComponentView)))]
async fn component(
    State(app): State<App>,
    _caller: Uploader,
    Id(digest): Id<String>,
) -> Result<Json<ComponentView>, Problem> {
    let missing = |_| Problem::from(ilt_core::desk::Refusal::not_found("component"));
    Ok(Json(workshop(&app)?.describe(&digest).await.map_err(missing)?.into()))
}
