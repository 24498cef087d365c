//! The contract, a page to try it, and a page for every problem.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use utoipa::openapi::OpenApi;

use crate::http::App;
use crate::http::wire::problem::{Problem, Row, TABLE};

const PAGE: &str = include_str!("docs.html");

pub fn routes(openapi: &OpenApi) -> Router<App> {
    // Shared by all who ask, however slowly they read it.
    let json = Bytes::from(openapi.to_pretty_json().unwrap_or_default());
    let contract = async move || ([(CONTENT_TYPE, "application/json")], json.clone());
    Router::new()
        .route("/openapi.json", get(contract))
        .route("/docs", get(async || page(PAGE)))
        .route("/problems", get(async || page(problems_page(&TABLE))))
        .route("/problems/{code}", get(problem_page))
}

/// A page of ours, which talks to this host alone and stands in nobody's frame.
fn page(html: impl Into<Body>) -> Response {
    const POLICY: &str = "default-src 'none'; connect-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
                          base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    ([(CONTENT_SECURITY_POLICY, POLICY)], Html(html.into())).into_response()
}

async fn problem_page(Path(code): Path<String>) -> Response {
    match TABLE.iter().find(|row| row.0 == code) {
        Some(row) => page(problems_page(std::slice::from_ref(row))),
        None => Problem::new("not-found", "there is no problem of this name").into_response(),
    }
}

/// The codes and texts are ours, so nothing needs escaping.
fn problems_page(rows: &[Row]) -> String {
    let section = |(code, status, title, advice): &Row| {
        format!(
            "<section id=\"{code}\"><h2>{title}</h2><p><code>{code}</code> · HTTP {status}</p><p>{advice}</p></section>"
        )
    };
    let rows = rows.iter().map(section).collect::<Vec<_>>().concat();
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Problems</title><style>body{{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;\
         color-scheme:light dark}}h2{{margin-bottom:0}}code{{font-size:.95em}}</style><h1>Problems</h1>{rows}\
         <p><a href=\"/problems\">All problems</a> · <a href=\"/docs\">Try the API</a></p></html>"
    )
}
