//! Sessions: searching, planning, publishing, cancelling.

mod blocks;
mod edit;
mod find;

use axum::response::Response;
use ilt_core::desk::{Command, Key};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::catalog::reference::save;
use crate::http::views::answers;
use crate::http::wire::problem::Problem;
pub use find::visible;

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
    command: Command,
    key: Option<(Key, String)>,
) -> Result<Response, Problem> {
    Ok(answers::changed(&save(app, caller, command, key).await?))
}
