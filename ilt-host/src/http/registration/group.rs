//! Registering several people: all of them, or none.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ilt_core::desk::{Command, OnFull, Refusal, RefusedOne, Reply};
use ilt_core::fault::Fault as _;
use ilt_core::ids::{PersonId, SessionId};
use ilt_core::registration::Registration;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::contract::words;
use crate::http::registration::help::{Refused, refused};
use crate::http::views::answers;
use crate::http::views::{RegistrationView, SeatsView};
use crate::http::wire::extract::{Id, Posted};
use crate::http::wire::problem::{Problem, ProblemView};
use ilt_engine::Trouble;

/// A wish to register several people.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupBody {
    /// Whom; 1 to 100 people.
    learners: Vec<Uuid>,
    /// What to do when not enough seats are open: `alternatives` (when absent) or `waitlist`.
    #[serde(default)]
    #[schema(value_type = Option<words::OnFull>)]
    on_full: Option<OnFull>,
    /// On the waitlist: "book them without asking", until three days before.
    #[serde(default)]
    automatic: bool,
}

/// The registrations of a group.
#[derive(Serialize, ToSchema)]
pub struct GroupView {
    /// One for each person, in the order in which they were named.
    items: Vec<RegistrationView>,
    /// The seats of the session afterwards.
    seats: SeatsView,
}

/// Claims seats, or places on the waitlist, for several people: all of them or none.
///
/// On the waitlist they are one: offered seats together, and passed over with a reason while there are too few.
#[utoipa::path(post, path = "/v1/sessions/{id}/groups", tag = "registrations", params(("id" = Uuid, Path)), request_body = GroupBody,
    responses((status = 201, body = GroupView), (status = 200, body = GroupView), (status = 409, body = ProblemView, content_type = "application/problem+json", description = "`group-refused` names everybody who cannot, and why; `session-full` comes with up to three `alternatives` for the first of them")))]
pub async fn register_group(
    State(app): State<App>,
    caller: Caller,
    Id(session): Id<SessionId>,
    posted: Posted<GroupBody>,
) -> Result<Response, Problem> {
    let key = posted.key(caller.id);
    let GroupBody { learners, on_full, automatic } = posted.body;
    let on_full = on_full.unwrap_or_default();
    let learners: Vec<_> = learners.into_iter().map(PersonId).collect();
    let first = learners.first().copied();
    let command = Command::RegisterGroup { session, learners, on_full, automatic };
    match app.engine.ask(caller.actor(), command, key.clone(), caller.correlation).await {
        Ok(Reply::Group { registrations, positions, seats, fresh, around: Some(around) }) => {
            let places = positions.into_iter().chain(std::iter::repeat(None));
            let view =
                |(it, place): (&Registration, _)| answers::registration_view(caller.id, it, place, &around);
            let items = registrations.iter().zip(places).map(view).collect();
            let status = if fresh { StatusCode::CREATED } else { StatusCode::OK };
            Ok((status, Json(GroupView { items, seats: seats.into() })).into_response())
        }
        Ok(_) => Err(Problem::broken("the desk answered without a group")),
        Err(Trouble::Refused(Refusal::GroupRefused { refused: cannot })) => {
            let one = |it: &RefusedOne| json!({ "learner": it.learner, "code": it.why.code(), "detail": it.why.to_string() });
            let views: Vec<_> = cannot.iter().map(one).collect();
            Err(Problem::from(Refusal::GroupRefused { refused: cannot }).with("refused", json!(views)))
        }
        Err(Trouble::Refused(refusal)) => match first {
            Some(learner) => {
                let about = Refused { learner, wanted: session, key };
                Err(refused(&app, &caller, about, refusal).await)
            }
            None => Err(refusal.into()),
        },
        Err(trouble) => Err(trouble.into()),
    }
}
