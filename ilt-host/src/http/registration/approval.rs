//! Approving what somebody asked for, and declining it.

use axum::Json;
use axum::extract::State;
use ilt_core::desk::Command;
use ilt_core::ids::RegistrationId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::registration::claim::settle;
use crate::http::views::RegistrationView;
use crate::http::wire::extract::{Id, Nothing, Posted};
use crate::http::wire::problem::{Problem, ProblemView};

/// Says yes to a request, or beforehand to one who waits; for whoever leads the learner.
#[utoipa::path(post, path = "/v1/registrations/{id}/approve", operation_id = "approve_registration", tag = "registrations", params(("id" = Uuid, Path)), request_body = Nothing,
    responses((status = 200, body = RegistrationView), (status = 403, body = ProblemView, content_type = "application/problem+json")))]
pub async fn approve(
    State(app): State<App>,
    caller: Caller,
    Id(registration): Id<RegistrationId>,
    posted: Posted<Nothing>,
) -> Result<Json<RegistrationView>, Problem> {
    settle(&app, &caller, Command::Approve { registration }, posted.key(caller.id)).await
}

/// Why somebody cannot come.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineBody {
    /// What the learner is told.
    reason: String,
}

/// Says no to a request, or to one who waits; for whoever leads the learner.
#[utoipa::path(post, path = "/v1/registrations/{id}/decline-request", operation_id = "decline_request", tag = "registrations", params(("id" = Uuid, Path)), request_body = DeclineBody,
    responses((status = 200, body = RegistrationView), (status = 409, body = ProblemView, content_type = "application/problem+json")))]
pub async fn decline(
    State(app): State<App>,
    caller: Caller,
    Id(registration): Id<RegistrationId>,
    posted: Posted<DeclineBody>,
) -> Result<Json<RegistrationView>, Problem> {
    let key = posted.key(caller.id);
    settle(&app, &caller, Command::Decline { registration, reason: posted.body.reason }, key).await
}
