//! Registering, cancelling, offers, alternatives, rosters, calendars.

mod alternatives;
mod approval;
pub mod calendar;
mod claim;
mod group;
mod hand_on;
mod help;
mod list;
mod roster;
pub mod seen;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::App;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(claim::register))
        .routes(routes!(list::registrations))
        .routes(routes!(list::registration))
        .routes(routes!(claim::cancel))
        .routes(routes!(claim::accept))
        .routes(routes!(claim::decline))
        .routes(routes!(claim::resume))
        .routes(routes!(claim::prioritise))
        .routes(routes!(approval::approve))
        .routes(routes!(approval::decline))
        .routes(routes!(group::register_group))
        .routes(routes!(hand_on::swap))
        .routes(routes!(hand_on::transfer))
        .routes(routes!(hand_on::substitute))
        .routes(routes!(alternatives::alternatives))
        .routes(routes!(alternatives::take))
        .routes(routes!(roster::roster))
        .merge(calendar::routes())
}
