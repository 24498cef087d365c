//! Sessions: searching, planning, publishing, cancelling.

mod blocks;
mod edit;
mod find;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
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
