//! Webhooks of Cal.com: heard, left in the mailbox, and answered at once.
//!
//! Nobody shows a token here; who signed the bytes is who sent them. So the signature is looked at first, whoever sends, and only what
//! is refused counts as a request of somebody unknown: one who guesses soon hears that it is too often, and a Cal.com behind the same
//! address does not.

use std::error::Error;

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::{Extensions, HeaderMap};
use http_body_util::LengthLimitError;
use ilt_core::desk::Refusal;
use ilt_engine::calendars::letters::{Mailbox, NotTaken};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::App;
use crate::http::access::rate::Standing;
use crate::http::wire::problem::Problem;

/// Bytes of a webhook that are read.
const MOST: usize = 512 << 10;
/// What the bytes were signed with.
const SIGNATURE: &str = "x-cal-signature-256";
/// When a webhook may come again that found no room, in seconds.
const AGAIN: u64 = 2;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(receive_webhook))
}

/// Nothing more is to be said.
#[derive(Serialize, ToSchema)]
struct HeardView {}

/// Takes a webhook of a Cal.com, signed with the secret that both know (`X-Cal-Signature-256`).
///
/// It is answered as soon as it was heard; what it tells of is looked at afterwards. The same bytes are the same webhook.
#[utoipa::path(post, path = "/v1/webhooks/calcom/{instance}", tag = "calendar", security(()), params(("instance" = String, Path), ("X-Cal-Signature-256" = String, Header, description = "HMAC-SHA-256 of the bytes of the body, in hexadecimal digits")), request_body(content = Object, content_type = "application/json"), responses((status = 200, body = HeardView, description = "Heard")))]
async fn receive_webhook(
    State(app): State<App>,
    Path(instance): Path<String>,
    request: Request,
) -> Result<Json<HeardView>, Problem> {
    let missing = || Problem::from(Refusal::not_found("calendar"));
    let (parts, body) = request.into_parts();
    let asks = (&parts.headers, &parts.extensions);
    // Who signs is known; who does not is counted by `unknown`.
    if let Some(standing) = parts.extensions.get::<Standing>() {
        standing.count();
    }
    let Some(mailbox) = app.mailbox.as_ref().filter(|it| it.is_for(&instance).is_ok()) else {
        return Err(unknown(&app, asks, missing()));
    };
    let bytes = to_bytes(body, MOST).await.map_err(|error| {
        let is_too_long = error.source().is_some_and(<dyn Error + 'static>::is::<LengthLimitError>);
        let cut_short = || Problem::unreadable("", "the body ended too early");
        unknown(&app, asks, if is_too_long { too_long() } else { cut_short() })
    })?;
    left(mailbox, &parts.headers, &bytes).map(|()| Json(HeardView {})).map_err(|not_taken| match not_taken {
        NotTaken::Unknown => missing(),
        NotTaken::TooLong { .. } => unknown(&app, asks, too_long()),
        NotTaken::Unsigned { said, .. } => unknown(&app, asks, Problem::new("unsigned", said)),
        // It was signed: whose it is, is known.
        NotTaken::Unreadable { said, .. } => Problem::unreadable("", said),
        NotTaken::Full | NotTaken::Stopping => Problem::new("busy", not_taken.to_string()).retry_after(AGAIN),
    })
}

fn left(mailbox: &Mailbox, headers: &HeaderMap, bytes: &[u8]) -> Result<(), NotTaken> {
    let signature = headers.get(SIGNATURE).map(|it| it.to_str().unwrap_or_default());
    let came = mailbox.leave(signature, bytes);
    if let Err(not_taken) = &came {
        tracing::warn!(why = not_taken.word(), size = bytes.len(), "a webhook is not taken");
    }
    came
}

fn too_long() -> Problem {
    Problem::new("too-large", format!("a webhook has at most {MOST} bytes"))
}

/// What somebody unknown is told, unless that was asked too often.
fn unknown(app: &App, asks: (&HeaderMap, &Extensions), problem: Problem) -> Problem {
    app.rates.take_unknown(asks, app.engine.ports().clock.now()).err().unwrap_or(problem)
}
