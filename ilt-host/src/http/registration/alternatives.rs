//! Alternatives: asking for them, and taking one.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use ilt_core::desk::{Command, Refusal};
use ilt_core::ids::{AlternativeId, PersonId, SessionId};
use ilt_core::ranking::Shown;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::App;
use crate::http::access::caller::Caller;
use crate::http::catalog::people;
use crate::http::registration::help::{Refused, refused};
use crate::http::registration::seen::session_of;
use crate::http::session;
use crate::http::views::answers;
use crate::http::views::{AlternativeView, RegistrationView, Shower};
use crate::http::wire::extract::{Id, Nothing, Params, Posted};
use crate::http::wire::problem::{Problem, ProblemView};
use ilt_engine::Trouble;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ForWhom {
    /// For whom; yourself when absent.
    learner: Option<Uuid>,
}

#[derive(Serialize, ToSchema)]
pub struct AlternativesView {
    /// Up to three, best first.
    items: Vec<AlternativeView>,
}

/// Alternatives as they are shown.
pub async fn shown_views(app: &App, shown: &[Shown]) -> Result<Vec<AlternativeView>, Problem> {
    let mut sessions = Vec::with_capacity(shown.len());
    for one in shown {
        sessions.extend(session_of(app, one.session).await?);
    }
    let shower = Shower::of(&app.engine, &sessions.iter().collect::<Vec<_>>()).await?;
    let view = |(shown, session)| AlternativeView::of(shown, shower.show(session));
    Ok(shown.iter().zip(&sessions).map(view).collect())
}

/// Up to three sessions to take instead, best first; also when seats are open.
#[utoipa::path(get, path = "/v1/sessions/{id}/alternatives", tag = "alternatives", params(("id" = Uuid, Path), ForWhom), responses((status = 200, body = AlternativesView)))]
pub async fn alternatives(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<SessionId>,
    Params(whom): Params<ForWhom>,
) -> Result<Json<AlternativesView>, Problem> {
    let wanted = session::visible(&app, &caller, id).await?;
    let learner = whom.learner.map_or(caller.id, PersonId);
    people::visible(&app, &caller, learner).await?;
    let shown = app.engine.alternatives(caller.actor(), learner, &wanted, caller.correlation).await?;
    Ok(Json(AlternativesView { items: shown_views(&app, &shown).await? }))
}

/// Takes an alternative that was shown.
#[utoipa::path(post, path = "/v1/alternatives/{id}/take", operation_id = "take_alternative", tag = "alternatives", params(("id" = Uuid, Path)),
    responses((status = 201, body = RegistrationView), (status = 200, body = RegistrationView), (status = 409, body = ProblemView, content_type = "application/problem+json", description = "`alternative-expired` comes with fresh `alternatives`")))]
pub async fn take(
    State(app): State<App>,
    caller: Caller,
    Id(alternative): Id<AlternativeId>,
    posted: Posted<Nothing>,
) -> Result<Response, Problem> {
    let command = Command::TakeAlternative { alternative };
    let key = posted.key(caller.id);
    match app.engine.ask(caller.actor(), command, key.clone(), caller.correlation).await {
        Ok(reply) => answers::claimed(caller.id, &reply),
        Err(Trouble::Refused(refusal @ Refusal::AlternativeExpired { wanted, learner })) => {
            Err(refused(&app, &caller, Refused { learner, wanted, key }, refusal).await)
        }
        Err(trouble) => Err(trouble.into()),
    }
}
