//! Signing in to the pages: a cookie in the place of a token.
//!
//! # Flow
//! A way in ([`ways`]) says who it is → [`kept`] begins a sign-in, of whose token only the digest is kept → the browser gets it in a cookie that
//! no script reads ([`cookie`]) → [`crate::http::access::caller`] finds whose it is, for requests of this host's own pages alone
//! ([`same_site`]), until it ends by itself, by whoever it is, or by an admin.
//!
//! # Not here
//! Passwords. How long somebody stays signed in: [`ilt_core::access::Lasts`].

pub mod cookie;
pub mod kept;
pub mod same_site;
mod view;
pub mod ways;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::HeaderName;
use axum::response::{IntoResponse as _, Response};
use ilt_core::desk::Refusal;
use ilt_core::fault::FieldProblem;
use ilt_core::ids::{PersonId, SignInId};
use ilt_core::ports::Whose;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::caller::{Anybody, Caller};
use crate::http::access::sender;
use crate::http::catalog::people;
use crate::http::wire::extract::{Id, Ids, Nothing, Posted};
use crate::http::wire::problem::Problem;
use cookie::Jar;
use kept::SignIns;
use view::{SignInView, SignInsView, WaysView};
use ways::DEMO;

/// What a browser is told to forget with the sign-in.
const CLEAR: HeaderName = HeaderName::from_static("clear-site-data");

pub(in crate::http) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(ways_in))
        .routes(routes!(sign_in))
        .routes(routes!(sign_out))
        .routes(routes!(sign_ins, end_sign_ins))
        .routes(routes!(end_sign_in))
}

fn kept(app: &App) -> Result<&SignIns, Problem> {
    let nobody =
        || Problem::from(Refusal::not_found("way to sign in: tokens are taken here, and nothing else"));
    app.sign_ins.as_ref().ok_or_else(nobody)
}

/// The ways in which somebody can sign in here.
#[utoipa::path(get, path = "/v1/sign-in", operation_id = "ways_in", tag = "sign-in", security(()), responses((status = 200, body = WaysView)))]
async fn ways_in(
    State(app): State<App>,
    _: Anybody,
    asked: axum::http::request::Parts,
) -> Result<Json<WaysView>, Problem> {
    let way = app.ways.find(DEMO, (&asked.headers, &asked.extensions), &app.limits.proxies);
    let listed = way.map(|way| way.people()).unwrap_or_default();
    let people = app.engine.people().several(listed.iter().map(|(_, id)| *id).collect()).await?;
    Ok(Json(WaysView::of(listed, &people)))
}

/// As whom, where that is asked.
#[derive(Deserialize, ToSchema, Default)]
#[serde(deny_unknown_fields)]
struct SignInBody {
    /// One of the people that the way lists.
    person: Option<Uuid>,
}

/// Signs in: the answer's cookie stands for whoever it is, in this browser, for requests of this host's own pages.
#[utoipa::path(post, path = "/v1/sign-in/{way}", operation_id = "sign_in", tag = "sign-in", security(()), params(("way" = String, Path)), request_body = SignInBody,
    responses((status = 204)))]
