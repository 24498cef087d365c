//! Sessions: searching, planning, publishing, cancelling.

mod blocks;
mod edit;
mod find;

use axum::http::StatusCode;
use axum::response::Response;
use ilt_core::desk::{Command, Key};
use ilt_core::ids::SessionId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::caller::Caller;
use super::catalogue::{save, tagged};
use super::problem::Problem;
pub use find::{one_view, visible};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(find::sessions, edit::add_session))
        .routes(routes!(find::session, edit::edit_session))
        .routes(routes!(edit::publish))
        .routes(routes!(edit::cancel))
        .routes(routes!(edit::resize))
        .routes(routes!(blocks::blocks))
        .routes(routes!(blocks::save_block, blocks::release_block))
}

/// Has something done to a session, and answers with the session as it is then.
pub async fn changed(
    app: &App,
    caller: &Caller,
    id: SessionId,
    command: Command,
    key: Option<(Key, String)>,
) -> Result<Response, Problem> {
    save(app, caller, command, key).await?;
    let session = visible(app, caller, id).await?;
    Ok(tagged(StatusCode::OK, session.version, one_view(app, caller, &session).await?))
}
