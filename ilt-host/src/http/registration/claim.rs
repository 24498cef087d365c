//! Claiming a seat, giving it back, answering an offer.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use ilt_core::desk::{Command, OnFull};
use ilt_core::ids::{PersonId, RegistrationId, SessionId};
use ilt_core::registration::Priority;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::contract::words;
use crate::http::registration::help::{Refused, refused};
use crate::http::views::RegistrationView;
use crate::http::views::answers;
use crate::http::wire::extract::{Id, Nothing, Posted};
use crate::http::wire::problem::{Problem, ProblemView};
use ilt_engine::Trouble;
use ilt_engine::alternatives::invites_alternatives;

/// A wish to register.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterBody {
    /// For whom; yourself when absent.
    #[serde(default)]
    learner: Option<Uuid>,
    /// What to do when no seat is open: `alternatives` (when absent), `waitlist`, or `beyond-capacity` for an admin with a reason.
    #[serde(default)]
    #[schema(value_type = Option<words::OnFull>)]
    on_full: Option<OnFull>,
    /// On the waitlist: "book me without asking", until three days before.
    #[serde(default)]
    automatic: bool,
    /// Why, when an admin overrides a clash or lets somebody in beyond the capacity.
    #[serde(default)]
    reason: Option<String>,
}

/// Claims a seat, or a place on the waitlist.
///
/// The same learner and session again answer with the same registration, and 200.
#[utoipa::path(post, path = "/v1/sessions/{id}/registrations", tag = "registrations", params(("id" = Uuid, Path)), request_body = RegisterBody,
    responses((status = 201, body = RegistrationView), (status = 200, body = RegistrationView), (status = 409, body = ProblemView, content_type = "application/problem+json", description = "`session-full` comes with up to three `alternatives`")))]
pub async fn register(
    State(app): State<App>,
    caller: Caller,
    Id(session): Id<SessionId>,
    posted: Posted<RegisterBody>,
) -> Result<Response, Problem> {
    let learner = posted.body.learner.map_or(caller.id, PersonId);
    let key = posted.key(caller.id);
    let RegisterBody { on_full, automatic, reason, .. } = posted.body;
    let command =
        Command::Register { session, learner, on_full: on_full.unwrap_or_default(), automatic, reason };
    let about = Refused { learner, wanted: session, key: key.clone() };
    match app.engine.ask(caller.actor(), command, key, caller.correlation).await {
        Ok(reply) => answers::claimed(caller.id, &reply),
        Err(Trouble::Refused(refusal)) => Err(refused(&app, &caller, about, refusal).await),
        Err(trouble) => Err(trouble.into()),
    }
}

/// Why something is given back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelBody {
    /// Needed when it is late.
    #[serde(default)]
    reason: Option<String>,
}

pub(super) async fn settle(
    app: &App,
    caller: &Caller,
    command: Command,
    key: Option<(ilt_core::desk::Key, String)>,
) -> Result<Json<RegistrationView>, Problem> {
    let reply = app.engine.ask(caller.actor(), command, key, caller.correlation).await?;
    Ok(Json(answers::registration(caller.id, &reply)?.1))
}

/// Gives a registration back.
#[utoipa::path(post, path = "/v1/registrations/{id}/cancel", operation_id = "cancel_registration", tag = "registrations", params(("id" = Uuid, Path)), request_body = CancelBody, responses((status = 200, body = RegistrationView)))]
pub async fn cancel(
    State(app): State<App>,
    caller: Caller,
    Id(registration): Id<RegistrationId>,
    posted: Posted<CancelBody>,
) -> Result<Json<RegistrationView>, Problem> {
    let key = posted.key(caller.id);
    settle(&app, &caller, Command::Cancel { registration, reason: posted.body.reason }, key).await
}

/// Takes the seat that is offered, or the one that was announced to everybody who waits: there the first wins.
#[utoipa::path(post, path = "/v1/registrations/{id}/accept", operation_id = "accept_offer", tag = "registrations", params(("id" = Uuid, Path)),
    responses((status = 200, body = RegistrationView), (status = 409, body = ProblemView, content_type = "application/problem+json", description = "`session-full` comes with up to three `alternatives`")))]
pub async fn accept(
    State(app): State<App>,
    caller: Caller,
    Id(registration): Id<RegistrationId>,
    posted: Posted<Nothing>,
) -> Result<Json<RegistrationView>, Problem> {
    let key = posted.key(caller.id);
    let command = Command::TakeOffer { registration };
    match app.engine.ask(caller.actor(), command, key.clone(), caller.correlation).await {
        Ok(reply) => Ok(Json(answers::registration(caller.id, &reply)?.1)),
        Err(Trouble::Refused(refusal)) if invites_alternatives(&refusal) => {
            let known = app.engine.ports().reads.registration(registration).await?;
            let Some((known, _)) = known else { return Err(refusal.into()) };
            let about = Refused { learner: known.learner, wanted: known.session, key };
            Err(refused(&app, &caller, about, refusal).await)
        }
        Err(trouble) => Err(trouble.into()),
    }
}

/// Wants to be offered seats again, after offers had lapsed one after the other.
#[utoipa::path(post, path = "/v1/registrations/{id}/resume", operation_id = "resume_wait", tag = "registrations", params(("id" = Uuid, Path)), responses((status = 200, body = RegistrationView)))]
pub async fn resume(
    State(app): State<App>,
    caller: Caller,
    Id(registration): Id<RegistrationId>,
    posted: Posted<Nothing>,
) -> Result<Json<RegistrationView>, Problem> {
    settle(&app, &caller, Command::ResumeWait { registration }, posted.key(caller.id)).await
}

/// Why somebody is let before those who joined earlier.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorityBody {
    /// 1 to 9, whoever has more comes first; 0 for the order of joining.
    level: u8,
    /// What everybody who may see the place is told.
    #[serde(default)]
    reason: String,
}

/// Lets one who waits come before those who joined earlier, with a reason that is shown.
#[utoipa::path(post, path = "/v1/registrations/{id}/priority", operation_id = "prioritise", tag = "registrations", params(("id" = Uuid, Path)), request_body = PriorityBody, responses((status = 200, body = RegistrationView)))]
pub async fn prioritise(
    State(app): State<App>,
    caller: Caller,
    Id(registration): Id<RegistrationId>,
    posted: Posted<PriorityBody>,
) -> Result<Json<RegistrationView>, Problem> {
    let key = posted.key(caller.id);
    let PriorityBody { level, reason } = posted.body;
    let priority = (level > 0).then_some(Priority { level, reason });
    settle(&app, &caller, Command::Prioritise { registration, priority }, key).await
}

/// Lets the offered seat go to the next in line, and keeps the place.
#[utoipa::path(post, path = "/v1/registrations/{id}/decline", operation_id = "decline_offer", tag = "registrations", params(("id" = Uuid, Path)), responses((status = 200, body = RegistrationView)))]
pub async fn decline(
    State(app): State<App>,
    caller: Caller,
    Id(registration): Id<RegistrationId>,
    posted: Posted<Nothing>,
) -> Result<Json<RegistrationView>, Problem> {
    settle(&app, &caller, Command::DeclineOffer { registration }, posted.key(caller.id)).await
}
