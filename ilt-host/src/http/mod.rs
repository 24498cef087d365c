//! REST: the outside's words turned into orders and questions, and the answers into JSON.
//!
//! # Flow
//! [`wire::trace`] gives the request an id and its problems a body → [`access::caller`] says who asks → the handler, in the folder of its
//! business, reads the request strictly ([`wire::extract`]), asks the engine, and shows the answer ([`views`]): of what was done, from
//! the reply alone ([`views::answers`]).
//!
//! # Not here
//! Rules. A handler that compares a number with a limit of the business has taken a wrong turn.

pub mod access;
mod analytics;
mod attendance;
mod calendars;
mod catalog;
pub mod connect;
mod contract;
mod health;
pub mod inside;
mod journal;
pub mod keys;
mod live;
mod plugins;
mod policy;
mod registration;
mod session;
pub mod sign_in;
mod views;
pub mod wire;

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use metrics_exporter_prometheus::PrometheusHandle;
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;

use access::auth::Auth;
use access::rate::Rates;
use contract::Contract;
pub use contract::events::EventDocuments;
use ilt_core::ports::ApiKeys;
use ilt_engine::Engine;
use ilt_engine::calendars::Shows;
use ilt_engine::calendars::letters::Mailbox;
use ilt_engine::check_in::CheckInSecret;
use ilt_engine::config::Limits;
use ilt_engine::followers::Followers;
use ilt_engine::open::{Numbers, Running};
use ilt_engine::workshop::Workshop;
use keys::kept::Keys;
use sign_in::kept::SignIns;
use sign_in::ways::Ways;

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
    /// What takes, tries and shows plugins; absent where there are none.
    pub workshop: Option<Arc<dyn Workshop>>,
    /// What tells how far calendars show something; absent where there are none.
    pub calendars: Option<Shows>,
    /// Where what calendars tell is left; absent where none is listened to.
    pub mailbox: Option<Mailbox>,
    /// What others are told, as documents.
    pub events: EventDocuments,
    /// Who is signed in to the pages; absent where tokens are taken and nothing else.
    pub sign_ins: Option<SignIns>,
    /// The keys of other systems; absent likewise.
    pub keys: Option<Keys>,
    /// How somebody signs in to them.
    pub ways: Ways,
    rates: Rates,
}

impl App {
    /// The same, with codes by which people check themselves in.
    #[must_use]
    pub fn with_check_in(self, secret: Option<CheckInSecret>) -> Self {
        Self { check_in: secret, ..self }
    }

    /// The same, with what happened in numbers.
    #[must_use]
    pub fn with_numbers(self, numbers: Option<Numbers>) -> Self {
        Self { numbers, ..self }
    }

    /// The same, with plugins.
    #[must_use]
    pub fn with_workshop(self, workshop: Option<Arc<dyn Workshop>>) -> Self {
        Self { workshop, ..self }
    }

    /// The same, with people who sign in to the pages, and keys of other systems.
    #[must_use]
    pub fn with_doors(self, sign_ins: Arc<dyn ilt_core::ports::SignIns>, keys: Arc<dyn ApiKeys>) -> Self {
        let ports = self.engine.ports();
        let sign_ins = SignIns::new(sign_ins, ports.clock.clone(), ports.ids.clone());
        let keys = Keys::new(keys, ports.clock.clone());
        Self { sign_ins: Some(sign_ins), keys: Some(keys), ..self }
    }

    /// The same, with ways to sign in.
    #[must_use]
    pub fn with_ways(self, ways: Ways) -> Self {
        Self { ways, ..self }
    }

    /// The same, with calendars.
    #[must_use]
    pub fn with_calendars(self, calendars: Option<Shows>) -> Self {
        Self { calendars, ..self }
    }

    /// The same, with somebody who listens to calendars.
    #[must_use]
    pub fn with_mailbox(self, mailbox: Option<Mailbox>) -> Self {
        Self { mailbox, ..self }
    }

    /// The same, with the documents of what others are told.
    #[must_use]
    pub fn with_events(self, events: EventDocuments) -> Self {
        Self { events, ..self }
    }

    /// An app around everything that a process keeps running.
    pub fn on(running: Running, auth: Auth, limits: Limits, metrics: Option<PrometheusHandle>) -> Self {
        let Running { engine, followers, workshop, shows, mailbox, numbers, sign_ins, keys } = running;
        let app = Self::new(engine, auth, limits, metrics).with_doors(sign_ins, keys);
        Self { followers, workshop, calendars: shows, mailbox, numbers, ..app }
    }

    /// An app around an engine.
    pub fn new(engine: Engine, auth: Auth, limits: Limits, metrics: Option<PrometheusHandle>) -> Self {
        let rates = Rates::new(&limits);
        let (followers, events) = (Followers::default(), EventDocuments::default());
        let (check_in, numbers, workshop) = (None, None, None);
        let (calendars, mailbox) = (None, None);
        Self {
            engine,
            auth,
            limits,
            metrics,
            check_in,
            followers,
            numbers,
            workshop,
            calendars,
            mailbox,
            events,
            sign_ins: None,
            keys: None,
            ways: Ways::default(),
            rates,
        }
    }
}

fn contract() -> OpenApiRouter<App> {
    let mut contract = OpenApiRouter::with_openapi(Contract::openapi())
        .merge(catalog::routes())
        .merge(policy::routes())
        .merge(plugins::routes())
        .merge(session::routes())
        .merge(registration::routes())
        .merge(attendance::routes())
        .merge(calendars::routes())
        .merge(analytics::routes())
        .merge(journal::routes())
        .merge(sign_in::routes())
        .merge(keys::routes())
        .merge(live::routes())
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
    // To write it down takes longer than to start an engine in memory, and a program may start many of them.
    static ROUTES: LazyLock<Router<App>> = LazyLock::new(routes);
    ROUTES
        .clone()
        .layer(DefaultBodyLimit::max(app.limits.body))
        .layer(CompressionLayer::new())
        .layer(axum::middleware::from_fn_with_state(app.clone(), wire::trace::trace))
        .with_state(app)
}

/// Everything that can be asked of any engine.
fn routes() -> Router<App> {
    let (routes, openapi) = contract().split_for_parts();
    let silent = wire::query::TakeNone::of(&openapi);
    let routes = routes.route_layer(axum::middleware::from_fn_with_state(silent, wire::query::refuse));
    routes.merge(contract::docs::routes(&openapi)).merge(contract::events::routes())
}
