//! Whether this host lives, and whether it can serve.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::App;
use ilt_engine::followers::Seen;

/// Entries the feed may be behind before this host should not be asked.
const MOST_BEHIND: u64 = 10_000;
/// A batch that takes longer has this host left alone until it has ended.
const STUCK_AFTER: Duration = Duration::from_secs(5);

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(alive)).routes(routes!(ready)).routes(routes!(metrics))
}

#[derive(Serialize, ToSchema)]
struct AliveView {
    status: &'static str,
    version: &'static str,
}

/// Whether the process lives.
#[utoipa::path(get, path = "/health/live", operation_id = "health_live", tag = "health", security(()), responses((status = 200, body = AliveView)))]
async fn alive() -> Json<AliveView> {
    Json(AliveView { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

#[derive(Serialize, ToSchema)]
struct ReadyView {
    status: &'static str,
    store: HealthView,
    feed: HealthView,
    desk: HealthView,
    /// What follows the journal here. This host can serve while one of them is behind.
    followers: Vec<FollowerView>,
}

#[derive(Serialize, ToSchema)]
struct FollowerView {
    name: &'static str,
    #[serde(flatten)]
    part: HealthView,
}

impl FollowerView {
    fn of(seen: &Seen, now: Timestamp) -> Self {
        let oldest =
            seen.oldest.map_or_else(String::new, |it| format!(", the oldest {} s old", age(it, now)));
        let behind = seen.behind.map_or_else(String::new, |behind| format!(", {behind} behind"));
        let detail = match &seen.trouble {
            Some((since, said)) => format!("fails since {since}{behind}{oldest}: {said}"),
            None if seen.is_elsewhere => "another host does it".to_owned(),
            None => format!("follows{behind}{oldest}"),
        };
        Self { name: seen.name, part: HealthView { ok: seen.trouble.is_none(), detail } }
    }
}

/// Whole seconds since an instant; none when the clock says that it is still to come.
fn age(since: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(now.duration_since(since).as_secs()).unwrap_or(0)
}

#[derive(Serialize, ToSchema)]
struct HealthView {
    ok: bool,
    /// What is wrong, or how it is.
    detail: String,
}

/// Whether this host can serve, part by part.
#[utoipa::path(get, path = "/health/ready", operation_id = "health_ready", tag = "health", security(()), responses((status = 200, body = ReadyView), (status = 503, body = ReadyView)))]
async fn ready(State(app): State<App>) -> Response {
    let head = app.engine.ports().journal.head().await;
    let seen = app.engine.feed().seen();
    let store = match &head {
        Ok(_) => HealthView { ok: true, detail: "answers".to_owned() },
        Err(error) => HealthView { ok: false, detail: error.to_string() },
    };
    let behind = head.unwrap_or(seen).saturating_sub(seen);
    let feed =
        HealthView { ok: behind < MOST_BEHIND, detail: format!("{behind} entries behind the journal") };
    let desk = desk_of(&app);
    let is_ready = store.ok && feed.ok && desk.ok;
    let (code, status) =
        if is_ready { (StatusCode::OK, "ok") } else { (StatusCode::SERVICE_UNAVAILABLE, "not ready") };
    let now = app.engine.ports().clock.now();
    let followers = app.followers.seen().into_iter().map(|seen| FollowerView::of(&seen, now)).collect();
    (code, Json(ReadyView { status, store, feed, desk, followers })).into_response()
}

/// Whether the desks take orders, and get them done.
fn desk_of(app: &App) -> HealthView {
    let (waiting, room) =
        (app.engine.waiting(), app.engine.settings().queue * app.engine.settings().desks.max(1));
    match app.engine.stuck_for() {
        None => HealthView { ok: false, detail: "a part of the engine has died".to_owned() },
        Some(stuck) if stuck >= STUCK_AFTER => {
            let detail = format!("a batch has not ended for {} s, {waiting} orders waiting", stuck.as_secs());
            HealthView { ok: false, detail }
        }
        Some(_) => HealthView { ok: waiting < room, detail: format!("{waiting} of {room} orders waiting") },
    }
}

/// Metrics in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", tag = "health", security(()), responses((status = 200, body = String)))]
async fn metrics(State(app): State<App>) -> Response {
    #[expect(clippy::cast_precision_loss, reason = "queues and journals are far smaller than 2^52")]
    {
        metrics::gauge!("ilt_desk_waiting").set(app.engine.waiting() as f64);
        let stuck = app.engine.stuck_for().map_or(f64::INFINITY, |stuck| stuck.as_secs_f64());
        metrics::gauge!("ilt_desk_stuck_seconds").set(stuck);
        metrics::gauge!("ilt_feed_seen").set(app.engine.feed().seen() as f64);
        let now = app.engine.ports().clock.now();
        for seen in app.followers.seen() {
            let seconds = seen.oldest.map_or(0, |oldest| age(oldest, now));
            metrics::gauge!("ilt_follower_oldest_seconds", "follower" => seen.name).set(seconds as f64);
        }
    }
    let text =
        app.metrics.as_ref().map(metrics_exporter_prometheus::PrometheusHandle::render).unwrap_or_default();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