async fn sign_in(
    State(app): State<App>,
    _: Anybody,
    Path(way): Path<String>,
    asked: axum::http::request::Parts,
    posted: Posted<SignInBody>,
) -> Result<Response, Problem> {
    let (asks, kept) = ((&asked.headers, &asked.extensions), kept(&app)?);
    same_site::check(asks, &app.limits)?;
    let unknown = || Problem::from(Refusal::not_found("way to sign in"));
    let way = app.ways.find(&way, asks, &app.limits.proxies).ok_or_else(unknown)?;
    let nobody = || Refusal::InvalidRequest {
        fields: vec![FieldProblem::new("/person", "must be one of the people whom GET /v1/sign-in lists")],
    };
    let person = posted.body.person.map(PersonId).filter(|id| way.offers(*id)).ok_or_else(nobody)?;
    let person = app.engine.people().get(person).await?.filter(|person| person.active).ok_or_else(nobody)?;
    let is_private = sender::is_private(asks, &app.limits.proxies);
    // Whoever signs in anew in a browser is signed in there once.
    if let Some(before) = cookie::token(asks.0, is_private)
        && let Some(before) = kept.find(&before.digest()).await?
    {
        kept.end(Whose::One(before.person, before.id)).await?;
    }
    let token = kept.begin(&person, way.word).await?;
    tracing::info!(person = %person.id, way = way.word, "signed in");
    Jar::of(asks.1).put(cookie::given(&token, &person, is_private));
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Signs out, in this browser, which is told to forget what it has kept. Whoever came without a cookie stays who they are.
#[utoipa::path(post, path = "/v1/sign-out", operation_id = "sign_out", tag = "sign-in", request_body = Nothing, responses((status = 204)))]
async fn sign_out(
    State(app): State<App>,
    caller: Caller,
    asked: axum::http::request::Parts,
    _posted: Posted<Nothing>,
) -> Result<Response, Problem> {
    // A page around this engine may share its cookies with others, which are none of ours to clear.
    let Some(id) = caller.sign_in() else { return Ok(StatusCode::NO_CONTENT.into_response()) };
    kept(&app)?.end(Whose::One(caller.id, id)).await?;
    let is_private = sender::is_private((&asked.headers, &asked.extensions), &app.limits.proxies);
    Jar::of(&asked.extensions).put(cookie::taken_back(is_private));
    Ok((StatusCode::NO_CONTENT, [(CLEAR, "\"cookies\", \"storage\"")]).into_response())
}

/// Somebody whose sign-ins and keys the caller may see, make and end: themselves, or anybody for an admin.
pub(in crate::http) async fn owner(app: &App, caller: &Caller, id: PersonId) -> Result<PersonId, Problem> {
    if caller.id != id {
        people::visible(app, caller, id).await?;
        ilt_core::access::admin(caller)?;
    }
    Ok(id)
}

/// Where somebody is signed in, the one that was used last first.
#[utoipa::path(get, path = "/v1/people/{id}/sign-ins", operation_id = "sign_ins", tag = "sign-in", params(("id" = Uuid, Path)), responses((status = 200, body = SignInsView)))]
async fn sign_ins(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PersonId>,
) -> Result<Json<SignInsView>, Problem> {
    let owner = owner(&app, &caller, id).await?;
    let person = app.engine.people().get(owner).await?.ok_or_else(|| Refusal::not_found("person"))?;
    let found = kept(&app)?.of(owner).await?;
    let now = app.engine.ports().clock.now();
    let open = found.iter().filter(|it| it.until(&person) > now);
    let items = open.map(|it| SignInView::of(it, &person, caller.sign_in())).collect();
    Ok(Json(SignInsView { items }))
}

/// Signs somebody out everywhere.
#[utoipa::path(delete, path = "/v1/people/{id}/sign-ins", operation_id = "end_sign_ins", tag = "sign-in", params(("id" = Uuid, Path)), responses((status = 204)))]
async fn end_sign_ins(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<PersonId>,
) -> Result<StatusCode, Problem> {
    let owner = owner(&app, &caller, id).await?;
    let ended = kept(&app)?.end(Whose::All(owner)).await?;
    tracing::info!(person = %owner, by = %caller.actor(), ended, "signed out everywhere");
    Ok(StatusCode::NO_CONTENT)
}

/// Signs somebody out in one browser, if they are still signed in there.
#[utoipa::path(delete, path = "/v1/people/{id}/sign-ins/{sign_in}", operation_id = "end_sign_in", tag = "sign-in", params(("id" = Uuid, Path), ("sign_in" = Uuid, Path)), responses((status = 204)))]
async fn end_sign_in(
    State(app): State<App>,
    caller: Caller,
    Ids(id, sign_in): Ids<PersonId, SignInId>,
) -> Result<StatusCode, Problem> {
    let owner = owner(&app, &caller, id).await?;
    kept(&app)?.end(Whose::One(owner, sign_in)).await?;
    tracing::info!(person = %owner, by = %caller.actor(), %sign_in, "signed out");
    Ok(StatusCode::NO_CONTENT)
}
