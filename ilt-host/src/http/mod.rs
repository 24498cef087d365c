//! REST: the outside's words turned into orders and questions, and the answers into JSON.
//!
//! # Flow
//! [`trace`] gives the request an id and its problems a body → [`caller`] says who asks → an area's handler reads the request
//! strictly ([`extract`]), asks the engine, and shows the answer ([`views`]): of what was done, from the reply alone ([`answers`]).
//!
//! # Not here
//! Rules. A handler that compares a number with a limit of the business has taken a wrong turn.

mod analytics;
mod answers;
mod attendance;
pub mod auth;
mod calendar;
mod caller;
mod catalogue;
mod contract;
mod docs;
mod events;
mod extract;
mod health;
mod live;
mod me;
mod nul;
mod page;
mod params;
mod people;
mod policy;
pub mod problem;
mod rate;
mod registrations;
mod sessions;
mod shape;
mod trace;
mod views;

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use metrics_exporter_prometheus::PrometheusHandle;
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;

use crate::check_in::CheckInSecret;
use crate::engine::Engine;
use crate::followers::Followers;
pub use analytics::Numbers;
use auth::Auth;
use contract::Contract;
pub use events::EventDocuments;
use rate::Rates;

/// What every handler can reach.
#[derive(Clone)]
pub struct App {
    /// The engine.
    pub engine: Engine,
    /// Who tokens belong to.
    pub auth: Auth,
    /// How requests are limited.
    pub limits: Limits,
    /// Where metrics are read; absent when nobody collects them.
    pub metrics: Option<PrometheusHandle>,
    /// The secret behind the codes by which people check themselves in; absent where they cannot.
    pub check_in: Option<CheckInSecret>,
    /// What follows the journal on this host.
    pub followers: Followers,
    /// What happened in numbers; absent where nobody counts.
    pub numbers: Option<Numbers>,
    /// What others are told, as documents.
    pub events: EventDocuments,
    rates: Rates,
}

/// How requests are limited.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a body at most.
    pub body: usize,
    /// How long a request may take; live updates excepted.
    pub request: Duration,
    /// Requests a minute of one person; 0 is any number.
    pub per_minute: u32,
    /// Under which address the outside reaches this host, for addresses in answers; empty for relative ones.
    pub public_url: String,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body: 1 << 20, request: Duration::from_secs(10), per_minute: 0, public_url: String::new() }
    }
}

impl App {
    /// The same, with codes by which people check themselves in.
    #[must_use]
    pub fn with_check_in(self, secret: Option<CheckInSecret>) -> Self {
        Self { check_in: secret, ..self }
    }

    /// The same, with followers whose standing `/health/ready` tells.
    #[must_use]
    pub fn with_followers(self, followers: Followers) -> Self {
        Self { followers, ..self }
    }

    /// The same, with what happened in numbers.
    #[must_use]
    pub fn with_numbers(self, numbers: Option<Numbers>) -> Self {
        Self { numbers, ..self }
    }

    /// The same, with the documents of what others are told.
    #[must_use]
    pub fn with_events(self, events: EventDocuments) -> Self {
        Self { events, ..self }
    }

    /// An app around an engine.
    pub fn new(engine: Engine, auth: Auth, limits: Limits, metrics: Option<PrometheusHandle>) -> Self {
        let rates = Rates::new(limits.per_minute);
        let (followers, events) = (Followers::default(), EventDocuments::default());
        Self { engine, auth, limits, metrics, check_in: None, followers, numbers: None, events, rates }
    }
}

fn contract() -> OpenApiRouter<App> {
    let mut contract = OpenApiRouter::with_openapi(Contract::openapi())
        .merge(me::routes())
        .merge(catalogue::routes())
        .merge(people::routes())
        .merge(policy::routes())
        .merge(sessions::routes())
        .merge(registrations::routes())
        .merge(attendance::routes())
        .merge(analytics::routes())
        .merge(live::routes())
        .merge(calendar::routes())
        .merge(health::routes());
    contract::complete(contract.get_openapi_mut());
    contract
}

/// The REST contract as OpenAPI 3.1.
pub fn openapi() -> utoipa::openapi::OpenApi {
    contract().into_openapi()
}

/// Everything that is served.
pub fn router(app: App) -> Router {
    serving(routes(), app)
}

/// Everything that can be asked of any host. To write it down takes longer than to start a host in memory: whoever starts many
/// hosts does this once.
pub fn routes() -> Router<App> {
    let (routes, openapi) = contract().split_for_parts();
    routes.merge(docs::routes(&openapi)).merge(events::routes())
}

/// These routes, asked of this host.
pub fn serving(routes: Router<App>, app: App) -> Router {
    routes
        .layer(DefaultBodyLimit::max(app.limits.body))
        .layer(CompressionLayer::new())
        .layer(axum::middleware::from_fn_with_state(app.clone(), trace::trace))
        .with_state(app)
}
