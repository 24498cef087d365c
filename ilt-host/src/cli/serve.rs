//! `serve`: the host, until it is told to stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::say;
use crate::http::access::auth::Auth;
use crate::http::connect::tls::Certificate;
use crate::http::connect::{Door, Visitor};
use crate::http::{App, EventDocuments, router};
use crate::shutdown::StopSignals;
use ilt_engine::config::Config;
use ilt_engine::open::{self, Running};
use ilt_engine::system::SystemClock;

/// What is under way is waited for at least so long.
const LONGEST_BATCH: Duration = Duration::from_secs(20);
/// How often the files of the certificate are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(30);

pub async fn run(config: &Config) -> anyhow::Result<()> {
    // Whatever is wrong with a setting is said before anything changes.
    let auth = Auth::new(config.auth()?, Arc::new(SystemClock))?;
    let (check_in, documents) = (config.check_in()?, EventDocuments::of(config)?);
    open::check(config)?;
    config.http.is_private()?;
    let certificate = config.http.tls()?.map(Certificate::read).transpose()?;
    let listener = listen(config).await?;
    let store = open::ready_store(config).await?;
    let _alone = open::alone(&store);
    let metrics = PrometheusBuilder::new().install_recorder().context("metrics cannot be collected")?;
    crate::metrics::describe();
    let running = Running::start(config, &store).await?;
    let stop = StopSignals::watch();
    let scheme = if certificate.is_some() { "https" } else { "http" };
    say(format!("listening on {scheme}://{}", listener.local_addr()?));
    let app = App::on(running, auth, config.limits(), Some(metrics));
    let app = app.with_check_in(check_in).with_events(documents);
    if let Some(certificate) = certificate.clone() {
        tokio::spawn(renew(certificate));
    }
    let tls = certificate.map(Certificate::acceptor).transpose()?;
    let door = Door::new(listener, &app.limits, tls);
    serve(door, app, config.http.grace.0, stop).await
}

pub async fn listen(config: &Config) -> anyhow::Result<TcpListener> {
    let address = SocketAddr::new(config.http.address, config.http.port);
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

/// Serves until one of these signals comes, then answers what it has accepted, for as long as `grace` allows.
pub async fn serve(door: Door, app: App, grace: Duration, stop: StopSignals) -> anyhow::Result<()> {
    let (engine, followers) = (app.engine.clone(), app.followers.clone());
    let told = CancellationToken::new();
    let stopping = {
        let (engine, told) = (engine.clone(), told.clone());
        async move {
            stop.come().await;
            tracing::info!("stopping: what was accepted is still answered");
            // Live listeners never end by themselves.
            engine.end_listeners();
            told.cancel();
        }
    };
    let too_long = async {
        told.cancelled().await;
        tokio::time::sleep(grace).await;
    };
    // Made once: a router that is made for each connection takes 400 KB of it.
    let visited = router(app).into_make_service_with_connect_info::<Visitor>();
    let served = tokio::select! {
        served = axum::serve(door, visited).with_graceful_shutdown(stopping) => served,
        () = too_long => {
            tracing::warn!("connections that are still open are closed: their requests never came to an end");
            Ok(())
        }
    };
    // Orders that reached a desk are decided all the same.
    let stopped = async {
        engine.stop().await;
        followers.stop().await;
    };
    if tokio::time::timeout(grace.max(LONGEST_BATCH), stopped).await.is_err() {
        tracing::error!(
            "what was under way does not come to an end, and is left as it is: nothing of it was answered"
        );
        std::process::exit(70);
    }
    served.context("the server failed")
}

/// Shows what stands in the certificate's files, also after whoever issues it has put another one there.
async fn renew(certificate: Arc<Certificate>) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        match certificate.renew() {
            Ok(true) => tracing::info!("another certificate is shown from now on"),
            Ok(false) => {}
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the certificate cannot be read anew; the one before is still shown"
                );
            }
        }
    }
}
