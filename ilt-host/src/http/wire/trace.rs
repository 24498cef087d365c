//! Around every request: an id, a span, a limit of time, metrics, and bodies for problems.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt as _;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::rate::Standing;
use crate::http::access::sender;
use crate::http::contract::needs::UNCOUNTED;
use crate::http::sign_in::cookie::Jar;
use crate::http::wire::problem::Problem;
use crate::http::wire::unread::Rest;
use ilt_engine::config::UPLOAD;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The id of a request: its correlation in the journal, its trace id in problems and the log.
#[derive(Debug, Clone, Copy)]
pub struct TraceId(pub Uuid);

/// Wraps every request.
pub async fn trace(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let (watched, rest) = Rest::of(request);
    request = watched;
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok()?.parse().ok());
    let id = given.unwrap_or_else(|| app.engine.ports().ids.next());
    request.extensions_mut().insert(TraceId(id));
    let standing = Standing::default();
    request.extensions_mut().insert(standing.clone());
    let jar = Jar::default();
    request.extensions_mut().insert(jar.clone());
    let asked = (request.headers(), request.extensions());
    let is_private = sender::is_private(asked, &app.limits.proxies);
    let from = sender::address(asked, &app.limits.proxies);
    let method = request.method().clone();
    // Only the pattern: a path can hold a secret calendar address.
    let route =
        request.extensions().get::<MatchedPath>().map_or("unmatched", |path| path.as_str()).to_owned();
    let span = tracing::info_span!("http", trace_id = %id, method = %method, route);
    let begun = app.engine.ports().clock.now();
    let limit = match route.as_str() {
        "/v1/live" => Duration::MAX,
        "/v1/plugins/components" => app.limits.request.max(UPLOAD),
        _ => app.limits.request,
    };

    let work = async {
        let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
        let answer = match tokio::time::timeout(limit, answer).await {
            Ok(answer) => answer,
            Err(_) => Ok(Problem::new("busy", "it took too long").into_response()),
        };
        answer.unwrap_or_else(|_| Problem::broken("a handler panicked").into_response())
    };
    let answer = work.instrument(span.clone()).await;
    // Whatever was answered before anybody asked who it is counts as a stranger's: a page, an address that is none, a question that makes no
    // sense.
    let is_counted = UNCOUNTED.contains(&route.as_str()) || standing.is_counted();
    let refused = if is_counted { None } else { app.rates.take_as_unknown(from, &standing, begun).err() };
    let mut response = with_body(refused.map_or(answer, IntoResponse::into_response), id);
    let status = response.status().as_u16();
    let millis = app.engine.ports().clock.now().duration_since(begun).as_millis_f64();
    span.in_scope(|| tracing::debug!(status, millis, "answered"));
    let labels = [("method", method.to_string()), ("route", route), ("status", status.to_string())];
    metrics::counter!("ilt_http_requests_total", &labels).increment(1);
    metrics::histogram!("ilt_http_request_seconds", &labels).record(millis / 1_000.0);

    harden(response.headers_mut(), id, is_private);
    standing.tell(response.headers_mut());
    jar.tell(response.headers_mut());
    if let Some(rest) = rest {
        rest.settle(&mut response).await;
    }
    response
}

/// Headers that every answer has, unless a handler knows better.
fn harden(headers: &mut HeaderMap, id: Uuid, is_private: bool) {
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(REQUEST_ID, value);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    for name in [OPENER_POLICY, RESOURCE_POLICY] {
        headers.entry(name).or_insert(HeaderValue::from_static("same-origin"));
    }
    if is_private {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    let is_page = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page {
        let nothing = HeaderValue::from_static(
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        );
        headers.entry(CONTENT_SECURITY_POLICY).or_insert(nothing);
        // Answers are about people, and change.
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
}

/// Gives problems their documents; also to refusals that a library made without one.
fn with_body(response: Response, id: Uuid) -> Response {
    let problem = match (response.extensions().get::<Problem>(), response.status().as_u16()) {
        (Some(problem), _) => problem.clone(),
        (None, 400) => Problem::unreadable("", "the address or a header makes no sense"),
        (None, 404) => Problem::new("not-found", "there is nothing at this address"),
        (None, 405) => Problem::new("method-not-allowed", "this address does not answer to this method"),
        (None, 413) => Problem::new("too-large", "the body is larger than this host accepts"),
        (None, 415) => Problem::new("unsupported-media-type", "the body must be JSON"),
        _ => return response,
    };
    let mut document = problem.document(&id.to_string());
    if let Some(allow) = response.headers().get(ALLOW) {
        document.headers_mut().insert(ALLOW, allow.clone());
    }
    document
}
