//! Handing a seat on: to another session, or to somebody else.

use axum::extract::State;
use axum::response::Response;
use ilt_core::desk::{Command, Key};
use ilt_core::ids::{PersonId, RegistrationId, SessionId};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::registration::help::{Refused, refused};
use crate::http::registration::seen::visible;
use crate::http::views::RegistrationView;
use crate::http::views::answers;
use crate::http::wire::extract::{Id, Posted};
use crate::http::wire::problem::{Problem, ProblemView};
use ilt_engine::Trouble;

/// Where a seat is to be moved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferBody {
    /// The session to go to.
    session: Uuid,
    /// Needed when the seat that is left is given back late.
    #[serde(default)]
    reason: Option<String>,
}

/// Moves a seat to another session in one step: it is kept until the other one is sure.
///
/// Moving it twice to the same session is moving it once, and answers 200.
#[utoipa::path(post, path = "/v1/registrations/{id}/transfer", operation_id = "transfer_registration", tag = "registrations", params(("id" = Uuid, Path)), request_body = TransferBody,
    responses((status = 201, body = RegistrationView), (status = 200, body = RegistrationView), (status = 409, body = ProblemView, content_type = "application/problem+json", description = "`session-full` comes with up to three `alternatives`")))]
pub async fn transfer(
    State(app): State<App>,
    caller: Caller,
    Id(registration): Id<RegistrationId>,
    posted: Posted<TransferBody>,
) -> Result<Response, Problem> {
    let key = posted.key(caller.id);
    let session = SessionId(posted.body.session);
    let command = Command::Transfer { registration, session, reason: posted.body.reason };
    moved(&app, &caller, (registration, session), command, key).await
}

/// Which session is better.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SwapBody {
    /// The session to wait for.
    session: Uuid,
    /// "Book me without asking" when it comes to the queue.
    #[serde(default)]
    automatic: bool,
    /// Needed when a seat that is open is taken, and the one that is left is given back late.
    #[serde(default)]
    reason: Option<String>,
}

/// Waits for a better session and keeps the seat, which is given back in the moment the better one is confirmed.
///
/// An open seat is taken at once. Asking twice for the same session is asking once, and answers 200.
#[utoipa::path(post, path = "/v1/registrations/{id}/swap", operation_id = "swap_registration", tag = "registrations", params(("id" = Uuid, Path)), request_body = SwapBody,
    responses((status = 201, body = RegistrationView), (status = 200, body = RegistrationView), (status = 409, body = ProblemView, content_type = "application/problem+json", description = "`session-full` when nobody may wait there; with up to three `alternatives`")))]
pub async fn swap(
    State(app): State<App>,
    caller: Caller,
    Id(registration): Id<RegistrationId>,
    posted: Posted<SwapBody>,
) -> Result<Response, Problem> {
    let key = posted.key(caller.id);
    let SwapBody { session, automatic, reason } = posted.body;
    let session = SessionId(session);
    let command = Command::Swap { registration, session, automatic, reason };
    moved(&app, &caller, (registration, session), command, key).await
}

/// Asks for a seat elsewhere; a refusal comes with what would help.
async fn moved(
    app: &App,
    caller: &Caller,
    (registration, session): (RegistrationId, SessionId),
    command: Command,
    key: Option<(Key, String)>,
) -> Result<Response, Problem> {
    match app.engine.ask(caller.actor(), command, key.clone(), caller.correlation).await {
        Ok(reply) => answers::claimed(caller.id, &reply),
        Err(Trouble::Refused(refusal)) => {
            let (known, _) = visible(app, caller, registration).await?;
            let about = Refused { learner: known.learner, wanted: session, key };
            Err(refused(app, caller, about, refusal).await)
        }
        Err(trouble) => Err(trouble.into()),
    }
}

/// Who comes instead.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubstituteBody {
    /// The person who comes instead.
    learner: Uuid,
    /// As whoever asks says.
    #[serde(default)]
    reason: Option<String>,
}

/// Has somebody else come instead, until the start; for whoever leads both.
#[utoipa::path(post, path = "/v1/registrations/{id}/substitute", operation_id = "substitute_learner", tag = "registrations", params(("id" = Uuid, Path)), request_body = SubstituteBody,
    responses((status = 201, body = RegistrationView), (status = 200, body = RegistrationView), (status = 409, body = ProblemView, content_type = "application/problem+json")))]
pub async fn substitute(
    State(app): State<App>,
    caller: Caller,
    Id(registration): Id<RegistrationId>,
    posted: Posted<SubstituteBody>,
) -> Result<Response, Problem> {
    let key = posted.key(caller.id);
    let learner = PersonId(posted.body.learner);
    let command = Command::Substitute { registration, learner, reason: posted.body.reason };
    let reply = app.engine.ask(caller.actor(), command, key, caller.correlation).await?;
    answers::claimed(caller.id, &reply)
}
