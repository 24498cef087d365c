//! Everything that a host keeps running, inside another program.

use std::sync::Arc;
use std::time::Duration;

use ilt_engine::config::Config;
use ilt_engine::followers::Followers;
use ilt_engine::open::{self, Running};
use ilt_engine::system::SystemClock;
use ilt_engine::{Engine, Ports};
use ilt_store::{Alone, SqlStore};
use metrics_exporter_prometheus::PrometheusHandle;

use crate::http::access::auth::Auth;
use crate::http::inside::Inside;
use crate::http::{App, EventDocuments};

/// An engine with its router, from when it is opened until it is closed.
pub struct Opened {
    inside: Inside,
    engine: Engine,
    followers: Followers,
    store: SqlStore,
    grace: Duration,
    _alone: Alone,
}

impl Opened {
    /// Opens the store that is configured, and starts what is configured on it. Without a setting for tokens none is taken.
    ///
    /// # Errors
    /// When a setting makes no sense, the store cannot be opened, or its schema is not what this version needs.
    pub async fn open(config: &Config, metrics: Option<PrometheusHandle>) -> anyhow::Result<Self> {
        let auth = Auth::new(config.auth_if_any()?, Arc::new(SystemClock))?;
        let (check_in, documents) = (config.check_in()?, EventDocuments::of(config)?);
        open::check(config)?;
        let store = open::ready_store(config).await?;
        let alone = open::alone(&store);
        let running = Running::start(config, &store).await?;
        let (engine, followers) = (running.engine.clone(), running.followers.clone());
        let app = App::on(running, auth, config.limits(), metrics).with_check_in(check_in);
        let inside = Inside::of(app.with_events(documents));
        Ok(Self { inside, engine, followers, store, grace: config.http.grace.0, _alone: alone })
    }

    /// Its router.
    pub fn inside(&self) -> &Inside {
        &self.inside
    }

    /// Its engine, for use cases asked in Rust.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The adapters of its engine, for what is no request.
    pub fn ports(&self) -> &Ports {
        self.engine.ports()
    }

    /// How long what is under way may still take once it is to be closed.
    pub fn grace(&self) -> Duration {
        self.grace
    }

    /// Ends streams, which never end by themselves.
    pub fn end_streams(&self) {
        self.engine.end_listeners();
    }

    /// Closes it: what was accepted is decided, whoever follows comes to the end of what it has begun, and connections are given back.
    pub async fn close(&self) {
        self.end_streams();
        self.engine.stop().await;
        self.followers.stop().await;
        self.store.close().await;
    }
}
