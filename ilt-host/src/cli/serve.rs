//! `serve`: the host, until it is told to stop.

use std::net::SocketAddr;

use anyhow::Context as _;
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::net::TcpListener;

use super::say;
use crate::config::Config;
use crate::engine::Engine;
use crate::http::auth::Auth;
use crate::http::{App, router};
use crate::{open, shutdown};

pub async fn run(config: &Config) -> anyhow::Result<()> {
    let ports = open::ports(config).await?;
    let auth = Auth::new(config.auth()?, ports.clock.clone())?;
    let metrics = PrometheusBuilder::new().install_recorder().context("metrics cannot be collected")?;
    let engine = Engine::start(ports, config.engine()).await.context("the catalogue cannot be loaded")?;
    let listener = listen(config).await?;
    say(format!("listening on http://{}", listener.local_addr()?));
    serve(listener, App::new(engine, auth, config.limits(), Some(metrics))).await
}

pub async fn listen(config: &Config) -> anyhow::Result<TcpListener> {
    let address = SocketAddr::new(config.http.address, config.http.port);
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

/// Serves until a signal comes, then answers what it has accepted.
pub async fn serve(listener: TcpListener, app: App) -> anyhow::Result<()> {
    let engine = app.engine.clone();
    let stopping = {
        let engine = engine.clone();
        async move {
            shutdown::signal().await;
            tracing::info!("stopping: what was accepted is still answered");
            // Live listeners never end by themselves.
            engine.end_listeners();
        }
    };
    let served = axum::serve(listener, router(app)).with_graceful_shutdown(stopping).await;
    engine.stop().await;
    served.context("the server failed")
}
