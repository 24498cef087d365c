//! Courses, locations, dealers and people.

mod me;
pub mod people;
pub mod reference;

use utoipa_axum::router::OpenApiRouter;

use crate::http::App;

pub fn routes() -> OpenApiRouter<App> {
    me::routes().merge(reference::routes()).merge(people::routes())
}
