//! What calendars that other people use as well tell this host.

mod webhook;

use utoipa_axum::router::OpenApiRouter;

use crate::http::App;

pub fn routes() -> OpenApiRouter<App> {
    webhook::routes()
}
